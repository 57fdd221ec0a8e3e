"""NAdam."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from pydantic import Field

from nnstudio.engine.optimizer import Array, Descent, Update, blocks, room


class Nadam(Descent):
    """Adam that looks ahead along its momentum.

    ``mu_t = b1 (1 - 0.96^(t d) / 2)`` with decay d, ``m``, ``v`` as Adam,
    ``d = mu_(t+1) m / (1 - prod mu_(1..t+1)) + (1 - mu_t) g / (1 - prod mu_(1..t))``,
    ``w <- w - rate d / (sqrt(v / (1 - b2^t)) + epsilon)``.

    References
    ----------
    T. Dozat, "Incorporating Nesterov momentum into Adam", 2016, in the form that PyTorch computes.
    """

    key = "nadam"
    title = "NAdam"
    slots = ("mean", "square")

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
    momentum_decay: float = Field(
        0.004, ge=0, le=1, title="Momentum decay", description="How quickly the momentum grows to its full share."
    )

    def bind(self, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> Update:
        """Return the update over these flat vectors."""
        return _NadamUpdate(self, weights, gradients, memory)

    def memory(self, size: int, dtype: np.dtype[Any]) -> dict[str, Array]:
        """Return the arrays of Adam, and the product of all momenta so far in double precision."""
        return {**super().memory(size, dtype), "product": np.ones(1)}


class _NadamUpdate(Update):
    def __init__(self, chosen: Nadam, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> None:
        self._chosen = chosen
        self._blocks = tuple(blocks(weights, gradients, memory["mean"], memory["square"]))
        self._room = room(weights)
        self._other = room(weights)
        self._product = memory["product"]

    def update(self, count: int, rate: float) -> None:
        chosen = self._chosen
        now, following = (chosen.beta_1 * (1 - 0.5 * 0.96 ** (t * chosen.momentum_decay)) for t in (count, count + 1))
        product = float(self._product[0]) * now if count > 1 else now
        self._product[0] = product
        spread = math.sqrt(1 - chosen.beta_2**count)
        of_mean, of_slope = rate * following / (1 - product * following), rate * (1 - now) / (1 - product)
        for w, g, m, v in self._blocks:
            step, other = self._room[: len(w)], self._other[: len(w)]
            np.subtract(g, m, out=step)
            np.multiply(step, 1 - chosen.beta_1, out=step)
            np.add(m, step, out=m)
            np.multiply(g, g, out=step)
            np.subtract(step, v, out=step)
            np.multiply(step, 1 - chosen.beta_2, out=step)
            np.add(v, step, out=v)
            np.sqrt(v, out=step)
            np.multiply(step, 1 / spread, out=step)
            np.add(step, chosen.epsilon, out=step)
            np.multiply(m, of_mean, out=other)
            np.divide(other, step, out=other)
            np.subtract(w, other, out=w)
            np.multiply(g, of_slope, out=other)
            np.divide(other, step, out=other)
            np.subtract(w, other, out=w)
