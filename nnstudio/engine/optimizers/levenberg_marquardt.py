"""Levenberg and Marquardt's method."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import Field

from nnstudio.engine.line_search import ROUNDING
from nnstudio.engine.optimizer import Array, Objective, Search

_MOST_TRIALS = 20

_PART = 100_000_000
"""Multiplications of a part of the product of slopes; between parts the step can be given up."""


class LevenbergMarquardt(Search):
    """Solves for the weights as if the network were straight near them; for squared costs, small networks, full batch.

    ``(J^T J + damping (diag(J^T J) + 1e-9)) d = J^T r``, ``w <- w - d``; the damping falls when that helped and rises
    until it does.

    References
    ----------
    K. Levenberg, "A method for the solution of certain non-linear problems in least squares", 1944. D. Marquardt, "An
    algorithm for least-squares estimation of nonlinear parameters", 1963. M. Hagan, M. Menhaj, "Training feedforward
    networks with the Marquardt algorithm", 1994.
    """

    key = "levenberg_marquardt"
    title = "Levenberg-Marquardt"
    full_batch_only = True
    squares_only = True

    damping: float = Field(0.01, gt=0, le=1e6, title="Damping", description="How careful the first step is.")

    def memory(self, size: int, dtype: np.dtype[Any]) -> dict[str, Array]:
        """Return the damping in double precision."""
        del size, dtype
        return {"damping": np.full(1, self.damping)}

    def step(self, objective: Objective, memory: Mapping[str, Array], count: int, rate: float) -> float:
        """Make one step, with as much damping as it needs to go down."""
        del count, rate
        damping = memory["damping"]
        residuals, jacobian = (values.astype(np.float64) for values in objective.residuals())
        cost = float(residuals @ residuals)
        before = objective.weights.copy()
        bend, slope = _square(jacobian, objective), jacobian.T @ residuals
        diagonal = np.diag(bend) + 1e-9
        for _ in range(_MOST_TRIALS):
            try:
                move = np.linalg.solve(bend + damping[0] * np.diag(diagonal), slope)
            except np.linalg.LinAlgError:
                damping[0] *= 10
                continue
            objective.weights[...] = before - move
            if objective.evaluate() <= cost * (1 + ROUNDING):
                damping[0] = max(damping[0] / 10, 1e-12)
                return cost
            damping[0] = min(damping[0] * 10, 1e12)
        objective.weights[...] = before
        objective.evaluate()
        return cost


def _square(jacobian: Array, objective: Objective) -> Array:
    """Return J^T J, summed over as many rows at a time as are done soon."""
    rows, weights = jacobian.shape
    at_a_time = max(16, _PART // weights**2)
    total: Array = jacobian[:at_a_time].T @ jacobian[:at_a_time]
    for start in range(at_a_time, rows, at_a_time):
        objective.interrupt()
        part = jacobian[start : start + at_a_time]
        total += part.T @ part
    return total
