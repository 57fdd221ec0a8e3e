"""The largest number of each window of a picture."""

from collections.abc import Sequence

from pydantic import Field

from nnstudio.engine.layer import Layer, Operation, Shape, Site
from nnstudio.engine.operations.pooling import MaxPooling
from nnstudio.engine.operations.windows import Padding, Size, Windows, need_picture


class MaxPooling2d(Layer):
    """Keeps the largest number of each window; what matters is that a pattern is there, not exactly where.

    ``a[i, j, c] = max over the window of x[i stride + k, j stride + l, c]``; backward ``da`` goes to one that is
    largest.

    References
    ----------
    K. Yamaguchi et al., "A neural network for speaker-independent isolated word recognition", 1990.
    """

    key = "max_pooling2d"
    title = "Max pooling 2-D"
    other_names = ("pool",)
    portrait = "outputs"
    group = "Convolution"
    layout = "rows_last"

    size: Size = Field((2, 2), title="Window", description="Height and width of a window; one number for both.")
    stride: Size | None = Field(
        None, title="Stride", description="How far the window moves each time; none is its own size."
    )
    padding: Padding = Field(
        "valid", title="Padding", description="'same' lets windows reach over the border; 'valid' stays inside."
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

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return MaxPooling(site, self._windows(site.inputs[0].shape[1:]))

    def note(self) -> str:
        """Return the window."""
        return f"{self.title} {self.size[0]}×{self.size[1]}"

    def _windows(self, shape: Shape) -> Windows:
        height, width = shape[:2]
        return Windows((height, width), self.size, self.stride or self.size, self.padding)
