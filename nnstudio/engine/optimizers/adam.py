"""Adam."""

import math
from collections.abc import Mapping

import numpy as np
from pydantic import Field

from nnstudio.engine.optimizer import Array, Descent, Update, blocks, room


class Adam(Descent):
    """Gives every weight a rate of its own, from the mean and the spread of its recent slopes.

    ``m <- b1 m + (1 - b1) g``, ``v <- b2 v + (1 - b2) g^2``,
    ``w <- w - rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + epsilon)``.

    References
    ----------
    D. Kingma, J. Ba, "Adam: a method for stochastic optimization", 2015, algorithm 1.
    """

    key = "adam"
    title = "Adam"
    slots = ("slope_sum", "square_sum")

    learning_rate: float = Field(
        0.001, gt=0, le=100, title="Learning rate", description="How far each update moves the weights."
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
        return _AdamUpdate(self, weights, gradients, memory)


class _AdamUpdate(Update):
    """Sums ``s <- b1 s + g`` and ``q <- b2 q + g^2`` stand for ``m = (1 - b1) s`` and ``v = (1 - b2) q``.

    Their factors, both corrections and the rate become one number, which saves four passes over the weights.
    """

    def __init__(self, adam: Adam, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> None:
        self._adam = adam
        self._blocks = tuple(blocks(weights, gradients, memory["slope_sum"], memory["square_sum"]))
        self._room = room(weights)
        self._number = weights.dtype.type
        self._beta_1, self._beta_2 = self._number(adam.beta_1), self._number(adam.beta_2)

    def update(self, count: int, rate: float) -> None:
        adam, number = self._adam, self._number
        spread = math.sqrt((1 - adam.beta_2) / (1 - adam.beta_2**count))
        step_size = number(rate * (1 - adam.beta_1) / (1 - adam.beta_1**count) / spread)
        epsilon = number(adam.epsilon / spread)
        for w, g, s, q in self._blocks:
            step = self._room[: len(w)]
            np.multiply(s, self._beta_1, out=s)
            np.add(s, g, out=s)
            np.multiply(g, g, out=step)
            np.multiply(q, self._beta_2, out=q)
            np.add(q, step, out=q)
            np.sqrt(q, out=step)
            np.add(step, epsilon, out=step)
            np.divide(s, step, out=step)
            np.multiply(step, step_size, out=step)
            np.subtract(w, step, out=w)
