"""Layers that come into a drawing: clear of the cards that are there, and between the two ends of a wire."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnstudio.engine import Edge, Layer
from nnstudio.project.drawing import COLUMN_WIDTH, Position
from nnstudio.project.free_place import free_place
from nnstudio.project.project import Project
from nnstudio.project.wires import into_wire, with_node

_CARD = (100.0, 150.0)
"""What a card takes with its words, as far as that can be told without painting it."""


def inserted(project: Project, source: str, target: str, chain: Sequence[Layer]) -> Project:
    """Return the project with layers in a wire, evenly between its ends.

    What stands to the right, notes too, moves on where there is no room.

    Parameters
    ----------
    project : Project
    source, target : str
        The ends of a wire that is there.
    chain : sequence of Layer
        In the order of the flow.
    """
    project = _with_room(project, source, target, len(chain))
    (left, top), (right, bottom) = (project.positions.get(end, (0.0, 0.0)) for end in (source, target))
    for index, layer in enumerate(chain, start=1):
        share = index / (len(chain) + 1)
        place = clear_place(project, (left + share * (right - left), top + share * (bottom - top)))
        network, id = with_node(project.network, layer)
        network = into_wire(network, id, (source, target))
        project = project.replace(network=network, positions={**project.positions, id: place})
        source = id
    return project


def room_in_wire(project: Project, edge: Edge, wanted: Position) -> tuple[Project, Position]:
    """Return the project with room in a wire that runs to the right, and the place that is free there.

    The place is the wanted one, or the nearest that is a column away from both ends. Where the ends are too close
    together, the second and all that is to the right of it move on. A place that is not between the ends stays.
    """
    if not all(end in project.positions for end in edge):
        return project, wanted
    left, right = (project.positions[end][0] for end in edge)
    if not left < wanted[0] < right:
        return project, wanted
    x = max(min(wanted[0], right - COLUMN_WIDTH), left + COLUMN_WIDTH)
    lacking = x + COLUMN_WIDTH - right
    return (_moved_on(project, right, lacking) if lacking > 0 else project), (x, wanted[1])


def clear_place(project: Project, wanted: Position) -> Position:
    """Return the wanted place, or the nearest one where no card stands."""
    centres = [place for id, place in project.positions.items() if id in project.network]
    taken, half = np.array(centres).reshape(-1, 2), np.array(_CARD) / 2
    if not (np.abs(taken - wanted) < _CARD).all(axis=1).any():
        return wanted
    return free_place(np.hstack([taken - half, taken + half]), _CARD, wanted)


def _with_room(project: Project, source: str, target: str, count: int) -> Project:
    """Return the project with a column for each new card between two others."""
    places = project.positions
    if source not in places or target not in places:
        return project
    left, right = places[source][0], places[target][0]
    lacking = (count + 1) * COLUMN_WIDTH - (right - left)
    if right <= left or lacking <= 0:
        return project
    return _moved_on(project, right, lacking)


def _moved_on(project: Project, from_x: float, shift: float) -> Project:
    """Return the project with all from a place on, notes too, moved to the right."""
    positions = {id: (x + shift if x >= from_x else x, y) for id, (x, y) in project.positions.items()}
    notes = tuple(
        note.model_copy(update={"place": (note.place[0] + shift, note.place[1])}) if note.place[0] >= from_x else note
        for note in project.notes
    )
    return project.replace(positions=positions, notes=notes)
