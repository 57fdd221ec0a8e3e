"""Gradient descent that looks at the slope where it will arrive."""

from collections.abc import Mapping

import numpy as np
from pydantic import Field

from nnstudio.engine.line_search import along_line, quasi_newton_direction
from nnstudio.engine.optimizer import Array, Objective, Search

_HISTORY = 10


class ImplicitSgd(Search):
    """Follows the slope of where it arrives, on the same batch, and stays calm at rates where SGD explodes.

    ``w' = w - rate g(w')``, which is the lowest point of ``cost(w') + |w' - w|^2 / (2 rate)``; L-BFGS looks for it
    until ``|w' - w + rate g(w')|`` is within the tolerance times ``|rate g(w)|``.

    References
    ----------
    P. Toulis, E. Airoldi, "Asymptotic and finite-sample properties of estimators based on stochastic gradients", 2017,
    equation 4.
    """

    key = "implicit_sgd"
    title = "Implicit SGD"

    learning_rate: float = Field(
        0.1, gt=0, le=1e4, title="Learning rate", description="How far each update moves the weights."
    )
    tolerance: float = Field(
        1e-4,
        gt=0,
        le=1,
        title="Tolerance",
        description="How exactly each update is solved, as a share of a plain step.",
    )
    iterations: int = Field(20, ge=1, le=1000, title="Iterations", description="How many tries an update has at most.")

    def step(self, objective: Objective, memory: Mapping[str, Array], count: int, rate: float) -> float:
        """Solve for the place whose own slope leads there."""
        del memory, count
        weights = objective.weights
        start = weights.copy()
        slope = np.empty_like(start)
        offset = np.empty_like(start)

        def evaluate() -> float:
            found = objective.evaluate()
            np.subtract(weights, start, out=offset)
            np.multiply(offset, 1 / rate, out=slope)
            np.add(slope, objective.gradients, out=slope)
            return found + float(offset @ offset) / (2 * rate)

        cost = here = evaluate()
        wanted = self.tolerance * float(np.linalg.norm(slope))
        moves: list[Array] = []
        changes: list[Array] = []
        for _ in range(self.iterations):
            size = float(np.linalg.norm(slope))
            if size <= wanted or size == 0:
                break
            before, slope_before = weights.copy(), slope.copy()
            direction = quasi_newton_direction(slope, moves, changes)
            first = 1.0 if moves else min(rate, 1 / size)
            if not along_line(evaluate, weights, slope, direction, here, first, 0.9):
                break
            move, change = weights - before, slope - slope_before
            if float(move @ change) > 0:
                moves, changes = [*moves, move][-_HISTORY:], [*changes, change][-_HISTORY:]
            here = evaluate()
        return cost
