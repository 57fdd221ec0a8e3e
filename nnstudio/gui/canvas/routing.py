"""The way of each wire: a curve, led around the cards that would be in its way, or straight lines with corners."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnstudio.engine import Array

POINTS = 25
"""Points on each wire."""

MOST_ROUTED = 1_500
"""Of more wires none is led around cards: that would take longer than a person waits for an edit."""

_CLEAR = 26.0
_LANE = 12.0
_SHORT = 180.0
_STEP_OUT = 28.0


def curved(starts: Array, ends: Array, cards: Array) -> Array:
    """Return points on wires that leave to the right and arrive from the left.

    Parameters
    ----------
    starts, ends : Array of shape (wires, 2)
    cards : Array of shape (cards, 4)
        Left, top, right and bottom of all cards.

    Returns
    -------
    Array of shape (wires, POINTS, 2)
    """
    points = curves(starts, ends, POINTS)
    if len(starts) > MOST_ROUTED:
        return points
    lanes = _Lanes()
    for index in _long(starts, ends):
        in_the_way = _hit(points[index], cards, starts[index], ends[index])
        if len(in_the_way):
            points[index] = _around(starts[index], ends[index], cards[in_the_way], lanes)
    return points


def orthogonal(starts: Array, ends: Array, cards: Array) -> Array:
    """Return points on wires of horizontal and vertical lines; parameters and result are those of `curved`."""
    made = np.empty((len(starts), POINTS, 2))
    lanes = _Lanes()
    routed = len(starts) <= MOST_ROUTED
    for index, (start, end) in enumerate(zip(starts, ends, strict=True)):
        middle = (start[0] + end[0]) / 2
        corners = [start, (middle, start[1]), (middle, end[1]), end]
        if end[0] - start[0] < 2 * _STEP_OUT or (
            routed and len(hit := _hit(_sampled(corners), cards, start, end)) and end[0] - start[0] > _SHORT
        ):
            blocking = cards[hit] if end[0] - start[0] >= 2 * _STEP_OUT else cards[:0]
            down = lanes.free(start, end, blocking)
            out, back = start[0] + _STEP_OUT, end[0] - _STEP_OUT
            corners = [start, (out, start[1]), (out, down), (back, down), (back, end[1]), end]
        made[index] = _sampled(corners)
    return made


def curves(starts: Array, ends: Array, points: int) -> Array:
    """Return points on smooth curves with level ends.

    Parameters
    ----------
    starts, ends : Array of shape (curves, 2)
    points : int

    Returns
    -------
    Array of shape (curves, points, 2)
    """
    share = np.linspace(0, 1, points)[None, :, None]
    bend = np.zeros_like(starts)
    bend[:, 0] = np.clip(np.abs(ends[:, 0] - starts[:, 0]) * 0.45, 30, 120)
    p0, p1, p2, p3 = (array[:, None] for array in (starts, starts + bend, ends - bend, ends))
    rest = 1 - share
    made: Array = rest**3 * p0 + 3 * rest**2 * share * p1 + 3 * rest * share**2 * p2 + share**3 * p3
    return made


class _Lanes:
    """The level ways that wires have taken already, so that no two run on the same one."""

    def __init__(self) -> None:
        self._taken: list[tuple[float, float, float]] = []

    def free(self, start: Array, end: Array, cards: Array) -> float:
        """Return how far down a level way is, above or below some cards, whichever is nearer to both ends."""
        left, right = sorted((float(start[0]), float(end[0])))
        ends = float(start[1]), float(end[1])
        above = float(cards[:, 1].min()) - _CLEAR if len(cards) else min(ends) - 90
        below = float(cards[:, 3].max()) + _CLEAR if len(cards) else max(ends) + 90
        up = abs(ends[0] - above) + abs(ends[1] - above) < abs(ends[0] - below) + abs(ends[1] - below)
        down, step = (above, -_LANE) if up else (below, _LANE)
        while any(abs(down - way) < _LANE and left < to and right > since for way, since, to in self._taken):
            down += step
        self._taken.append((down, left, right))
        return down


def _long(starts: Array, ends: Array) -> Sequence[int]:
    """Return the numbers of the wires that are long enough to pass a card, the shortest first."""
    across = ends[:, 0] - starts[:, 0]
    found = np.flatnonzero(across > _SHORT)
    ordered: list[int] = found[np.argsort(across[found], kind="stable")].tolist()
    return ordered


def _hit(points: Array, cards: Array, start: Array, end: Array) -> Array:
    """Return the numbers of the cards through which a wire would pass, other than those at its ends."""
    x, y = points[:, 0, None], points[:, 1, None]
    between = (cards[:, 0] > start[0] + 1) & (cards[:, 2] < end[0] - 1)
    touches = (x > cards[:, 0] - 4) & (x < cards[:, 2] + 4) & (y > cards[:, 1] - 4) & (y < cards[:, 3] + 4)
    found: Array = np.flatnonzero(between & touches.any(axis=0))
    return found


def _around(start: Array, end: Array, cards: Array, lanes: _Lanes) -> Array:
    """Return points on a way above or below some cards."""
    down = lanes.free(start, end, cards)
    enter = max(float(cards[:, 0].min()) - 10, start[0] + _STEP_OUT)
    leave = min(float(cards[:, 2].max()) + 10, end[0] - _STEP_OUT)
    bends = np.array([[start, (enter, down)], [(leave, down), end]])
    third = POINTS // 3
    first, last = curves(bends[:, 0], bends[:, 1], third + 1)
    level = np.linspace((enter, down), (leave, down), POINTS - 2 * (third + 1) + 2)[1:-1]
    return np.concatenate([first, level, last])


def _sampled(corners: Sequence[tuple[float, float] | Array]) -> Array:
    """Return POINTS points along straight lines, all corners among them as nearly as they can be."""
    way = np.array([tuple(corner) for corner in corners])
    lengths = np.abs(np.diff(way, axis=0)).sum(axis=1)
    ends = np.concatenate([[0], np.cumsum(lengths)])
    wanted = np.linspace(0, ends[-1], POINTS)
    for at in ends[1:-1]:  # a corner that is cut off looks like a mistake
        wanted[1 + int(np.abs(wanted[1:-1] - at).argmin())] = at
    return np.stack([np.interp(wanted, ends, way[:, axis]) for axis in (0, 1)], axis=1)
