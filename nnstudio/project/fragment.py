"""A part of a drawing by itself, as it is copied, mailed and kept."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from nnstudio.engine import Edge, Network, Node
from nnstudio.engine.holds import Holds
from nnstudio.errors import FragmentError
from nnstudio.project.drawing import Block, Colour, Note, Position, check_drawing
from nnstudio.project.project import Project

MARKER = "nn-studio-drawing"
VERSION = 1

LONGEST = 4_000_000
"""Characters of a text that is read."""

MOST_NODES = 5_000


class Fragment(BaseModel):
    """Nodes and notes, with all that lies among them.

    Attributes
    ----------
    nodes : tuple of Node
    edges : tuple of (str, str)
        The wires among the nodes.
    positions : mapping of str to (float, float)
        The centre of each node.
    colours : mapping of str to str
    notes : tuple of Note
    blocks : tuple of Block
        The blocks all of whose members are here.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    positions: Mapping[str, Position] = {}
    colours: Mapping[str, Colour] = {}
    notes: tuple[Note, ...] = ()
    blocks: tuple[Block, ...] = ()

    @model_validator(mode="after")
    def _names_what_exists(self) -> Self:
        Network(nodes=self.nodes, edges=self.edges)  # which says what is wrong with them
        ids = {node.id for node in self.nodes}
        for id in self.positions:
            if id not in ids:
                raise ValueError(f"There is a place for '{id[:64]}', which does not exist.")
        check_drawing(ids, self.colours, self.notes, self.blocks)
        return self

    @property
    def centre(self) -> Position:
        """The middle of all that is here; the places of cards and notes count, not their sizes."""
        places = [self.place(node.id) for node in self.nodes] + [note.place for note in self.notes]
        columns, rows = zip(*places, strict=True) if places else ((0.0,), (0.0,))
        # Halved first, so that no sum is too large.
        return (min(columns) / 2 + max(columns) / 2, min(rows) / 2 + max(rows) / 2)

    def place(self, id: str) -> Position:
        """Return the centre of a node."""
        return self.positions.get(id, (0.0, 0.0))

    def to_text(self) -> str:
        """Return the fragment as JSON that a person can read, mail and paste."""
        data = {"format": MARKER, "version": VERSION, **self.model_dump(mode="json")}
        return json.dumps(data, indent=1, ensure_ascii=False)


def fragment_of(project: Project, ids: Collection[str], note_ids: Collection[str] = ()) -> Fragment:
    """Return a part of a project's drawing.

    Parameters
    ----------
    project : Project
    ids : collection of str
        The nodes; those that do not exist are left out.
    note_ids : collection of str
        The notes.
    """
    network = project.network
    chosen = set(ids)
    # A copy begins with weights of its own, of which nothing is held.
    nodes = tuple(node.held(Holds()) for node in network.nodes if node.id in chosen)
    return Fragment(
        nodes=nodes,
        edges=tuple(edge for edge in network.edges if edge[0] in chosen and edge[1] in chosen),
        positions={node.id: project.positions.get(node.id, (0.0, 0.0)) for node in nodes},
        colours={node.id: project.colours[node.id] for node in nodes if node.id in project.colours},
        notes=tuple(note for note in project.notes if note.id in note_ids),
        blocks=tuple(block for block in project.blocks if chosen.issuperset(block.members)),
    )


def fragment_from_text(text: str) -> Fragment:
    """Return the fragment that a text holds.

    Raises
    ------
    FragmentError
        When the text is anything else, of a newer version, or names what is not known here.
    """
    if len(text) > LONGEST:
        raise FragmentError("This text is too long to be a part of a drawing.")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FragmentError("This text is not a part of a drawing. Copy layers in NN Studio, then paste.") from error
    if not isinstance(data, dict) or data.pop("format", None) != MARKER:
        raise FragmentError("This text is not a part of a drawing. Copy layers in NN Studio, then paste.")
    version = data.pop("version", None)
    if version != VERSION:
        newer = isinstance(version, int) and version > VERSION
        what = "was copied from a newer NN Studio" if newer else "does not say a version that is known here"
        raise FragmentError(f"This part of a drawing {what}. It cannot be pasted.")
    nodes = data.get("nodes")
    if isinstance(nodes, list) and len(nodes) > MOST_NODES:
        raise FragmentError(f"This part of a drawing has {len(nodes):,} layers; at most {MOST_NODES:,} can be pasted.")
    try:
        return Fragment.model_validate(data)
    except (ValueError, TypeError, OverflowError, RecursionError, AttributeError) as error:
        raise FragmentError(f"This part of a drawing cannot be pasted. {_fault(error)}") from error


def _fault(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return "It is damaged."
    fault = error.errors()[0]
    said = str(fault["msg"])
    own = said.removeprefix("Value error, ")
    if own != said:  # a sentence of ours
        return own[:500]
    return f"It is damaged at '{' → '.join(str(part)[:40] for part in fault['loc'][:6])}': {said[:200]}."
