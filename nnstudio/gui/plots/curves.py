"""Makes long series short enough to draw: smoothing, and no more points than there are pixels."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_BLOCK = 128
"""Values whose moving means are computed at once."""

_SHORTEST = 20
"""A moving mean reaches back over one of so many points at most: further, the line would run beside a short course."""


def smoothed(values: Numbers, amount: float) -> Numbers:
    """Return the exponential moving mean, which begins at the first value.

    Parameters
    ----------
    values : Array of shape (points,)
    amount : float
        The share of the mean that is kept at each point, 0 to below 1.
    """
    if amount <= 0 or len(values) < 2:
        return values
    # The recursion m = amount m + (1 - amount) v, block by block: one product for all blocks, then what each block gets
    # from those before it.
    count = len(values)
    padded = np.append(values, np.full(-count % _BLOCK, values[-1])).reshape(-1, _BLOCK)
    made = padded @ _weights(amount)
    fade = amount ** np.arange(1, _BLOCK + 1)
    before = np.empty(len(made))
    carried = float(values[0])
    for block, last in enumerate(made[:, -1].tolist()):
        before[block] = carried
        carried = last + fade[-1] * carried
    made += before[:, None] * fade
    return made.ravel()[:count]


def fitting(amount: float, count: int) -> float:
    """Return how much of a moving mean may be kept over so many points, at most an amount."""
    return min(amount, 1 - _SHORTEST / max(_SHORTEST, count))


@lru_cache(maxsize=128)
def _weights(amount: float) -> Numbers:
    """Return how much of each value of a block is in each of its moving means."""
    places = np.arange(_BLOCK)
    age = places[None, :] - places[:, None]
    found: Numbers = np.where(age >= 0, (1 - amount) * amount ** np.maximum(age, 0), 0.0)
    return found


def thinned(x: Numbers, y: Numbers, most: int) -> tuple[Numbers, Numbers]:
    """Return at most so many points; where there are more, the lowest and highest of each stretch are kept."""
    if len(x) <= most:
        return x, y
    stretch = -(-len(x) // (most // 2))
    whole = len(x) // stretch * stretch
    blocks = y[:whole].reshape(-1, stretch)
    low, high = np.nanargmin(blocks, axis=1), np.nanargmax(blocks, axis=1)
    start = np.arange(len(blocks)) * stretch
    order = np.sort(np.stack([start + low, start + high], axis=1), axis=1).ravel()
    order = np.append(order, len(x) - 1)
    return x[order], y[order]


def bends(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Return a line without the points at which it goes straight on, which costs nothing of the picture."""
    if len(x) < 3:
        return x, y
    across, up = np.diff(x), np.diff(y)
    straight = across[:-1] * up[1:] == up[:-1] * across[1:]
    ahead = across[:-1] * across[1:] + up[:-1] * up[1:] >= 0
    kept = np.concatenate([[True], ~(straight & ahead), [True]])
    return x[kept], y[kept]


def enveloped(x: Numbers, low: Numbers, high: Numbers, most: int) -> tuple[Numbers, Numbers]:
    """Return a line of at most so many points that reaches the lowest and the highest value of each stretch.

    Parameters
    ----------
    x, low, high : Array of shape (points,)
        The lowest and the highest value at each place; the same where a place has one value only.
    most : int
    """
    if len(x) <= most and np.array_equal(low, high):
        return x, low
    stretch = max(1, -(-len(x) // max(1, most // 2)))
    starts = np.arange(0, len(x), stretch)
    ends = np.stack([np.minimum.reduceat(low, starts), np.maximum.reduceat(high, starts)], axis=1)
    ends[1::2] = ends[1::2, ::-1]  # up, then down: neighbours join at the same side
    return np.repeat(x[starts], 2), ends.ravel()


def in_sight(x: Numbers, low: float, high: float) -> slice:
    """Return which of rising places lie between two, with one more at each side, so that lines leave the picture."""
    first, last = np.searchsorted(x, [low, high])
    return slice(max(0, int(first) - 1), int(last) + 1)
