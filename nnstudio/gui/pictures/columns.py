"""The layers of a network in columns, from left to right, and the wires that skip some of them. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nnstudio.engine import Edge, Network
from nnstudio.gui.pictures.marks import Box, Line, Point

_LANE = 18.0
_CLEAR = 8.0
_ROUND = 10.0
_LEVEL = 0.25
_LONGEST = 28


def columns_of(network: Network) -> list[list[str]]:
    """Return the ids of the nodes by how many layers lie before them at most; outputs that only judge are left out.

    Parameters
    ----------
    network : Network
    """
    depth: dict[str, int] = {}
    for id in network.order:
        if network.node(id).layer.has_output:
            depth[id] = max((depth[source] + 1 for source in network.sources(id) if source in depth), default=0)
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for id, column in depth.items():
        columns[column].append(id)
    return columns


def edges_between(network: Network) -> list[Edge]:
    """Return the wires between the nodes that are drawn."""
    drawn = {id for column in columns_of(network) for id in column}
    return [edge for edge in network.edges if set(edge) <= drawn]


def by_sources(network: Network, column: Sequence[str], heights: Mapping[str, float]) -> list[str]:
    """Return a column in the order of what leads to it, so that few wires cross.

    Parameters
    ----------
    network : Network
    column : sequence of str
    heights : mapping of str to float
        Where the layers before it are.
    """

    def height(id: str) -> float:
        known = [heights[source] for source in network.sources(id) if source in heights]
        return sum(known) / len(known) if known else 0.0

    return sorted(column, key=height)


def short(text: str) -> str:
    """Return a name cut to what has room."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def arrow_between(source: Box, target: Box, turn: float) -> Line:
    """Return the arrow from a layer to one of the next column; it turns at `turn` if they do not stand level."""
    begin, end = (source.right + 4, source.middle[1]), (target.left - 4, target.middle[1])
    if abs(begin[1] - end[1]) < _LEVEL * source.height:
        return Line(((begin[0], end[1]), end), arrow=True)
    return Line((begin, (turn, begin[1]), (turn, end[1]), end), arrow=True, round=_ROUND)


def wires_over(columns: Sequence[Sequence[str]], edges: Sequence[Edge], places: Mapping[str, Box]) -> list[Line]:
    """Lead the wires that skip columns over all that lies between, each in a lane of its own.

    Parameters
    ----------
    columns : sequence of sequence of str
    edges : sequence of Edge
        Those that skip columns.
    places : mapping of str to Box
        What each layer takes, its words above included.
    """
    column_of = {id: number for number, column in enumerate(columns) for id in column}
    tops = [min(places[id].top for id in column) for column in columns]
    taken: list[tuple[int, int, float]] = []
    lines = []
    for source, target in sorted(edges, key=lambda edge: column_of[edge[1]] - column_of[edge[0]]):
        first, last = column_of[source], column_of[target]
        y = min(tops[first : last + 1]) - _LANE
        for begin, end, lane in taken:
            if begin < last and first < end:
                y = min(y, lane - _LANE)
        taken.append((first, last, y))
        up = _way_up(places[source], [places[id] for id in columns[first]], leaves=True)
        down = _way_up(places[target], [places[id] for id in columns[last]], leaves=False)
        points = (*up, (up[-1][0], y), (down[-1][0], y), *reversed(down))
        lines.append(Line(points, arrow=True, round=_ROUND))
    return lines


def _way_up(place: Box, column: Sequence[Box], *, leaves: bool) -> tuple[Point, ...]:
    """Return the way from a layer to where nothing of its column is above."""
    x, y = place.middle
    if place.top <= min(other.top for other in column):
        return ((x, place.top),)
    if leaves:
        return (place.right + 4, y), (max(other.right for other in column) + _CLEAR, y)
    return (place.left - 4, y), (min(other.left for other in column) - _CLEAR - 8, y)
