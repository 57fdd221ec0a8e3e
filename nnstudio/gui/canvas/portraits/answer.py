"""A card with what the network answers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from nnstudio.engine import Array
from nnstudio.gui.canvas.portrait import Portrait, Subject, Tile, paint_bar, paint_named_value
from nnstudio.gui.look.colours import answer_color, share_pixels, to_image, value_pixels
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import LivingFrame, Surroundings
from nnstudio.i18n import tr

_SIDE = 132.0
_PADDING = 10.0
_CAPTION = 46.0
_BAR = 19.0
_MOST_BARS = 10
_MOST_POINTS = 600
_RING = 5.0
_SMALLEST = 8
"""Pixels of the letters of a long metric."""


class AnswerPortrait(Portrait):
    """For the output: the answer over the plane with the rows on it, else a bar for each class, and the cost."""

    key = "answer"

    def size(self, subject: Subject) -> QSizeF:
        """Return a card that is larger where there is a plane to show."""
        if subject.plane:
            return QSizeF(_SIDE + 2 * _PADDING, _SIDE + 2 * _PADDING + _CAPTION - 4)
        bars = min(_MOST_BARS, max(1, len(subject.names)))
        return QSizeF(_SIDE + 2 * _PADDING + 10, 2 * _PADDING + bars * _BAR + _CAPTION)

    def paint(
        self,
        painter: QPainter,
        subject: Subject,
        rect: QRectF,
        tiles: Sequence[Tile],
        frame: LivingFrame | None,
        theme: Theme,
    ) -> None:
        """Paint the picture, then cost and metric below."""
        del tiles
        inside = rect.adjusted(_PADDING, _PADDING, -_PADDING, -_CAPTION)
        if subject.plane:
            _paint_plane(painter, QRectF(inside.left(), inside.top(), _SIDE, _SIDE), frame, theme)
        else:
            _paint_bars(painter, inside, subject, frame, theme)
        caption = QRectF(rect.left(), rect.bottom() - _CAPTION + 4, rect.width(), 20)
        if frame is None:
            painter.setPen(theme.color("dim"))
            painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, tr("not trained yet"))
            return
        font = painter.font()
        strong = painter.font()
        strong.setBold(True)
        painter.setFont(strong)
        painter.setPen(theme.color("text"))
        words = tr("cost now {value}") if frame.cost_is_measured else tr("cost {value}")
        cost = words.format(value="–" if frame.cost is None else f"{frame.cost:.4g}")
        painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, cost)
        painter.setFont(_fitting(font, frame.metric, rect.width() - _PADDING))
        painter.setPen(theme.color("dim"))
        painter.drawText(caption.translated(0, 18), Qt.AlignmentFlag.AlignCenter, frame.metric)
        painter.setFont(font)


def _fitting(font: QFont, words: str, width: float) -> QFont:
    """Return a font, smaller where the words would be wider than their place."""
    wide = QFontMetricsF(font).horizontalAdvance(words)
    fitting = QFont(font)
    if wide > width and font.pixelSize() > 0:
        fitting.setPixelSize(max(_SMALLEST, int(font.pixelSize() * width / wide)))
    return fitting


def _paint_plane(painter: QPainter, place: QRectF, frame: LivingFrame | None, theme: Theme) -> None:
    path = QPainterPath()
    path.addRoundedRect(place, 8, 8)
    if frame is None or not frame.is_answered:
        painter.fillPath(path, QBrush(theme.color("chip")))
        return
    painter.save()
    painter.setClipPath(path, Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(place, to_image(_surface(frame.answer, frame.surroundings, theme)))
    scale = painter.transform().m11() * painter.device().devicePixelRatio()
    rows = _rows(frame.surroundings, theme, round(place.width() * scale))
    painter.drawPixmap(place, rows, QRectF(rows.rect()))
    if frame.point is not None:
        x, y = frame.point
        painter.setPen(theme.pen("text", 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        centre = QPointF(place.left() + x * place.width(), place.top() + y * place.height())
        painter.drawEllipse(centre, _RING, _RING)
    painter.restore()


def _surface(answer: Array, around: Surroundings, theme: Theme) -> Array:
    """Return the colours of the answer over the plane."""
    if around.pipeline.task == "regression":
        return value_pixels(answer[0] / max(1.0, float(np.abs(around.labels).max(initial=1.0))), theme)
    shares = around.pipeline.class_shares(answer.reshape(len(answer), -1).T)
    return share_pixels(shares.reshape(*answer.shape[1:], -1), theme)


@lru_cache(maxsize=2)
def _rows(around: Surroundings, theme: Theme, side: int) -> QPixmap:
    """Return a picture of the rows, so many pixels wide; they stay where they are while training."""
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    reach = around.high - around.low
    points = around.inputs[:_MOST_POINTS]
    x = (points[:, 0] - around.low[0]) / reach[0] * side
    y = side - (points[:, 1] - around.low[1]) / reach[1] * side
    radius = side / _SIDE * 2.2
    painter.setPen(QPen(theme.color("card"), side / _SIDE * 0.6))
    labels = around.labels[:_MOST_POINTS]
    classes = around.pipeline.task != "regression"
    for label in np.unique(labels) if classes else (0,):
        mine = np.flatnonzero(labels == label) if classes else np.arange(len(labels))
        painter.setBrush(_row_color(around, int(label), theme))
        for index in mine.tolist():
            painter.drawEllipse(QPointF(x[index], y[index]), radius, radius)
    painter.end()
    return picture


def _row_color(around: Surroundings, label: int, theme: Theme) -> QColor:
    if around.pipeline.task == "regression":
        return theme.color("text", 150)
    return answer_color(label, len(around.pipeline.class_names), theme)


def _paint_bars(painter: QPainter, place: QRectF, subject: Subject, frame: LivingFrame | None, theme: Theme) -> None:
    """Paint what the network says for the row that is shown."""
    if frame is None or not frame.is_answered:
        return
    pipeline = frame.surroundings.pipeline
    answer = np.asarray(frame.answer, np.float64)[None]
    if pipeline.task == "regression":
        values = pipeline.in_units(answer)[0]
        for index, name in enumerate(pipeline.target_names[:_MOST_BARS]):
            line = QRectF(place.left(), place.top() + index * _BAR, place.width(), _BAR)
            paint_named_value(painter, line, name, f"{values[index]:.4g}", theme)
        return
    shares = pipeline.class_shares(answer)[0]
    for at, index in enumerate(shown_classes(shares, len(subject.names))):
        line = QRectF(place.left(), place.top() + at * _BAR, place.width(), _BAR)
        share = float(np.clip(shares[index], 0, 1)) if index < len(shares) else 0.0
        paint_named_value(painter, line, subject.names[index], f"{share:.0%}", theme)
        paint_bar(painter, line, share, answer_color(index, len(pipeline.class_names), theme), theme)


def shown_classes(shares: Array, count: int) -> list[int]:
    """Return which classes have a bar: all of a few, else the likeliest, in their usual order."""
    if count <= _MOST_BARS:
        return list(range(count))
    return sorted(np.argsort(-shares, kind="stable")[:_MOST_BARS].tolist())
