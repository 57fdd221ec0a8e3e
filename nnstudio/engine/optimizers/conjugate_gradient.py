"""Conjugate gradients."""

from collections.abc import Mapping

import numpy as np

from nnstudio.engine.line_search import along_line
from nnstudio.engine.optimizer import Array, Objective, Search


class ConjugateGradient(Search):
    """Bends each direction so that it does not spoil what the last one gained. Full batch only.

    ``d <- -g + b d`` with ``b = max(0, g (g - g_before) / g_before^2)``, along which a line search finds a good place.

    References
    ----------
    E. Polak, G. Ribière, "Note sur la convergence de méthodes de directions conjuguées", 1969; J. Nocedal, S. Wright,
    "Numerical optimization", 2006, section 5.2.
    """

    key = "conjugate_gradient"
    title = "Conjugate gradient"
    slots = ("direction", "slope", "length")
    full_batch_only = True

    def step(self, objective: Objective, memory: Mapping[str, Array], count: int, rate: float) -> float:
        """Make one step along a direction that is conjugate to the last."""
        del rate
        direction, before, length = memory["direction"], memory["slope"], memory["length"]
        cost = objective.evaluate()
        slope = objective.gradients.copy()
        size = float(slope @ slope)
        if size == 0:
            return cost
        fresh = count == 1 or (count - 1) % max(2, len(slope)) == 0 or not before.any()
        if fresh:
            np.negative(slope, out=direction)
        else:
            bend = max(0.0, float(slope @ (slope - before)) / float(before @ before))
            np.multiply(direction, bend, out=direction)
            np.subtract(direction, slope, out=direction)
            if float(direction @ slope) >= 0:
                np.negative(slope, out=direction)
        # The last step along the last slope says how far to try first.
        downhill = float(direction @ slope)
        first = min(1.0, 1 / size**0.5) if fresh or not length[0] else float(length[0]) / -downhill
        made = along_line(objective.evaluate, objective.weights, objective.gradients, direction, cost, first, 0.1)
        length[0] = made * -downhill
        np.copyto(before, slope if made else 0)
        return cost
