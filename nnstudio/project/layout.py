"""A layered layout: from left to right in the order of the flow, with lanes of their own for wires that skip layers.

Written here because well-kept libraries of this kind either cannot take the sizes of cards or come under a licence that
would bind the studio. Other than in the papers, a wire that only shortens a way that exists without it, such as the
skip of a residual block, moves no card: what it skips stays in one line and the wire runs beside it.

References
----------
K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system structures", 1981.
E. Gansner, E. Koutsofios, S. North, K. Vo, "A technique for drawing directed graphs", 1993, sections 2 to 4.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from nnstudio.engine import Edge, Network
from nnstudio.engine.problems.circles import closing_wires
from nnstudio.project.drawing import GRID, Position

Size = tuple[float, float]

COLUMN_GAP = 64.0
"""Between columns where wires rise or fall and their labels stand above one another."""

CHAIN_GAP = 24.0
"""Between columns that only level wires join."""

ROW_GAP = 26.0
_LANE = 22.0
_ORDER_SWEEPS = 12
_PLACE_SWEEPS = 17
_STRAIGHT = 4.0
"""How much harder a lane is to push aside than a card with one wire."""

_YIELDING = 1e-6
"""The same for the lane of a skip, which takes what room is left."""


@dataclass
class _Graph:
    """Cards and the lanes of long wires, in columns.

    Attributes
    ----------
    columns : list of list of str
        From left to right, each from top to bottom.
    sources, targets : dict of str to list of str
        Only between neighbouring columns.
    heights : dict of str to float
    lanes : set of str
        Which of them are no cards.
    yielding : set of str
        Which lanes are those of skips.
    """

    columns: list[list[str]]
    sources: dict[str, list[str]]
    targets: dict[str, list[str]]
    heights: dict[str, float]
    lanes: set[str] = field(default_factory=set)
    yielding: set[str] = field(default_factory=set)


def layout(network: Network, sizes: Mapping[str, Size]) -> dict[str, Position]:
    """Return the centres of all nodes.

    Parts that no wire joins stand below one another, and nodes without any wire in a row below all.

    Parameters
    ----------
    network : Network
        May be wrong in any way, even run in circles.
    sizes : mapping of str to (float, float)
        Width and height of each card with its words.
    """
    back = closing_wires(network)
    edges = [edge for edge in network.edges if edge not in back]
    joined = {id for edge in edges for id in edge}
    places: dict[str, Position] = {}
    top = 0.0
    ids = [node.id for node in network.nodes if node.id in joined]
    for part in _parts(ids, edges):
        inside = [id for id in ids if id in part]
        found, highest, lowest = _place(inside, [edge for edge in edges if edge[0] in part], sizes)
        places |= {id: (x, y - highest + top) for id, (x, y) in found.items()}
        top += lowest - highest + 2 * ROW_GAP
    left = 0.0
    for node in network.nodes:
        if node.id not in joined:
            width, height = sizes[node.id]
            places[node.id] = (left + width / 2, top + height / 2)
            left += width + COLUMN_GAP / 2
    return {id: (on_grid(x), on_grid(y)) for id, (x, y) in places.items()}


def on_grid(value: float) -> float:
    """Return the nearest line of the grid; of two the farther right, so that all is rounded alike everywhere."""
    return math.floor(value / GRID + 0.5) * GRID


def _parts(ids: list[str], edges: list[Edge]) -> list[set[str]]:
    """Return the nodes that wires join, part by part, in the order of the drawing."""
    part_of = {id: {id} for id in ids}
    for a, b in edges:
        first, second = part_of[a], part_of[b]
        if first is not second:
            if len(first) < len(second):
                first, second = second, first
            first |= second
            for id in second:
                part_of[id] = first
    found: list[set[str]] = []
    for id in ids:
        if not any(part_of[id] is part for part in found):
            found.append(part_of[id])
    return found


def _place(ids: list[str], edges: list[Edge], sizes: Mapping[str, Size]) -> tuple[dict[str, Position], float, float]:
    """Return the centres of the nodes of a part, and between which heights it lies with its lanes."""
    graph = _in_columns(ids, edges, sizes)
    _order(graph)
    down = _heights(graph)
    places: dict[str, Position] = {}
    left = 0.0
    for column in graph.columns:
        cards = [id for id in column if id not in graph.lanes]
        width = max(sizes[id][0] for id in cards)
        for id in cards:
            places[id] = (left + width / 2, down[id])
        slanted = any(
            abs(down[target] - down[id]) > GRID
            for id in column
            for target in graph.targets[id]
            if not graph.yielding & {id, target}
        )
        left += width + (COLUMN_GAP if slanted else CHAIN_GAP)
    highest = min(y - graph.heights[id] / 2 for id, y in down.items())
    return places, highest, max(y + graph.heights[id] / 2 for id, y in down.items())


def _in_columns(ids: list[str], edges: list[Edge], sizes: Mapping[str, Size]) -> _Graph:
    """Give each node the column after the last of its sources, and long wires a lane in each column they pass."""
    sources: dict[str, list[str]] = {id: [] for id in ids}
    targets: dict[str, list[str]] = {id: [] for id in ids}
    for a, b in edges:
        targets[a].append(b)
        sources[b].append(a)
    waiting = {id: len(before) for id, before in sources.items()}
    order = [id for id in ids if not waiting[id]]
    column = dict.fromkeys(order, 0)
    for id in order:  # which grows on the way
        for target in targets[id]:
            column[target] = max(column.get(target, 0), column[id] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    for id in reversed(order):  # what only one later column needs stands right before it, such as a second input
        if targets[id] and not sources[id]:
            column[id] = min(column[target] for target in targets[id]) - 1
    graph = _Graph([[] for _ in range(max(column.values()) + 1)], {}, {}, {id: sizes[id][1] for id in ids})
    for id in order:
        graph.columns[column[id]].append(id)
        graph.sources[id], graph.targets[id] = [], []
    skips = _skips(order, targets)
    for a, b in edges:
        chain = [a]
        for passed in range(column[a] + 1, column[b]):
            lane = f"{a} {b} {passed}"
            graph.lanes.add(lane)
            if (a, b) in skips:
                graph.yielding.add(lane)
            graph.heights[lane] = _LANE
            graph.columns[passed].append(lane)
            graph.sources[lane], graph.targets[lane] = [], []
            chain.append(lane)
        for first, second in pairwise((*chain, b)):
            graph.targets[first].append(second)
            graph.sources[second].append(first)
    return graph


def _skips(order: list[str], targets: Mapping[str, list[str]]) -> set[Edge]:
    """Return the wires whose ends are joined by a longer way too."""
    bit = {id: 1 << index for index, id in enumerate(order)}
    reached: dict[str, int] = {}  # sets of nodes as the bits of a number: thousands of nodes are united at once
    skips: set[Edge] = set()
    for id in reversed(order):
        further = 0
        for target in targets[id]:
            further |= reached[target]
        skips |= {(id, target) for target in targets[id] if further & bit[target]}
        reached[id] = further
        for target in targets[id]:
            reached[id] |= bit[target]
    return skips


def _order(graph: _Graph) -> None:
    """Order each column by the mean place of its neighbours, back and forth, and keep what crosses least."""
    best, fewest = [list(column) for column in graph.columns], _crossings(graph)
    for sweep in range(_ORDER_SWEEPS):
        if not fewest:
            break
        forward = sweep % 2 == 0
        numbers = range(1, len(graph.columns)) if forward else range(len(graph.columns) - 2, -1, -1)
        for number in numbers:
            beside = graph.columns[number - 1 if forward else number + 1]
            place = {id: index for index, id in enumerate(beside)}
            neighbours = graph.sources if forward else graph.targets
            column = graph.columns[number]
            wish = {
                id: sum(place[other] for other in neighbours[id]) / len(neighbours[id]) if neighbours[id] else index
                for index, id in enumerate(column)
            }
            column.sort(key=wish.__getitem__)
        now = _crossings(graph)
        if now < fewest:
            best, fewest = [list(column) for column in graph.columns], now
    graph.columns = best


def _crossings(graph: _Graph) -> int:
    """Count how often wires cross, by inversions in the order of their ends."""
    total = 0
    for left, right in pairwise(graph.columns):
        place = {id: index for index, id in enumerate(right)}
        ends = [end for id in left for end in sorted(place[target] for target in graph.targets[id])]
        tree = [0] * (len(right) + 1)
        for seen, end in enumerate(ends):
            at, below = end + 1, 0
            while at:
                below += tree[at]
                at &= at - 1
            total += seen - below
            at = end + 1
            while at < len(tree):
                tree[at] += 1
                at += at & -at
    return total


def _heights(graph: _Graph) -> dict[str, float]:
    """Return how far down everything stands: near the mean of its neighbours, long wires straight before all."""
    down: dict[str, float] = {}
    for column in graph.columns:
        offsets = _offsets(graph, column)
        down |= {id: offset - offsets[-1] / 2 for id, offset in zip(column, offsets, strict=True)}
    for sweep in range(_PLACE_SWEEPS):
        forward = sweep % 2 == 0  # the last one too, so that a chain is as straight as its beginning
        for column in graph.columns if forward else reversed(graph.columns):
            wishes, weights = [], []
            for id in column:
                near = (graph.sources if forward else graph.targets)[id] or [*graph.sources[id], *graph.targets[id]]
                if id not in graph.lanes:
                    near = [other for other in near if other not in graph.yielding]
                wishes.append(sum(down[other] for other in near) / len(near) if near else down[id])
                hard = _YIELDING if id in graph.yielding else _STRAIGHT if id in graph.lanes else float(len(near) or 1)
                weights.append(hard)
            _settle(column, wishes, weights, _offsets(graph, column), down)
    return down


def _offsets(graph: _Graph, column: list[str]) -> list[float]:
    """Return how far below the first each of a column is where nothing keeps them apart but their gaps."""
    offsets = [0.0]
    for above, id in pairwise(column):
        gap = 0.0 if above in graph.lanes and id in graph.lanes else ROW_GAP
        offsets.append(offsets[-1] + (graph.heights[above] + graph.heights[id]) / 2 + gap)
    return offsets


def _settle(
    column: list[str], wishes: list[float], weights: list[float], offsets: list[float], down: dict[str, float]
) -> None:
    """Bring a column as near to its wishes as its order and its gaps allow, in the sense of least squares.

    Without the gaps this is isotonic regression, which pooling neighbours that are in each other's way solves.
    """
    pools: list[tuple[float, float, int]] = []
    for wish, weight, offset in zip(wishes, weights, offsets, strict=True):
        mean, total, count = wish - offset, weight, 1
        while pools and pools[-1][0] > mean:
            other, heavy, many = pools.pop()
            mean = (mean * total + other * heavy) / (total + heavy)
            total, count = total + heavy, count + many
        pools.append((mean, total, count))
    index = 0
    for mean, _, count in pools:
        for _ in range(count):
            down[column[index]] = mean + offsets[index]
            index += 1
