"""Which number has which colour."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.colours import to_image, value_pixels
from nnstudio.gui.look.theme import theme
from nnstudio.gui.plots.number_axis import scientific
from nnstudio.i18n import tr

_WIDE = 12


class ColourBar(QWidget):
    """A strip of colours from the lowest value to the highest, with numbers beside it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._low, self._high, self._name = 0.0, 1.0, ""
        self.setAccessibleName(tr("Colours of the values"))
        set_role(self, Role.Graphic)
        self.setFixedWidth(_WIDE + 14 + self.fontMetrics().horizontalAdvance("−0.0000"))

    def show_ends(self, low: float, high: float, name: str) -> None:
        """Show other values."""
        if (low, high, name) != (self._low, self._high, self._name):
            self._low, self._high, self._name = low, high, name
            self.setToolTip(name)
            self.update()

    def numbers(self) -> list[str]:
        """Return what stands beside the strip, from below."""
        return [_short(float(value)) for value in np.linspace(self._low, self._high, 5)]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the strip."""
        del event
        painter = QPainter(self)
        colours = theme()
        high = self.fontMetrics().height()
        strip = QRectF(6, high / 2 + 2, _WIDE, self.height() - high - 8)
        pixels = value_pixels(np.linspace(1, -1, 128)[:, None], colours)
        painter.drawImage(strip, to_image(pixels))
        painter.setPen(colours.color("line"))
        painter.drawRect(strip)
        painter.setPen(colours.color("dim"))
        for at, number in zip(np.linspace(strip.bottom(), strip.top(), 5), self.numbers(), strict=True):
            place = QRectF(strip.right() + 5, at - high / 2, self.width(), high)
            painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, number)


def _short(number: float) -> str:
    words = f"{number:.4g}"
    return scientific(number, 1) if "e" in words else words
