"""L-BFGS."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import Field

from nnstudio.engine.line_search import along_line, quasi_newton_direction
from nnstudio.engine.optimizer import Array, Objective, Search


class Lbfgs(Search):
    """Guesses the bend of the cost from its last moves and jumps to where the bottom should be. Full batch only.

    Each step goes along ``-H g``, with H from the last moves by the two-loop recursion, to a place that a line search
    finds good (Wolfe's conditions).

    References
    ----------
    D. Liu, J. Nocedal, "On the limited memory BFGS method for large scale optimization", 1989.
    """

    key = "lbfgs"
    title = "L-BFGS"
    full_batch_only = True

    history: int = Field(10, ge=1, le=100, title="History", description="How many moves are remembered.")

    def memory(self, size: int, dtype: np.dtype[Any]) -> dict[str, Array]:
        """Return room for the moves, the changes of the gradient along them, and how many there are."""
        return {
            "moves": np.zeros((self.history, size), dtype),
            "changes": np.zeros((self.history, size), dtype),
            "count": np.zeros(1),
        }

    def step(self, objective: Objective, memory: Mapping[str, Array], count: int, rate: float) -> float:
        """Make one step along the direction that the last moves suggest."""
        del rate
        moves, changes, held = memory["moves"], memory["changes"], memory["count"]
        known = 0 if count == 1 else int(held[0])
        cost = objective.evaluate()
        before, slope = objective.weights.copy(), objective.gradients.copy()
        size = float(np.linalg.norm(slope))
        if size == 0:
            return cost
        direction = quasi_newton_direction(slope, list(moves[:known]), list(changes[:known]))
        if float(direction @ slope) >= 0:
            known, direction = 0, -slope
        first = 1.0 if known else min(1.0, 1 / size)
        made = along_line(objective.evaluate, objective.weights, objective.gradients, direction, cost, first, 0.9)
        if not made and known:  # what was remembered misled; go straight down
            known = 0
            first = min(1.0, 1 / size)
            along_line(objective.evaluate, objective.weights, objective.gradients, -slope, cost, first, 0.9)
        move, change = objective.weights - before, objective.gradients - slope
        if float(move @ change) > 1e-10 * float(change @ change) > 0:
            if known == self.history:
                moves[:-1], changes[:-1] = moves[1:].copy(), changes[1:].copy()
                known -= 1
            moves[known], changes[known] = move, change
            known += 1
        held[0] = known
        return cost
