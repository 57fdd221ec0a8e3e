"""Lion."""

from collections.abc import Mapping

import numpy as np
from pydantic import Field

from nnstudio.engine.optimizer import Array, Descent, Update, blocks, room


class Lion(Descent):
    """Moves every weight by the same amount, in the direction of the mean slope.

    ``w <- w - rate (sign(b1 m + (1 - b1) g) + decay w)``, ``m <- b2 m + (1 - b2) g``.

    References
    ----------
    X. Chen et al., "Symbolic discovery of optimization algorithms", 2023, algorithm 2.
    """

    key = "lion"
    title = "Lion"
    slots = ("mean",)

    learning_rate: float = Field(
        0.0001, gt=0, le=100, title="Learning rate", description="How far each update moves the weights."
    )
    beta_1: float = Field(
        0.9, ge=0, lt=1, title="Beta 1", description="The share of the remembered mean slope in the direction."
    )
    beta_2: float = Field(
        0.99, ge=0, lt=1, title="Beta 2", description="The share of the remembered mean slope that is kept after it."
    )
    weight_decay: float = Field(
        0.0, ge=0, le=10, title="Weight decay", description="Pulls every weight towards zero; 0 is off."
    )

    def bind(self, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> Update:
        """Return the update over these flat vectors."""
        return _LionUpdate(self, weights, gradients, memory)


class _LionUpdate(Update):
    def __init__(self, chosen: Lion, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> None:
        self._chosen = chosen
        self._blocks = tuple(blocks(weights, gradients, memory["mean"]))
        self._room = room(weights)
        self._other = room(weights)

    def update(self, count: int, rate: float) -> None:
        del count
        chosen = self._chosen
        for w, g, m in self._blocks:
            step, other = self._room[: len(w)], self._other[: len(w)]
            np.multiply(m, chosen.beta_1, out=step)
            np.multiply(g, 1 - chosen.beta_1, out=other)
            np.add(step, other, out=step)
            np.sign(step, out=step)
            if chosen.weight_decay:
                np.multiply(w, chosen.weight_decay, out=other)
                np.add(step, other, out=step)
            np.multiply(step, rate, out=step)
            np.subtract(w, step, out=w)
            np.multiply(m, chosen.beta_2, out=m)
            np.multiply(g, 1 - chosen.beta_2, out=other)
            np.add(m, other, out=m)
