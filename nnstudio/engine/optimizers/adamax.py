"""Adamax."""

from collections.abc import Mapping

import numpy as np
from pydantic import Field

from nnstudio.engine.optimizer import Array, Descent, Update, blocks, room


class Adamax(Descent):
    """Adam with the largest recent slope in place of the spread.

    ``m <- b1 m + (1 - b1) g``, ``u <- max(b2 u, |g| + epsilon)``, ``w <- w - rate m / ((1 - b1^t) u)``.

    References
    ----------
    D. Kingma, J. Ba, "Adam: a method for stochastic optimization", 2015, algorithm 2.
    """

    key = "adamax"
    title = "Adamax"
    slots = ("mean", "largest")

    learning_rate: float = Field(
        0.002, gt=0, le=100, title="Learning rate", description="How far each update moves the weights."
    )
    beta_1: float = Field(
        0.9, ge=0, lt=1, title="Beta 1", description="The share of the remembered mean slope that is kept."
    )
    beta_2: float = Field(
        0.999, ge=0, lt=1, title="Beta 2", description="The share of the remembered squared slope that is kept."
    )
    epsilon: float = Field(1e-8, gt=0, le=1, title="Epsilon", description="Keeps the division away from zero.")

    def bind(self, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> Update:
        """Return the update over these flat vectors."""
        return _AdamaxUpdate(self, weights, gradients, memory)


class _AdamaxUpdate(Update):
    def __init__(self, chosen: Adamax, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> None:
        self._chosen = chosen
        self._blocks = tuple(blocks(weights, gradients, memory["mean"], memory["largest"]))
        self._room = room(weights)

    def update(self, count: int, rate: float) -> None:
        chosen = self._chosen
        step_size = rate / (1 - chosen.beta_1**count)
        for w, g, m, u in self._blocks:
            step = self._room[: len(w)]
            np.subtract(g, m, out=step)
            np.multiply(step, 1 - chosen.beta_1, out=step)
            np.add(m, step, out=m)
            np.abs(g, out=step)
            np.add(step, chosen.epsilon, out=step)
            np.multiply(u, chosen.beta_2, out=u)
            np.maximum(u, step, out=u)
            np.divide(m, u, out=step)
            np.multiply(step, step_size, out=step)
            np.subtract(w, step, out=w)
