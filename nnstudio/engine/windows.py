"""Windows that slide over pictures: where they lie, and how their content is gathered and given back.

Everything here sees pictures as channels, height, width, rows: with the rows last, neighbouring numbers in memory
belong to neighbouring rows, whatever the size of the window. Sequences are pictures of height one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import AfterValidator, BeforeValidator

from nnstudio.engine.layer import Array, Shape, ShapeError, shape_in_words

Padding = Literal["same", "valid"]


def _both(value: Any) -> Any:
    """Read one number as two that are equal."""
    return (value, value) if isinstance(value, int) and not isinstance(value, bool) else value


def _check_positive(size: tuple[int, int]) -> tuple[int, int]:
    if min(size) < 1:
        raise ValueError("Both numbers must be 1 or more.")
    return size


Size = Annotated[tuple[int, int], BeforeValidator(_both), AfterValidator(_check_positive)]
"""Height and width; one number stands for both."""


def as_pictures(values: Array) -> Array:
    """Return a view as channels, height, width, rows of an array that is seen with the rows first.

    Parameters
    ----------
    values : Array of shape (rows, height, width, channels) or (rows, length, channels)
    """
    return values.transpose(3, 1, 2, 0) if values.ndim == 4 else values.transpose(2, 1, 0)[:, None]


def need_picture(shape: Shape) -> Shape:
    """Return the shape of a row that is a picture.

    Raises
    ------
    ShapeError
        When it is not.
    """
    if len(shape) != 3:
        hint = "Set the input's shape to height, width and channels, or put a Reshape before it."
        raise ShapeError(f"expects pictures (height, width, channels) but gets {shape_in_words(shape)}.", hint)
    return shape


def need_sequence(shape: Shape) -> Shape:
    """Return the shape of a row that is a sequence.

    Raises
    ------
    ShapeError
        When it is not.
    """
    if len(shape) != 2:
        hint = "Set the input's shape to steps and features, or put a Reshape before it."
        raise ShapeError(f"expects sequences (steps, features) but gets {shape_in_words(shape)}.", hint)
    return shape


@dataclass(frozen=True)
class Windows:
    """Where windows lie over pictures of one size.

    Attributes
    ----------
    picture : (int, int)
        Height and width of what they slide over.
    kernel, stride, dilation : (int, int)
        Their size, the step between two, and the distance of their points.
    padding : str
        ``"valid"`` stays inside; ``"same"`` pads with zeros so that the output has ``ceil(size / stride)`` places, the
        smaller half in front, as TensorFlow does.
    """

    picture: tuple[int, int]
    kernel: tuple[int, int]
    stride: tuple[int, int]
    padding: Padding
    dilation: tuple[int, int] = (1, 1)

    @property
    def reach(self) -> tuple[int, int]:
        """How many points a window spans in height and width."""
        return tuple((k - 1) * d + 1 for k, d in zip(self.kernel, self.dilation, strict=True))  # type: ignore[return-value]  # two stay two

    @property
    def output(self) -> tuple[int, int]:
        """How many windows there are, down and across.

        Raises
        ------
        ShapeError
            When a window is larger than the picture.
        """
        places = []
        for size, reach, stride in zip(self.picture, self.reach, self.stride, strict=True):
            if self.padding == "same":
                places.append(-(-size // stride))
            elif reach > size:
                window, picture = shape_in_words(self.reach), shape_in_words(self.picture)
                raise ShapeError(
                    f"has windows of {window}, larger than the {picture} that come in.",
                    "Make the window smaller, or set its padding to 'same'.",
                )
            else:
                places.append((size - reach) // stride + 1)
        return places[0], places[1]

    @property
    def margins(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """How many points are added before and after, in height and in width."""
        if self.padding == "valid":
            return (0, 0), (0, 0)
        found = []
        for size, places, reach, stride in zip(self.picture, self.output, self.reach, self.stride, strict=True):
            total = max((places - 1) * stride + reach - size, 0)
            found.append((total // 2, total - total // 2))
        return found[0], found[1]

    def points(self) -> Iterator[tuple[int, int, slice, slice]]:
        """Yield each point of a window, and which rows and columns of the padded picture it meets."""
        down, across = self.output
        for i in range(self.kernel[0]):
            for j in range(self.kernel[1]):
                top, left = i * self.dilation[0], j * self.dilation[1]
                rows = slice(top, top + (down - 1) * self.stride[0] + 1, self.stride[0])
                columns = slice(left, left + (across - 1) * self.stride[1] + 1, self.stride[1])
                yield i, j, rows, columns


class Padded:
    """A picture with its margins: a copy where there are any, else the picture itself.

    Parameters
    ----------
    x : Array of shape (channels, height, width, rows)
    windows : Windows
    margin : float
        What stands in the margins.

    Attributes
    ----------
    whole : Array of shape (channels, padded height, padded width, rows)
    """

    def __init__(self, x: Array, windows: Windows, margin: float = 0.0) -> None:
        (top, bottom), (left, right) = windows.margins
        self._x = x
        self._inside: Array | None = None
        self.whole = x
        if top or bottom or left or right:
            channels, height, width, rows = x.shape
            shape = (channels, height + top + bottom, width + left + right, rows)
            self.whole = np.full(shape, margin, x.dtype)
            self._inside = self.whole[:, top : top + height, left : left + width]

    def take(self) -> None:
        """Copy the picture in."""
        if self._inside is not None:
            np.copyto(self._inside, self._x)

    def give(self) -> None:
        """Copy the picture back, without its margins; for gradients."""
        if self._inside is not None:
            np.copyto(self._x, self._inside)
