"""The operation of convolutions: one product of the kernel with the gathered content of all windows."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.activation import Activation
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.layer import Operation, Site
from nnstudio.engine.windows import Padded, Windows, as_pictures


class Convolution(Operation):
    """``z[f] = sum over the window's points and channels of x K + b``, ``a = activation(z)``.

    The windows' contents are gathered into a matrix of (height * width * channels + 1, places * rows) whose last row is
    ones; kernel and bias lie one after the other and are the matrix it is multiplied with. Backward the gradients of
    the contents are added up where windows overlap.

    Parameters
    ----------
    site : Site
        With pictures, or with sequences.
    windows : Windows
    filters : int
    activation : Activation
    use_bias : bool

    References
    ----------
    K. Chellapilla, S. Puri, P. Simard, "High performance convolutional neural networks for document processing", 2006.
    """

    def __init__(self, site: Site, windows: Windows, filters: int, activation: Activation, *, use_bias: bool) -> None:
        x = as_pictures(site.inputs[0])
        channels, rows = x.shape[0], x.shape[3]
        (height, width), (down, across) = windows.kernel, windows.output
        points = height * width * channels
        self._padded = Padded(x, windows)
        self._contents = np.ones((points + use_bias, down * across * rows), site.dtype)
        gathered = self._contents[:points].reshape(height, width, channels, down, across, rows)
        self._gather = [(gathered[i, j], self._padded.whole[:, ys, xs]) for i, j, ys, xs in windows.points()]
        matrix_shape = (points + use_bias, filters)
        self._matrix = site.weights.reshape(matrix_shape)
        self._matrix_gradient = site.gradients.reshape(matrix_shape)
        self._matrix_transposed = self._matrix.T
        self._kernel = self._matrix[:points]
        self._activation: Activation = Linear() if site.fused else activation
        # Shaped as the product comes out; the output lies in memory like this, except for sequences.
        self._a = as_pictures(site.output)
        shape = (filters, down, across, rows)
        in_place = self._a.flags.c_contiguous and not self._activation.remembers_sums
        self._z = self._a if in_place else np.empty(shape, site.dtype)
        self._z_flat = self._z.reshape(filters, -1)
        # Activations see units on the last axis.
        self._z_seen, self._a_seen = np.moveaxis(self._z, 0, -1), np.moveaxis(self._a, 0, -1)
        self._room = site.scratch.room(0, self._z_seen)
        if site.output_gradient is None:
            return
        self._da = as_pictures(site.output_gradient)
        self._da_seen = np.moveaxis(self._da, 0, -1)
        keeps = isinstance(self._activation, Linear) and self._da.flags.c_contiguous
        self._dz = self._da if keeps else site.scratch.array(3, shape)
        self._dz_seen = np.moveaxis(self._dz, 0, -1)
        self._dz_flat = self._dz.reshape(filters, -1)
        self._dx = None
        if site.input_gradients[0] is not None:
            self._dx = Padded(as_pictures(site.input_gradients[0]), windows)
            self._content_gradients = site.scratch.array(0, (points, down * across * rows))
            spread = self._content_gradients.reshape(height, width, channels, down, across, rows)
            self._scatter = [(spread[i, j], self._dx.whole[:, ys, xs]) for i, j, ys, xs in windows.points()]

    def forward(self) -> None:
        """Gather, multiply, activate."""
        self._padded.take()
        for part, seen in self._gather:
            np.copyto(part, seen)
        np.dot(self._matrix_transposed, self._contents, self._z_flat)
        self._activation.forward(self._z_seen, self._a_seen, self._room)

    def backward(self) -> None:
        """Multiply back and add up where windows overlap."""
        if self._dz is not self._da:
            self._activation.backward(self._z_seen, self._a_seen, self._da_seen, self._dz_seen, self._room)
        np.dot(self._contents, self._dz_flat.T, self._matrix_gradient)
        if self._dx is None:
            return
        np.dot(self._kernel, self._dz_flat, self._content_gradients)
        self._dx.whole.fill(0)
        for part, seen in self._scatter:
            np.add(seen, part, out=seen)
        self._dx.give()
