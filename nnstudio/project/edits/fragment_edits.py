"""Edits that bring a part of a drawing in."""

from __future__ import annotations

from collections.abc import Collection

from nnstudio.engine import Network
from nnstudio.i18n import Phrase
from nnstudio.project.drawing import Position
from nnstudio.project.edits.edit import Edit
from nnstudio.project.fragment import Fragment, fragment_of
from nnstudio.project.names import counted, fresh_id, fresh_title
from nnstudio.project.project import Project

FARTHEST = 1e7
"""No coordinate of what is pasted lies farther out."""


def paste(fragment: Fragment, place: Position) -> Edit:
    """Bring in a part of a drawing, with its middle at a place.

    Ids and titles stay where nobody has them, and get a number where somebody does.
    """
    title = Phrase("Paste {what}", what=counted(len(fragment.nodes), len(fragment.notes)))
    return Edit(title, lambda project: _pasted(project, fragment, place))


def duplicate(ids: Collection[str], note_ids: Collection[str] = (), shift: Position = (40.0, 40.0)) -> Edit:
    """Copy nodes and notes and paste them, moved by a little."""

    def apply(project: Project) -> Project:
        fragment = fragment_of(project, ids, note_ids)
        x, y = fragment.centre
        return _pasted(project, fragment, (x + shift[0], y + shift[1]))

    return Edit(Phrase("Duplicate {what}", what=counted(len(ids), len(note_ids))), apply)


def _pasted(project: Project, fragment: Fragment, place: Position) -> Project:
    network, centre = project.network, fragment.centre

    def moved(old: Position) -> Position:
        x, y = (min(max(old[i] + place[i] - centre[i], -FARTHEST), FARTHEST) for i in range(2))
        return x, y

    taken, titles = {node.id for node in network.nodes}, {node.title for node in network.nodes}
    nodes, renamed = list(network.nodes), dict[str, str]()
    for node in fragment.nodes:
        id, title = fresh_id(node.id, taken), fresh_title(node.title, titles)
        taken.add(id)
        titles.add(title)
        renamed[node.id] = id
        nodes.append(node.model_copy(update={"id": id, "title": title}))
    notes, note_ids = list(project.notes), {note.id for note in project.notes}
    for note in fragment.notes:
        id = fresh_id(note.id, note_ids)
        note_ids.add(id)
        notes.append(note.model_copy(update={"id": id, "place": moved(note.place)}))
    blocks = list(project.blocks)
    for block in fragment.blocks:
        id = fresh_id(block.id, {other.id for other in blocks})
        title = fresh_title(block.title, {other.title for other in blocks})
        members = tuple(renamed[member] for member in block.members)
        blocks.append(block.model_copy(update={"id": id, "title": title, "members": members}))
    edges = tuple((renamed[source], renamed[target]) for source, target in fragment.edges)
    return project.replace(
        network=Network(nodes=tuple(nodes), edges=(*network.edges, *edges)),
        positions={
            **project.positions,
            **{renamed[node.id]: moved(fragment.place(node.id)) for node in fragment.nodes},
        },
        colours={**project.colours, **{renamed[id]: colour for id, colour in fragment.colours.items()}},
        notes=tuple(notes),
        blocks=tuple(blocks),
    )
