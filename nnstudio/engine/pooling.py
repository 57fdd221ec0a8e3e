"""The operations of pooling layers: what is largest in each window, or the mean of it."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.layer import Operation, Site
from nnstudio.engine.windows import Padded, Windows, as_pictures


class MaxPooling(Operation):
    """``a = max over the window's points``; the gradient goes to the first point that is largest.

    The points are compared one after the other. Backward the last winner is settled first: it takes the gradient where
    it won, and leaves it to those before where it did not.

    Parameters
    ----------
    site : Site
        With pictures, or with sequences.
    windows : Windows
    """

    def __init__(self, site: Site, windows: Windows) -> None:
        padded = Padded(as_pictures(site.inputs[0]), windows, -np.inf)
        self._padded = padded
        self._a = as_pictures(site.output)
        self._seen = [padded.whole[:, ys, xs] for _, _, ys, xs in windows.points()]
        self._training = site.training
        self._wins = [np.zeros(self._a.shape, bool) for _ in self._seen[1:]] if site.training else []
        self._backward = []
        self._dx = None
        if site.output_gradient is not None and site.input_gradients[0] is not None:
            self._da = as_pictures(site.output_gradient)
            self._dx = Padded(as_pictures(site.input_gradients[0]), windows)
            self._part, self._rest = (site.scratch.like(shelf, self._a) for shelf in (0, 1))
            self._backward = [self._dx.whole[:, ys, xs] for _, _, ys, xs in windows.points()]

    def forward(self) -> None:
        """Keep what is largest, and remember which points beat all before them."""
        self._padded.take()
        np.copyto(self._a, self._seen[0])
        for index, values in enumerate(self._seen[1:]):
            if self._training:
                np.greater(values, self._a, out=self._wins[index])
            np.maximum(self._a, values, out=self._a)

    def backward(self) -> None:
        """Hand the gradient to the winners."""
        if self._dx is None:
            return
        self._dx.whole.fill(0)
        np.copyto(self._rest, self._da)
        for index in range(len(self._backward) - 1, 0, -1):
            np.multiply(self._rest, self._wins[index - 1], out=self._part)
            np.subtract(self._rest, self._part, out=self._rest)
            np.add(self._backward[index], self._part, out=self._backward[index])
        np.add(self._backward[0], self._rest, out=self._backward[0])
        self._dx.give()


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
        self._da = None
        if site.output_gradient is not None:
            rows, channels = site.output_gradient.shape
            self._da = site.output_gradient.reshape(rows, *(1 for _ in self._axes), channels)

    def forward(self) -> None:
        """Sum and divide."""
        np.add.reduce(self._x, axis=self._axes, out=self._a)
        np.multiply(self._a, self._share, out=self._a)

    def backward(self) -> None:
        """Give each place its share."""
        if self._dx is not None and self._da is not None:
            np.multiply(self._da, self._share, out=self._dx)
