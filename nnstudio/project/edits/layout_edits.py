"""Edits that lay the drawing out."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from nnstudio.engine import Network
from nnstudio.project.drawing import Position
from nnstudio.project.edits.edit import Edit
from nnstudio.project.layout import Size, layout, on_grid
from nnstudio.project.project import Project


def tidy(sizes: Mapping[str, Size], ids: Collection[str] = ()) -> Edit:
    """Lay the drawing out anew, about its old middle. What a folded block hides moves with the block.

    Parameters
    ----------
    sizes : mapping of str to (float, float)
        Width and height of each node's card with its words.
    ids : collection of str, optional
        Only these nodes; by default all.
    """

    def apply(project: Project) -> Project:
        folded = {id: block.members for block in project.blocks if block.collapsed for id in block.members}
        members = {node.id: folded.get(node.id, (node.id,)) for node in project.network.nodes}
        chosen = [
            node
            for node in project.network.nodes
            if (not ids or node.id in ids) and node.id in sizes and members[node.id][0] == node.id
        ]
        if not chosen:
            return project
        inside = {node.id for node in chosen}
        ends = ((members[a][0], members[b][0]) for a, b in project.network.edges)
        edges = tuple(dict.fromkeys(edge for edge in ends if edge[0] != edge[1] and inside.issuperset(edge)))
        found = layout(Network(nodes=tuple(chosen), edges=edges), sizes)
        old = {id: _mean([project.positions.get(member, (0.0, 0.0)) for member in members[id]]) for id in inside}
        shift = [
            on_grid(
                _middle([place[axis] for place in old.values()]) - _middle([place[axis] for place in found.values()])
            )
            for axis in (0, 1)
        ]
        moved = dict(project.positions)
        for id, (x, y) in found.items():
            across, down = x + shift[0] - old[id][0], y + shift[1] - old[id][1]
            for member in members[id]:
                left, top = project.positions.get(member, (0.0, 0.0))
                moved[member] = (left + across, top + down)
        return project.replace(positions=moved)

    return Edit("Tidy the drawing", apply)


def _mean(places: list[Position]) -> Position:
    return sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)


def _middle(values: list[float]) -> float:
    return (min(values) + max(values)) / 2
