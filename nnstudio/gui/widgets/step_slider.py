"""A slider over the steps of a run, with a mark at each step at which something was changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, Qt
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider, QToolTip, QWidget

from nnstudio.gui.look.theme import theme
from nnstudio.i18n import tr

_REACH = 6.0
"""So near to a mark the pointer is on it."""

_HALF_MARK = 7.0

_MOST_LINES = 12
"""So many marks are told one by one; a rate that was moved for long leaves hundreds."""


class StepSlider(QSlider):
    """A click leads to its place at once; a mark tells what was changed there.

    Attributes
    ----------
    marks : sequence of (int, str)
        Steps, and what was done there in words.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.marks: Sequence[tuple[int, str]] = ()

    def show_marks(self, marks: Sequence[tuple[int, str]]) -> None:
        """Draw these marks."""
        if marks != self.marks:
            self.marks = marks
            self.setAccessibleDescription(self.words(marks))
            self.update()

    def place_of(self, step: int) -> float:
        """Return how far from the left a step is."""
        left, room = self._way()
        span = self.maximum() - self.minimum()
        return left + (room * (step - self.minimum()) / span if span else 0.0)

    def words_at(self, x: float) -> str:
        """Return what was changed near a place from the left, in words; empty where nothing was."""
        return self.words([mark for mark in self.marks if abs(self.place_of(mark[0]) - x) <= _REACH])

    @staticmethod
    def words(marks: Sequence[tuple[int, str]]) -> str:
        """Return marks in words, a line each; of very many the first."""
        told = marks if len(marks) <= _MOST_LINES else marks[: _MOST_LINES - 1]
        lines = [tr("step {step}: {change}").format(step=f"{step:,}", change=change) for step, change in told]
        if len(told) < len(marks):
            lines.append(tr("and {count} more").format(count=f"{len(marks) - len(told):,}"))
        return "\n".join(lines)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Lead to the place of a click, from where it can be dragged."""
        if event.button() == Qt.MouseButton.LeftButton and not self._is_on_handle(event.position()):
            left, room = self._way()
            share = (event.position().x() - left) / max(1.0, room)
            self.setValue(self.minimum() + round(share * (self.maximum() - self.minimum())))
        super().mousePressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Tell of a mark under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            words = self.words_at(event.pos().x())
            if words:
                QToolTip.showText(event.globalPos(), words, self)
                return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the marks under the handle."""
        if self.marks:
            painter = QPainter(self)
            painter.setPen(theme().pen("dim", 2.0))
            middle = self.height() / 2
            for step, _ in self.marks:
                x = self.place_of(step)
                painter.drawLine(QPointF(x, middle - _HALF_MARK), QPointF(x, middle + _HALF_MARK))
            painter.end()
        super().paintEvent(event)

    def _way(self) -> tuple[float, float]:
        """Return where the middle of the handle begins, and how far it can go."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        groove = self._part(option, QStyle.SubControl.SC_SliderGroove)
        handle = self._part(option, QStyle.SubControl.SC_SliderHandle)
        return groove.left() + handle.width() / 2, float(groove.width() - handle.width())

    def _is_on_handle(self, place: QPointF) -> bool:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return self._part(option, QStyle.SubControl.SC_SliderHandle).contains(place.toPoint())

    def _part(self, option: QStyleOptionSlider, part: QStyle.SubControl) -> QRect:
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, self)
