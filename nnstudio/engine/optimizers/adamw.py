"""AdamW."""

import math
from collections.abc import Mapping

import numpy as np
from pydantic import Field

from nnstudio.engine.optimizer import Array, Descent, Update, blocks, room


class Adamw(Descent):
    """Adam with weight decay that does not pass through the slopes.

    ``w <- w (1 - rate decay)``, then as Adam.

    References
    ----------
    I. Loshchilov, F. Hutter, "Decoupled weight decay regularization", 2019, algorithm 2.
    """

    key = "adamw"
    title = "AdamW"
    slots = ("mean", "square")

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
    weight_decay: float = Field(
        0.01, ge=0, le=10, title="Weight decay", description="Pulls every weight towards zero; 0 is off."
    )

    def bind(self, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> Update:
        """Return the update over these flat vectors."""
        return _AdamwUpdate(self, weights, gradients, memory)


class _AdamwUpdate(Update):
    def __init__(self, chosen: Adamw, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> None:
        self._chosen = chosen
        self._blocks = tuple(blocks(weights, gradients, memory["mean"], memory["square"]))
        self._room = room(weights)

    def update(self, count: int, rate: float) -> None:
        chosen = self._chosen
        spread = math.sqrt(1 - chosen.beta_2**count)
        step_size = rate * spread / (1 - chosen.beta_1**count)
        for w, g, m, v in self._blocks:
            step = self._room[: len(w)]
            np.multiply(w, 1 - rate * chosen.weight_decay, out=w)
            np.subtract(g, m, out=step)
            np.multiply(step, 1 - chosen.beta_1, out=step)
            np.add(m, step, out=m)
            np.multiply(g, g, out=step)
            np.subtract(step, v, out=step)
            np.multiply(step, 1 - chosen.beta_2, out=step)
            np.add(v, step, out=v)
            np.sqrt(v, out=step)
            np.add(step, chosen.epsilon * spread, out=step)
            np.divide(m, step, out=step)
            np.multiply(step, step_size, out=step)
            np.subtract(w, step, out=w)
