"""Larger pictures by repetition."""

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from nnstudio.engine.layer import Layer, Operation, Shape, Site
from nnstudio.engine.operations.windows import Size, as_pictures, need_picture


class Upsampling2d(Layer):
    """Makes pictures larger by repeating each point; the way back in an autoencoder.

    ``a[i, j] = x[i // down, j // across]``; (height, width, channels) becomes (down * height, across * width,
    channels).

    Backward each point gets the sum over its copies.

    References
    ----------
    A. Odena, V. Dumoulin, C. Olah, "Deconvolution and checkerboard artifacts", 2016.
    """

    key = "upsampling2d"
    title = "Upsampling 2-D"
    portrait = "outputs"
    group = "Convolution"
    layout = "rows_last"

    size: Size = Field((2, 2), title="Factor", description="How often each point is repeated down and across.")

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return height, width and channels.

        Raises
        ------
        ShapeError
            When the input is not a picture.
        """
        height, width, channels = need_picture(inputs[0])
        return height * self.size[0], width * self.size[1], channels

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _UpsamplingOperation(self, site)

    def note(self) -> str:
        """Return the factor."""
        return f"Upsampling {self.size[0]}×{self.size[1]}"


class _UpsamplingOperation(Operation):
    def __init__(self, layer: Upsampling2d, site: Site) -> None:
        down, across = layer.size
        steps = [(slice(i, None, down), slice(j, None, across)) for i in range(down) for j in range(across)]
        self._x, a = as_pictures(site.inputs[0]), as_pictures(site.output)
        self._copies = [a[:, ys, xs] for ys, xs in steps]
        self._gradients = []
        if site.output_gradient is not None and site.input_gradients[0] is not None:
            da = as_pictures(site.output_gradient)
            self._dx = as_pictures(site.input_gradients[0])
            self._gradients = [da[:, ys, xs] for ys, xs in steps]

    def forward(self) -> None:
        for copy in self._copies:
            np.copyto(copy, self._x)

    def backward(self) -> None:
        if self._gradients:
            np.copyto(self._dx, self._gradients[0])
            for gradient in self._gradients[1:]:
                np.add(self._dx, gradient, out=self._dx)
