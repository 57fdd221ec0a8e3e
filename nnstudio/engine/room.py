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
    mask : Array of shape (rows, ..., units), bool
    zeros : Array
        Zeros that spread over the shape of the others, only to be read: NumPy compares two arrays several times as
        quickly as an array and a number.
    """

    first: Array
    second: Array
    column: Array
    mask: Array
    zeros: Array

    @classmethod
    def like(cls, values: Array) -> Room:
        """Return new room beside an array."""
        column = np.empty((*values.shape[:-1], 1), values.dtype)
        mask = np.empty_like(values, bool)
        return cls(np.empty_like(values), np.empty_like(values), column, mask, _zeros_beside(values))


class Scratch:
    """Rooms that all operations of a sweep share, because they run one after the other.

    That saves memory, and what was used a moment ago is still in the processor's cache.

    Parameters
    ----------
    dtype : dtype
    """

    def __init__(self, dtype: np.dtype[Any]) -> None:
        self._dtype = dtype
        self._shelves: dict[tuple[int, np.dtype[Any]], Array] = {}

    def array(self, shelf: int, shape: tuple[int, ...], dtype: type[bool] | None = None) -> Array:
        """Return room of this shape; rooms of one shelf overlap, those of different shelves do not.

        Parameters
        ----------
        shelf : int
            An operation that needs several rooms at a time takes them from different shelves.
        shape : tuple of int
        dtype : type, optional
            Of other numbers than the sweep's; they have shelves of their own.
        """
        size, kind = math.prod(shape), np.dtype(dtype or self._dtype)
        held = self._shelves.get((shelf, kind))
        if held is None or held.size < size:
            # Who got the smaller one before keeps it.
            held = self._shelves[shelf, kind] = np.empty(size, kind)
        return held[:size].reshape(shape)

    def like(self, shelf: int, values: Array, dtype: type[bool] | None = None) -> Array:
        """Return room of the shape of an array, its axes in the same order of memory."""
        order = _axes_in_memory_order(values)
        flat = self.array(shelf, tuple(values.shape[axis] for axis in order), dtype)
        return flat.transpose(np.argsort(order))

    def room(self, shelf: int, values: Array) -> Room:
        """Return room beside an array, on this shelf and the two after it."""
        first, second, mask = self.like(shelf, values), self.like(shelf + 1, values), self.like(shelf, values, bool)
        column = self.array(shelf + 2, (*values.shape[:-1], 1))
        return Room(first, second, column, mask, _zeros_beside(values))


def in_memory_order(values: Array) -> Array:
    """Return an array with its axes as they lie in memory, so that an array without gaps is C-contiguous."""
    return values.transpose(_axes_in_memory_order(values))


def _zeros_beside(values: Array) -> Array:
    """Return zeros along the axis whose numbers lie side by side in memory."""
    if not values.ndim:
        return np.zeros((), values.dtype)
    closest = _axes_in_memory_order(values)[-1]
    return np.zeros([size if axis == closest else 1 for axis, size in enumerate(values.shape)], values.dtype)


def _axes_in_memory_order(values: Array) -> list[int]:
    return sorted(range(values.ndim), key=lambda axis: -values.strides[axis])
