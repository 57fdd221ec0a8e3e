"""The way of each wire: a curve or lines with round corners, led around the cards that would be in its way.

A wire is a chain of turns, each from one level to another, joined by level runs. All turns of all wires are computed at
once, because there may be thousands.
"""

from __future__ import annotations

import numpy as np

from nnstudio.engine import Array
from nnstudio.gui.canvas.detours import MOST_RUNS, OUT, detours

POINTS = 33
"""Points on each wire; the one in the middle lies well within it, so that a label can stand there."""

_SHARES = {1: (33,), 2: (16, 16), 3: (11, 11, 11), 4: (8, 8, 8, 8)}
"""Points on each turn of a wire with so many; what is missing to all is the middle of the run in the middle."""

_BACK = 16.0
"""A wire that has less room than this between its ends runs back, around the cards at both."""

_NEAR = 4.0
_ROUND = 9.0
_APART = 7.0
_SHAFT = 48.0


def routes(starts: Array, ends: Array, cards: Array, own: Array, style: str = "curved") -> Array:
    """Return points on wires that leave to the right and arrive from the left.

    Parameters
    ----------
    starts, ends : Array of shape (wires, 2)
    cards : Array of shape (cards, 4)
        Left, top, right and bottom of all cards; top and bottom with the words there.
    own : Array of shape (wires, 2)
        The numbers of the cards at both ends.
    style : str
        ``"curved"`` or ``"orthogonal"``.

    Returns
    -------
    Array of shape (wires, POINTS, 2)
    """
    if not len(starts):
        return np.zeros((0, POINTS, 2))
    back = ends[:, 0] - starts[:, 0] < _BACK
    led = back.copy()
    led[~back] = _blocked(starts[~back], ends[~back], cards, own[~back], style)
    wires = np.flatnonzero(led)
    turns = np.ones(len(starts), int)
    joints = np.zeros((len(starts), MOST_RUNS + 1, 2, 2))  # each turn's begin and end
    joints[:, 0, 0], joints[:, 0, 1] = starts, ends
    ways = detours(
        starts[wires], np.where(back[wires, None], _behind(starts, ends)[wires], ends[wires]), cards, own[wires]
    )
    for wire, runs in zip(wires.tolist(), ways, strict=True):
        for number, run in enumerate(runs):
            joints[wire, number, 1] = run.start, run.level
            joints[wire, number + 1, 0] = run.end if not back[wire] else ends[wire, 0], run.level
        turns[wire] = len(runs) + 1
        joints[wire, len(runs), 1] = ends[wire]
    way = np.zeros((len(starts), MOST_RUNS + 1), int)
    returning = back & (turns == 2)
    way[returning, 0], way[returning, 1] = 1, -1  # out to the right and round; in from the left
    made = np.empty((len(starts), POINTS, 2))
    shafts = _shafts(joints, turns, way) if style == "orthogonal" else np.zeros(way.shape)
    for count, shares in _SHARES.items():
        some = np.flatnonzero(turns == count)
        if len(some):
            parts = [
                _corners(joints[some, number], shafts[some, number], share)
                if style == "orthogonal"
                else _curves(joints[some, number], way[some, number], share)
                for number, share in enumerate(shares)
            ]
            if count % 2 == 0:
                ends_of_run = parts[count // 2 - 1][:, -1:], parts[count // 2][:, :1]
                parts.insert(count // 2, (ends_of_run[0] + ends_of_run[1]) / 2)
            made[some] = np.concatenate(parts, axis=1)
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
    return _curves(np.stack([starts, ends], axis=1), np.zeros(len(starts), int), points)


def _curves(joints: Array, way: Array, points: int) -> Array:
    """Return points on turns: forward (0), round to the left (1) or round to the right (-1)."""
    starts, ends = joints[:, 0], joints[:, 1]
    across, down = np.abs(ends - starts).T
    bend = np.where(way == 0, np.clip(across * 0.45, 30, 120), np.clip(down * 0.6, 24, OUT * 1.2))
    out = np.stack([np.where(way == -1, -bend, bend), np.zeros(len(bend))], axis=1)
    turned = np.where(way == 0, -1.0, 1.0)[:, None]
    share = np.linspace(0, 1, points)[None, :, None]
    rest = 1 - share
    p0, p1, p2, p3 = (array[:, None] for array in (starts, starts + out, ends + turned * out, ends))
    made: Array = rest**3 * p0 + 3 * rest**2 * share * p1 + 3 * rest * share**2 * p2 + share**3 * p3
    return made


def _corners(joints: Array, shafts: Array, points: int) -> Array:
    """Return points on level, upright and level lines with round corners; an odd one lies in the middle."""
    starts, ends = joints[:, 0], joints[:, 1]
    down = ends[:, 1] - starts[:, 1]
    before, after = shafts - starts[:, 0], ends[:, 0] - shafts
    radius = np.minimum(np.minimum(np.abs(before), np.abs(after)), np.minimum(np.abs(down) / 2, _ROUND))[:, None]
    angle = np.linspace(0, np.pi / 2, (points - 2) // 2)[None]
    first_x = shafts[:, None] - np.sign(before)[:, None] * radius * (1 - np.sin(angle))
    first_y = starts[:, 1, None] + np.sign(down)[:, None] * radius * (1 - np.cos(angle))
    last_x = shafts[:, None] + np.sign(after)[:, None] * radius * (1 - np.cos(angle))
    last_y = ends[:, 1, None] - np.sign(down)[:, None] * radius * (1 - np.sin(angle))
    parts = [starts[:, None], np.stack([first_x, first_y], 2), np.stack([last_x, last_y], 2), ends[:, None]]
    if points % 2:
        parts.insert(2, (parts[1][:, -1:] + parts[2][:, :1]) / 2)
    return np.concatenate(parts, axis=1)


def _shafts(joints: Array, turns: Array, way: Array) -> Array:
    """Return where each turn goes up or down; in a gap between columns those of different ports stand side by side."""
    begins, stops = joints[:, :, 0], joints[:, :, 1]
    middle = (begins[..., 0] + stops[..., 0]) / 2
    out = OUT / 2
    shafts: Array = np.where(way == 1, begins[..., 0] + out, np.where(way == -1, stops[..., 0] - out, middle))
    down = np.where(np.arange(way.shape[1]) < turns[:, None], stops[..., 1] - begins[..., 1], 0.0)
    bent = np.abs(down) > 1
    if not bent.any():
        return shafts
    x, y, down = shafts[bent], begins[bent][:, 1], down[bent]
    gap = np.floor(x / _SHAFT)
    source, target = _numbered(begins[bent], gap), _numbered(stops[bent], gap)
    alone = np.bincount(source)[source] == 1
    shaft = np.unique(np.where(alone, target + len(source), source), return_inverse=True)[1]
    many = np.bincount(shaft)
    height, falls, place = (np.bincount(shaft, values) / many for values in (y, down, gap))
    # Those that rise stand first, from above; then those that fall, from below: so they cross least.
    order = np.lexsort((np.where(falls > 0, -height, height), falls > 0, place))
    begin = np.searchsorted(place[order], place[order])
    beside = np.searchsorted(place[order], place[order], side="right") - begin
    offset = np.empty(len(order))
    offset[order] = (np.arange(len(order)) - begin - (beside - 1) / 2) * np.minimum(_APART, _SHAFT / beside)
    group = np.unique(gap, return_inverse=True)[1]
    centre = (np.bincount(group, x) / np.bincount(group))[group]
    shafts[bent] = centre + offset[shaft]
    least, most = np.minimum(begins[..., 0], stops[..., 0]) + 6, np.maximum(begins[..., 0], stops[..., 0]) - 6
    between = np.where(least < most, np.clip(shafts, least, most), middle)
    return np.where(way == 0, between, shafts)


def _numbered(points: Array, gap: Array) -> Array:
    """Return a number for each point, the same for the same point in the same gap."""
    return np.unique(np.column_stack([gap, points]).round(1), axis=0, return_inverse=True)[1].ravel()


def _behind(starts: Array, ends: Array) -> Array:
    """Return the ends of wires that run back, never to the right of where they start."""
    return np.stack([np.minimum(ends[:, 0], starts[:, 0]), ends[:, 1]], axis=1)


def _blocked(starts: Array, ends: Array, cards: Array, own: Array, style: str) -> Array:
    """Return which wires would pass through cards other than their own, of shape (wires,)."""
    blocked = np.zeros(len(starts), bool)
    left, top, right, bottom = (cards + np.array([-_NEAR, -_NEAR, _NEAR, _NEAR])).T
    middle = (left + right) / 2
    high, low = np.minimum(starts[:, 1], ends[:, 1])[:, None], np.maximum(starts[:, 1], ends[:, 1])[:, None]
    near = (middle > starts[:, :1]) & (middle < ends[:, :1]) & (bottom > high) & (top < low)
    wire, card = np.nonzero(near)
    foreign = (card != own[wire, 0]) & (card != own[wire, 1])
    wire, card = wire[foreign], card[foreign]
    if not len(wire):
        return blocked
    left, top, right, bottom = left[card], top[card], right[card], bottom[card]
    if style == "orthogonal":
        turn = (starts[wire, 0] + ends[wire, 0]) / 2
        before = (left < turn) & (starts[wire, 1] > top) & (starts[wire, 1] < bottom)
        after = (right > turn) & (ends[wire, 1] > top) & (ends[wire, 1] < bottom)
        hit = before | after | ((left < turn) & (right > turn))
    else:
        points = curves(starts, ends, 17)
        least, most = (extreme(points[:, :-1], points[:, 1:])[wire] for extreme in (np.minimum, np.maximum))
        beside = (most[..., 0] < left[:, None]) | (least[..., 0] > right[:, None])
        hit = ~(beside | (most[..., 1] < top[:, None]) | (least[..., 1] > bottom[:, None])).all(axis=1)
    blocked[wire[hit]] = True
    return blocked
