"""A number against the steps of training, drawn small."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QToolTip, QWidget

from nnstudio.gui.look.theme import theme
from nnstudio.gui.widgets.small_chart import SmallChart
from nnstudio.i18n import tr

_GAP = 4.0


class HistoryCurve(SmallChart):
    """A curve with its smallest and largest value, its first and last step, and a line at the step that is shown.

    Parameters
    ----------
    name : str
        What a screen reader says.

    Attributes
    ----------
    steps : sequence of int
    values : sequence of float
    mark : int or None
        The earlier step that is shown.
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.steps: Sequence[int] = ()
        self.values: Sequence[float] = ()
        self.mark: int | None = None
        self.setMouseTracking(True)

    def show_history(self, steps: Sequence[int], values: Sequence[float], mark: int | None) -> None:
        """Draw these."""
        known = [(step, value) for step, value in zip(steps, values, strict=True) if math.isfinite(value)]
        self.steps, self.values = [step for step, _ in known], [value for _, value in known]
        self.mark = mark
        if known:
            (first, begin), (last, end) = known[0], known[-1]
            self.setAccessibleDescription(
                tr("{begin} at step {first}, {end} at step {last}").format(
                    begin=f"{begin:.4g}", first=f"{first:,}", end=f"{end:.4g}", last=f"{last:,}"
                )
            )
        self.update()

    def words_at(self, x: float) -> str:
        """Return the step and the value nearest to a place from the left."""
        area = self._area()
        if not self.steps:
            return ""
        first, last = self._span()
        wanted = first + (x - area.left()) / max(1.0, area.width()) * (last - first)
        at = bisect_left(self.steps, wanted)
        near = min(range(max(0, at - 1), min(len(self.steps), at + 1)), key=lambda i: abs(self.steps[i] - wanted))
        return tr("step {step}: {value}").format(step=f"{self.steps[near]:,}", value=f"{self.values[near]:.4g}")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Say what it was at the pointer."""
        QToolTip.showText(event.globalPosition().toPoint(), self.words_at(event.position().x()), self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the axes with their numbers, and the curve."""
        del event
        colours, painter, metrics = theme(), QPainter(self), QFontMetricsF(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        painter.setPen(colours.pen("line"))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.drawLine(area.bottomLeft(), area.topLeft())
        if not self.steps:
            return
        (first, last), (low, high) = self._span(), self._reach()
        high_line = metrics.height()
        right, left = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignLeft
        painter.setPen(colours.color("dim"))
        for value, y in ((high, area.top()), (low, area.bottom() - high_line)):
            painter.drawText(QRectF(0, y, area.left() - _GAP, high_line), right, f"{value:.3g}")
        below = QRectF(area.left(), area.bottom() + 2, area.width(), high_line)
        painter.drawText(below, left, tr("step {step}").format(step=f"{first:,}"))
        if last > first:
            painter.drawText(below, right, f"{last:,}")
        across = area.width() / max(1, last - first)
        up = area.height() / (high - low)
        if low < 0 < high:
            y = area.bottom() + low * up
            painter.setPen(colours.pen("line", 1, Qt.PenStyle.DotLine))
            painter.drawLine(QLineF(area.left(), y, area.right(), y))
        places = [
            QPointF(area.left() + (step - first) * across, area.bottom() - (value - low) * up)
            for step, value in zip(self.steps, self.values, strict=True)
        ]
        painter.setPen(colours.pen("accent", 1.8))
        if len(places) > 1:
            painter.drawPolyline(QPolygonF(places))
        if self.mark is not None and first <= self.mark <= last:
            x = area.left() + (self.mark - first) * across
            painter.setPen(colours.pen("negative", 1.4, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(x, area.top(), x, area.bottom()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.color("accent"))
        painter.drawEllipse(places[-1], 3, 3)

    def _span(self) -> tuple[int, int]:
        return self.steps[0], self.steps[-1]

    def _reach(self) -> tuple[float, float]:
        low, high = min(self.values), max(self.values)
        if high - low < 1e-6 * max(1.0, abs(low)):
            # All are the same: a line in the middle.
            reach = max(0.1 * abs(low), 1e-3)
            return low - reach, high + reach
        return low, high

    def _area(self) -> QRectF:
        """Return where the curve is: beside and above the numbers."""
        metrics = QFontMetricsF(self.font())
        labels = ["-0.0000", *(f"{value:.3g}" for value in (self._reach() if self.values else ()))]
        wide = max(map(metrics.horizontalAdvance, labels)) + _GAP
        return QRectF(self.rect()).adjusted(wide, 3, -5, -metrics.height() - 4)
