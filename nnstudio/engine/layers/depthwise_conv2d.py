"""Convolution of each channel by itself."""

import math
from collections.abc import Sequence

import numpy as np
from pydantic import Field, SerializeAsAny

from nnstudio.engine.activation import Activation
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.initializers import GlorotUniform, Initializer, Zeros
from nnstudio.engine.layer import Layer, Operation, Shape, Site, Weight
from nnstudio.engine.operations.windows import Padded, Padding, Size, Windows, as_pictures, need_picture


class DepthwiseConv2d(Layer):
    """Slides one small filter over each channel by itself; far fewer weights than a full convolution.

    ``z[c] = sum over points of x[c] K[c] + b[c]``, ``a = activation(z)``.

    References
    ----------
    L. Sifre, "Rigid-motion scattering for image classification", 2014, chapter 6.
    """

    key = "depthwise_conv2d"
    title = "Depthwise conv 2-D"
    portrait = "outputs"
    group = "Convolution"
    layout = "rows_last"

    kernel: Size = Field((3, 3), title="Window", description="Height and width of a window; one number for both.")
    stride: Size = Field((1, 1), title="Stride", description="How far the window moves each time.")
    padding: Padding = Field(
        "same", title="Padding", description="'same' keeps the size by adding zeros around; 'valid' stays inside."
    )
    dilation: Size = Field((1, 1), title="Dilation", description="The distance between two points of a window.")
    activation: SerializeAsAny[Activation] = Field(
        Linear(), title="Activation", description="What each filter applies to its weighted sums."
    )
    use_bias: bool = Field(True, title="Bias", description="Whether each filter adds a number of its own to its sums.")
    kernel_initializer: SerializeAsAny[Initializer] = Field(
        GlorotUniform(), title="Start weights", description="How the first weights are drawn."
    )
    bias_initializer: SerializeAsAny[Initializer] = Field(
        Zeros(), title="Start biases", description="How the first biases are drawn."
    )

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return height, width and channels.

        Raises
        ------
        ShapeError
            When the input is not a picture, or smaller than a window.
        """
        shape = need_picture(inputs[0])
        return (*self._windows(shape).output, shape[2])

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return the kernel of shape (kernel height, kernel width, channels, 1) and, where used, the bias."""
        channels = inputs[0][-1]
        kernel = Weight("kernel", (*self.kernel, channels, 1), self.kernel_initializer)
        return (kernel, Weight("bias", (channels,), self.bias_initializer)) if self.use_bias else (kernel,)

    def last_activation(self) -> Activation:
        """Return the filters' activation."""
        return self.activation

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _DepthwiseOperation(self, site, self._windows(site.inputs[0].shape[1:]))

    def note(self) -> str:
        """Return window and activation."""
        return f"Depthwise {self.kernel[0]}×{self.kernel[1]} · {self.activation.title}"

    def _windows(self, shape: Shape) -> Windows:
        return Windows((shape[0], shape[1]), self.kernel, self.stride, self.padding, self.dilation)


class _DepthwiseOperation(Operation):
    def __init__(self, layer: DepthwiseConv2d, site: Site, windows: Windows) -> None:
        self._padded = Padded(as_pictures(site.inputs[0]), windows)
        self._a = as_pictures(site.output)
        channels = self._a.shape[0]
        size = math.prod(windows.kernel) * channels
        # One number for each channel, beside pictures.
        kernel, kernel_gradient = (
            flat[:size].reshape(*windows.kernel, channels, 1, 1, 1) for flat in (site.weights, site.gradients)
        )
        self._bias, self._bias_gradient = (
            flat[size:].reshape(channels, 1, 1, 1) if layer.use_bias else None
            for flat in (site.weights, site.gradients)
        )
        seen = [(i, j, self._padded.whole[:, ys, xs]) for i, j, ys, xs in windows.points()]
        self._points = [(kernel[i, j], kernel_gradient[i, j], values) for i, j, values in seen]
        self._activation: Activation = Linear() if site.fused else layer.activation
        self._z = np.zeros_like(self._a)
        self._z_seen, self._a_seen = np.moveaxis(self._z, 0, -1), np.moveaxis(self._a, 0, -1)
        self._room = site.scratch.room(0, self._z_seen)
        self._part = site.scratch.like(3, self._z)
        self._dx = None
        if site.output_gradient is None:
            return
        self._da_seen = np.moveaxis(as_pictures(site.output_gradient), 0, -1)
        self._dz = site.scratch.like(4, self._z)
        self._dz_seen = np.moveaxis(self._dz, 0, -1)
        if site.input_gradients[0] is not None:
            self._dx = Padded(as_pictures(site.input_gradients[0]), windows)
            self._scatter = [(kernel[i, j], self._dx.whole[:, ys, xs]) for i, j, ys, xs in windows.points()]

    def forward(self) -> None:
        self._padded.take()
        kernel, _, values = self._points[0]
        np.multiply(values, kernel, out=self._z)
        for kernel, _, values in self._points[1:]:
            np.multiply(values, kernel, out=self._part)
            np.add(self._z, self._part, out=self._z)
        if self._bias is not None:
            np.add(self._z, self._bias, out=self._z)
        self._activation.forward(self._z_seen, self._a_seen, self._room)

    def backward(self) -> None:
        self._activation.backward(self._z_seen, self._a_seen, self._da_seen, self._dz_seen, self._room)
        if self._bias_gradient is not None:
            np.add.reduce(self._dz, axis=(1, 2, 3), out=self._bias_gradient, keepdims=True)
        for _, gradient, values in self._points:
            np.multiply(values, self._dz, out=self._part)
            np.add.reduce(self._part, axis=(1, 2, 3), out=gradient, keepdims=True)
        if self._dx is None:
            return
        self._dx.whole.fill(0)
        for kernel, place in self._scatter:
            np.multiply(self._dz, kernel, out=self._part)
            np.add(place, self._part, out=place)
        self._dx.give()
