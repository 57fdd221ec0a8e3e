"""What an optimizer is: the value that is chosen, and the update it becomes when it is bound to the weights."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from nnstudio.components import Component

Array = NDArray[Any]

BLOCK = 16_384
"""Elements that are updated together: an optimizer's few arrays of this length stay in the processor's cache."""


class Update(ABC):
    """An optimizer bound to weights, gradients and its own memory."""

    @abstractmethod
    def update(self, count: int) -> None:
        """Move the weights.

        Parameters
        ----------
        count : int
            Which update of this stretch it is, counted from 1.
        """


class Descent(Component):
    """The base of optimizers that follow the gradient step by step.

    Attributes
    ----------
    slots : tuple of str
        Names of the arrays, as long as the weights, that it remembers between updates.
    """

    family = "optimizers"
    slots: ClassVar[tuple[str, ...]] = ()

    learning_rate: float = Field(
        0.01, gt=0, le=100, title="Learning rate", description="How far each update moves the weights."
    )

    def bind(self, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> Update:
        """Return the update over these flat vectors.

        Parameters
        ----------
        weights, gradients : Array of shape (weights,)
            The flat vectors.
        memory : mapping of str to Array of shape (weights,)
            One array for each of `slots`, zero at the start.
        """
        raise NotImplementedError


def blocks(*vectors: Array) -> Iterator[tuple[Array, ...]]:
    """Cut vectors of one length into blocks that fit the cache, side by side."""
    for start in range(0, len(vectors[0]), BLOCK):
        yield tuple(vector[start : start + BLOCK] for vector in vectors)


def room(vector: Array) -> Array:
    """Return room for one block of this vector."""
    return np.empty(min(BLOCK, len(vector)), vector.dtype)
