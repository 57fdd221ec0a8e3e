"""Paints plain shapes: the one place where drawings for papers meet Qt."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from nnstudio.gui.look.theme import LIGHT
from nnstudio.gui.pictures.drawing import drawing_font
from nnstudio.gui.pictures.marks import Box, Circle, Line, Mark, Words, around

_TIP = 7.0
_TIP_ANGLE = 0.4
_INK_OF_DIM = 0.68
_DASHES = [4.0, 3.0]


@dataclass(frozen=True)
class Inks:
    """The colours of a drawing.

    Attributes
    ----------
    ink, paper : QColor
        Of lines and words, and of what they enclose.
    positive, negative : QColor
        Of lines that stand for such numbers.
    """

    ink: QColor
    paper: QColor
    positive: QColor = field(default_factory=lambda: LIGHT.color("positive"))
    negative: QColor = field(default_factory=lambda: LIGHT.color("negative"))

    @property
    def dim(self) -> QColor:
        """Of words that matter less: between ink and paper."""
        red, green, blue = (
            round(_INK_OF_DIM * ink + (1 - _INK_OF_DIM) * paper)
            for ink, paper in (
                (self.ink.red(), self.paper.red()),
                (self.ink.green(), self.paper.green()),
                (self.ink.blue(), self.paper.blue()),
            )
        )
        return QColor(red, green, blue)


def text_width(text: str, strong: bool = False) -> float:
    """Return how wide a text is."""
    return QFontMetricsF(_font(strong)).horizontalAdvance(text)


def place_of(marks: Iterable[Mark]) -> QRectF:
    """Return the smallest rectangle that holds all marks."""
    box = around(marks, text_width)
    return QRectF(box.left, box.top, box.width, box.height)


def paint_marks(painter: QPainter, marks: Iterable[Mark], inks: Inks) -> None:
    """Paint marks in their order.

    Parameters
    ----------
    painter : QPainter
    marks : iterable of Mark
    inks : Inks
    """
    for mark in marks:
        match mark:
            case Box():
                painter.setPen(QPen(inks.ink, 1.0, Qt.PenStyle.DashLine if mark.dashed else Qt.PenStyle.SolidLine))
                painter.setBrush(inks.paper)
                painter.drawRoundedRect(QRectF(mark.left, mark.top, mark.width, mark.height), mark.round, mark.round)
            case Circle():
                painter.setPen(Qt.PenStyle.NoPen if mark.filled else QPen(inks.ink, 1.2))
                painter.setBrush(inks.ink if mark.filled else inks.paper)
                painter.drawEllipse(QPointF(mark.x, mark.y), mark.radius, mark.radius)
            case Line():
                _paint_line(painter, mark, inks)
            case Words():
                _paint_words(painter, mark, inks)


def _font(strong: bool) -> QFont:
    font = drawing_font()
    if strong:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def _paint_words(painter: QPainter, words: Words, inks: Inks) -> None:
    box = words.box(text_width)
    painter.setFont(_font(words.strong))
    painter.setPen(inks.dim if words.dim else inks.ink)
    painter.drawText(QRectF(box.left - 2, box.top, box.width + 4, box.height), Qt.AlignmentFlag.AlignCenter, words.text)


def _paint_line(painter: QPainter, line: Line, inks: Inks) -> None:
    pen = QPen((inks.ink, inks.positive, inks.negative)[line.sign], line.width)
    if line.sign < 0:
        pen.setDashPattern(_DASHES)
    points = [QPointF(*point) for point in line.points]
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if len(points) == 2:
        painter.drawLine(*points)
    else:
        painter.drawPath(_rounded(points, line.round))
    if line.arrow:
        end, towards = points[-1], points[-1] - points[-2]
        angle = math.atan2(towards.y(), towards.x())
        turns = (_TIP_ANGLE, -_TIP_ANGLE)
        sides = [end - QPointF(math.cos(angle + turn), math.sin(angle + turn)) * _TIP for turn in turns]
        painter.setBrush(pen.color())
        painter.drawPolygon(QPolygonF([end, *sides]))


def _rounded(points: list[QPointF], radius: float) -> QPainterPath:
    """Return the way through points, with its corners cut by as much as there is room for."""
    path = QPainterPath(points[0])
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into, out = before - corner, after - corner
        room = min(radius, _size(into) / 2, _size(out) / 2)
        if room > 0:
            path.lineTo(corner + into * (room / _size(into)))
            path.quadTo(corner, corner + out * (room / _size(out)))
    path.lineTo(points[-1])
    return path


def _size(way: QPointF) -> float:
    return math.hypot(way.x(), way.y())
