"""How a number is spread over the rows of a table, in the colours of their classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from nnstudio.gui.look.colours import class_color
from nnstudio.gui.look.theme import theme
from nnstudio.gui.widgets.small_chart import SmallChart
from nnstudio.i18n import tr

BINS = 24
_SWATCH, _SPACE = 7.0, 6.0


def count_rows(
    values: NDArray[np.float64], classes: NDArray[np.int64] | None, count: int
) -> tuple[NDArray[np.int64], float, float]:
    """Return how many rows of each class lie in which of `BINS` bins of equal width.

    Parameters
    ----------
    values : Array of shape (rows,)
        Those that are not finite are left out.
    classes : Array of shape (rows,), or None
        None counts all rows as of one class.
    count : int
        How many classes there are.

    Returns
    -------
    counts : Array of shape (classes, BINS)
    low, high : float
        Where the first bin begins and the last one ends.
    """
    known = np.isfinite(values)
    numbers = values[known]
    of = np.zeros(len(numbers), np.int64) if classes is None else classes[known]
    if not len(numbers):
        return np.zeros((count, BINS), np.int64), 0.0, 1.0
    low, high = float(numbers.min()), float(numbers.max())
    if high - low < 1e-9 * max(1.0, abs(low)):
        reach = 1e-3 * max(1.0, abs(low))
        low, high = low - reach, high + reach
    # By one count for all classes: a histogram for each would take several times as long.
    places = np.minimum((numbers - low) * (BINS / (high - low)), BINS - 1).astype(np.int64)
    counts = np.bincount(of * BINS + places, minlength=count * BINS)
    return counts.reshape(count, BINS), low, high


class RowSpread(SmallChart):
    """Bars of how many rows have which value, those of the classes on top of each other, and which colour is whose.

    Parameters
    ----------
    name : str
        What a screen reader says.

    Attributes
    ----------
    counts : Array of shape (classes, BINS)
    low, high : float
    names : sequence of str
        Of the classes; empty where rows have none.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.counts: NDArray[np.int64] = np.zeros((1, BINS), np.int64)
        self.low, self.high = 0.0, 1.0
        self.names: Sequence[str] = ()
        self._words = ""

    def show_rows(
        self, values: NDArray[np.float64] | None, classes: NDArray[np.int64] | None, names: Sequence[str], words: str
    ) -> None:
        """Count rows and draw them.

        Parameters
        ----------
        values : Array of shape (rows,), or None
            None says the words instead.
        classes : Array of shape (rows,), or None
        names : sequence of str
            Of the classes.
        words : str
            What is counted, or why there is nothing to count.
        """
        self._words = words
        self.names = names if classes is not None else ()
        shown = np.empty(0) if values is None else values
        self.counts, self.low, self.high = count_rows(
            shown, classes if values is not None else None, max(1, len(names))
        )
        self.setAccessibleDescription(words)
        self.update()

    def words_at(self, x: float) -> str:
        """Return how many rows of which class lie at a place from the left."""
        area = self._area()
        at = int((x - area.left()) / max(1.0, area.width()) * BINS)
        if not 0 <= at < BINS or not self.counts.any():
            return self._words
        width = (self.high - self.low) / BINS
        start = self.low + at * width
        words = tr("{low} to {high}: {count} rows").format(
            low=f"{start:.3g}", high=f"{start + width:.3g}", count=f"{int(self.counts[:, at].sum()):,}"
        )
        each = [f"{name} {int(self.counts[of, at]):,}" for of, name in enumerate(self.names) if self.counts[of, at]]
        return "\n".join([words, *each])

    def event(self, event: QEvent) -> bool:
        """Say what lies below the pointer."""
        if isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self.words_at(event.pos().x()), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars, their ends, and which colour is whose."""
        del event
        colours, painter, metrics = theme(), QPainter(self), QFontMetricsF(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.counts.any():
            painter.setPen(colours.color("dim"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(6, 0, -6, 0), flags, self._words)
            return
        area, high_line = self._area(), metrics.height()
        width = area.width() / BINS
        unit = area.height() / max(1, int(self.counts.sum(axis=0).max()))
        below = np.zeros(BINS)
        for of, counts in enumerate(self.counts):
            colour = class_color(of) if self.names else colours.color("positive")
            for at, count in enumerate(counts.tolist()):
                if count:
                    top = area.bottom() - (below[at] + count) * unit
                    painter.fillRect(QRectF(area.left() + at * width + 0.5, top, width - 1, count * unit), colour)
            below += counts
        painter.setPen(colours.pen("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        line = QRectF(area.left(), area.bottom() + 2, area.width(), high_line)
        painter.setPen(colours.color("dim"))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, f"{self.low:.3g}")
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, f"{self.high:.3g}")
        self._paint_names(painter, metrics, area)

    def _paint_names(self, painter: QPainter, metrics: QFontMetricsF, area: QRectF) -> None:
        """Paint the names above the bars, shortened where there is no room for all."""
        if not self.names:
            return
        widths = [metrics.horizontalAdvance(name) for name in self.names]
        room = (self.width() - area.left()) / len(widths) - _SWATCH - _SPACE
        if sum(widths) + len(widths) * (_SWATCH + _SPACE) > self.width() - area.left():
            widths = [min(width, room) for width in widths]
        x, middle = area.left(), metrics.height() / 2
        for of, (name, width) in enumerate(zip(self.names, widths, strict=True)):
            painter.fillRect(QRectF(x, middle - _SWATCH / 2, _SWATCH, _SWATCH), class_color(of))
            shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QPointF(x + _SWATCH + 2, metrics.ascent()), shown)
            x += _SWATCH + _SPACE + width

    def _area(self) -> QRectF:
        metrics = QFontMetricsF(self.font())
        above = metrics.height() + 3 if self.names else 3.0
        return QRectF(self.rect()).adjusted(3, above, -5, -metrics.height() - 4)
