"""The operation of convolutions: for each line of windows one product of the kernel with what they see."""

from __future__ import annotations

import numpy as np

from nnstudio.engine.activation import Activation
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.layer import Array, Operation, Site
from nnstudio.engine.operations.unrolled import Unrolled, sides
from nnstudio.engine.operations.windows import Windows, as_lines, as_pictures

_SMALL_PRODUCT = 1_000_000
"""Up to so many multiplications OpenBLAS takes matrices as they lie, which is twice as quick with few filters."""

_MOST_PIECES = 4
"""Lines that would need more pieces to be small are multiplied whole."""

_SUM_BYTES = 400_000
"""Gradients of the kernel by single lines are summed in portions of this size, which the processor's cache holds."""


class Convolution(Operation):
    """``z[f] = sum over the window's points and channels of x K + b``, ``a = activation(z)``.

    What the windows of a line see is a matrix, and the kernel is multiplied with it. Backward the kernel's gradient is
    the sum over the lines of that matrix times the gradient of the sums, and the gradient of the pictures is a
    convolution of the gradient of the sums with the turned kernel.

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
        self._activation: Activation = Linear() if site.fused else activation
        self._x = Unrolled(as_pictures(site.inputs[0]), *sides(windows), with_one=use_bias)
        self._weights = _SpreadWeights(site.weights, windows, filters, use_bias=use_bias)
        a = as_lines(site.output)
        z = np.empty_like(a) if self._activation.remembers_sums else a
        count = _piece_count(self._x.lines, filters)
        self._x_pieces, self._z_pieces = _in_pieces(self._x.lines, count), _in_pieces(z, count)
        self._z_seen, self._a_seen = self._seen(z), self._seen(a)
        self._room = site.scratch.room(0, self._z_seen)
        self._dx: _PictureGradient | None = None
        if site.output_gradient is None:
            return
        da = as_lines(site.output_gradient)
        dz = da if isinstance(self._activation, Linear) else site.scratch.array(3, da.shape)
        self._da_seen, self._dz_seen = self._seen(da), self._seen(dz)
        self._dz_pieces = _in_pieces(dz, count).swapaxes(-1, -2)
        self._gradients = _SpreadWeights(site.gradients, windows, filters, use_bias=use_bias)
        matrix = self._gradients.matrix
        self._portion = max(1, _SUM_BYTES // (count * matrix.nbytes))
        self._parts = site.scratch.array(0, (min(self._portion, len(dz)), count, *matrix.shape))
        self._sum = site.scratch.array(1, matrix.shape)
        if site.input_gradients[0] is not None:
            self._dx = _PictureGradient(site, windows, self._weights.kernel, dz)

    def forward(self) -> None:
        """Unroll, multiply, activate."""
        self._x.take()
        self._weights.take()
        np.matmul(self._weights.matrix.T, self._x_pieces, out=self._z_pieces)
        self._activation.forward(self._z_seen, self._a_seen, self._room)

    def backward(self) -> None:
        """Multiply back, and convolve back."""
        if not isinstance(self._activation, Linear):
            self._activation.backward(self._z_seen, self._a_seen, self._da_seen, self._dz_seen, self._room)
        self._sum_up(self._gradients.matrix)
        self._gradients.give()
        if self._dx is not None:
            self._dx.compute()

    def _sum_up(self, gradient: Array) -> None:
        """Add up what each piece of each line says of the kernel."""
        lines = len(self._x_pieces)
        for start in range(0, lines, self._portion):
            chosen = slice(start, start + self._portion)
            parts = self._parts[: min(self._portion, lines - start)]
            np.matmul(self._x_pieces[chosen], self._dz_pieces[chosen], out=parts)
            np.add.reduce(parts, axis=(0, 1), out=self._sum if start else gradient)
            if start:
                np.add(gradient, self._sum, out=gradient)

    def _seen(self, lines: Array) -> Array:
        """Return lines as activations see them: with the units last, where it matters which belong together."""
        if self._activation.elementwise:
            return lines.reshape(-1, lines.shape[-1])
        return lines.transpose(0, 2, 1)


class _SpreadWeights:
    """Kernel and bias as unrolled lines want them: each line of a window has a one, and the first one meets the bias.

    Parameters
    ----------
    flat : Array of shape (weights,)
        Kernel and then bias.
    windows : Windows
    filters : int
    use_bias : bool

    Attributes
    ----------
    kernel : Array of shape (height, width, channels, filters)
        A view of the kernel itself.
    matrix : Array of shape (height * (width * channels + one), filters)
    """

    def __init__(self, flat: Array, windows: Windows, filters: int, *, use_bias: bool) -> None:
        height, width = windows.kernel
        size = len(flat) - filters if use_bias else len(flat)
        depth = size // (height * filters)
        spread = np.zeros((height, depth + use_bias, filters), flat.dtype)
        self.kernel = flat[:size].reshape(height, width, -1, filters)
        self.matrix = spread.reshape(-1, filters)
        self._places = [(flat[:size].reshape(height, depth, filters), spread[:, :depth])]
        if use_bias:
            self._places.append((flat[size:], spread[0, depth]))

    def take(self) -> None:
        """Copy kernel and bias in."""
        for own, place in self._places:
            np.copyto(place, own)

    def give(self) -> None:
        """Copy them back; for gradients."""
        for own, place in self._places:
            np.copyto(own, place)


class _PictureGradient:
    """The gradient of the pictures: a convolution of the sums' gradient with the kernel turned round.

    Parameters
    ----------
    site : Site
    windows : Windows
    kernel : Array of shape (height, width, channels, filters)
    dz : Array of shape (lines, filters, places across * rows)
    """

    def __init__(self, site: Site, windows: Windows, kernel: Array, dz: Array) -> None:
        given = site.input_gradients[0]
        assert given is not None
        down, across = (side.turned() for side in sides(windows))
        pictures = dz.reshape(len(dz), dz.shape[1], -1, site.rows).transpose(1, 0, 2, 3)
        self._dz = Unrolled(pictures, down, across, with_one=False)
        self._turned_kernel = kernel[::-1, ::-1].transpose(2, 0, 1, 3)
        self._turned = np.empty(self._turned_kernel.shape, site.dtype)
        self._matrix = self._turned.reshape(len(self._turned), -1)
        # Who brings pictures row by row wants the gradient row by row.
        self._given = as_pictures(given).transpose(1, 0, 2, 3)
        self._dx = self._given if self._given.flags.c_contiguous else site.scratch.array(0, self._given.shape)
        dx_lines = self._dx.reshape(*self._dx.shape[:2], -1)
        count = _piece_count(self._dz.lines, len(self._turned))
        self._dz_pieces, self._dx_pieces = _in_pieces(self._dz.lines, count), _in_pieces(dx_lines, count)

    def compute(self) -> None:
        """Unroll, turn, multiply."""
        self._dz.take()
        np.copyto(self._turned, self._turned_kernel)
        np.matmul(self._matrix, self._dz_pieces, out=self._dx_pieces)
        if self._dx is not self._given:
            np.copyto(self._given, self._dx)


def _piece_count(lines: Array, filters: int) -> int:
    """Return in how many pieces each line is multiplied with a kernel of so many filters."""
    _, points, length = lines.shape
    for count in range(1, _MOST_PIECES + 1):
        if length % count == 0 and points * filters * length <= count * _SMALL_PRODUCT:
            return count
    return 1


def _in_pieces(lines: Array, count: int) -> Array:
    """Return a view of lines, cut into pieces of equal length: lines, pieces, points, length of a piece."""
    down, points, length = lines.shape
    return lines.reshape(down, points, count, length // count).transpose(0, 2, 1, 3)
