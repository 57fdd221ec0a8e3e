"""AMSGrad."""

import math
from collections.abc import Mapping

import numpy as np
from pydantic import Field

from nnstudio.engine.optimizer import Array, Descent, Update, blocks, room


class Amsgrad(Descent):
    """Adam whose rates never grow again.

    ``u <- max(u, v)``, ``w <- w - rate (m / (1 - b1^t)) / (sqrt(u / (1 - b2^t)) + epsilon)``.

    As Adam, with the largest v so far in place of v.

    References
    ----------
    S. Reddi, S. Kale, S. Kumar, "On the convergence of Adam and beyond", 2018, algorithm 2.
    """

    key = "amsgrad"
    title = "AMSGrad"
    slots = ("mean", "square", "largest")

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
        return _AmsgradUpdate(self, weights, gradients, memory)


class _AmsgradUpdate(Update):
    def __init__(self, chosen: Amsgrad, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> None:
        self._chosen = chosen
        self._blocks = tuple(blocks(weights, gradients, memory["mean"], memory["square"], memory["largest"]))
        self._room = room(weights)

    def update(self, count: int, rate: float) -> None:
        chosen = self._chosen
        spread = math.sqrt(1 - chosen.beta_2**count)
        step_size = rate * spread / (1 - chosen.beta_1**count)
        for w, g, m, v, largest in self._blocks:
            step = self._room[: len(w)]
            np.subtract(g, m, out=step)
            np.multiply(step, 1 - chosen.beta_1, out=step)
            np.add(m, step, out=m)
            np.multiply(g, g, out=step)
            np.subtract(step, v, out=step)
            np.multiply(step, 1 - chosen.beta_2, out=step)
            np.add(v, step, out=v)
            np.maximum(largest, v, out=largest)
            np.sqrt(largest, out=step)
            np.add(step, chosen.epsilon * spread, out=step)
            np.divide(m, step, out=step)
            np.multiply(step, step_size, out=step)
            np.subtract(w, step, out=w)
