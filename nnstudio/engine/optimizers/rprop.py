"""Rprop."""

from collections.abc import Mapping

import numpy as np
from pydantic import Field

from nnstudio.engine.optimizer import Array, Descent, Update, blocks, room


class Rprop(Descent):
    """Looks at the sign of each slope only: as long as it stays, the steps grow. Wants the full batch.

    ``step <- clip(step * (plus where g g_before > 0, minus where < 0), smallest, largest)``, g becomes 0 where its sign
    turned, ``w <- w - sign(g) step``.

    References
    ----------
    M. Riedmiller, H. Braun, "A direct adaptive method for faster backpropagation learning: the RPROP algorithm", 1993.
    """

    key = "rprop"
    title = "Rprop"
    slots = ("before", "step")

    learning_rate: float = Field(
        0.01, gt=0, le=100, title="Learning rate", description="How far each update moves the weights."
    )
    minus: float = Field(0.5, gt=0, lt=1, title="Shrink", description="By what a step shrinks when the sign turns.")
    plus: float = Field(1.2, gt=1, le=10, title="Grow", description="By what a step grows while the sign stays.")
    smallest: float = Field(1e-6, gt=0, le=1, title="Smallest step", description="No step is smaller.")
    largest: float = Field(50.0, gt=0, le=1e6, title="Largest step", description="No step is larger.")

    def bind(self, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> Update:
        """Return the update over these flat vectors."""
        return _RpropUpdate(self, weights, gradients, memory)


class _RpropUpdate(Update):
    def __init__(self, chosen: Rprop, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> None:
        self._chosen = chosen
        self._blocks = tuple(blocks(weights, gradients, memory["before"], memory["step"]))
        self._room = room(weights)
        self._other = room(weights)

    def update(self, count: int, rate: float) -> None:
        chosen = self._chosen
        for w, g, before, step in self._blocks:
            turned, slope = self._room[: len(w)], self._other[: len(w)]
            if count == 1:
                step.fill(rate)
            np.multiply(g, before, out=turned)
            np.sign(turned, out=turned)
            # The factor as a function of the sign: plus for 1, minus for -1, 1 for 0.
            np.multiply(turned, turned, out=slope)
            np.multiply(slope, (chosen.plus + chosen.minus) / 2 - 1, out=slope)
            np.add(slope, 1, out=slope)
            np.multiply(step, slope, out=slope)
            np.multiply(step, (chosen.plus - chosen.minus) / 2, out=step)
            np.multiply(step, turned, out=step)
            np.add(step, slope, out=step)
            np.clip(step, chosen.smallest, chosen.largest, out=step)
            np.greater_equal(turned, 0, out=turned)
            np.multiply(g, turned, out=slope)
            np.copyto(before, slope)
            np.sign(slope, out=slope)
            np.multiply(slope, step, out=slope)
            np.subtract(w, slope, out=w)
