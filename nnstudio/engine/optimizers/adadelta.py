"""Adadelta."""

from collections.abc import Mapping

import numpy as np
from pydantic import Field

from nnstudio.engine.optimizer import Array, Descent, Update, blocks, room


class Adadelta(Descent):
    """Measures each move by the moves before it, so that the rate hardly matters.

    ``s <- rho s + (1 - rho) g^2``, ``d = sqrt(a + epsilon) / sqrt(s + epsilon) g``, ``a <- rho a + (1 - rho) d^2``,
    ``w <- w - rate d``.

    References
    ----------
    M. Zeiler, "Adadelta: an adaptive learning rate method", 2012, algorithm 1.
    """

    key = "adadelta"
    title = "Adadelta"
    slots = ("square", "moved")

    learning_rate: float = Field(
        1.0, gt=0, le=100, title="Learning rate", description="How far each update moves the weights."
    )
    rho: float = Field(0.9, ge=0, lt=1, title="Rho", description="The share of what is remembered that is kept.")
    epsilon: float = Field(1e-6, gt=0, le=1, title="Epsilon", description="Keeps the division away from zero.")

    def bind(self, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> Update:
        """Return the update over these flat vectors."""
        return _AdadeltaUpdate(self, weights, gradients, memory)


class _AdadeltaUpdate(Update):
    def __init__(self, chosen: Adadelta, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> None:
        self._chosen = chosen
        self._blocks = tuple(blocks(weights, gradients, memory["square"], memory["moved"]))
        self._room = room(weights)
        self._other = room(weights)

    def update(self, count: int, rate: float) -> None:
        del count
        rho, epsilon = self._chosen.rho, self._chosen.epsilon
        for w, g, s, a in self._blocks:
            step, other = self._room[: len(w)], self._other[: len(w)]
            np.multiply(g, g, out=step)
            np.multiply(step, 1 - rho, out=step)
            np.multiply(s, rho, out=s)
            np.add(s, step, out=s)
            np.add(s, epsilon, out=other)
            np.sqrt(other, out=other)
            np.add(a, epsilon, out=step)
            np.sqrt(step, out=step)
            np.divide(step, other, out=step)
            np.multiply(step, g, out=step)
            np.multiply(step, step, out=other)
            np.multiply(other, 1 - rho, out=other)
            np.multiply(a, rho, out=a)
            np.add(a, other, out=a)
            np.multiply(step, rate, out=step)
            np.subtract(w, step, out=w)
