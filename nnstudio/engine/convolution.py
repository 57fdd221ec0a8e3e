"""The operation of convolutions: one product of the kernel with the gathered content of all windows."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.activation import Activation
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.layer import Array, Operation, Site
from nnstudio.engine.room import Scratch
from nnstudio.engine.windows import Padded, Windows, as_pictures

_SLAB_BYTES = 400_000
"""Windows are gathered in slabs of this size, which the processor's cache holds."""


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
        z_flat = self._z.reshape(filters, -1)
        # Activations see units on the last axis.
        self._z_seen, self._a_seen = np.moveaxis(self._z, 0, -1), np.moveaxis(self._a, 0, -1)
        self._room = site.scratch.room(0, self._z_seen)
        bytes_a_line = (points + use_bias) * across * rows * site.dtype.itemsize
        lines = max(1, min(down, _SLAB_BYTES // bytes_a_line))
        starts = range(0, down, lines)
        self._slabs = [
            _Slab(self._padded.whole, windows, start, min(start + lines, down), z_flat, use_bias=use_bias)
            for start in starts
        ]
        if site.output_gradient is None:
            return
        self._da = as_pictures(site.output_gradient)
        self._da_seen = np.moveaxis(self._da, 0, -1)
        keeps = isinstance(self._activation, Linear) and self._da.flags.c_contiguous
        self._dz = self._da if keeps else site.scratch.array(3, shape)
        self._dz_seen = np.moveaxis(self._dz, 0, -1)
        dz_flat = self._dz.reshape(filters, -1)
        self._slab_gradient = np.empty(matrix_shape, site.dtype)
        self._dx = None
        whole = None
        if site.input_gradients[0] is not None:
            self._dx = Padded(as_pictures(site.input_gradients[0]), windows)
            whole = self._dx.whole
        for slab in self._slabs:
            slab.prepare_back(dz_flat, whole, windows, site.scratch)

    def forward(self) -> None:
        """Gather, multiply, activate."""
        self._padded.take()
        for slab in self._slabs:
            for part, seen in slab.gather:
                np.copyto(part, seen)
            np.matmul(self._matrix_transposed, slab.contents, out=slab.z)
        self._activation.forward(self._z_seen, self._a_seen, self._room)

    def backward(self) -> None:
        """Multiply back and add up where windows overlap."""
        if self._dz is not self._da:
            self._activation.backward(self._z_seen, self._a_seen, self._da_seen, self._dz_seen, self._room)
        if self._dx is not None:
            self._dx.whole.fill(0)
        self._matrix_gradient.fill(0)
        for slab in self._slabs:
            np.matmul(slab.contents, slab.dz_transposed, out=self._slab_gradient)
            np.add(self._matrix_gradient, self._slab_gradient, out=self._matrix_gradient)
            if self._dx is not None:
                np.matmul(self._kernel, slab.dz, out=slab.content_gradients)
                for part, seen in slab.scatter:
                    np.add(seen, part, out=seen)
        if self._dx is not None:
            self._dx.give()


class _Slab:
    """A few lines of windows: what they see is gathered, multiplied and given back while it is in the cache."""

    def __init__(self, whole: Array, windows: Windows, start: int, stop: int, z: Array, *, use_bias: bool) -> None:
        channels, rows = whole.shape[0], whole.shape[3]
        self._lines, self._across = stop - start, windows.output[1]
        self._place = slice(start * self._across * rows, stop * self._across * rows)
        self._start, self._rows, self._channels = start, rows, channels
        self._points = windows.kernel[0] * windows.kernel[1] * channels
        self.contents = np.ones((self._points + use_bias, self._lines * self._across * rows), z.dtype)
        self.gather = self._parts(self.contents[: self._points], whole, windows)
        self.z = z[:, self._place]

    def prepare_back(self, dz: Array, whole_gradient: Array | None, windows: Windows, scratch: Scratch) -> None:
        """Prepare the way back over the gradient of the sums, and that of the padded pictures where it is wanted."""
        self.dz = dz[:, self._place]
        self.dz_transposed = self.dz.T
        if whole_gradient is not None:
            self.content_gradients = scratch.array(0, (self._points, self.contents.shape[1]))
            self.scatter = self._parts(self.content_gradients, whole_gradient, windows)

    def _parts(self, contents: Array, whole: Array, windows: Windows) -> list[tuple[Array, Array]]:
        """Return for each point of a window its part of the contents, and what it sees of the pictures."""
        height, width = windows.kernel
        shaped = contents.reshape(height, width, self._channels, self._lines, self._across, self._rows)
        found = []
        for i, j, ys, xs in windows.points():
            first = ys.start + self._start * ys.step
            lines = slice(first, first + (self._lines - 1) * ys.step + 1, ys.step)
            found.append((shaped[i, j], whole[:, lines, xs]))
        return found
