"""How the weights of a layer are spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.engine import Array
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.theme import theme, theme_signals
from nnstudio.i18n import tr

_BARS = 24
_CAPTION = 18


class WeightHistogram(QWidget):
    """Bars of how many weights have which value, orange below zero and blue above, with mean and deviation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._weights: Sequence[Array] = ()
        self._counted: tuple[NDArray[np.int64], str] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Spread of the weights"))
        set_role(self, Role.Chart)
        theme_signals.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return a flat rectangle."""
        return QSize(240, 90)

    def show_weights(self, weights: Sequence[Array]) -> None:
        """Draw the spread of all these weights together; they are counted when somebody looks."""
        self._weights, self._counted = weights, None
        self.update()

    def caption(self) -> str:
        """Return what stands under the bars."""
        return self._count()[1]

    def _count(self) -> tuple[NDArray[np.int64], str]:
        """Return how many weights each bar stands for, and the caption."""
        if self._counted is None:
            weights = np.concatenate([np.ravel(part) for part in self._weights]) if self._weights else np.empty(0)
            if weights.size:
                reach = max(float(np.abs(weights).max()), 1e-9)
                counts, _ = np.histogram(weights, _BARS, (-reach, reach))
                caption = tr("mean {mean} · deviation {deviation}").format(
                    mean=f"{weights.mean():.3f}", deviation=f"{weights.std():.3f}"
                )
            else:
                counts, caption = np.zeros(_BARS, np.int64), ""
            self._counted = counts, caption
            self.setAccessibleDescription(caption)
        return self._counted

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the bars and the caption."""
        del event
        colours, painter = theme(), QPainter(self)
        counts, caption = self._count()
        base = self.height() - _CAPTION
        width = self.width() / _BARS
        tallest = max(1, int(counts.max()))
        for index, count in enumerate(counts.tolist()):
            height = count / tallest * (base - 4)
            colour = colours.color("negative" if index < _BARS // 2 else "positive", 205)
            painter.fillRect(QRectF(index * width + 0.5, base - height, width - 1.5, height), colour)
        painter.setPen(colours.color("line"))
        painter.drawLine(0, base, self.width(), base)
        painter.setPen(colours.color("dim"))
        font = painter.font()
        font.setPointSizeF(font.pointSizeF() * 0.86)
        painter.setFont(font)
        painter.drawText(self.rect().adjusted(0, base + 2, 0, 0), Qt.AlignmentFlag.AlignLeft, caption)
