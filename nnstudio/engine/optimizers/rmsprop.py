"""RMSprop."""

from collections.abc import Mapping

import numpy as np
from pydantic import Field

from nnstudio.engine.optimizer import Array, Descent, Update, blocks, room


class Rmsprop(Descent):
    """Divides each slope by the size that it had lately.

    ``s <- rho s + (1 - rho) g^2``, ``d = g / (sqrt(s) + epsilon)``, with momentum ``v <- m v + d`` in place of d,
    ``w <- w - rate d``; centred with ``s - mean^2`` in place of s.

    References
    ----------
    T. Tieleman, G. Hinton, "Neural networks for machine learning", lecture 6e, 2012; centred after A. Graves, 2013.
    """

    key = "rmsprop"
    title = "RMSprop"
    slots = ("square", "mean", "velocity")

    learning_rate: float = Field(
        0.01, gt=0, le=100, title="Learning rate", description="How far each update moves the weights."
    )
    rho: float = Field(
        0.9, ge=0, lt=1, title="Rho", description="The share of the remembered squared slope that is kept."
    )
    momentum: float = Field(
        0.0, ge=0, lt=1, title="Momentum", description="The share of the last move that is kept; 0 is off."
    )
    centered: bool = Field(
        False, title="Centred", description="Take the spread around the mean slope, not around zero."
    )
    epsilon: float = Field(1e-8, gt=0, le=1, title="Epsilon", description="Keeps the division away from zero.")

    def bind(self, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> Update:
        """Return the update over these flat vectors."""
        return _RmspropUpdate(self, weights, gradients, memory)


class _RmspropUpdate(Update):
    def __init__(self, chosen: Rmsprop, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> None:
        self._chosen = chosen
        self._blocks = tuple(blocks(weights, gradients, memory["square"], memory["mean"], memory["velocity"]))
        self._room = room(weights)
        self._other = room(weights)

    def update(self, count: int, rate: float) -> None:
        del count
        chosen, rho = self._chosen, self._chosen.rho
        for w, g, s, mean, v in self._blocks:
            step, other = self._room[: len(w)], self._other[: len(w)]
            np.multiply(g, g, out=step)
            np.multiply(step, 1 - rho, out=step)
            np.multiply(s, rho, out=s)
            np.add(s, step, out=s)
            np.copyto(step, s)
            if chosen.centered:
                np.multiply(g, 1 - rho, out=other)
                np.multiply(mean, rho, out=mean)
                np.add(mean, other, out=mean)
                np.multiply(mean, mean, out=other)
                np.subtract(step, other, out=step)
                np.maximum(step, 0, out=step)
            np.sqrt(step, out=step)
            np.add(step, chosen.epsilon, out=step)
            np.divide(g, step, out=step)
            if chosen.momentum:
                np.multiply(v, chosen.momentum, out=v)
                np.add(v, step, out=v)
                np.copyto(step, v)
            np.multiply(step, rate, out=step)
            np.subtract(w, step, out=w)
