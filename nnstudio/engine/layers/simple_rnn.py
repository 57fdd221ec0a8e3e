"""The plain recurrent layer."""

from collections.abc import Sequence

import numpy as np

from nnstudio.engine.initializers import Zeros
from nnstudio.engine.layer import Operation, Shape, Site, Weight
from nnstudio.engine.operations.recurrence import Recurrence, RecurrentLayer
from nnstudio.engine.room import Room


class SimpleRnn(RecurrentLayer):
    """Reads a sequence step by step, with a state that sees the step and the state before.

    ``h_t = activation(x_t W + h_(t-1) U + b)``; backward ``dz_t = activation'(dh_t)``, ``dh_(t-1) = dz_t U^T``.

    References
    ----------
    J. Elman, "Finding structure in time", 1990. P. Werbos, "Backpropagation through time", 1990.
    """

    key = "simple_rnn"
    title = "Simple RNN"
    other_names = ("recurrent", "memory", "elman")

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return kernel (features, units), recurrent kernel (units, units) and bias (units,)."""
        _, features = inputs[0]
        return (
            Weight("kernel", (features, self.units), self.kernel_initializer),
            Weight("recurrent_kernel", (self.units, self.units), self.recurrent_initializer),
            Weight("bias", (self.units,), Zeros()),
        )

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _SimpleRnnOperation(self, site)


class _SimpleRnnOperation(Recurrence):
    def __init__(self, layer: SimpleRnn, site: Site) -> None:
        super().__init__(layer, site)
        shape = (self.width + 1, self.units)
        self._matrix, self._matrix_gradient = site.weights.reshape(shape), site.gradients.reshape(shape)
        self._transposed = self._matrix.T
        self._z = np.zeros((self.steps, self.units, self.rows), site.dtype)
        self._room = Room.like(self._z[0])

    def step(self, t: int) -> None:
        np.dot(self._transposed, self.inputs[t], self._z[t])
        self.layer.activation.forward(self._z[t], self.states[t + 1], self._room)

    def step_back(self, t: int) -> None:
        dz = self.pre_gradients[t]
        self.layer.activation.backward(self._z[t], self.states[t + 1], self.state_gradient, dz, self._room)
        np.dot(self._matrix[self.features : self.width], dz, self.state_gradient)

    def end_back(self) -> None:
        self.sum_over_time(self.pre_gradients, self._matrix_gradient)
        self.give_inputs_their_gradient(self._matrix[: self.features], self.pre_gradients)
