"""What differs from another moment, by what is on the canvas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nnstudio.engine import Edge
from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.project import Project
from nnstudio.project.diff import Part
from nnstudio.project.drawing import Position
from nnstudio.project.free_place import free_place

GHOST = 64.0
GHOST_NAME = 22.0
"""The side of the outline of a layer that is gone, and the height of its name above it."""


@dataclass(frozen=True)
class Comparison:
    """What is marked on the canvas while it is compared with another moment.

    Attributes
    ----------
    marks : mapping of str to str
        By card ``added`` or ``changed``; a folded block is changed where something in it differs.
    wires : frozenset of Edge
        Those that are new.
    ghosts : tuple of (str, (float, float))
        Name and place of each layer that is gone.
    """

    marks: Mapping[str, str] = field(default_factory=dict)
    wires: frozenset[Edge] = frozenset()
    ghosts: tuple[tuple[str, Position], ...] = ()


def comparison_of(parts: Sequence[Part], before: Project | None, geometry: Geometry) -> Comparison:
    """Return how what differs is marked.

    Parameters
    ----------
    parts : sequence of Part
    before : Project or None
        The moment that is compared with.
    geometry : Geometry
        Of what is on the canvas.
    """
    marks: dict[str, str] = {}
    for part in parts:
        if part.kind != "removed" and part.id in geometry.network:
            key = geometry.key_of(part.id)
            marks[key] = part.kind if key == part.id else "changed"
    places = before.positions if before is not None else {}
    gone = [(part.name, places[part.id]) for part in parts if part.kind == "removed" and part.id in places]
    new = frozenset(part.edge for part in parts if part.edge is not None)
    return Comparison(marks, new, tuple(_beside(geometry, gone)))


def _beside(geometry: Geometry, gone: Sequence[tuple[str, Position]]) -> list[tuple[str, Position]]:
    """Return layers that are gone at places where no card that is there hides them, nor another of them."""
    placed: list[tuple[str, Position]] = []
    taken = geometry.boxes
    for name, place in gone:
        x, y = free_place(taken, (GHOST, GHOST + 2 * GHOST_NAME), place)
        placed.append((name, (x, y)))
        wide, high = GHOST / 2, GHOST / 2 + GHOST_NAME
        taken = np.concatenate([taken, [[x - wide, y - high, x + wide, y + high]]])
    return placed
