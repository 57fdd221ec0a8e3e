"""What a network answers to one row: a bar for each class, or a number for each target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.theme import theme, theme_signals
from nnstudio.i18n import tr

_LINE = 26.0
_BAR = 4.0
_GAP = 4.0


@dataclass(frozen=True)
class Bar:
    """A line of the answer.

    Attributes
    ----------
    name, value : str
    share : float or None
        How long the bar is, 0 to 1; None has no bar.
    color : QColor
    """

    name: str
    value: str
    share: float | None
    color: QColor


class AnswerBars(QWidget):
    """Lines with a name at the left, a value at the right and a bar below; the longest bar's words are strong.

    Lines move together where there is little room, so that the answer need not be searched for.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: Sequence[Bar] = ()
        self.setAccessibleName(tr("Answer"))
        set_role(self, Role.Graphic)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        theme_signals.changed.connect(self.update)

    @property
    def bars(self) -> Sequence[Bar]:
        """What is shown."""
        return self._bars

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show these."""
        if len(bars) != len(self._bars):
            self.updateGeometry()
        self._bars = bars
        self.setAccessibleDescription(", ".join(f"{bar.name} {bar.value}" for bar in bars))
        self.update()

    def sizeHint(self) -> QSize:
        """Return room for every line."""
        return QSize(160, round(_LINE * max(1, len(self._bars))))

    def minimumSizeHint(self) -> QSize:
        """Return less: names are shortened where there is no room; what does not fit below is scrolled."""
        return QSize(88, round(self._tightest * max(1, len(self._bars))))

    @property
    def _tightest(self) -> float:
        return min(_LINE, self.fontMetrics().height() + _BAR - 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines."""
        del event
        colours, painter = theme(), QPainter(self)
        high = min(_LINE, max(self._tightest, self.height() / max(1, len(self._bars))))
        largest = max((bar.share for bar in self._bars if bar.share is not None), default=None)
        font = painter.font()
        for index, bar in enumerate(self._bars):
            gap = min(_GAP, max(0.0, high - self._tightest))
            line = QRectF(0, index * high, self.width(), high - _BAR - gap)
            font.setBold(len(self._bars) > 1 and bar.share is not None and bar.share == largest)
            painter.setFont(font)
            value_width = painter.fontMetrics().horizontalAdvance(bar.value) + 8
            painter.setPen(colours.color("text"))
            name = painter.fontMetrics().elidedText(
                bar.name, Qt.TextElideMode.ElideMiddle, int(line.width() - value_width)
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, bar.value)
            if bar.share is not None:
                below = QRectF(0, line.bottom(), self.width(), _BAR)
                painter.fillRect(below, colours.color("chip"))
                painter.fillRect(QRectF(0, below.top(), self.width() * min(1.0, max(0.0, bar.share)), _BAR), bar.color)
