"""Where everything is: cards, tiles, ports and wires, computed once per change of the drawing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from nnstudio.engine import Array
from nnstudio.engine.layers.input import Input
from nnstudio.gui.canvas.portrait import Portrait, Subject, Tile
from nnstudio.gui.canvas.portraits import find_portrait
from nnstudio.project import Project

CAPTION_HEIGHT = 38.0
_WIRE_POINTS = 17
_PILL_DROP = 20.0

Edge = tuple[str, str]


@dataclass(frozen=True, eq=False)
class Card:
    """A node at its place.

    Attributes
    ----------
    subject : Subject
    portrait : Portrait
    rect : QRectF
        The card, without the two lines above it.
    tiles : tuple of Tile
    """

    subject: Subject
    portrait: Portrait
    rect: QRectF
    tiles: tuple[Tile, ...]

    @property
    def input_port(self) -> QPointF:
        """Where wires arrive."""
        return QPointF(self.rect.left(), self.rect.center().y())

    @property
    def output_port(self) -> QPointF:
        """Where wires start."""
        return QPointF(self.rect.right(), self.rect.center().y())

    @property
    def caption(self) -> QRectF:
        """The two lines above the card."""
        return QRectF(self.rect.center().x() - 90, self.rect.top() - CAPTION_HEIGHT - 3, 180, CAPTION_HEIGHT)

    @property
    def bounds(self) -> QRectF:
        """Card and caption."""
        return self.rect.united(self.caption)

    def anchor(self, unit: int, *, right: bool) -> tuple[float, float] | None:
        """Return where a unit's edges start (right) or end; on the card's border where it has no tiles."""
        for tile in self.tiles:
            if tile.unit == unit:
                rect = tile.rect
                return (rect.right() + 3 if right else rect.left() - 3), rect.center().y()
        return None


class Geometry:
    """The places of one project.

    Parameters
    ----------
    project : Project
    opened : collection of str
        Ids of layers whose folded units are shown.
    """

    def __init__(self, project: Project, opened: Collection[str] = ()) -> None:
        self.network = project.network
        shapes = project.network.shapes()
        pipeline = project.pipeline
        features = pipeline.features if pipeline else ()
        plane = any(
            isinstance(node.layer, Input) and node.layer.shape == (2,) for node in project.network.nodes
        ) and len(features) in (0, 2)
        self.cards: dict[str, Card] = {}
        for node in project.network.nodes:
            layer = node.layer
            shape = shapes[node.id]
            names: tuple[str, ...] = ()
            if isinstance(layer, Input) and shape == (len(features),):
                names = features
            elif not layer.has_output and pipeline is not None:
                names = pipeline.class_names or pipeline.target_names
            subject = Subject(node.id, shape, layer.key, names, plane, node.id in opened)
            look = find_portrait(layer.portrait)
            size = look.size(subject)
            x, y = project.positions.get(node.id, (0.0, 0.0))
            rect = QRectF(x - size.width() / 2, y - size.height() / 2, size.width(), size.height())
            self.cards[node.id] = Card(subject, look, rect, look.tiles(subject, rect))

    @cached_property
    def bounds(self) -> QRectF:
        """Everything that is drawn."""
        found = QRectF()
        for card in self.cards.values():
            found = found.united(card.bounds)
            if card.subject.names and card.tiles:
                found = found.united(card.bounds.adjusted(-120, 0, 0, 0))
        for pill in (self.pill(edge) for edge in self.network.edges):
            found = found.united(QRectF(pill.x() - 20, pill.y() - 10, 40, 22))
        return found

    @cached_property
    def wires(self) -> Mapping[Edge, Array]:
        """The points of each wire between cards, of shape (points, 2)."""
        return {
            edge: curve(self.cards[edge[0]].output_port, self.cards[edge[1]].input_port) for edge in self.network.edges
        }

    def pill(self, edge: Edge) -> QPointF:
        """Return the centre of the label that tells a wire's shape, below the cards it joins and those between."""
        source, target = self.cards[edge[0]], self.cards[edge[1]]
        middle = (source.output_port + target.input_port) / 2
        if not (source.tiles and target.tiles):
            return QPointF(middle.x(), middle.y() - 14)
        lower = max(source.rect.height(), target.rect.height()) / 2
        place = QPointF(middle.x(), middle.y() + lower + _PILL_DROP)
        for card in sorted(self.cards.values(), key=lambda card: card.rect.top()):
            if card.rect.adjusted(-20, 0, 20, _PILL_DROP / 2).contains(place):
                place.setY(card.rect.bottom() + _PILL_DROP)
        return place

    def free_place(self, wanted: QPointF) -> QPointF:
        """Return a place, or the next one below it where no card is."""
        place = QPointF(wanted)
        while any(card.rect.adjusted(-20, -50, 20, 20).contains(place) for card in self.cards.values()):
            place.setY(place.y() + 90)
        return place

    def card_at(self, point: QPointF) -> str:
        """Return the id of the topmost card at a point, or an empty string."""
        for id, card in reversed(self.cards.items()):
            if card.rect.contains(point) or card.caption.contains(point):
                return id
        return ""

    def tile_at(self, point: QPointF) -> tuple[str, int] | None:
        """Return the node and unit whose tile is at a point."""
        id = self.card_at(point)
        if id:
            for tile in self.cards[id].tiles:
                if tile.rect.contains(point):
                    return id, tile.unit
        return None

    def port_at(self, point: QPointF, reach: float) -> tuple[str, bool] | None:
        """Return the node whose port is within reach of a point, and whether it is the one where wires start."""
        best: tuple[float, str, bool] | None = None
        for id, card in self.cards.items():
            layer = self.network.node(id).layer
            for is_output, port in ((True, card.output_port), (False, card.input_port)):
                exists = layer.has_output if is_output else layer.most_inputs != 0
                distance = (port - point).manhattanLength()
                if exists and distance <= reach and (best is None or distance < best[0]):
                    best = (distance, id, is_output)
        return None if best is None else best[1:]

    def wire_at(self, point: QPointF, reach: float) -> Edge | None:
        """Return the wire that passes within reach of a point, the nearest."""
        best, nearest = None, reach
        for edge, points in self.wires.items():
            distance = float(np.hypot(points[:, 0] - point.x(), points[:, 1] - point.y()).min())
            span = float(np.hypot(*(points[1] - points[0]))) / 2  # points lie this far apart at most
            if distance - span < nearest and _distance(points, point) < nearest:
                best, nearest = edge, _distance(points, point)
        return best


def places_stay(before: Project, after: Project) -> bool:
    """Return whether two projects are drawn in the same way."""
    return (
        before.network is after.network
        and before.positions == after.positions
        and before.columns == after.columns
        and before.table is after.table
        and before.split == after.split
    )


def shifted(project: Project, shifts: Mapping[str, QPointF]) -> Project:
    """Return the project with nodes moved from their places."""
    places = dict(project.positions)
    for id, shift in shifts.items():
        x, y = places.get(id, (0.0, 0.0))
        places[id] = (x + shift.x(), y + shift.y())
    return project.replace(positions=places)


def curve(start: QPointF, end: QPointF, points: int = _WIRE_POINTS) -> Array:
    """Return points on the curve of a wire, of shape (points, 2)."""
    made: Array = curves(np.array([[start.x(), start.y()]]), np.array([[end.x(), end.y()]]), points)[0]
    return made


def curves(starts: Array, ends: Array, points: int) -> Array:
    """Return points on many curves at once.

    Parameters
    ----------
    starts, ends : Array of shape (curves, 2)
    points : int

    Returns
    -------
    Array of shape (curves, points, 2)
    """
    share = np.linspace(0, 1, points)[None, :, None]
    bend = np.zeros_like(starts)
    bend[:, 0] = np.clip(np.abs(ends[:, 0] - starts[:, 0]) * 0.45, 30, 120)
    p0, p1, p2, p3 = (array[:, None] for array in (starts, starts + bend, ends - bend, ends))
    rest = 1 - share
    made: Array = rest**3 * p0 + 3 * rest**2 * share * p1 + 3 * rest * share**2 * p2 + share**3 * p3
    return made


def _distance(points: Array, point: QPointF) -> float:
    """Return the distance of a point from a line through points."""
    start, step = points[:-1], np.diff(points, axis=0)
    offset = np.array([point.x(), point.y()]) - start
    length = np.maximum((step**2).sum(axis=1), 1e-9)
    along = np.clip((offset * step).sum(axis=1) / length, 0, 1)[:, None]
    return float(np.hypot(*(offset - along * step).T).min())
