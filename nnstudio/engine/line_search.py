"""Searches along lines, and minimising with them.

References
----------
J. Nocedal, S. Wright, "Numerical optimization", 2006: algorithms 3.5 and 3.6 (line search), 7.4 (two-loop recursion).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from nnstudio.engine.optimizer import Array

SUFFICIENT = 1e-4
"""The share of the promised decrease that a step must bring."""

MOST_TRIALS = 40

ROUNDING = 8 * float(np.finfo(np.float64).eps)
"""Costs that differ by less than this share are equal: near the bottom only the slopes tell where to go."""


def along_line(
    evaluate: Callable[[], float],
    weights: Array,
    gradients: Array,
    direction: Array,
    cost: float,
    first: float,
    curvature: float,
) -> float:
    """Go along a direction to a place where the cost has fallen enough and the slope has become flat enough.

    Parameters
    ----------
    evaluate : callable
        Returns the cost at `weights` and leaves its gradient in `gradients`.
    weights, gradients : Array of shape (weights,)
        Where the search stands, and the gradient there; both are changed.
    direction : Array of shape (weights,)
        Downhill.
    cost : float
        The cost at the beginning.
    first : float
        The first step to try, as a multiple of `direction`.
    curvature : float
        How much of the slope may be left, between `SUFFICIENT` and 1.

    Returns
    -------
    float
        The step that was made; 0 where no place was better.
    """
    start = weights.copy()
    origin = gradients.copy()
    slope = float(gradients @ direction)

    def at(step: float) -> tuple[float, float]:
        np.multiply(direction, step, out=weights)
        np.add(weights, start, out=weights)
        found = evaluate()
        return (found if math.isfinite(found) else math.inf), float(gradients @ direction)

    # The bracket: a low end that is good enough so far, and a high end beyond which nobody looks.
    same = ROUNDING * abs(cost)
    low, low_cost, low_slope = 0.0, cost, slope
    high, high_cost = math.inf, math.inf
    step = first
    for _ in range(MOST_TRIALS):
        value, here = at(step)
        if value > cost + SUFFICIENT * step * slope + same or (low > 0 and value > low_cost + same):
            high, high_cost = step, value
        elif abs(here) <= -curvature * slope:
            return step
        elif here >= 0:
            high, high_cost = low, low_cost
            low, low_cost, low_slope = step, value, here
        else:
            low, low_cost, low_slope = step, value, here
        if abs(high - low) <= 1e-16 * max(1.0, abs(low)):
            break
        step = 4 * low if math.isinf(high) else _between(low, low_cost, low_slope, high, high_cost)
    if low > 0:
        at(low)
        return low
    np.copyto(weights, start)
    np.copyto(gradients, origin)
    return 0.0


def _between(low: float, low_cost: float, low_slope: float, high: float, high_cost: float) -> float:
    """Return the lowest point of the parabola through both ends, kept away from them."""
    width = high - low
    bend = high_cost - low_cost - low_slope * width
    best = -low_slope * width * width / (2 * bend) if math.isfinite(bend) and bend > 0 else 0.5 * width
    share = best / width
    return low + width * min(max(share, 0.1), 0.9)


def quasi_newton_direction(gradient: Array, moves: Sequence[Array], changes: Sequence[Array]) -> Array:
    """Return the direction of L-BFGS from the last moves and the changes of the gradient along them.

    Parameters
    ----------
    gradient : Array of shape (weights,)
    moves, changes : sequence of Array of shape (weights,)
        The oldest first; along each the product is positive.
    """
    direction = -gradient
    shares = []
    for move, change in zip(reversed(moves), reversed(changes), strict=True):
        share = float(move @ direction) / float(move @ change)
        shares.append(share)
        direction -= share * change
    if moves:
        direction *= float(moves[-1] @ changes[-1]) / float(changes[-1] @ changes[-1])
    for move, change, share in zip(moves, changes, reversed(shares), strict=True):
        direction += move * (share - float(change @ direction) / float(move @ change))
    return direction
