"""What a network answers to one row: a bar for each class, or a number for each target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.accessible import Role, set_role
from nnstudio.gui.theme import theme, theme_signals
from nnstudio.i18n import tr

_LINE = 26.0


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
    """Lines with a name at the left, a value at the right and a bar below."""

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
        """Return less width: names are shortened where there is no room; what does not fit below is scrolled."""
        return QSize(88, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the lines."""
        del event
        colours, painter = theme(), QPainter(self)
        for index, bar in enumerate(self._bars):
            line = QRectF(0, index * _LINE, self.width(), _LINE - 8)
            value_width = painter.fontMetrics().horizontalAdvance(bar.value) + 8
            painter.setPen(colours.color("text"))
            name = painter.fontMetrics().elidedText(
                bar.name, Qt.TextElideMode.ElideMiddle, int(line.width() - value_width)
            )
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, bar.value)
            if bar.share is not None:
                below = QRectF(0, line.bottom(), self.width(), 4)
                painter.fillRect(below, colours.color("chip"))
                painter.fillRect(QRectF(0, below.top(), self.width() * min(1.0, max(0.0, bar.share)), 4), bar.color)
