"""The curves of activations, costs and schedules, drawn small."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPaintEvent, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from nnstudio.engine import Activation, Cost, Schedule
from nnstudio.engine.room import Room
from nnstudio.engine.schedules import curve
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.theme import theme, theme_signals
from nnstudio.i18n import tr

Numbers = NDArray[np.float64]

_REACH = 4.0
_POINTS = 161
_ICON = 20
_SIZE = (240, 96)
_GAP = 4
_UNDER = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True)
class Curves:
    """A curve, and a second one that is dashed; words where there is nothing to draw.

    Attributes
    ----------
    x, y : Array of shape (points,)
    dashed : Array of shape (points,), or None
    words : str
        What the curves are, or why there are none.
    """

    x: Numbers
    y: Numbers
    dashed: Numbers | None = None
    words: str = ""


def of_activation(activation: Activation) -> Curves:
    """Return an activation between -4 and 4, with its slope dashed."""
    z = np.linspace(-_REACH, _REACH, _POINTS)
    if not activation.elementwise:
        none = np.empty(0)
        return Curves(none, none, words=tr("Shares of all units together: there is no curve of a single one."))
    a, slope = activation.value(z[None])[0], activation.derivative(z[None])[0]
    words = tr("z from −{reach} to {reach}: curve from {low} to {high}, slope (dashed) from {flat} to {steep}")
    ends = {"low": _short(a.min()), "high": _short(a.max()), "flat": _short(slope.min()), "steep": _short(slope.max())}
    return Curves(z, a, slope, words.format(reach=f"{_REACH:g}", **ends))


def of_cost(cost: Cost) -> Curves:
    """Return what an answer costs where the truth is one: its value, with its slope dashed."""
    probability = cost.wants in ("zero_one", "one_hot", "distribution")
    low, high = (0.02, 0.98) if probability else (0.1, 3.0) if cost.domain != "any" else (-1.0, 3.0)
    y = np.linspace(low, high, _POINTS)
    values, slopes = np.empty_like(y), np.empty_like(y)
    for index, answer in enumerate(y):
        given, slope = np.array([[answer]]), np.empty((1, 1))
        values[index] = cost.evaluate(given, np.ones((1, 1)), np.ones((1, 1)), slope, Room.like(given))
        slopes[index] = slope[0, 0]
    # A slope that runs away would press the curve flat.
    limit = 2 * max(1e-9, float(np.abs(values).max()))
    words = tr("an answer from {low} to {high} where 1 is right: cost from {least} to {most}, slope dashed")
    ends = {"least": _short(values.min()), "most": _short(values.max())}
    return Curves(y, values, np.clip(slopes, -limit, limit), words.format(low=_short(low), high=_short(high), **ends))


def of_schedule(schedule: Schedule) -> Curves:
    """Return the factor on the learning rate over the epochs, and in which case it is like that."""
    x, y = curve(schedule, _POINTS)
    turns = sorted({0, int(y.argmin()), int(y.argmax()), len(y) - 1})
    first, *between, last = [_short(y[turn]) for turn in turns]
    between = [value for value in between if value not in (first, last)]
    way = tr("from {first} through {between} to {last}") if between else tr("from {first} to {last}")
    words = tr("factor on the learning rate over {epochs:,.0f} epochs: {way}").format(
        epochs=x[-1], way=way.format(first=first, between=", ".join(between), last=last)
    )
    return Curves(x, y, words="\n".join(filter(None, (words, tr(schedule.assumes)))))


def _short(number: float) -> str:
    return f"{float(number):.2g}".replace("-", "−")


def icon_of(curves: Curves) -> QIcon:
    """Return a curve as a small picture for a list; none where there is no curve."""
    if not len(curves.x):
        return QIcon()
    pixmap = QPixmap(2 * _ICON, 2 * _ICON)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme().color("accent"), 1.6))
    painter.drawPolyline(_polygon(curves, curves.y, _ICON, _ICON, 3))
    painter.end()
    return QIcon(pixmap)


class CurveView(QWidget):
    """Draws curves in a frame, and says under it what they are and between which values they lie."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: Curves | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(name)
        set_role(self, Role.Graphic)
        theme_signals.changed.connect(self.update)

    def show_curves(self, curves: Curves) -> None:
        """Draw these."""
        self._curves = curves
        self.setToolTip(curves.words)
        self.setAccessibleDescription(curves.words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return a flat rectangle, and room for the words."""
        return QSize(_SIZE[0], self.heightForWidth(_SIZE[0]))

    def heightForWidth(self, width: int) -> int:
        """Return the height of the frame and of the words under it."""
        curves = self._curves
        if curves is None or not len(curves.x):
            return _SIZE[1]
        room = QRect(0, 0, max(width, 1), 1000)
        return _SIZE[1] + _GAP + self.fontMetrics().boundingRect(room, _UNDER, curves.words).height()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint frame, axes and curves."""
        del event
        colours, painter = theme(), QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRect(0, 0, self.width() - 1, _SIZE[1] - 1)
        painter.setPen(colours.color("line"))
        painter.drawRoundedRect(frame, 4, 4)
        curves = self._curves
        if curves is None:
            return
        if not len(curves.x):
            painter.setPen(colours.color("dim"))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(frame.adjusted(12, 0, -12, 0), flags, curves.words)
            return
        painter.setPen(colours.color("dim"))
        painter.drawText(self.rect().adjusted(0, _SIZE[1] + _GAP, 0, 0), _UNDER, curves.words)
        painter.setPen(colours.color("line"))
        width, height = frame.width(), frame.height()
        zero = _polygon(curves, np.zeros_like(curves.x), width, height, 8)
        painter.drawLine(zero.first(), zero.last())
        if curves.x[0] < 0 < curves.x[-1]:
            middle = -float(curves.x[0]) / float(curves.x[-1] - curves.x[0]) * width
            painter.drawLine(QPointF(middle, 0), QPointF(middle, height))
        if curves.dashed is not None:
            self._draw(painter, _polygon(curves, curves.dashed, width, height, 8), colours.color("faint"), dashed=True)
        self._draw(painter, _polygon(curves, curves.y, width, height, 8), colours.color("accent"), dashed=False)

    def _draw(self, painter: QPainter, polygon: QPolygonF, colour: QColor, *, dashed: bool) -> None:
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        painter.setPen(QPen(colour, 1.6 if dashed else 2, style))
        painter.drawPolyline(polygon)


def _polygon(curves: Curves, numbers: Numbers, width: float, height: float, margin: float) -> QPolygonF:
    """Return a line in a frame in which all of these curves and zero fit."""
    shown = curves.y if curves.dashed is None else np.concatenate([curves.y, curves.dashed])
    low, high = min(float(shown.min()), -0.05), max(float(shown.max()), 0.2)
    x = (curves.x - curves.x[0]) / (curves.x[-1] - curves.x[0]) * (width - 2) + 1
    y = height - margin - (numbers - low) / (high - low) * (height - 2 * margin)
    return QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)])
