"""The wires between cards: their points, and which of them is where. Arrays, because there may be thousands."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPolygonF

from nnstudio.engine import Array, Edge
from nnstudio.gui.canvas.card import CAPTION_HEIGHT, FOOTER_HEIGHT, Card
from nnstudio.gui.canvas.routing import POINTS, curves, routes


class Wires:
    """All wires of a drawing.

    Parameters
    ----------
    edges : sequence of Edge
        As they are in the network.
    ends : sequence of (str, str)
        The keys of the cards that each joins.
    cards : mapping of str to Card
    style : str
        ``"curved"`` or ``"orthogonal"``.

    Attributes
    ----------
    points : Array of shape (wires, points, 2)
    """

    def __init__(
        self,
        edges: tuple[Edge, ...],
        ends: tuple[Edge, ...],
        cards: Mapping[str, Card],
        style: str = "curved",
    ) -> None:
        self.edges = edges
        self.ends = ends
        self.style = style
        self._places = {key: number for number, key in enumerate(cards)}
        self._solid = _solid(cards.values())
        self.points = self._routes(range(len(ends)), cards)
        self._lines: dict[int, QPolygonF] = {}

    def _routes(self, numbers: Sequence[int], cards: Mapping[str, Card]) -> Array:
        ends = [self.ends[number] for number in numbers]
        starts = np.array([cards[source].output_port.toTuple() for source, _ in ends]).reshape(-1, 2)
        stops = np.array([cards[target].input_port.toTuple() for _, target in ends]).reshape(-1, 2)
        own = np.array([(self._places[a], self._places[b]) for a, b in ends], int).reshape(-1, 2)
        return routes(starts, stops, self._solid, own, self.style)

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
        made = copy.copy(self)
        made.__dict__.pop("boxes", None)
        made._solid, made.points, made._lines = self._solid.copy(), self.points.copy(), dict(self._lines)
        moved = [key for key in keys if key in self._places]
        made._solid[[self._places[key] for key in moved]] = _solid(cards[key] for key in moved)
        touched = self.at_cards(keys)
        made.points[touched] = made._routes(touched, cards)
        for number in touched:
            made._lines.pop(number, None)
        return made


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


def _solid(cards: Iterable[Card]) -> Array:
    """Return what wires keep clear of: each card's left, top, right and bottom, with the lines above and below it."""
    rects = np.array([card.rect.getCoords() for card in cards]).reshape(-1, 4)
    solid: Array = rects + np.array([0.0, -CAPTION_HEIGHT - 3, 0.0, FOOTER_HEIGHT + 3])
    return solid


def _distances(points: Array, point: QPointF) -> Array:
    """Return how far a point is from each of some lines, of shape (lines,)."""
    start, step = points[:, :-1], np.diff(points, axis=1)
    offset = np.array([point.x(), point.y()]) - start
    length = np.maximum((step**2).sum(axis=2), 1e-9)
    along = np.clip((offset * step).sum(axis=2) / length, 0, 1)[..., None]
    found: Array = np.sqrt(((offset - along * step) ** 2).sum(axis=2)).min(axis=1)
    return found
