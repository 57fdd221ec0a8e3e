"""The operations of pooling layers: what is largest in each window, or the mean of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnstudio.engine.layer import Array, Operation, Site
from nnstudio.engine.operations.windows import Padded, Windows, as_pictures
from nnstudio.engine.room import Scratch


class MaxPooling(Operation):
    """``a = max over the window's points``; the gradient goes to one point that is largest.

    First the lines of a window are compared, column by column, and then the columns: long stretches of memory, and
    fewer numbers than point by point.

    Parameters
    ----------
    site : Site
        With pictures, or with sequences.
    windows : Windows
    """

    def __init__(self, site: Site, windows: Windows) -> None:
        self._padded = Padded(as_pictures(site.inputs[0]), windows, -np.inf)
        whole, a = self._padded.whole, as_pictures(site.output)
        # Line by line, as all pictures lie.
        between = np.zeros_like(whole[:, : a.shape[1]])
        lines = [(slice(None), lines) for lines in windows.along(0)]
        columns = [(slice(None), slice(None), columns) for columns in windows.along(1)]
        meet = [reach > stride for reach, stride in zip(windows.reach, windows.stride, strict=True)]
        self._stages = [
            _Largest(whole, between, lines, overlap=meet[0], training=site.training),
            _Largest(between, a, columns, overlap=meet[1], training=site.training),
        ]
        self._dx: Padded | None = None
        self._left_out: Array | None = None
        if site.output_gradient is not None and site.input_gradients[0] is not None:
            self._dx = Padded(as_pictures(site.input_gradients[0]), windows)
            if len({line for met in windows.along(0) for line in range(whole.shape[1])[met]}) < whole.shape[1]:
                self._left_out = self._dx.whole
            between_gradient = np.zeros_like(between)
            self._stages[0].prepare_back(self._dx.whole, between_gradient, site.scratch)
            self._stages[1].prepare_back(between_gradient, as_pictures(site.output_gradient), site.scratch)

    def forward(self) -> None:
        """Keep what is largest, and remember where it was."""
        self._padded.take()
        for stage in self._stages:
            stage.forward()

    def backward(self) -> None:
        """Hand the gradient to the winners."""
        if self._dx is not None:
            if self._left_out is not None:
                # Whoever adds up gradients where pictures are needed more than once wrote to all lines.
                self._left_out.fill(0)
            for stage in reversed(self._stages):
                stage.backward()
            self._dx.give()


class _Largest:
    """What is largest of the points that windows meet down or across, and which of them it was.

    The points are compared one after the other. Backward the last winner is settled first: it takes the gradient where
    it won, and leaves it to those before where it did not.

    Parameters
    ----------
    x, a : Array of shape (channels, height, width, rows)
        What is compared, and where the largest go.
    points : sequence of tuple of slice
        Where each point of a window meets `x`.
    overlap : bool
        Whether windows share points.
    training : bool
        Whether the winners are remembered.
    """

    def __init__(
        self, x: Array, a: Array, points: Sequence[tuple[slice, ...]], *, overlap: bool, training: bool
    ) -> None:
        self._points, self._overlap, self._a = points, overlap, a
        self._seen = [x[point] for point in points]
        self._wins = [np.zeros_like(a, bool) for _ in points[1:]] if training else []

    def prepare_back(self, dx: Array, da: Array, scratch: Scratch) -> None:
        """Prepare the way back to the gradient of what was compared; what no window meets of it is left as it is."""
        self._whole, self._da = dx, da
        self._dx = [dx[point] for point in self._points]
        self._part, self._rest = (scratch.like(shelf, da) for shelf in (0, 1))

    def forward(self) -> None:
        """Keep what is largest, and remember which points beat all before them."""
        largest = self._seen[0]
        for index, values in enumerate(self._seen[1:]):
            if self._wins:
                np.greater(values, largest, out=self._wins[index])
            np.maximum(largest, values, out=self._a)
            largest = self._a
        if largest is not self._a:
            np.copyto(self._a, largest)

    def backward(self) -> None:
        """Hand the gradient to the winners."""
        if self._overlap:
            self._add_back()
        else:
            self._hand_back()

    def _hand_back(self) -> None:
        """Write to each point what it won: nobody else does."""
        rest, (first, *others) = self._da, self._dx
        for left, dx, wins in zip(range(len(others))[::-1], others[::-1], self._wins[::-1], strict=True):
            np.multiply(rest, wins, out=dx)
            rest = np.subtract(rest, dx, out=self._rest if left else first)
        if not others:
            np.copyto(first, rest)

    def _add_back(self) -> None:
        """Add to each point what it won in one of its windows."""
        self._whole.fill(0)
        rest, (first, *others) = self._da, self._dx
        for dx, wins in zip(others[::-1], self._wins[::-1], strict=True):
            np.multiply(rest, wins, out=self._part)
            np.add(dx, self._part, out=dx)
            rest = np.subtract(rest, self._part, out=self._rest)
        np.add(first, rest, out=first)


class AveragePooling(Operation):
    """``a = mean over the window's points`` inside the picture; each of them gets its share of the gradient.

    Parameters
    ----------
    site : Site
        With pictures, or with sequences.
    windows : Windows
    """

    def __init__(self, site: Site, windows: Windows) -> None:
        x = as_pictures(site.inputs[0])
        self._padded = Padded(x, windows)
        self._a = as_pictures(site.output)
        self._seen = [self._padded.whole[:, ys, xs] for _, _, ys, xs in windows.points()]
        # Margins do not count: how many points of each window lie inside.
        inside = Padded(np.ones((1, *x.shape[1:3], 1), site.dtype), windows)
        inside.take()
        self._share = np.zeros((1, *self._a.shape[1:3], 1), site.dtype)
        for _, _, ys, xs in windows.points():
            self._share += inside.whole[:, ys, xs]
        np.reciprocal(self._share, out=self._share)
        self._backward = []
        self._dx = None
        if site.output_gradient is not None and site.input_gradients[0] is not None:
            self._da = as_pictures(site.output_gradient)
            self._dx = Padded(as_pictures(site.input_gradients[0]), windows)
            self._part = site.scratch.like(0, self._a)
            self._backward = [self._dx.whole[:, ys, xs] for _, _, ys, xs in windows.points()]

    def forward(self) -> None:
        """Sum and divide."""
        self._padded.take()
        np.copyto(self._a, self._seen[0])
        for values in self._seen[1:]:
            np.add(self._a, values, out=self._a)
        np.multiply(self._a, self._share, out=self._a)

    def backward(self) -> None:
        """Give each point its share."""
        if self._dx is None:
            return
        self._dx.whole.fill(0)
        np.multiply(self._da, self._share, out=self._part)
        for values in self._backward:
            np.add(values, self._part, out=values)
        self._dx.give()


class GlobalAveragePooling(Operation):
    """``a = mean over all places of each channel``; each place gets its share of the gradient.

    Parameters
    ----------
    site : Site
        With pictures, or with sequences; its output is flat.
    """

    def __init__(self, site: Site) -> None:
        self._x, self._a = site.inputs[0], site.output
        self._axes = tuple(range(1, self._x.ndim - 1))
        self._share = 1 / int(np.prod(self._x.shape[1:-1]))
        self._dx = site.input_gradients[0]
        self._da, self._given = site.output_gradient, None
        if self._da is not None:
            rows, channels = self._da.shape
            self._part = site.scratch.array(0, self._da.shape)
            self._given = self._part.reshape(rows, *(1 for _ in self._axes), channels)

    def forward(self) -> None:
        """Sum and divide."""
        np.add.reduce(self._x, axis=self._axes, out=self._a)
        np.multiply(self._a, self._share, out=self._a)

    def backward(self) -> None:
        """Give each place its share."""
        if self._dx is not None and self._da is not None and self._given is not None:
            np.multiply(self._da, self._share, out=self._part)
            np.copyto(self._dx, self._given)
