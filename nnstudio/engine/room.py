"""Memory to compute in, whose content nobody needs afterwards."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


class Room:
    """Room for what one function computes on its way; only what is asked for takes memory.

    Parameters
    ----------
    values : Array of shape (rows, ..., units)
        Beside which the room is.
    new : callable
        Returns room for one of the shelves 0 to 2, of a shape of the axes in memory order, and of a type.

    Attributes
    ----------
    zeros : Array
        Zeros that spread over the shape of the others, only to be read: NumPy compares two arrays several times as
        quickly as an array and a number.
    """

    def __init__(self, values: Array, new: Callable[[int, tuple[int, ...], type[bool] | None], Array]) -> None:
        self.zeros = _zeros_beside(values)
        self._shape, self._order, self._new = values.shape, _axes_in_memory_order(values), new

    @cached_property
    def first(self) -> Array:
        """Room of shape (rows, ..., units)."""
        return self._beside(0)

    @cached_property
    def second(self) -> Array:
        """More of it."""
        return self._beside(1)

    @cached_property
    def column(self) -> Array:
        """Room of shape (rows, ..., 1): one number for each row of units."""
        return self._new(2, (*self._shape[:-1], 1), None)

    @cached_property
    def mask(self) -> Array:
        """Room for truth values, of shape (rows, ..., units)."""
        return self._beside(0, bool)

    @classmethod
    def like(cls, values: Array) -> Room:
        """Return new room beside an array."""
        return cls(values, lambda _, shape, dtype: np.empty(shape, dtype or values.dtype))

    def _beside(self, shelf: int, dtype: type[bool] | None = None) -> Array:
        flat = self._new(shelf, tuple(self._shape[axis] for axis in self._order), dtype)
        return flat.transpose(np.argsort(self._order))


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
        return Room(values, lambda place, shape, dtype: self.array(shelf + place, shape, dtype))


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
