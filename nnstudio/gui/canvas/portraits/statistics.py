"""A card with mean and spread, before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnstudio.engine import Array
from nnstudio.gui.canvas.portrait import (
    Portrait,
    Subject,
    Tile,
    captioned,
    paint_caption,
    paint_icon,
    paint_values,
    place_above_caption,
)
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.i18n import tr

MOST_LINES = 12
_WIDTH, _HEIGHT = 104.0, 84.0

Numbers = Array
Spread = tuple[Numbers, Numbers]
"""Means and deviations of shape (channels,)."""


class StatisticsPortrait(Portrait):
    """For layers that bring numbers to one size: mean and spread of the first channels, before (grey) and after."""

    key = "statistics"

    def size(self, subject: Subject) -> QSizeF:
        """Return a card around the lines and the words below them."""
        del subject
        return captioned(QSizeF(_WIDTH, _HEIGHT))

    def paint(
        self,
        painter: QPainter,
        subject: Subject,
        rect: QRectF,
        tiles: Sequence[Tile],
        frame: LivingFrame | None,
        theme: Theme,
    ) -> None:
        """Paint a pair of lines for each channel, around the line of zero."""
        del tiles
        learned = None if frame is None else frame.learned(subject.id)
        if learned is not None:
            _paint_learned(painter, subject, rect, learned, theme)
            return
        found = None if frame is None else _before_and_after(frame, subject.id)
        if found is None:
            paint_icon(painter, subject.icon, rect)
            return
        place = place_above_caption(rect, QSizeF(_WIDTH, _HEIGHT))
        ends = np.concatenate([np.abs(mean) + deviation for mean, deviation in found])
        reach = max(float(ends.max(initial=0.0)), 1e-9)
        painter.setPen(QPen(theme.color("line"), 1))
        middle = place.center().x()
        painter.drawLine(QLineF(middle, place.top(), middle, place.bottom()))
        count = len(found[0][0])
        step = place.height() / max(1, count)
        for offset, spread, colour in ((-0.18, found[0], "faint"), (0.18, found[1], "positive")):
            _paint_spread(painter, spread, place, (offset, step, reach), theme.color(colour))
        paint_caption(painter, rect, tr("before, after"), theme)


def _paint_learned(
    painter: QPainter, subject: Subject, rect: QRectF, learned: Mapping[str, Numbers], theme: Theme
) -> None:
    """Paint the numbers of scale and shift as columns, a line for each of the first channels."""
    columns = [np.ravel(values)[:MOST_LINES] for values in learned.values()]
    if not columns:
        paint_icon(painter, subject.icon, rect)
        return
    paint_values(painter, place_above_caption(rect, QSizeF(_WIDTH, _HEIGHT)), np.stack(columns, axis=1), theme)
    paint_caption(painter, rect, ", ".join(learned), theme)


def _paint_spread(
    painter: QPainter, spread: Spread, place: QRectF, scale: tuple[float, float, float], colour: QColor
) -> None:
    """Paint a line from mean - deviation to mean + deviation for each channel, with a dot at the mean."""
    offset, step, reach = scale
    painter.setPen(QPen(colour, max(1.2, min(3.0, step * 0.3)), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    across = place.width() / 2 / reach
    middle = place.center().x()
    for index, (mean, deviation) in enumerate(zip(spread[0].tolist(), spread[1].tolist(), strict=True)):
        y = place.top() + (index + 0.5 + offset) * step
        painter.drawLine(QLineF(middle + (mean - deviation) * across, y, middle + (mean + deviation) * across, y))
        painter.drawPoint(QPointF(middle + mean * across, y))


def _before_and_after(frame: LivingFrame, id: str) -> tuple[Spread, Spread] | None:
    """Return the statistics of what comes in and of what goes out.

    Where a layer remembers moving statistics these are of many rows; else they are of the row that is shown.
    """
    mean, variance = frame.memory.get(f"{id}/moving_mean"), frame.memory.get(f"{id}/moving_variance")
    gamma, beta = frame.weights.get(f"{id}/gamma"), frame.weights.get(f"{id}/beta")
    if mean is not None and variance is not None and gamma is not None and beta is not None:
        part = slice(MOST_LINES)
        return (mean[part], np.sqrt(np.maximum(variance[part], 0))), (beta[part], np.abs(gamma[part]))
    sources = frame.network.sources(id)
    source, own = frame.outputs.get(sources[0]) if sources else None, frame.outputs.get(id)
    if source is None or own is None:
        return None
    return _spread(source), _spread(own)


def _spread(values: Array) -> Spread:
    """Return mean and deviation over the last axis, as layers bring it to one size, of the first few places."""
    flat = np.asarray(values, np.float64).reshape(-1, values.shape[-1])[:MOST_LINES]
    return flat.mean(axis=1), flat.std(axis=1)
