"""The curve of an activation, with its slope."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.engine import Activation
from nnstudio.gui.theme import theme, theme_signals
from nnstudio.i18n import tr

_REACH = 4.0
_POINTS = 161


class ActivationCurve(QWidget):
    """Draws an activation as a line and its slope as a dashed one; says in words where there is no curve to draw."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._activation: Activation | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Curve of the activation"))
        theme_signals.changed.connect(self.update)

    def show_activation(self, activation: Activation | None) -> None:
        """Draw this activation."""
        self._activation = activation
        if activation is not None:
            self.setToolTip(f"{activation.formula}\n{tr(activation.advice)}")
            self.setAccessibleDescription(activation.formula)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return a flat rectangle."""
        return QSize(240, 96)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame, axes, slope and curve."""
        del event
        colours, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = self.rect().adjusted(0, 0, -1, -1)
        painter.setPen(colours.color("line"))
        painter.drawRoundedRect(frame, 4, 4)
        activation = self._activation
        if activation is None:
            return
        if not activation.elementwise:
            painter.setPen(colours.color("dim"))
            words = tr("Shares of all units together: there is no curve of a single one.")
            painter.drawText(
                frame.adjusted(12, 0, -12, 0), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words
            )
            return
        z = np.linspace(-_REACH, _REACH, _POINTS)[None]
        value, slope = activation.value(z)[0], activation.derivative(z)[0]
        low, high = min(value.min(), slope.min(), -0.2), max(value.max(), slope.max(), 0.2)
        width, height = frame.width(), frame.height()

        def place(numbers: np.ndarray[tuple[int], np.dtype[np.float64]]) -> QPolygonF:
            x = (z[0] + _REACH) / (2 * _REACH) * width
            y = height - 8 - (numbers - low) / (high - low) * (height - 16)
            return QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)])

        zero = height - 8 - (0 - low) / (high - low) * (height - 16)
        painter.drawLine(QPointF(0, zero), QPointF(width, zero))
        painter.drawLine(QPointF(width / 2, 0), QPointF(width / 2, height))
        painter.setPen(QPen(colours.color("faint"), 1.6, Qt.PenStyle.DashLine))
        painter.drawPolyline(place(slope))
        painter.setPen(QPen(colours.color("accent"), 2))
        painter.drawPolyline(place(value))
