"""The gated recurrent unit."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine.initializers import Zeros
from nnstudio.engine.layer import Operation, Shape, Site, Weight
from nnstudio.engine.operations.recurrence import Recurrence, RecurrentLayer
from nnstudio.engine.room import Room
from nnstudio.engine.special_functions import sigmoid


class Gru(RecurrentLayer):
    """Reads a sequence with two gates, one that keeps the state and one that resets it; lighter than an LSTM.

    Gates in the order z r h, reset after the product: ``z, r = sigmoid(x W + b + h U + c)``,
    ``n = activation(x W + b + r (h U + c))``, ``h_t = z h_(t-1) + (1 - z) n``.

    References
    ----------
    K. Cho et al., "Learning phrase representations using RNN encoder-decoder", 2014, equations 5 to 8; reset after the
    product as in J. Appleyard et al., "Optimizing performance of recurrent neural networks on GPUs", 2016.
    """

    key = "gru"
    title = "GRU"
    other_names = ("recurrent", "memory", "rnn")
    gates: ClassVar[int] = 3

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return kernel (features, 3 units), recurrent kernel (units, 3 units) and two biases (2, 3 units)."""
        _, features = inputs[0]
        return (
            Weight("kernel", (features, 3 * self.units), self.kernel_initializer),
            Weight("recurrent_kernel", (self.units, 3 * self.units), self.recurrent_initializer),
            Weight("bias", (2, 3 * self.units), Zeros()),
        )

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _GruOperation(self, site)


class _GruOperation(Recurrence):
    """Input and state have weighted sums of their own, because the reset gate stands between them."""

    def __init__(self, layer: Gru, site: Site) -> None:
        super().__init__(layer, site)
        units, rows, dtype, steps = self.units, self.rows, site.dtype, self.steps
        gates = 3 * units
        kernel, recurrent = self.features * gates, units * gates
        self._kernel, self._recurrent, self._biases = _cut(site.weights, kernel, recurrent, gates)
        self._dkernel, self._drecurrent, self._dbiases = _cut(site.gradients, kernel, recurrent, gates)
        self._from_input = np.zeros((steps, gates, rows), dtype)
        self._from_state = np.zeros((steps, gates, rows), dtype)
        self._zr = np.zeros((steps, 2 * units, rows), dtype)
        self._sums = np.zeros((steps, units, rows), dtype)
        self._new = np.zeros((steps, units, rows), dtype)
        self._part, self._other = np.zeros((2, units, rows), dtype)
        self._room = Room.like(self._part)
        if self._has_way_back:
            self._state_side = np.zeros((steps, gates, rows), dtype)
            self._carry = np.zeros((units, rows), dtype)
            self._whole = np.zeros((self.width + 1, gates), dtype)

    def begin(self) -> None:
        np.matmul(self._kernel.T, self.inputs[: self.steps, : self.features], out=self._from_input)
        np.add(self._from_input, self._biases[0][:, None], out=self._from_input)

    def step(self, t: int) -> None:
        units, before, after = self.units, self.states[t], self.states[t + 1]
        given, own, zr = self._from_input[t], self._from_state[t], self._zr[t]
        np.dot(self._recurrent.T, before, own)
        np.add(own, self._biases[1][:, None], out=own)
        np.add(given[: 2 * units], own[: 2 * units], out=zr)
        sigmoid(zr, zr)
        z, r = zr[:units], zr[units:]
        np.multiply(r, own[2 * units :], out=self._sums[t])
        np.add(self._sums[t], given[2 * units :], out=self._sums[t])
        self.layer.activation.forward(self._sums[t], self._new[t], self._room)
        np.subtract(before, self._new[t], out=self._part)
        np.multiply(self._part, z, out=self._part)
        np.add(self._part, self._new[t], out=after)

    def step_back(self, t: int) -> None:
        units, dh = self.units, self.state_gradient
        z, r = self._zr[t, :units], self._zr[t, units:]
        dz, dr, dn = (self.pre_gradients[t, k * units : (k + 1) * units] for k in range(3))
        new, own = self._new[t], self._from_state[t, 2 * units :]
        # The state before, as far as the keep gate passes it on.
        np.multiply(dh, z, out=self._carry)
        np.subtract(dh, self._carry, out=self._part)
        self.layer.activation.backward(self._sums[t], new, self._part, dn, self._room)
        np.subtract(self.states[t], new, out=self._part)
        np.multiply(self._part, dh, out=self._part)
        _through_sigmoid(z, self._part, dz, self._other)
        np.multiply(dn, own, out=self._part)
        _through_sigmoid(r, self._part, dr, self._other)
        side = self._state_side[t]
        np.copyto(side[: 2 * units], self.pre_gradients[t, : 2 * units])
        np.multiply(dn, r, out=side[2 * units :])
        np.dot(self._recurrent, side, dh)
        np.add(dh, self._carry, out=dh)

    def end_back(self) -> None:
        self.sum_over_time(self.pre_gradients, self._whole)
        np.copyto(self._dkernel, self._whole[: self.features])
        np.copyto(self._dbiases[0], self._whole[-1])
        self.sum_over_time(self._state_side, self._whole)
        np.copyto(self._drecurrent, self._whole[self.features : self.width])
        np.copyto(self._dbiases[1], self._whole[-1])
        self.give_inputs_their_gradient(self._kernel, self.pre_gradients)


def _cut(
    flat: NDArray[Any], kernel: int, recurrent: int, gates: int
) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return kernel, recurrent kernel and the two biases."""
    end = kernel + recurrent
    return flat[:kernel].reshape(-1, gates), flat[kernel:end].reshape(-1, gates), flat[end:].reshape(2, gates)


def _through_sigmoid(a: NDArray[Any], da: NDArray[Any], dz: NDArray[Any], work: NDArray[Any]) -> None:
    np.subtract(1, a, out=work)
    np.multiply(work, a, out=work)
    np.multiply(work, da, out=dz)
