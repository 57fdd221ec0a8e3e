"""Memory to compute in, whose content nobody needs afterwards."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Room(NamedTuple):
    """Room for what one function computes on its way.

    Attributes
    ----------
    first, second : Array of shape (rows, ..., units)
    column : Array of shape (rows, ..., 1)
        One number for each row of units.
    """

    first: Array
    second: Array
    column: Array

    @classmethod
    def like(cls, values: Array) -> Room:
        """Return new room beside an array."""
        column = np.empty((*values.shape[:-1], 1), values.dtype)
        return cls(np.empty_like(values), np.empty_like(values), column)


class Scratch:
    """Rooms that all operations of a sweep share, because they run one after the other.

    That saves memory, and what was used a moment ago is still in the processor's cache.

    Parameters
    ----------
    dtype : dtype
    """

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._shelves: dict[int, Array] = {}

    def array(self, shelf: int, shape: tuple[int, ...]) -> Array:
        """Return room of this shape; rooms of one shelf overlap, those of different shelves do not.

        Parameters
        ----------
        shelf : int
            An operation that needs several rooms at a time takes them from different shelves.
        shape : tuple of int
        """
        size = math.prod(shape)
        held = self._shelves.get(shelf)
        if held is None or held.size < size:
            # Who got the smaller one before keeps it.
            held = self._shelves[shelf] = np.empty(size, self._dtype)
        return held[:size].reshape(shape)

    def like(self, shelf: int, values: Array) -> Array:
        """Return room of the shape of an array, its axes in the same order of memory."""
        order = _axes_in_memory_order(values)
        flat = self.array(shelf, tuple(values.shape[axis] for axis in order))
        return flat.transpose(np.argsort(order))

    def room(self, shelf: int, values: Array) -> Room:
        """Return room beside an array, on this shelf and the two after it."""
        column = self.array(shelf + 2, (*values.shape[:-1], 1))
        return Room(self.like(shelf, values), self.like(shelf + 1, values), column)


def in_memory_order(values: Array) -> Array:
    """Return an array with its axes as they lie in memory, so that an array without gaps is C-contiguous."""
    return values.transpose(_axes_in_memory_order(values))


def _axes_in_memory_order(values: Array) -> list[int]:
    return sorted(range(values.ndim), key=lambda axis: -values.strides[axis])
