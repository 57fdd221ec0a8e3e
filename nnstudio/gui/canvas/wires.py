"""The wires between cards: their points, and which of them is where. Arrays, because there may be thousands."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPolygonF

from nnstudio.engine import Array
from nnstudio.gui.canvas.card import Card
from nnstudio.gui.canvas.routing import POINTS, curved, curves, orthogonal

Edge = tuple[str, str]

STYLES = {"curved": curved, "orthogonal": orthogonal}
"""How wires can run."""


class Wires:
    """All wires of a drawing.

    Parameters
    ----------
    edges : sequence of Edge
        As they are in the network.
    ends : sequence of (str, str)
        The keys of the cards that each joins.
    cards : mapping of str to Card
    points : Array of shape (wires, points, 2), optional
        Where they run, if that is known already.
    style : str
        One of `STYLES`.

    Attributes
    ----------
    points : Array of shape (wires, points, 2)
    """

    def __init__(
        self,
        edges: tuple[Edge, ...],
        ends: tuple[Edge, ...],
        cards: Mapping[str, Card],
        points: Array | None = None,
        style: str = "curved",
    ) -> None:
        self.edges = edges
        self.ends = ends
        self.style = style
        self.points = _points(ends, cards, style) if points is None else points
        self._lines: dict[int, QPolygonF] = {}

    @cached_property
    def _index(self) -> dict[Edge, int]:
        return {edge: index for index, edge in enumerate(self.edges)}

    def __contains__(self, edge: Edge) -> bool:
        return edge in self._index

    def __getitem__(self, edge: Edge) -> Array:
        """Return the points of a wire, of shape (points, 2)."""
        found: Array = self.points[self._index[edge]]
        return found

    def number(self, edge: Edge) -> int:
        """Return a wire's place in the arrays."""
        return self._index[edge]

    @cached_property
    def boxes(self) -> Array:
        """The left, top, right and bottom of each wire, of shape (wires, 4)."""
        boxes: Array = np.concatenate([self.points.min(axis=1), self.points.max(axis=1)], axis=1)
        return boxes

    def line(self, number: int) -> QPolygonF:
        """Return a wire as the painter wants it, made once."""
        found = self._lines.get(number)
        if found is None:
            found = self._lines[number] = QPolygonF([QPointF(x, y) for x, y in self.points[number].tolist()])
        return found

    def inside(self, area: QRectF) -> Array:
        """Return the numbers of the wires whose boxes touch an area."""
        return touching(self.boxes, area)

    def at_cards(self, keys: Collection[str]) -> list[int]:
        """Return the numbers of the wires that start or end at some cards."""
        return [index for index, (a, b) in enumerate(self.ends) if a in keys or b in keys]

    def near(self, point: QPointF, reach: float) -> Edge | None:
        """Return the wire that passes within reach of a point, the nearest."""
        around = QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)
        close = self.inside(around)
        if not len(close):
            return None
        distances = _distances(self.points[close], point)
        best = int(distances.argmin())
        return self.edges[int(close[best])] if distances[best] < reach else None

    def moved(self, keys: Collection[str], cards: Mapping[str, Card]) -> Wires:
        """Return the wires where only those at some cards have moved."""
        touched = self.at_cards(keys)
        points = self.points.copy()
        if touched:
            points[touched] = _points(tuple(self.ends[index] for index in touched), cards, self.style)
        return Wires(self.edges, self.ends, cards, points, self.style)


def touching(boxes: Array, area: QRectF) -> Array:
    """Return the numbers of the boxes that touch an area.

    Parameters
    ----------
    boxes : Array of shape (boxes, 4)
        Left, top, right, bottom.
    area : QRectF
    """
    found: Array = np.flatnonzero(
        (boxes[:, 0] <= area.right())
        & (boxes[:, 2] >= area.left())
        & (boxes[:, 1] <= area.bottom())
        & (boxes[:, 3] >= area.top())
    )
    return found


def curve(start: QPointF, end: QPointF) -> Array:
    """Return points on the curve of a wire that is being drawn, of shape (points, 2)."""
    made: Array = curves(np.array([start.toTuple()]), np.array([end.toTuple()]), POINTS)[0]
    return made


def _points(ends: tuple[Edge, ...], cards: Mapping[str, Card], style: str) -> Array:
    if not ends:
        return np.zeros((0, POINTS, 2))
    starts = np.array([cards[source].output_port.toTuple() for source, _ in ends])
    stops = np.array([cards[target].input_port.toTuple() for _, target in ends])
    rects = np.array([card.rect.getCoords() for card in cards.values()])
    return STYLES[style](starts, stops, rects)


def _distances(points: Array, point: QPointF) -> Array:
    """Return how far a point is from each of some lines, of shape (lines,)."""
    start, step = points[:, :-1], np.diff(points, axis=1)
    offset = np.array([point.x(), point.y()]) - start
    length = np.maximum((step**2).sum(axis=2), 1e-9)
    along = np.clip((offset * step).sum(axis=2) / length, 0, 1)[..., None]
    found: Array = np.sqrt(((offset - along * step) ** 2).sum(axis=2)).min(axis=1)
    return found
