"""Which colour is which class, in a line."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import accumulate

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel, QWidget

from nnstudio.i18n import tr

_MOST = 6
_LETTERS = 12


class ClassKey(QLabel):
    """A dot in the colour of each class and the class' name behind it; of many the first few that have room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setProperty("role", "dim")
        self.setMinimumWidth(1)  # rather cut than in the way of others
        self.names: tuple[str, ...] = ()
        self._classes: list[tuple[str, QColor]] = []
        self._room = 0

    def show_classes(self, classes: Sequence[tuple[str, QColor]], room: int) -> None:
        """Show the names of classes and their colours in so many pixels, or nothing where there are none."""
        if list(classes) == self._classes and room == self._room:
            return
        self._classes, self._room = list(classes), room
        self.setMaximumWidth(room)
        self.names = tuple(name for name, _ in classes)
        parts = [
            f'<span style="color: {color.name()}">●</span>&nbsp;{escape(_short(name))}' for name, color in self._classes
        ]
        shown = self._shown()
        if shown < len(parts):
            parts[shown:] = [tr("… {count} more").format(count=len(parts) - shown)]
        self.setText(" ".join(parts))
        self.setToolTip(", ".join(self.names))
        self.setAccessibleName(tr("Classes by colour: {names}").format(names=", ".join(self.names)))

    def _shown(self) -> int:
        """Return how many names there is room for, beside the words that tell of the others."""
        metrics = self.fontMetrics()
        ends = list(accumulate(metrics.horizontalAdvance(f"● {_short(name)} ") for name in self.names))
        if len(ends) <= _MOST and (not ends or ends[-1] <= self._room):
            return len(ends)
        room = self._room - metrics.horizontalAdvance(tr("… {count} more").format(count=len(ends)))
        return max(1, sum(end <= room for end in ends[:_MOST]))


def _short(name: str) -> str:
    return name if len(name) <= _LETTERS else f"{name[: _LETTERS - 1]}…"
