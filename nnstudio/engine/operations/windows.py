"""Windows that slide over pictures: where they lie, and what they see.

Everything here sees pictures as channels, height, width, rows. In memory they lie line by line, and in each line
channel by channel: with the rows last, neighbouring numbers belong to neighbouring rows, whatever the size of the
window, and what a line of windows sees lies together. Sequences are pictures of width one.
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
    return values.transpose(3, 1, 2, 0) if values.ndim == 4 else values.transpose(2, 1, 0)[:, :, None]


def as_lines(values: Array) -> Array:
    """Return a view as lines, channels, width * rows of an array that is seen with the rows first.

    Parameters
    ----------
    values : Array of shape (rows, height, width, channels) or (rows, length, channels)
        As layers with pictures lay it out, the rows last.
    """
    lines = as_pictures(values).transpose(1, 0, 2, 3)
    found = lines.reshape(*lines.shape[:2], -1)
    assert np.shares_memory(found, values)
    return found


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

    def along(self, side: Literal[0, 1]) -> list[slice]:
        """Return for each point of a window, down (0) or across (1), what it meets of the padded picture."""
        stride, last = self.stride[side], (self.output[side] - 1) * self.stride[side]
        starts = [point * self.dilation[side] for point in range(self.kernel[side])]
        return [slice(start, start + last + 1, stride) for start in starts]

    def points(self) -> Iterator[tuple[int, int, slice, slice]]:
        """Yield each point of a window, and which lines and columns of the padded picture it meets."""
        for i, lines in enumerate(self.along(0)):
            for j, columns in enumerate(self.along(1)):
                yield i, j, lines, columns


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
            lines_first = (shape[1], shape[0], *shape[2:])
            self.whole = np.full(lines_first, margin, x.dtype).transpose(1, 0, 2, 3)
            self._inside = self.whole[:, top : top + height, left : left + width]

    def take(self) -> None:
        """Copy the picture in."""
        if self._inside is not None:
            np.copyto(self._inside, self._x)

    def give(self) -> None:
        """Copy the picture back, without its margins; for gradients."""
        if self._inside is not None:
            np.copyto(self._x, self._inside)
