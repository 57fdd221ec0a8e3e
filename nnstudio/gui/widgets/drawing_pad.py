"""A pad on which one draws a small picture with the mouse or with keys."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.colours import to_image, value_pixels
from nnstudio.gui.look.theme import theme, theme_signals
from nnstudio.i18n import tr

Pixels = NDArray[np.float64]

_BRUSH = 0.85
"""The reach of the brush in cells, where cells are few; a twelfth of the picture where they are many."""

_STEPS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class DrawingPad(QWidget):
    """Cells from 0, empty, to 1, full. The left button draws softly, the right one erases.

    By keys: arrows move a mark, Space fills the cell under it or empties it, Delete clears all.
    """

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Drawing pad"))
        self.setAccessibleDescription(tr("Arrows move, Space fills or empties a cell, Delete clears the picture."))
        set_role(self, Role.Graphic)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._pixels: Pixels = np.zeros((8, 8))
        self._last: QPointF | None = None
        self._mark = (0, 0)
        theme_signals.changed.connect(self.update)

    @property
    def pixels(self) -> Pixels:
        """What is drawn, of shape (height, width)."""
        return self._pixels.copy()

    def show_pixels(self, pixels: Pixels) -> None:
        """Show a picture; nobody is told, because nobody has drawn."""
        self._pixels = np.clip(np.asarray(pixels, np.float64), 0, 1)
        self._mark = tuple(min(at, size - 1) for at, size in zip(self._mark, self._pixels.shape, strict=True))
        self.update()

    def clear(self) -> None:
        """Begin with an empty picture."""
        self._pixels = np.zeros_like(self._pixels)
        self._tell()

    def sizeHint(self) -> QSize:
        """Return a square."""
        return QSize(168, 168)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the cells, and the mark while keys go here."""
        del event
        colours, painter, place = theme(), QPainter(self), self._place()
        painter.drawImage(place, to_image(value_pixels(self._pixels, colours)))
        painter.setPen(QPen(colours.color("accent" if self.hasFocus() else "line"), 1.4))
        painter.drawRect(place)
        if self.hasFocus():
            side = place.width() / self._pixels.shape[1]
            row, column = self._mark
            painter.drawRect(QRectF(place.left() + column * side, place.top() + row * side, side, side))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        self._last = event.position()
        self._stroke(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke."""
        if self._last is not None:
            self._stroke(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        del event
        self._last = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the mark, fill or empty its cell, or clear."""
        key = Qt.Key(event.key())
        height, width = self._pixels.shape
        if key in _STEPS:
            down, right = _STEPS[key]
            self._mark = (min(height - 1, max(0, self._mark[0] + down)), min(width - 1, max(0, self._mark[1] + right)))
            self.update()
        elif key == Qt.Key.Key_Space:
            self._pixels[self._mark] = 0.0 if self._pixels[self._mark] > 0.5 else 1.0
            self._tell()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def _place(self) -> QRectF:
        """Return where the cells lie: square ones, in the middle."""
        height, width = self._pixels.shape
        side = min((self.width() - 2) / width, (self.height() - 2) / height)
        rect = QRectF(0, 0, side * width, side * height)
        rect.moveCenter(QPointF(self.width() / 2, self.height() / 2))
        return rect

    def _stroke(self, event: QMouseEvent) -> None:
        """Draw from the last place to this one, at steps of a third of a cell."""
        assert self._last is not None
        erases = bool(event.buttons() & Qt.MouseButton.RightButton)
        place = self._place()
        side = place.width() / self._pixels.shape[1]
        start, end = self._last, event.position()
        count = max(1, int(3 * (end - start).manhattanLength() / max(side, 1e-6)))
        for index in range(1, count + 1):
            at = start + (end - start) * (index / count)
            self._dab((at.x() - place.left()) / side, (at.y() - place.top()) / side, erases=erases)
        self._last = end
        self._tell()

    def _dab(self, x: float, y: float, *, erases: bool) -> None:
        height, width = self._pixels.shape
        reach = max(_BRUSH, width / 24)
        rows, columns = np.mgrid[0:height, 0:width] + 0.5
        strength = np.clip(1.7 - np.hypot(columns - x, rows - y) / reach, 0, 1)
        self._pixels = np.minimum(self._pixels, 1 - strength) if erases else np.maximum(self._pixels, strength)

    def _tell(self) -> None:
        self.update()
        self.changed.emit()
