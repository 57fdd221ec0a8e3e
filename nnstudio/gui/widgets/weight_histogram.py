"""How the weights of a layer are spread."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.engine import Array
from nnstudio.gui.accessible import Role, set_role
from nnstudio.gui.theme import theme, theme_signals
from nnstudio.i18n import tr

_BARS = 24
_CAPTION = 18


class WeightHistogram(QWidget):
    """Bars of how many weights have which value, orange below zero and blue above, with mean and deviation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts = np.zeros(_BARS, np.int64)
        self._reach = 1.0
        self._caption = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Spread of the weights"))
        set_role(self, Role.Chart)
        theme_signals.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return a flat rectangle."""
        return QSize(240, 90)

    def show_weights(self, weights: Array | None) -> None:
        """Draw the spread of these weights."""
        if weights is None or not weights.size:
            self._counts[:] = 0
            self._caption = ""
        else:
            self._reach = max(float(np.abs(weights).max()), 1e-9)
            self._counts, _ = np.histogram(weights, _BARS, (-self._reach, self._reach))
            self._caption = tr("mean {mean} · deviation {deviation}").format(
                mean=f"{weights.mean():.3f}", deviation=f"{weights.std():.3f}"
            )
        self.setAccessibleDescription(self._caption)
        self.update()

    def caption(self) -> str:
        """Return what stands under the bars."""
        return self._caption

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars and the caption."""
        del event
        colours, painter = theme(), QPainter(self)
        base = self.height() - _CAPTION
        width = self.width() / _BARS
        tallest = max(1, int(self._counts.max()))
        for index, count in enumerate(self._counts.tolist()):
            height = count / tallest * (base - 4)
            colour = colours.color("negative" if index < _BARS // 2 else "positive", 205)
            painter.fillRect(QRectF(index * width + 0.5, base - height, width - 1.5, height), colour)
        painter.setPen(colours.color("line"))
        painter.drawLine(0, base, self.width(), base)
        painter.setPen(colours.color("dim"))
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.86)
        painter.setFont(font)
        painter.drawText(self.rect().adjusted(0, base + 2, 0, 0), Qt.AlignmentFlag.AlignLeft, self._caption)
