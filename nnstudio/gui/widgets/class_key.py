"""Which colour is which class, in a line."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QWidget

from nnstudio.i18n import tr

_MOST = 6
_LETTERS = 12


class ClassKey(QLabel):
    """A dot in the colour of each class and the class' name behind it; the first few of many."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setProperty("role", "dim")
        self.setMinimumWidth(1)  # rather cut than in the way of others
        self.names: tuple[str, ...] = ()
        self._classes: list[tuple[str, QColor]] = []

    def show_classes(self, classes: Sequence[tuple[str, QColor]]) -> None:
        """Show the names of classes and their colours, or nothing where there are none."""
        if list(classes) == self._classes:
            return
        self._classes = list(classes)
        self.names = tuple(name for name, _ in classes)
        parts = [
            f'<span style="color: {color.name()}">●</span>&nbsp;{escape(_short(name))}'
            for name, color in self._classes[:_MOST]
        ]
        if len(self.names) > _MOST:
            parts.append(tr("… {count} more").format(count=len(self.names) - _MOST))
        self.setText(" ".join(parts))
        self.setToolTip(", ".join(self.names))
        self.setAccessibleName(tr("Classes by colour: {names}").format(names=", ".join(self.names)))


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
