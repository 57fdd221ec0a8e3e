"""The largest number of each window of a sequence."""

from collections.abc import Sequence

from pydantic import Field

from nnstudio.engine.layer import Layer, Operation, Shape, Site
from nnstudio.engine.operations.pooling import MaxPooling
from nnstudio.engine.operations.windows import Padding, Windows, need_sequence


class MaxPooling1d(Layer):
    """Keeps the largest number of each stretch of steps; what matters is that a pattern is there, not exactly where.

    ``a[t, c] = max over the window of x[t stride + k, c]``; backward ``da`` goes to one point that is largest.

    References
    ----------
    K. Yamaguchi et al., "A neural network for speaker-independent isolated word recognition", 1990.
    """

    key = "max_pooling1d"
    title = "Max pooling 1-D"
    portrait = "outputs"
    group = "Convolution"
    layout = "rows_last"

    size: int = Field(2, ge=1, le=1000, title="Window", description="How many steps a window spans.")
    stride: int | None = Field(
        None, ge=1, le=1000, title="Stride", description="How far the window moves each time; none is its own size."
    )
    padding: Padding = Field(
        "valid", title="Padding", description="'same' lets windows reach over the border; 'valid' stays inside."
    )

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return steps and features.

        Raises
        ------
        ShapeError
            When the input is not a sequence, or smaller than a window.
        """
        shape = need_sequence(inputs[0])
        return (self._windows(shape).output[0], shape[1])

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return MaxPooling(site, self._windows(site.inputs[0].shape[1:]))

    def note(self) -> str:
        """Return the window."""
        return f"{self.title} {self.size}"

    def _windows(self, shape: Shape) -> Windows:
        return Windows((shape[0], 1), (self.size, 1), (self.stride or self.size, 1), self.padding)
