"""Makes long series short enough to draw: smoothing, and no more points than there are pixels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


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
    # The recursion m = amount m + (1 - amount) v, written as a sum over the last few hundred points, which NumPy does
    # at once. The first value stands for all that came before it.
    reach = int(np.ceil(np.log(1e-6) / np.log(amount)))
    kernel = (1 - amount) * amount ** np.arange(reach)
    padded = np.concatenate([np.full(reach - 1, values[0]), values])
    made: Numbers = np.convolve(padded, kernel, mode="valid") / kernel.sum()
    return made


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
