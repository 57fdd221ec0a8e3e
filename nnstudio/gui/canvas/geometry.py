"""Where everything is: cards, frames, notes and wires, computed once per change of the drawing."""

from __future__ import annotations

import copy
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF

from nnstudio.engine import Array, Edge, shape_in_words
from nnstudio.gui.canvas.card import FOOTER_HEIGHT, Card
from nnstudio.gui.canvas.card_keys import note_key, note_of
from nnstudio.gui.canvas.cards import Cards, card_keys_of, number_kind
from nnstudio.gui.canvas.wires import Wires, touching
from nnstudio.project import Block, Note, Project
from nnstudio.project.free_place import free_place

_PILL_DROP = 20.0
_PILL_RISE = 14.0
_SHORTEST = 40.0
_ROOM_BETWEEN_FEET = 112.0
"""Where cards are closer, the label of their wire stands under what is said below them, and not beside it."""
_DETOUR = 40.0
_FRAME_MARGIN = 18.0
_FRAME_TITLE = 26.0


@dataclass(frozen=True)
class Pill:
    """The label of a wire: what flows there.

    Attributes
    ----------
    centre : QPointF
    shape, kind : str
        The shape of one row, and the kind of its numbers.
    room : float
        How wide it may be where it stands between two cards.
    """

    centre: QPointF
    shape: str
    kind: str
    room: float


@dataclass(frozen=True)
class Frame:
    """The frame around the nodes of an open block."""

    block: Block
    rect: QRectF

    @property
    def title(self) -> QRectF:
        """Where its title stands."""
        return QRectF(self.rect.left(), self.rect.top(), self.rect.width(), _FRAME_TITLE)


class Geometry:
    """The places of one project.

    Parameters
    ----------
    project : Project
    opened : collection of str
        Ids of layers whose folded units are shown.
    before : Geometry, optional
        That of the project before: cards that stay are taken from it.
    style : str
        How wires run, ``"curved"`` or ``"orthogonal"``.

    Attributes
    ----------
    network : Network
    cards : dict of str to Card
        By their keys, as `card_keys` tells.
    notes : dict of str to Note
    """

    def __init__(
        self,
        project: Project,
        opened: Collection[str] = (),
        before: Geometry | None = None,
        style: str = "curved",
    ) -> None:
        self.network = project.network
        self.notes = {note.id: note for note in project.notes}
        self._blocks = project.blocks
        self._kind = number_kind(project)
        self._card_of = card_keys_of(project)
        known = before.cards if before is not None else {}
        self.cards: dict[str, Card] = Cards(project, opened, known).by_key()
        edges, ends = [], []
        for edge in project.network.edges:
            a, b = (self._card_of[id] for id in edge)
            if a != b:
                edges.append(edge)
                ends.append((a, b))
        self.wires = Wires(tuple(edges), tuple(ends), self.cards, style=style)
        self._pills: dict[int, Pill] = {}

    def key_of(self, id: str) -> str:
        """Return the key of the card on which a node is seen."""
        return self._card_of[id]

    def nodes_of(self, keys: Collection[str]) -> tuple[str, ...]:
        """Return the ids of the nodes that some cards stand for, in the order of the drawing."""
        return tuple(id for key, card in self.cards.items() if key in keys for id in card.members)

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        """The frames of open blocks."""
        found = []
        for block in self._blocks:
            if not block.collapsed and block.members:
                around = QRectF()
                for id in block.members:
                    around = around.united(self.cards[id].bounds)
                margin = _FRAME_MARGIN
                found.append(Frame(block, around.adjusted(-margin, -margin - _FRAME_TITLE, margin, margin)))
        return tuple(found)

    @cached_property
    def boxes(self) -> Array:
        """Left, top, right and bottom of each card with its words, of shape (cards, 4)."""
        return np.array([card.bounds.getCoords() for card in self.cards.values()]).reshape(-1, 4)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys of the cards, in the order of `boxes`."""
        return tuple(self.cards)

    @property
    def everything(self) -> frozenset[str]:
        """The keys of all cards and notes."""
        return frozenset((*self.cards, *map(note_key, self.notes)))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {key: index for index, key in enumerate(self.cards)}

    def inside(self, area: QRectF) -> list[Card]:
        """Return the cards that are seen in an area."""
        return [self.cards[self.keys[index]] for index in touching(self.boxes, area)]

    @cached_property
    def bounds(self) -> QRectF:
        """Everything that is drawn."""
        found = _around(self.boxes)
        for card in self.cards.values():
            if card.subject.names and card.tiles:
                found = found.united(card.bounds.adjusted(-120, 0, 0, 0))
        if any(card.tiles for card in self.cards.values()):
            found.adjust(0, 0, 0, _PILL_DROP + FOOTER_HEIGHT)  # labels of wires stand below the cards
        for frame in self.frames:
            found = found.united(frame.rect)
        for note in self.notes.values():
            found = found.united(note_rect(note))
        if not len(self.wires.boxes):
            return found
        return found.united(_around(self.wires.boxes).adjusted(0, -_PILL_DROP, 0, 0))  # labels stand above their wires

    def labelled(self, area: QRectF) -> Array:
        """Return the numbers of the wires whose labels stand in an area."""
        x, y = self._pill_places[:, 0], self._pill_places[:, 1]
        found: Array = np.flatnonzero(
            (x >= area.left()) & (x <= area.right()) & (y >= area.top()) & (y <= area.bottom())
        )
        return found

    @cached_property
    def _pill_places(self) -> Array:
        """Where the label of each wire stands, of shape (wires, 2)."""
        places = self.wires.points[:, self.wires.points.shape[1] // 2] + (0.0, -_PILL_RISE)
        for number, ends in enumerate(self.wires.ends):
            if _joined_by_edges(*(self.cards[key] for key in ends)) and not self.detours[number]:
                places[number] = self._pill_place(number).toTuple()
        return places

    def pills(self, numbers: Collection[int]) -> list[Pill]:
        """Return the labels of some wires."""
        shapes, found = self.network.shapes(), []
        for number in numbers:
            pill = self._pills.get(number)
            if pill is None:
                words = shape_in_words(shapes[self.wires.edges[number][0]])
                source, target = (self.cards[key] for key in self.wires.ends[number])
                gap = target.rect.left() - source.rect.right()
                room = math.inf if self.detours[number] or _joined_by_edges(source, target) else max(gap, _SHORTEST)
                pill = self._pills[number] = Pill(self._pill_place(number), words, self._kind, room)
            found.append(pill)
        return found

    def _pill_place(self, number: int) -> QPointF:
        """Return where the label of a wire stands: on it, or below the edges between two layers of neurons."""
        source, target = (self.cards[key] for key in self.wires.ends[number])
        middle = (source.output_port + target.input_port) / 2
        if not _joined_by_edges(source, target) or self.detours[number]:
            points = self.wires.points[number]
            x, y = points[len(points) // 2].tolist()
            return QPointF(x, y - _PILL_RISE)
        lower = max(source.rect.height(), target.rect.height()) / 2
        place = QPointF(middle.x(), middle.y() + lower + _PILL_DROP)
        for card in self.inside(QRectF(place.x() - 20, place.y() - 400, 40, 800)):
            if card.rect.adjusted(-20, 0, 20, _PILL_DROP / 2).contains(place):
                place.setY(card.rect.bottom() + _PILL_DROP)
        if target.input_port.x() - source.output_port.x() < _ROOM_BETWEEN_FEET:
            place.setY(place.y() + FOOTER_HEIGHT)
        return place

    @cached_property
    def detours(self) -> NDArray[np.bool_]:
        """Which wires lead around cards that stand between their ends."""
        heights = self.wires.points[:, :, 1]
        first, last = heights[:, 0], heights[:, -1]
        over = heights.min(axis=1) < np.minimum(first, last) - _DETOUR
        under = heights.max(axis=1) > np.maximum(first, last) + _DETOUR
        found: NDArray[np.bool_] = over | under
        return found

    def moved(self, shifts: Mapping[str, QPointF]) -> Geometry:
        """Return the geometry with some cards and notes away from their places; the rest is shared."""
        made = copy.copy(self)
        for name in ("frames", "bounds", "detours", "_pill_places"):
            made.__dict__.pop(name, None)
        cards = {key: shift for key, shift in shifts.items() if key in self.cards}
        made.cards = {**self.cards, **{key: self.cards[key].moved(shift) for key, shift in cards.items()}}
        made.boxes = self.boxes.copy()
        for key, shift in cards.items():
            made.boxes[self._places[key]] += (shift.x(), shift.y(), shift.x(), shift.y())
        made.wires = self.wires.moved(cards.keys(), made.cards)
        made._pills = {}
        made.notes = {id: _moved_note(note, shifts.get(note_key(id))) for id, note in self.notes.items()}
        return made

    def touched_by(self, key: str) -> list[QRectF]:
        """Return the places that a card with its wires, or a note, takes."""
        if key not in self.cards:
            note = self.notes.get(note_of(key))
            return [] if note is None else [note_rect(note)]
        wires = self.wires.at_cards({key})
        labels = (QRectF(pill.centre.x() - 80, pill.centre.y() - 12, 160, 24) for pill in self.pills(wires))
        lines = (QRectF(QPointF(*box[:2]), QPointF(*box[2:])) for box in self.wires.boxes[wires].tolist())
        return [self.cards[key].bounds.adjusted(-12, -12, 12, 12), *lines, *labels]

    def free_place(self, wanted: QPointF, width: float = 80.0, height: float = 130.0) -> QPointF:
        """Return a place for the centre of something new: the wanted one, or the nearest where nothing is."""
        notes = [note_rect(note).getCoords() for note in self.notes.values()]
        taken = np.concatenate([self.boxes, np.array(notes).reshape(-1, 4)])
        return QPointF(*free_place(taken, (width, height), wanted.toTuple()))

    def card_at(self, point: QPointF) -> str:
        """Return the key of the topmost card at a point, or an empty string."""
        for card in reversed(self.inside(QRectF(point, point))):
            if card.rect.contains(point) or card.caption.contains(point):
                return card.subject.id
        return ""

    def note_at(self, point: QPointF) -> str:
        """Return the id of the note at a point, or an empty string."""
        return next((id for id, note in reversed(self.notes.items()) if note_rect(note).contains(point)), "")

    def frame_at(self, point: QPointF) -> Frame | None:
        """Return the block whose title is at a point."""
        return next((frame for frame in self.frames if frame.title.contains(point)), None)

    def tile_at(self, point: QPointF) -> tuple[str, int] | None:
        """Return the node and unit whose tile is at a point."""
        id = self.card_at(point)
        if id:
            for tile in self.cards[id].tiles:
                if tile.rect.contains(point):
                    return id, tile.unit
        return None

    def port_at(self, point: QPointF, reach: float) -> tuple[str, bool] | None:
        """Return the card whose port is within reach of a point, and whether it is the one where wires start."""
        best: tuple[float, str, bool] | None = None
        for card in self.inside(QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)):
            for is_output, port in ((True, card.output_port), (False, card.input_port)):
                exists = card.has_output if is_output else card.has_input
                distance = (port - point).manhattanLength()
                if exists and distance <= reach and (best is None or distance < best[0]):
                    best = (distance, card.subject.id, is_output)
        return None if best is None else best[1:]

    def wire_at(self, point: QPointF, reach: float) -> Edge | None:
        """Return the wire that passes within reach of a point, the nearest."""
        return self.wires.near(point, reach)

    def selected_by(self, area: QRectF) -> frozenset[str]:
        """Return the keys of the cards and notes that an area touches."""
        cards = {card.subject.id for card in self.inside(area) if card.rect.intersects(area)}
        return frozenset(cards | {note_key(id) for id, note in self.notes.items() if note_rect(note).intersects(area)})


def places_stay(before: Project, after: Project) -> bool:
    """Return whether two projects are drawn in the same way."""
    return (
        before.network is after.network
        and before.positions == after.positions
        and before.colours == after.colours
        and before.blocks == after.blocks
        and before.notes == after.notes
        and before.columns == after.columns
        and before.table is after.table
        and before.split == after.split
        and before.settings.precision == after.settings.precision
    )


def note_rect(note: Note) -> QRectF:
    """Return where a note lies."""
    (x, y), (width, height) = note.place, note.size
    return QRectF(x - width / 2, y - height / 2, width, height)


def _joined_by_edges(source: Card, target: Card) -> bool:
    """Return whether neurons stand on both cards, between which edges take the place of the wire."""
    return all(
        card.tiles and card.subject.shape is not None and len(card.subject.shape) == 1 for card in (source, target)
    )


def _around(boxes: Array) -> QRectF:
    """Return the rectangle around boxes of shape (boxes, 4)."""
    if not len(boxes):
        return QRectF()
    (left, top), (right, bottom) = boxes[:, :2].min(axis=0).tolist(), boxes[:, 2:].max(axis=0).tolist()
    return QRectF(QPointF(left, top), QPointF(right, bottom))


def _moved_note(note: Note, shift: QPointF | None) -> Note:
    if shift is None:
        return note
    return note.model_copy(update={"place": (note.place[0] + shift.x(), note.place[1] + shift.y())})
