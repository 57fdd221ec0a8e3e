"""Words over one or several lines, which change often."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

_TALLEST = 10_000
_FLAGS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap


class Sentence(QLabel):
    """A label that has what lies around it laid out anew only when it needs another number of lines.

    An ordinary label does so with every word, and numbers change with every moment that is shown.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = ""
        self.setWordWrap(True)
        self.setProperty("role", "dim")

    def text(self) -> str:
        """Return the words that are shown."""
        return self._words

    def setText(self, words: str) -> None:
        """Show words."""
        if words == self._words:
            return
        needs_other_room = self._height(words) != self._height(self._words)
        self._words = words
        self.setAccessibleName(words)
        if needs_other_room or not self.isVisible():
            super().setText(words)
        else:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the words."""
        del event
        area, role = self.contentsRect(), self.foregroundRole()
        self.style().drawItemText(
            QPainter(self), area, int(_FLAGS), self.palette(), self.isEnabled(), self._words, role
        )

    def _height(self, words: str) -> int:
        room = QRect(0, 0, self.contentsRect().width(), _TALLEST)
        return self.fontMetrics().boundingRect(room, int(_FLAGS), words).height() if words else 0
