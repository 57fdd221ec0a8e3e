"""The edges between neurons: one for each weight, in its colour and as thick as it is large."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnstudio.engine import Array, Shape
from nnstudio.gui.canvas.card import Card
from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.gui.canvas.routing import curves
from nnstudio.gui.look.theme import Theme

CLASSES = 12
"""Edges are drawn in this many classes of width for each sign, each with one call."""

MOST_EDGES = 1_500
"""Of more edges only those of the largest weights are drawn."""

_POINTS = 11
_DASH, _SPACE = 7.0, 3.0
_THIN, _THICK = 0.5, 4.4


@dataclass(frozen=True, eq=False)
class Bundle:
    """The edges into one node from one other.

    Attributes
    ----------
    source, target : str
    kernel : str
        The name of the weights.
    sources, targets : Array of shape (edges,)
        Units.
    points : Array of shape (edges, points, 2)
    """

    source: str
    target: str
    kernel: str
    sources: Array
    targets: Array
    points: Array


class _Lines:
    """The lines of one bundle, whole and dashed, cut once so that no frame has to."""

    def __init__(self, bundle: Bundle) -> None:
        self.whole = [_lines(points) for points in bundle.points]
        self.dashed = [_dashes(points) for points in bundle.points]


class Synapses:
    """All edges between the neurons of a geometry; those of a wire are prepared when they are first seen.

    Parameters
    ----------
    geometry : Geometry
    before : Synapses, optional
        Those of the drawing before: what joins cards that stay is taken from it.
    """

    def __init__(self, geometry: Geometry, before: Synapses | None = None) -> None:
        self._geometry = geometry
        self._weights = geometry.network.weight_shapes()
        # Where a wire leads around other cards, edges would run right across them.
        self._joined = [
            ends
            for ends, leads_round in zip(geometry.wires.ends, geometry.detours.tolist(), strict=True)
            if not leads_round and len(self._weights.get(f"{ends[1]}/kernel", ())) == 2
        ]
        self._bundles: dict[tuple[Card, Card, Shape], Bundle | None] = {}
        self._lines: dict[int, _Lines] = {}
        if before is not None:
            stay = {self._key(*ends) for ends in self._joined}
            self._bundles = {key: bundle for key, bundle in before._bundles.items() if key in stay}
            kept = {id(bundle) for bundle in self._bundles.values()}
            self._lines = {number: lines for number, lines in before._lines.items() if number in kept}

    @property
    def bundles(self) -> list[Bundle]:
        """Every bundle of the drawing."""
        return self._seen(None)

    def into(self, id: str) -> list[Bundle]:
        """Return the bundles that lead into the card of a node."""
        return self._seen([ends for ends in self._joined if ends[1] == id])

    def of(self, geometry: Geometry) -> Synapses:
        """Return those of a geometry of the same network in which some cards have moved."""
        return Synapses(geometry, self)

    def _key(self, source: str, target: str) -> tuple[Card, Card, Shape]:
        cards = self._geometry.cards
        return cards[source], cards[target], self._weights[f"{target}/kernel"]

    def _seen(self, ends: Collection[tuple[str, str]] | None) -> list[Bundle]:
        found = []
        for joined in self._joined:
            if ends is None or joined in ends:
                key = self._key(*joined)
                if key not in self._bundles:
                    self._bundles[key] = _bundle(*key)
                bundle = self._bundles[key]
                if bundle is not None:
                    found.append(bundle)
        return found

    def _near(self, point: QPointF, reach: float) -> list[Bundle]:
        around = QRectF(point.x() - reach, -1e6, 2 * reach, 2e6)
        wires = self._geometry.wires
        return self._seen({wires.ends[number] for number in wires.inside(around).tolist()})

    def strengths(self, kernel: Array, bundle: Bundle, *, of_weights: bool = True) -> Array:
        """Return each edge's number divided by the scale of its kernel, between -1 and 1."""
        shown = kernel[bundle.sources, bundle.targets].astype(np.float64)
        return np.clip(shown / scale_of(kernel, of_weights=of_weights), -1, 1)

    def paint(
        self,
        painter: QPainter,
        numbers: Mapping[str, Array],
        theme: Theme,
        ends: Collection[tuple[str, str]] | None = None,
        *,
        of_weights: bool = True,
    ) -> None:
        """Paint the edges with these numbers, the weak ones first; by default all, else those between some cards.

        Edges for which there are no numbers are left out.
        """
        whole: list[list[QLineF]] = [[] for _ in range(CLASSES)]
        dashed: list[list[QLineF]] = [[] for _ in range(CLASSES)]
        for bundle in self._seen(ends):
            lines = self._lines.get(id(bundle))
            if lines is None:
                lines = self._lines[id(bundle)] = _Lines(bundle)
            solid, broken = lines.whole, lines.dashed
            kernel = numbers.get(bundle.kernel)
            if kernel is None or kernel.shape[0] <= bundle.sources.max() or kernel.shape[1] <= bundle.targets.max():
                continue
            strengths = self.strengths(kernel, bundle, of_weights=of_weights)
            classes = np.minimum((np.abs(strengths) * CLASSES).astype(int), CLASSES - 1)
            drawn = range(len(strengths))
            if len(strengths) > MOST_EDGES:
                drawn = np.argpartition(-np.abs(strengths), MOST_EDGES)[:MOST_EDGES].tolist()
            positive = (strengths >= 0).tolist()
            levels = classes.tolist()
            for edge in drawn:
                if positive[edge]:
                    whole[levels[edge]] += solid[edge]
                else:
                    dashed[levels[edge]] += broken[edge]
        for level in range(CLASSES):
            for drawn_lines, colour in ((whole[level], theme.positive), (dashed[level], theme.negative)):
                if drawn_lines:
                    painter.setPen(_pen(level, colour, theme))
                    painter.drawLines(drawn_lines)

    def edge_at(self, point: QPointF, reach: float) -> tuple[Bundle, int] | None:
        """Return the bundle and the index of the edge that passes nearest to a point within reach."""
        best, nearest = None, reach
        here = np.array([point.x(), point.y()])
        for bundle in self._near(point, reach):
            start, step = bundle.points[:, :-1], np.diff(bundle.points, axis=1)
            length = np.maximum((step**2).sum(axis=2), 1e-9)
            along = np.clip(((here - start) * step).sum(axis=2) / length, 0, 1)[..., None]
            distances = np.sqrt(((here - start - along * step) ** 2).sum(axis=2)).min(axis=1)
            index = int(distances.argmin())
            if distances[index] < nearest:
                best, nearest = (bundle, index), float(distances[index])
        return best


def scale_of(kernel: Array, *, of_weights: bool = True) -> float:
    """Return the number that is drawn at full strength: the largest; of weights no less than twice a fresh one's limit.

    Slopes and changes have no usual size, so that theirs is the largest alone.
    """
    inputs, units = kernel.shape
    least = 2 * math.sqrt(6 / (inputs + units)) if of_weights else 1e-30
    return max(float(np.abs(kernel).max(initial=0)), least)


def edge_color(strength: float, theme: Theme) -> QColor:
    """Return the colour in which an edge of this strength is drawn."""
    level = min(int(abs(strength) * CLASSES), CLASSES - 1)
    return _pen(level, theme.positive if strength >= 0 else theme.negative, theme).color()


@lru_cache(maxsize=8 * CLASSES)
def _pen(level: int, colour: str, theme: Theme) -> QPen:
    """Return the pen of a class; colours are mixed with the background, which is much quicker than painting through."""
    strength = (level + 0.5) / CLASSES
    opacity = 0.22 + 0.66 * strength
    front, back = QColor(colour), QColor(theme.canvas)
    mixed = QColor(
        round(back.red() + (front.red() - back.red()) * opacity),
        round(back.green() + (front.green() - back.green()) * opacity),
        round(back.blue() + (front.blue() - back.blue()) * opacity),
    )
    return QPen(mixed, _THIN + (_THICK - _THIN) * strength, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)


def _bundle(source: Card, target: Card, shape: tuple[int, ...]) -> Bundle | None:
    starts, ends, sources, targets = [], [], [], []
    left = _anchors(source, shape[0])
    right = [(tile.unit, target.anchor(tile.unit, right=False)) for tile in target.tiles]
    for i, start in left:
        for j, end in right:
            if start is not None and end is not None and i < shape[0] and j < shape[1]:
                starts.append(start)
                ends.append(end)
                sources.append(i)
                targets.append(j)
    if not starts:
        return None
    points = curves(np.array(starts), np.array(ends), _POINTS)
    kernel = f"{target.subject.id}/kernel"
    return Bundle(source.subject.id, target.subject.id, kernel, np.array(sources), np.array(targets), points)


def _anchors(card: Card, units: int) -> list[tuple[int, tuple[float, float] | None]]:
    """Return where the edges of a card's units start: at its tiles, or spread over its right border."""
    if card.tiles:
        return [(tile.unit, card.anchor(tile.unit, right=True)) for tile in card.tiles]
    shown = min(units, 8)
    rect = card.rect
    places = np.linspace(rect.top() + 10, rect.bottom() - 10, shown)
    return [(unit, (rect.right(), float(y))) for unit, y in enumerate(places)]


def _lines(points: Array) -> list[QLineF]:
    flat = points.tolist()
    return [QLineF(*a, *b) for a, b in pairwise(flat)]


def _dashes(points: Array) -> list[QLineF]:
    """Return the dashes along a curve, cut once so that no frame has to."""
    lengths = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0], np.cumsum(lengths)])
    starts = np.arange(0, along[-1], _DASH + _SPACE)
    ends = np.minimum(starts + _DASH, along[-1])
    x0, y0 = (np.interp(starts, along, points[:, axis]) for axis in (0, 1))
    x1, y1 = (np.interp(ends, along, points[:, axis]) for axis in (0, 1))
    return [QLineF(*line) for line in zip(x0.tolist(), y0.tolist(), x1.tolist(), y1.tolist(), strict=True)]
