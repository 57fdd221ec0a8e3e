"""A border of zeros."""

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from nnstudio.engine.layer import Layer, Operation, Shape, Site
from nnstudio.engine.operations.windows import Size, as_pictures, need_picture


class ZeroPadding2d(Layer):
    """Puts a border of zeros around pictures.

    ``a[i + top, j + left] = x[i, j]``, else 0; (height, width, channels) becomes (height + 2 top, width + 2 left,
    channels).

    Backward the border's gradient is dropped.

    References
    ----------
    V. Dumoulin, F. Visin, "A guide to convolution arithmetic for deep learning", 2016, section 2.
    """

    key = "zero_padding2d"
    title = "Zero padding 2-D"
    portrait = "outputs"
    group = "Convolution"
    layout = "rows_last"

    padding: Size = Field(
        (1, 1), title="Border", description="How many points are added above and below, left and right."
    )

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return height, width and channels.

        Raises
        ------
        ShapeError
            When the input is not a picture.
        """
        height, width, channels = need_picture(inputs[0])
        return height + 2 * self.padding[0], width + 2 * self.padding[1], channels

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _ZeroPaddingOperation(self, site)

    def note(self) -> str:
        """Return the border."""
        return f"Zero padding {self.padding[0]}×{self.padding[1]}"


class _ZeroPaddingOperation(Operation):
    def __init__(self, layer: ZeroPadding2d, site: Site) -> None:
        top, left = layer.padding
        self._x, self._dx, self._da = as_pictures(site.inputs[0]), None, None
        _, height, width, _ = self._x.shape
        inside = (slice(None), slice(top, top + height), slice(left, left + width))
        # The border was zero when the memory was new, and nobody writes to it.
        self._a = as_pictures(site.output)[inside]
        if site.output_gradient is not None and site.input_gradients[0] is not None:
            self._da = as_pictures(site.output_gradient)[inside]
            self._dx = as_pictures(site.input_gradients[0])

    def forward(self) -> None:
        np.copyto(self._a, self._x)

    def backward(self) -> None:
        if self._dx is not None and self._da is not None:
            np.copyto(self._dx, self._da)
