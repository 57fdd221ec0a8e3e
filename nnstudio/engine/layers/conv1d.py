"""Convolution over sequences."""

from collections.abc import Sequence

from pydantic import Field, SerializeAsAny

from nnstudio.engine.activation import Activation
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.initializers import GlorotUniform, Initializer, Zeros
from nnstudio.engine.layer import Layer, Operation, Shape, Site, Weight
from nnstudio.engine.operations.convolution import Convolution
from nnstudio.engine.operations.windows import Padding, Windows, need_sequence
from nnstudio.engine.regularizers import MaxNorm, Regularizer


class Conv1d(Layer):
    """Slides small filters along sequences; each answers where its pattern is.

    ``z[f] = sum over points and channels of x K[f] + b[f]``, ``a = activation(z)``; steps and features come in,
    steps and filters go out.

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, section II.
    """

    key = "conv1d"
    title = "Conv 1-D"
    other_names = ("convolution",)
    portrait = "outputs"
    group = "Convolution"
    layout = "rows_last"

    filters: int = Field(8, ge=1, le=10_000, title="Filters", description="How many patterns the layer looks for.")
    kernel: int = Field(3, ge=1, le=1000, title="Window", description="How many steps a window spans.")
    stride: int = Field(1, ge=1, le=1000, title="Stride", description="How far the window moves each time.")
    padding: Padding = Field(
        "same", title="Padding", description="'same' keeps the size by adding zeros around; 'valid' stays inside."
    )
    dilation: int = Field(
        1, ge=1, le=1000, title="Dilation", description="The distance between two points of a window."
    )
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
        """Return steps and filters.

        Raises
        ------
        ShapeError
            When the input is not a sequence, or smaller than a window.
        """
        places = self._windows(need_sequence(inputs[0])).output
        return (places[0], self.filters)

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return the kernel of shape (kernel, channels, filters) and, where used, the bias of shape (filters,)."""
        shape = (self.kernel, inputs[0][-1], self.filters)
        kernel = Weight("kernel", shape, self.kernel_initializer, self.kernel_regularizer, self.kernel_constraint)
        return (kernel, Weight("bias", (self.filters,), self.bias_initializer)) if self.use_bias else (kernel,)

    def last_activation(self) -> Activation:
        """Return the filters' activation."""
        return self.activation

    def multiplications(self, inputs: Sequence[Shape]) -> int:
        """Return what one window costs: points times channels and filters."""
        return self.kernel * inputs[0][-1] * self.filters

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        windows = self._windows(site.inputs[0].shape[1:])
        return Convolution(site, windows, self.filters, self.activation, use_bias=self.use_bias)

    def note(self) -> str:
        """Return filters, window and activation."""
        return f"Conv {self.filters} · {self.kernel} · {self.activation.title}"

    def _windows(self, shape: Shape) -> Windows:
        return Windows((shape[0], 1), (self.kernel, 1), (self.stride, 1), self.padding, (self.dilation, 1))
