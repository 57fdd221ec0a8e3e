"""Plots of what happened and of what the network answers. Nothing is computed while a plot is hidden.

One file a plot; `Plot`, their base, stands among them, because a plot is a widget and nothing else, and so do the bases
of those that have much in common, which have no key. May import the theme, the colours, the icons, the widgets, the
living view, the evidence and everything below the gui; never another room.
"""

import importlib
import pkgutil
from functools import cache

from nnstudio.gui.plots.plot import Plot


@cache
def plots() -> dict[str, type[Plot]]:
    """Return every plot there is, by its key, in the order of the menu."""
    members: list[type[Plot]] = []
    for module in pkgutil.iter_modules(__path__):
        for value in vars(importlib.import_module(f"{__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Plot) and hasattr(value, "key") and value not in members:
                members.append(value)
    return {member.key: member for member in sorted(members, key=lambda member: (member.place, member.key))}
