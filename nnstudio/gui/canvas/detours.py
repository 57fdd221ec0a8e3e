"""Ways around cards: level runs through the free room above, below and between them.

The cards that a wire passes stand in one or several columns. In each column the wire takes that gap which is nearest to
where it is and where it has to go; where one level through all columns costs hardly more, it stays on that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from nnstudio.engine import Array

CLEAR = 28.0
"""Between a wire and the cards that it passes above or below, where there is room: its label stands there."""

OUT = 44.0
"""How far a wire that runs back may reach beyond its ends."""

MOST_RUNS = 3
_BESIDE = 12.0
_LANE = 22.0
_NARROW_LANE = 8.0
_BEND = 60.0
_NARROWEST = 12.0
_FAR = 1e6


class Run(NamedTuple):
    """A level part of a wire, from one place to another (to the left where the wire runs back)."""

    start: float
    end: float
    level: float


def detours(starts: Array, ends: Array, cards: Array, own: Array) -> list[list[Run]]:
    """Return the level runs on which wires pass cards; none for a wire that had to go much too far.

    Parameters
    ----------
    starts, ends : Array of shape (wires, 2)
        A wire whose end lies left of its start runs back, around the cards at its ends too.
    cards : Array of shape (cards, 4)
        Left, top, right and bottom.
    own : Array of shape (wires, 2)
        The numbers of the cards at both ends.
    """
    back = ends[:, 0] <= starts[:, 0]
    by_left = np.argsort(cards[:, 0], kind="stable")
    left, top, right, _ = cards[by_left].T
    since = np.where(back, ends[:, 0] - OUT, starts[:, 0])[:, None]
    until = np.where(back, starts[:, 0] + OUT, ends[:, 0])[:, None]
    middle = (left + right) / 2
    # Forward, a card that stands above or below an end is not in the way: the wire leaves it behind at once.
    passed = (np.where(back[:, None], right, middle) > since) & (np.where(back[:, None], left, middle) < until)
    place = np.empty(len(cards), int)
    place[by_left] = np.arange(len(cards))
    forward = np.flatnonzero(~back)
    passed[forward[:, None], place[own[forward]]] = False
    wire, card = np.nonzero(passed)
    if not len(wire):
        return [[] for _ in starts]
    begins = np.concatenate([[True], wire[1:] != wire[:-1]])
    reached = _running_most(right[card], wire)
    beyond = left[card] > np.concatenate([[0.0], reached[:-1]]) + 2 * _BESIDE
    rank = np.argsort(np.argsort(top, kind="stable"))
    once = _ways(begins, wire, card, rank, cards[by_left], starts, ends)
    several = _ways(begins | (beyond & ~back[wire]), wire, card, rank, cards[by_left], starts, ends)
    return _in_lanes(once, several, starts, ends, back)


@dataclass(frozen=True, eq=False)
class _Ways:
    """For each column that each wire passes: where it is, the gap that was chosen and the level in it."""

    wire: Array
    left: Array
    right: Array
    level: Array
    gap: Array
    cost: Array  # of each wire


def _ways(begins: Array, wire: Array, card: Array, rank: Array, cards: Array, starts: Array, ends: Array) -> _Ways:
    """Choose a gap in each column; a column begins where told, in pairs of wire and card sorted from left to right."""
    first = np.flatnonzero(begins)
    column = np.cumsum(begins) - 1
    owner = wire[first]
    lefts = np.minimum.reduceat(cards[card, 0], first)
    rights = np.maximum.reduceat(cards[card, 2], first)
    order = np.argsort(column * len(cards) + rank[card], kind="stable")
    tops, bottoms = cards[card[order], 1], cards[card[order], 3]
    down_to = _running_most(bottoms, column)
    above = np.where(begins, -_FAR, np.concatenate([[0.0], down_to[:-1]]))  # the first of a column has all room above
    last = np.append(first[1:], len(order)) - 1
    gaps = np.concatenate([np.stack([above, tops], 1), np.stack([down_to[last], np.full(len(last), _FAR)], 1)])
    of_column = np.concatenate([column, np.arange(len(first))])
    wide = gaps[:, 1] - gaps[:, 0] >= _NARROWEST
    gaps, of_column = gaps[wide], of_column[wide]
    clear = np.minimum(CLEAR, (gaps[:, 1] - gaps[:, 0]) / 2)
    least, most = gaps[:, 0] + clear, gaps[:, 1] - clear

    at, aim = starts[:, 1].copy(), ends[:, 1]
    cost = np.zeros(len(starts))
    level, chosen = np.empty(len(first)), np.empty((len(first), 2))
    step = np.arange(len(first)) - np.searchsorted(owner, owner)  # the how manieth column of its wire
    for number in range(int(step.max()) + 1):
        here = np.flatnonzero(step[of_column] == number)
        wires = owner[of_column[here]]
        levels = np.clip(at[wires], least[here], most[here])
        effort = np.abs(levels - at[wires]) + np.abs(levels - aim[wires])
        best = np.lexsort((effort, of_column[here]))
        best = best[np.concatenate([[True], np.diff(of_column[here][best]) > 0])]
        columns, wires = of_column[here[best]], wires[best]
        level[columns], chosen[columns] = levels[best], gaps[here[best]]
        bent = np.abs(levels[best] - at[wires])
        cost[wires] += bent + _BEND * ((bent > 1) & (number > 0))
        at[wires] = levels[best]
    return _Ways(owner, lefts, rights, level, chosen, cost + np.abs(at - aim))


def _in_lanes(once: _Ways, several: _Ways, starts: Array, ends: Array, back: Array) -> list[list[Run]]:
    """Take the better ways, and shift runs from each other where they would lie on one line, the shortest inside."""
    runs: list[list[tuple[float, float, float, float, float]]] = [[] for _ in starts]
    for ways in (several, once):
        rows = zip(
            ways.wire.tolist(),
            ways.left.tolist(),
            ways.right.tolist(),
            ways.level.tolist(),
            ways.gap.tolist(),
            strict=True,
        )
        made: dict[int, list[tuple[float, float, float, float, float]]] = {}
        for wire, left, right, level, (above, below) in rows:
            parts = made.setdefault(wire, [])
            if parts and abs(parts[-1][2] - level) < 1:
                since, _, _, high, low = parts.pop()
                left, above, below = since, max(above, high), min(below, low)
            parts.append((left, right, level, above, below))
        for wire, parts in made.items():
            short = ways is several or once.cost[wire] <= several.cost[wire] or len(runs[wire]) > MOST_RUNS
            if short:
                runs[wire] = parts
    across, down = np.abs(ends - starts).T
    too_far = once.cost - down > 3 * across + 900
    taken: dict[int, list[tuple[float, float, float]]] = {}
    found: list[list[Run]] = [[] for _ in starts]
    order = sorted(
        (part[1] - part[0], wire, index) for wire, parts in enumerate(runs) for index, part in enumerate(parts)
    )
    shifted: dict[tuple[int, int], float] = {}
    for _, wire, index in order:
        left, right, level, above, below = runs[wire][index]
        shifted[wire, index] = _free_lane(taken, left, right, level, above, below)
    for wire, parts in enumerate(runs):
        if too_far[wire] and not back[wire]:
            continue
        start, end = float(starts[wire, 0]), float(ends[wire, 0])
        if back[wire]:
            found[wire] = [Run(start, end, shifted[wire, 0])] if parts else []
            continue
        for index, (left, right, *_) in enumerate(parts):
            since, until = max(left - _BESIDE, start + 16), min(right + _BESIDE, end - 16)
            found[wire].append(Run(since, max(since, until), shifted[wire, index]))
    return found


def _free_lane(
    taken: dict[int, list[tuple[float, float, float]]],
    left: float,
    right: float,
    level: float,
    above: float,
    below: float,
) -> float:
    """Return the level, or the next one away from the nearer card on which no other run lies.

    Lanes are as wide as labels are high, and narrower where that many have no room.
    """

    def occupied(lane: float, width: float) -> bool:
        row = int(lane // _LANE)
        for near in (row, row - 1, row + 1):
            for since, until, other in taken.get(near, ()):
                if left < until and right > since and abs(other - lane) < width - 1:
                    return True
        return False

    way = -1 if below - level < level - above else 1
    lane = level
    for width in (_LANE, _NARROW_LANE):
        lane = level
        while (busy := occupied(lane, width)) and above + 5 < lane + way * width < below - 5:
            lane += way * width
        if not busy:
            break  # else two wires on one line are better than one under a card
    taken.setdefault(int(lane // _LANE), []).append((left, right, lane))
    return lane


def _running_most(values: Array, group: Array) -> Array:
    """Return the largest value so far within each group of sorted groups."""
    found: Array = np.maximum.accumulate(values + group * 4 * _FAR) - group * 4 * _FAR
    return found
