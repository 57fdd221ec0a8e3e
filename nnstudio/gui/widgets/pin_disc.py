"""The number of a pin in a disc: the same on the canvas and on its card, so that both are known as one."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.text_size import grown
from nnstudio.gui.look.theme import Theme, theme, theme_signals
from nnstudio.i18n import tr

_SIDE = 18


def paint_disc(painter: QPainter, centre: QPointF, side: float, number: int, theme: Theme) -> None:
    """Paint a number in a disc."""
    disc = QRectF(0, 0, side, side)
    disc.moveCenter(centre)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(theme.pen("canvas", 1.5))
    painter.setBrush(theme.color("accent"))
    painter.drawEllipse(disc)
    font = painter.font()
    font.setPixelSize(max(6, round(0.62 * side)))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(theme.color("on_accent"))
    painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(number))
    painter.restore()


class PinDisc(QWidget):
    """The number of a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        set_role(self, Role.Graphic)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_number(1)
        theme_signals.changed.connect(self.update)

    def show_number(self, number: int) -> None:
        """Show another number."""
        if number != self._number:
            self._number = number
            self.setAccessibleName(tr("Pin {number}").format(number=number))
            self.update()

    def sizeHint(self) -> QSize:
        """Return a square that grows with the letters."""
        side = grown(_SIDE, self)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the disc."""
        del event
        painter = QPainter(self)
        side = min(self.width(), self.height()) - 1.0
        paint_disc(painter, QPointF(self.rect().center()) + QPointF(0.5, 0.5), side, self._number, theme())
