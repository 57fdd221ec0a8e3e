"""Panels around the canvas. Each follows the document by itself and edits it through the function it is given.

May import the theme, the icons, the widgets, the living view and everything below the gui; never another room.
"""

from collections.abc import Callable

from nnstudio.project import Edit

Perform = Callable[[Edit], None]
"""Does an edit: the window pauses training first where that is needed."""

__all__ = ["Perform"]
