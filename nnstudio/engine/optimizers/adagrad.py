"""Adagrad."""

from collections.abc import Mapping

import numpy as np
from pydantic import Field

from nnstudio.engine.optimizer import Array, Descent, Update, blocks, room


class Adagrad(Descent):
    """Gives every weight a rate of its own, which falls with all the slopes it has seen.

    ``s <- s + g^2``, ``w <- w - rate g / (sqrt(s) + epsilon)``.

    References
    ----------
    J. Duchi, E. Hazan, Y. Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011.
    """

    key = "adagrad"
    title = "Adagrad"
    slots = ("square",)

    learning_rate: float = Field(
        0.01, gt=0, le=100, title="Learning rate", description="How far each update moves the weights."
    )
    epsilon: float = Field(1e-10, gt=0, le=1, title="Epsilon", description="Keeps the division away from zero.")

    def bind(self, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> Update:
        """Return the update over these flat vectors."""
        return _AdagradUpdate(self, weights, gradients, memory)


class _AdagradUpdate(Update):
    def __init__(self, chosen: Adagrad, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> None:
        self._chosen = chosen
        self._blocks = tuple(blocks(weights, gradients, memory["square"]))
        self._room = room(weights)

    def update(self, count: int, rate: float) -> None:
        del count
        for w, g, s in self._blocks:
            step = self._room[: len(w)]
            np.multiply(g, g, out=step)
            np.add(s, step, out=s)
            np.sqrt(s, out=step)
            np.add(step, self._chosen.epsilon, out=step)
            np.divide(g, step, out=step)
            np.multiply(step, rate, out=step)
            np.subtract(w, step, out=w)
