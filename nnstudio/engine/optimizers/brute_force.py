"""Trying everything."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import Field

from nnstudio.engine.optimizer import Array, Objective, Search

_AT_A_TIME = 64

_MOST_DIGITS = 15
"""Nobody gets to the end of more combinations than have so many digits."""


class BruteForce(Search):
    """Tries every combination of weights on a grid: shows why nobody learns like this. Full batch only.

    ``w <- the best of n^k combinations``.

    With n values a weight and k weights there are n^k combinations, 10^75 for 25 weights at 1,000 values. A step tries
    64 of them; the best so far are the weights.

    References
    ----------
    J. Bergstra, Y. Bengio, "Random search for hyper-parameter optimization", 2012, section 1: why grids do not
    scale.
    """

    key = "brute_force"
    title = "Brute force"
    full_batch_only = True

    values_per_weight: int = Field(
        11, ge=2, le=10_000, title="Values", description="How many values a weight can have."
    )
    limit: float = Field(2.0, gt=0, le=1e6, title="Limit", description="The largest value; the smallest is minus it.")

    def memory(self, size: int, dtype: np.dtype[Any]) -> dict[str, Array]:
        """Return what was tried, the lowest cost, and how many combinations there are."""
        del dtype
        few = self.evaluations(size) < _MOST_DIGITS
        count = float(self.values_per_weight**size) if few else math.inf
        return {"tried": np.zeros(1), "lowest": np.full(1, np.inf), "all": np.full(1, count)}

    def evaluations(self, size: int) -> float:
        """Return how many combinations there are, as a power of ten."""
        return size * math.log10(self.values_per_weight)

    def is_done(self, memory: Mapping[str, Array]) -> bool:
        """Return whether every combination was tried."""
        return bool(memory["tried"][0] >= memory["all"][0])

    def step(self, objective: Objective, memory: Mapping[str, Array], count: int, rate: float) -> float:
        """Try the next combinations, and return the lowest cost so far."""
        del count, rate
        best = objective.weights.copy()
        tried, lowest = memory["tried"], memory["lowest"]
        grid = np.linspace(-self.limit, self.limit, self.values_per_weight)
        for _ in range(_AT_A_TIME):
            if self.is_done(memory):
                break
            rest = int(tried[0])
            for place in range(len(best)):
                rest, digit = divmod(rest, self.values_per_weight)
                objective.weights[place] = grid[digit]
            cost = objective.evaluate()
            if cost < lowest[0]:
                lowest[0] = cost
                best[...] = objective.weights
            tried[0] += 1
        objective.weights[...] = best
        return float(lowest[0])
