"""The fully connected layer."""

import math
from collections.abc import Sequence

import numpy as np
from pydantic import Field, SerializeAsAny

from nnstudio.engine.activation import Activation
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.initializers import GlorotUniform, Initializer, Zeros
from nnstudio.engine.layer import Layer, Operation, Shape, ShapeError, Site, Weight
from nnstudio.engine.regularizers import MaxNorm, Regularizer


class Dense(Layer):
    """Every unit sees every input.

    ``z = x W + b``, ``a = activation(z)``; backward ``dW = x^T dz``, ``db = sum over rows of dz``, ``dx = dz W^T``.

    References
    ----------
    D. Rumelhart, G. Hinton, R. Williams, "Learning representations by back-propagating errors", 1986, equation 1.
    """

    key = "dense"
    title = "Dense"
    other_names = ("fully connected", "fc", "linear", "hidden")
    portrait = "outputs"
    takes_one = True

    units: int = Field(8, ge=1, le=100_000, title="Units", description="How many neurons the layer has.")
    activation: SerializeAsAny[Activation] = Field(
        Linear(), title="Activation", description="What each unit applies to its weighted sum."
    )
    use_bias: bool = Field(True, title="Bias", description="Whether each unit adds a number of its own to its sum.")
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
        None, title="Constraint", description="What the weights of each unit obey after every update."
    )

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the units.

        Raises
        ------
        ShapeError
            When the input is not flat.
        """
        (shape,) = inputs
        if len(shape) != 1:
            raise ShapeError(
                f"expects a flat input but gets {' × '.join(map(str, shape))}.",
                "Make the input flat: one number after another.",
            )
        return (self.units,)

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return the kernel of shape (inputs, units) and, where it is used, the bias of shape (units,)."""
        ((size,),) = inputs
        kernel = Weight(
            "kernel", (size, self.units), self.kernel_initializer, self.kernel_regularizer, self.kernel_constraint
        )
        if not self.use_bias:
            return (kernel,)
        return kernel, Weight("bias", (self.units,), self.bias_initializer)

    def last_activation(self) -> Activation:
        """Return the units' activation."""
        return self.activation

    def multiplications(self, inputs: Sequence[Shape]) -> int:
        """Return inputs times units."""
        return math.prod(inputs[0]) * self.units

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _DenseOperation(self, site)

    def note(self) -> str:
        """Return units and activation."""
        return f"Dense {self.units} · {self.activation.title}"


class _DenseOperation(Operation):
    """Kernel and bias lie one after the other, so they are one matrix whose last row meets a column of ones."""

    def __init__(self, layer: Dense, site: Site) -> None:
        given = site.inputs_with_one[0] if layer.use_bias else site.inputs[0]
        assert given is not None
        self._x = given
        self._x_transposed = given.T
        matrix_shape = (given.shape[1], layer.units)
        self._matrix = site.weights.reshape(matrix_shape)
        self._matrix_gradient = site.gradients.reshape(matrix_shape)
        self._kernel_transposed = self._matrix[: site.inputs[0].shape[1]].T
        self._a = site.output
        self._da = site.output_gradient
        self._dx = site.input_gradients[0]
        self._activation: Activation = Linear() if site.fused else layer.activation
        self._is_linear = isinstance(self._activation, Linear)
        # A linear layer needs no sums apart from its output, unless the output has a column of ones beside it.
        if self._is_linear and site.output.flags.c_contiguous:
            self._z = site.output
        elif self._activation.remembers_sums and site.training:
            self._z = np.empty((site.rows, layer.units), site.dtype)
        else:
            self._z = site.scratch.array(0, (site.rows, layer.units))
        self._room = site.scratch.room(1, self._z)
        if self._da is not None:
            self._dz = self._da if self._is_linear else site.scratch.array(0, (site.rows, layer.units))

    def forward(self) -> None:
        np.dot(self._x, self._matrix, self._z)
        self._activation.forward(self._z, self._a, self._room)

    def backward(self) -> None:
        assert self._da is not None
        if not self._is_linear:
            self._activation.backward(self._z, self._a, self._da, self._dz, self._room)
        np.dot(self._x_transposed, self._dz, self._matrix_gradient)
        if self._dx is not None:
            np.dot(self._dz, self._kernel_transposed, self._dx)
