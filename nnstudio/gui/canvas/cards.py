"""Which cards a project has, and what is written on each."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from PySide6.QtCore import QPointF, QRectF

from nnstudio.engine import Node
from nnstudio.engine.layers.input import Input
from nnstudio.gui.canvas.card import Card
from nnstudio.gui.canvas.card_keys import block_key
from nnstudio.gui.canvas.portrait import Portrait, Subject
from nnstudio.gui.canvas.portraits import find_portrait
from nnstudio.i18n import tr
from nnstudio.project import Block, Project
from nnstudio.project.drawing import Position
from nnstudio.project.inputs import features_of

_SHORT_NAMES = {"float32": "f32", "float64": "f64"}


def card_keys_of(project: Project) -> dict[str, str]:
    """Return by the id of each node the key of the card on which it is seen."""
    folded = {id: block_key(block.id) for block in project.blocks if block.collapsed for id in block.members}
    return {node.id: folded.get(node.id, node.id) for node in project.network.nodes}


def number_kind(project: Project) -> str:
    """Return in short the kind of the numbers that flow."""
    return _SHORT_NAMES[project.settings.precision]


class Cards:
    """Makes the cards of one project.

    Parameters
    ----------
    project : Project
    opened : collection of str
        Ids of layers whose folded units are shown.
    known : mapping of str to Card
        Those of the project before, by their keys; what has not changed is taken from them.
    """

    def __init__(self, project: Project, opened: Collection[str], known: Mapping[str, Card]) -> None:
        self._project = project
        self._opened = opened
        self._known = known
        pipeline = project.pipeline
        self._features: Mapping[str, tuple[str, ...]] = {}
        self._answers: tuple[str, ...] = ()
        if pipeline is not None:
            self._features = features_of(project.network, pipeline)
            self._answers = pipeline.class_names or pipeline.target_names
        shapes = [node.layer.shape for node in project.network.nodes if isinstance(node.layer, Input)]
        self._plane = (2,) in shapes and (pipeline is None or len(pipeline.features) == 2)

    def by_key(self) -> dict[str, Card]:
        """Return all cards by their keys."""
        keys = card_keys_of(self._project)
        found = {node.id: self._of_node(node) for node in self._project.network.nodes if keys[node.id] == node.id}
        return found | {block_key(block.id): self._of_block(block) for block in self._project.blocks if block.collapsed}

    def _of_node(self, node: Node) -> Card:
        project, layer = self._project, node.layer
        shape = project.network.shapes()[node.id]
        # Over a plane, the map of each class says more than one row's share.
        look = "outputs" if self._plane and layer.look == "shares" else layer.look
        names = self._features.get(node.id, ()) if shape is not None and len(shape) == 1 else ()
        if not layer.has_output or (look == "shares" and shape == (len(self._answers),)):
            names = self._answers
        return self._card(
            Subject(node.id, shape, layer.key, names, self._plane, node.id in self._opened),
            find_portrait(look, shape),
            project.positions.get(node.id, (0.0, 0.0)),
            (node.name, layer.note(), self._footer(project.network.parameter_count(node.id))),
            project.colours.get(node.id, ""),
            has_input=layer.most_inputs != 0,
            has_output=layer.has_output,
            members=(node.id,),
        )

    def _of_block(self, block: Block) -> Card:
        project, inside = self._project, set(block.members)
        places = [project.positions.get(id, (0.0, 0.0)) for id in block.members]
        counts = [project.network.parameter_count(id) for id in block.members]
        total = None if None in counts else sum(count or 0 for count in counts)
        subject = Subject(block_key(block.id), None, "block")
        return self._card(
            subject,
            find_portrait("plain", None),
            (sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)),
            (block.title or tr("Block"), tr("{count} layers").format(count=len(inside)), self._footer(total)),
            block.colour,
            has_input=any(b in inside and a not in inside for a, b in project.network.edges),
            has_output=any(a in inside and b not in inside for a, b in project.network.edges),
            members=block.members,
        )

    def _card(
        self,
        subject: Subject,
        portrait: Portrait,
        place: Position,
        lines: tuple[str, str, str],
        colour: str,
        *,
        has_input: bool,
        has_output: bool,
        members: tuple[str, ...],
    ) -> Card:
        """Return a card, that of the project before where nothing but its place has changed."""
        old = self._known.get(subject.id)
        alike = old is not None and old.subject == subject and old.portrait is portrait
        if old is not None and alike:
            before = (old.title, old.note, old.footer), old.colour, old.has_input, old.has_output, old.members
            if before == (lines, colour, has_input, has_output, members):
                shift = QPointF(*place) - old.rect.center()
                return old if math.hypot(shift.x(), shift.y()) < 1e-9 else old.moved(shift)
        rect = QRectF(QPointF(), old.rect.size() if old is not None and alike else portrait.size(subject))
        rect.moveCenter(QPointF(*place))
        tiles = portrait.tiles(subject, rect)
        return Card(subject, portrait, rect, tiles, *lines, colour, has_input, has_output, members)

    def _footer(self, count: int | None) -> str:
        if not count:
            return "" if count == 0 else tr("? parameters")
        return tr("{count} parameters · {kind}").format(count=f"{count:,}", kind=number_kind(self._project))
