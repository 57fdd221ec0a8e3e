"""Pictures unrolled for convolutions: what all windows of a line see is one matrix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.lib.stride_tricks import as_strided

from nnstudio.engine.layer import Array
from nnstudio.engine.operations.windows import Windows


@dataclass(frozen=True)
class Side:
    """How windows lie along the height or the width of pictures.

    Attributes
    ----------
    size : int
        Points of the picture.
    places : int
        Windows.
    kernel, stride, gap : int
        Points of a window, the step between two windows, the distance of two points.
    margin : int
        Points in front of the picture.
    spread : int
        The distance at which the picture's own points lie.
    """

    size: int
    places: int
    kernel: int
    stride: int
    gap: int
    margin: int
    spread: int = 1

    def turned(self) -> Side:
        """Return how gradients flow back: for each point of the picture, which windows saw it."""
        margin = (self.kernel - 1) * self.gap - self.margin
        return Side(self.places, self.size, self.kernel, 1, self.gap, margin, spread=self.stride)

    def meeting(self, point: int) -> tuple[slice, slice]:
        """Return the windows of which this point meets the picture, and what it meets, as slices of equal length."""
        met = [(window, window * self.stride + point * self.gap - self.margin) for window in range(self.places)]
        hits = [(window, at // self.spread) for window, at in met if at % self.spread == 0]
        hits = [(window, at) for window, at in hits if 0 <= at < self.size]
        return _progression([window for window, _ in hits]), _progression([at for _, at in hits])


def _progression(numbers: Sequence[int]) -> slice:
    """Return numbers that stand at equal distances as a slice."""
    if not numbers:
        return slice(0, 0)
    return slice(numbers[0], numbers[-1] + 1, numbers[1] - numbers[0] if len(numbers) > 1 else 1)


def sides(windows: Windows) -> tuple[Side, Side]:
    """Return how windows lie down and across."""
    down, across = (
        Side(size, places, kernel, stride, gap, margin)
        for size, places, kernel, stride, gap, (margin, _) in zip(
            *(windows.picture, windows.output, windows.kernel, windows.stride, windows.dilation, windows.margins),
            strict=True,
        )
    )
    return down, across


class Unrolled:
    """What windows see of pictures, unrolled across and not down.

    A line of the buffer holds, for each column of a window and each channel, what that column meets while the window
    moves across, and below them a row of ones for the bias. The lines that a window spans follow each other in memory,
    so for each line of windows they are one matrix, and neighbouring lines of windows share them: a picture is copied
    once for each column of the kernel, not once for each of its points.

    Parameters
    ----------
    x : Array of shape (channels, height, width, rows)
        What is looked at, each time `take` is called.
    down, across : Side
    with_one : bool
        Whether there are rows of ones.

    Attributes
    ----------
    lines : Array of shape (places down, height * (width * channels + one), places across * rows)
        What the windows of each line see, by line, column and channel of the window. They overlap in memory and are
        not to be written to.
    """

    def __init__(self, x: Array, down: Side, across: Side, *, with_one: bool) -> None:
        channels, rows = x.shape[0], x.shape[3]
        depth = across.kernel * channels + with_one
        # Lines of a window that are no neighbours do not follow each other, so there each window has lines of its own.
        shared = down.gap == 1
        step = down.stride if shared else down.kernel
        line_count = (down.places - 1) * step + down.kernel
        # Margins are zero from the beginning, and nobody writes to them.
        buffer = np.zeros((line_count, depth, across.places, rows), x.dtype)
        if with_one:
            buffer[:, -1] = 1
        self._parts: list[tuple[Array, Array]] = []
        if shared:
            met = [(buffer, *replace(down, places=line_count, stride=1).meeting(0))]
        else:
            met = [(buffer[line :: down.kernel], *down.meeting(line)) for line in range(down.kernel)]
        for held, places_down, seen_down in met:
            for column in range(across.kernel):
                places, seen = across.meeting(column)
                part = held[places_down, column * channels : (column + 1) * channels, places]
                whole = x[:, seen_down, seen].transpose(1, 0, 2, 3)
                if part.size:
                    self._parts.append((part, whole))
        line, point = buffer.strides[:2]
        shape = (down.places, down.kernel * depth, across.places * rows)
        self.lines = as_strided(buffer, shape, (step * line, point, buffer.itemsize), writeable=False)

    def take(self) -> None:
        """Copy the pictures in."""
        for part, whole in self._parts:
            np.copyto(part, whole)
