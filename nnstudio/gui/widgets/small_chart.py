"""What small charts beside numbers have in common."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.text_size import grown
from nnstudio.gui.look.theme import theme_signals


class SmallChart(QWidget):
    """The base of small charts; members paint.

    Parameters
    ----------
    name : str
        What a screen reader says.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        set_role(self, Role.Graphic)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme_signals.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return a flat rectangle."""
        return QSize(grown(170, self), grown(104, self))

    def minimumSizeHint(self) -> QSize:
        """Return a smaller one."""
        return QSize(grown(120, self), grown(84, self))
