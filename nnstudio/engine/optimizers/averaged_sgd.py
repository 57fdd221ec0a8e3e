"""Averaged SGD."""

from collections.abc import Mapping

import numpy as np
from pydantic import Field

from nnstudio.engine.optimizer import Array, Descent, Update, blocks, room


class AveragedSgd(Descent):
    """Walks like SGD and answers with the mean of where it has been, which is calmer.

    ``w <- w - rate g``; predictions use the mean of all w after `start` steps.

    References
    ----------
    B. Polyak, A. Juditsky, "Acceleration of stochastic approximation by averaging", 1992.
    """

    key = "averaged_sgd"
    title = "Averaged SGD"
    slots = ("answer",)

    learning_rate: float = Field(
        0.01, gt=0, le=100, title="Learning rate", description="How far each update moves the weights."
    )
    start: int = Field(0, ge=0, title="Start", description="After how many steps the mean begins.")

    def bind(self, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> Update:
        """Return the update over these flat vectors."""
        return _AveragedSgdUpdate(self, weights, gradients, memory)


class _AveragedSgdUpdate(Update):
    def __init__(self, chosen: AveragedSgd, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> None:
        self._chosen = chosen
        self._blocks = tuple(blocks(weights, gradients, memory["answer"]))
        self._room = room(weights)

    def update(self, count: int, rate: float) -> None:
        begin = count - self._chosen.start
        for w, g, mean in self._blocks:
            step = self._room[: len(w)]
            np.multiply(g, rate, out=step)
            np.subtract(w, step, out=w)
            if begin <= 1:
                np.copyto(mean, w)
            else:
                np.subtract(w, mean, out=step)
                np.multiply(step, 1 / begin, out=step)
                np.add(mean, step, out=mean)
