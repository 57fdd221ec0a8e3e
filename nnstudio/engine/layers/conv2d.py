"""Convolution over pictures."""

import math
from collections.abc import Sequence

from pydantic import Field, SerializeAsAny

from nnstudio.engine.activation import Activation
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.initializers import GlorotUniform, Initializer, Zeros
from nnstudio.engine.layer import Layer, Operation, Shape, Site, Weight
from nnstudio.engine.operations.convolution import Convolution
from nnstudio.engine.operations.windows import Padding, Size, Windows, need_picture
from nnstudio.engine.regularizers import MaxNorm, Regularizer


class Conv2d(Layer):
    """Slides small filters over pictures; each answers where its pattern is.

    ``z[f] = sum over points and channels of x K[f] + b[f]``, ``a = activation(z)``; height, width and
    channels come in, height, width and filters go out.

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, section II.
    """

    key = "conv2d"
    title = "Conv 2-D"
    other_names = ("convolution", "cnn", "filter")
    portrait = "outputs"
    group = "Convolution"
    layout = "rows_last"

    filters: int = Field(8, ge=1, le=10_000, title="Filters", description="How many patterns the layer looks for.")
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
    kernel_regularizer: SerializeAsAny[Regularizer] | None = Field(
        None, title="Regulariser", description="What keeps the weights small; it does not touch the biases."
    )
    kernel_constraint: SerializeAsAny[MaxNorm] | None = Field(
        None, title="Constraint", description="What the weights of each filter obey after every update."
    )

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return height, width and filters.

        Raises
        ------
        ShapeError
            When the input is not a picture, or smaller than a window.
        """
        places = self._windows(need_picture(inputs[0])).output
        return (*places, self.filters)

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return the kernel of shape (height, width, channels, filters) and, where used, the bias (filters,)."""
        shape = (*self.kernel, inputs[0][-1], self.filters)
        kernel = Weight("kernel", shape, self.kernel_initializer, self.kernel_regularizer, self.kernel_constraint)
        return (kernel, Weight("bias", (self.filters,), self.bias_initializer)) if self.use_bias else (kernel,)

    def last_activation(self) -> Activation:
        """Return the filters' activation."""
        return self.activation

    def multiplications(self, inputs: Sequence[Shape]) -> int:
        """Return what one line of windows costs: places across times points, channels and filters."""
        return math.prod(self.output_shape(inputs)[1:]) * math.prod(self.kernel) * inputs[0][-1]

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        windows = self._windows(site.inputs[0].shape[1:])
        return Convolution(site, windows, self.filters, self.activation, use_bias=self.use_bias)

    def note(self) -> str:
        """Return filters, window and activation."""
        return f"Conv {self.filters} · {self.kernel[0]}×{self.kernel[1]} · {self.activation.title}"

    def _windows(self, shape: Shape) -> Windows:
        height, width = shape[:2]
        return Windows((height, width), self.kernel, self.stride, self.padding, self.dilation)
