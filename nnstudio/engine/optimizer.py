"""What an optimizer is: the value that is chosen, and what it becomes when it is bound to the weights.

There are two kinds. A `Descent` is handed a gradient and moves the weights, block by block. A `Search` asks for cost
and gradient as often as it likes before it has made one step.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from nnstudio.components import Component

Array = NDArray[Any]

BLOCK = 32_768
"""Elements that are updated together: an optimizer's few arrays of this length stay in the processor's cache."""

ANSWER = "answer"
"""The slot of an optimizer that predicts with other weights than those it moves."""


class Optimizer(Component):
    """The base of what moves the weights.

    Attributes
    ----------
    slots : tuple of str
        Names of the arrays, as long as the weights, that it remembers between steps.
    full_batch_only : bool
        Whether a step must see all rows.
    """

    family = "optimizers"
    slots: ClassVar[tuple[str, ...]] = ()
    full_batch_only: ClassVar[bool] = False

    @property
    def rate(self) -> float | None:
        """The learning rate of those who have one."""
        return getattr(self, "learning_rate", None)

    def memory(self, size: int, dtype: np.dtype[Any]) -> dict[str, Array]:
        """Return fresh memory for so many weights, by name.

        Parameters
        ----------
        size : int
        dtype : dtype
            Of the weights.
        """
        return {name: np.zeros(size, dtype) for name in self.slots}


class Update(ABC):
    """A descent bound to weights, gradients and its own memory."""

    @abstractmethod
    def update(self, count: int, rate: float) -> None:
        """Move the weights.

        Parameters
        ----------
        count : int
            Which update of this stretch it is, counted from 1.
        rate : float
            The learning rate of this update.
        """


class Descent(Optimizer):
    """The base of optimizers that follow the gradient step by step."""

    learning_rate: float = Field(
        0.01, gt=0, le=100, title="Learning rate", description="How far each update moves the weights."
    )

    def bind(self, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> Update:
        """Return the update over these flat vectors.

        Parameters
        ----------
        weights, gradients : Array of shape (weights,)
            The flat vectors.
        memory : mapping of str to Array
            What `memory` gave, fresh or as it was left.
        """
        raise NotImplementedError


class Objective(ABC):
    """What a search lowers: the cost of one batch as a function of the weights.

    Attributes
    ----------
    weights : Array of shape (weights,)
        Where the search stands; it writes here.
    gradients : Array of shape (weights,)
        What `evaluate` left.
    """

    weights: Array
    gradients: Array

    @abstractmethod
    def evaluate(self) -> float:
        """Return the cost at `weights`, and leave its gradient in `gradients`."""

    @abstractmethod
    def residuals(self) -> tuple[Array, Array]:
        """Return what the cost is the sum of squares of, and how it changes with each weight.

        Returns
        -------
        residuals : Array of shape (numbers,)
        jacobian : Array of shape (numbers, weights)
        """

    @abstractmethod
    def interrupt(self) -> None:
        """Give the step up where that is wanted; to be called between two parts of long work."""


class Search(Optimizer):
    """The base of optimizers that try several weights before they make a step.

    Attributes
    ----------
    squares_only : bool
        Whether it needs a cost that is a sum of squares, of rows that go through one by one.
    """

    squares_only: ClassVar[bool] = False

    def step(self, objective: Objective, memory: Mapping[str, Array], count: int, rate: float) -> float:
        """Move the weights, and return the cost before.

        Parameters
        ----------
        objective : Objective
        memory : mapping of str to Array
            What `memory` gave, fresh or as it was left; changed in place.
        count : int
            Which step of this stretch it is, counted from 1.
        rate : float
            The learning rate of this step; 1 for those who have none.
        """
        raise NotImplementedError

    def evaluations(self, size: int) -> float | None:
        """Return how many evaluations of the cost the whole search takes, or None where that cannot be said.

        As a power of ten, because there may be more than a number can hold.
        """
        del size
        return None

    def is_done(self, memory: Mapping[str, Array]) -> bool:
        """Return whether there is nothing left to try."""
        del memory
        return False


def blocks(*vectors: Array) -> Iterator[tuple[Array, ...]]:
    """Cut vectors of one length into blocks that fit the cache, side by side."""
    for start in range(0, len(vectors[0]), BLOCK):
        yield tuple(vector[start : start + BLOCK] for vector in vectors)


def room(vector: Array) -> Array:
    """Return room for one block of this vector."""
    return np.empty(min(BLOCK, len(vector)), vector.dtype)
