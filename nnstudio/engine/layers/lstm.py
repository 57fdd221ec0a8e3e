"""Long short-term memory."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine.activations.squashing import Tanh
from nnstudio.engine.initializers import Initializer
from nnstudio.engine.layer import Operation, Shape, Site, Weight
from nnstudio.engine.operations.recurrence import Recurrence, RecurrentLayer
from nnstudio.engine.room import Room

_SLAB_STEPS = 4


class ForgetGateBias(Initializer):
    """Zero, but one for the forget gate, so that a fresh memory keeps what it has.

    References
    ----------
    R. Jozefowicz, W. Zaremba, I. Sutskever, "An empirical exploration of recurrent network architectures", 2015.
    """

    key = "forget_gate_bias"
    title = "Forget gate bias"
    listed = False

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return zeros, with ones in the second of four parts."""
        del stream
        drawn = np.zeros(shape)
        units = shape[0] // 4
        drawn[units : 2 * units] = 1
        return drawn


class Lstm(RecurrentLayer):
    """Reads a sequence with a memory that gates fill, keep and show; remembers over many steps.

    Gates in the order i f c o: ``i, f, o = sigmoid(x W + h U + b)``, ``g = activation(...)``,
    ``c_t = f c_(t-1) + i g``, ``h_t = o activation(c_t)``. Backward ``dc += dh o activation'(c)``, then
    ``di = dc g``, ``df = dc c_(t-1)``, ``dg = dc i``, ``do = dh activation(c)``, ``dc_(t-1) = dc f``.

    References
    ----------
    S. Hochreiter, J. Schmidhuber, "Long short-term memory", 1997; with forget gates F. Gers et al., 2000.
    """

    key = "lstm"
    title = "LSTM"
    other_names = ("recurrent", "memory", "rnn")
    gates: ClassVar[int] = 4

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return kernel (features, 4 units), recurrent kernel (units, 4 units) and bias (4 units,)."""
        _, features = inputs[0]
        return (
            Weight("kernel", (features, 4 * self.units), self.kernel_initializer),
            Weight("recurrent_kernel", (self.units, 4 * self.units), self.recurrent_initializer),
            Weight("bias", (4 * self.units,), ForgetGateBias()),
        )

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _LstmOperation(self, site)


class _LstmOperation(Recurrence):
    """All gates pass one tanh: a sigmoid is ``tanh(z / 2) / 2 + 1/2``, and the halves are put into the weights."""

    def __init__(self, layer: Lstm, site: Site) -> None:
        super().__init__(layer, site)
        units, rows, dtype = self.units, self.rows, site.dtype
        shape = (self.width + 1, 4 * units)
        self._matrix, self._matrix_gradient = site.weights.reshape(shape), site.gradients.reshape(shape)
        self._is_tanh = isinstance(layer.activation, Tanh)
        part = np.full((4, units), 0.5, dtype)
        part[2] = 1
        self._scale = part.reshape(1, -1).copy()
        # As large as the gates: a number for each row would be handed out row by row, which takes twice as long.
        self._scale_of_gates = np.repeat(part.reshape(-1, 1), rows, axis=1)
        self._shift = np.where(self._scale_of_gates == 1, 0, 0.5).astype(dtype)
        self._scaled = np.zeros((4 * units, self.width + 1), dtype)
        self._sums = np.zeros((4 * units, rows), dtype)
        self._gates = np.zeros((self.steps, 4 * units, rows), dtype)
        self._cells = np.zeros((self.steps + 1, units, rows), dtype)
        self._shown = np.zeros((self.steps, units, rows), dtype)
        self._candidate_sums = np.zeros((self.steps, units, rows), dtype) if not self._is_tanh else None
        self._part = np.zeros((units, rows), dtype)
        self._room = Room.like(self._part)
        i, f, g, o = (self._gates[:, k * units : (k + 1) * units] for k in range(4))
        # Views made once: cutting arrays costs as much as computing with such small ones.
        self._views = [
            (self.inputs[t], self._gates[t], i[t], f[t], g[t], o[t], self._cells[t], self._cells[t + 1], self._shown[t])
            for t in range(self.steps)
        ]
        if self._has_way_back:
            d = self.pre_gradients
            self._slopes = np.zeros_like(self._gates)
            self._square = self._scale_of_gates**2
            self._shown_slopes = np.zeros_like(self._shown)
            self._cell_gradient = np.zeros((units, rows), dtype)
            self._recurrent = self._matrix[self.features : self.width]
            arrays = (self._gates, self._slopes, self._gates[:, 3 * units :], self._shown, self._shown_slopes)
            self._slabs = [
                tuple(array[start : start + _SLAB_STEPS] for array in arrays)
                for start in range(0, self.steps, _SLAB_STEPS)
            ]
            self._back = [tuple(d[t, k * units : (k + 1) * units] for k in range(4)) for t in range(self.steps)]

    def begin(self) -> None:
        np.multiply(self._matrix, self._scale, out=self._scaled.T)

    def step(self, t: int) -> None:
        x, gates, i, f, g, o, before, after, shown = self._views[t]
        np.dot(self._scaled, x, gates)
        if self._candidate_sums is not None:
            np.copyto(self._candidate_sums[t], g)
        np.tanh(gates, out=gates)
        np.multiply(gates, self._scale_of_gates, out=gates)
        np.add(gates, self._shift, out=gates)
        if self._candidate_sums is not None:
            self.layer.activation.forward(self._candidate_sums[t], g, self._room)
        np.multiply(f, before, out=after)
        np.multiply(i, g, out=self._part)
        np.add(after, self._part, out=after)
        if self._is_tanh:
            np.tanh(after, out=shown)
        else:
            self.layer.activation.forward(after, shown, self._room)
        np.multiply(o, shown, out=self.states[t + 1])

    def begin_back(self) -> None:
        self._cell_gradient.fill(0)
        # Slopes of a few steps at once, so that they stay in the cache:
        # a (1 - a) = 1/4 - (a - 1/2)^2 for a sigmoid, 1 - a^2 for a tanh.
        for gates, slopes, o, shown, shown_slopes in self._slabs:
            np.subtract(gates, self._shift, out=slopes)
            np.multiply(slopes, slopes, out=slopes)
            np.subtract(self._square, slopes, out=slopes)
            if self._is_tanh:
                np.multiply(shown, shown, out=shown_slopes)
                np.subtract(1, shown_slopes, out=shown_slopes)
                np.multiply(shown_slopes, o, out=shown_slopes)
        if self._candidate_sums is None:
            return
        o = self._gates[:, 3 * self.units :]
        activation, units = self.layer.activation, self.units
        for t in range(self.steps):
            g, slope = self._gates[t, 2 * units : 3 * units], self._slopes[t, 2 * units : 3 * units]
            self._part.fill(1)
            activation.backward(self._candidate_sums[t], g, self._part, slope, self._room)
            activation.backward(self._cells[t + 1], self._shown[t], o[t], self._shown_slopes[t], self._room)

    def step_back(self, t: int) -> None:
        _, _, i, f, g, _, before, _, shown = self._views[t]
        di, df, dg, do = self._back[t]
        dh, dc = self.state_gradient, self._cell_gradient
        np.multiply(dh, self._shown_slopes[t], out=self._part)
        np.add(dc, self._part, out=dc)
        np.multiply(dc, g, out=di)
        np.multiply(dc, before, out=df)
        np.multiply(dc, i, out=dg)
        np.multiply(dh, shown, out=do)
        dz = self.pre_gradients[t]
        np.multiply(dz, self._slopes[t], out=dz)
        np.multiply(dc, f, out=dc)
        np.dot(self._recurrent, dz, dh)

    def end_back(self) -> None:
        self.sum_over_time(self.pre_gradients, self._matrix_gradient)
        self.give_inputs_their_gradient(self._matrix[: self.features], self.pre_gradients)

    def forget_gradient(self) -> None:
        super().forget_gradient()
        self._cell_gradient.fill(0)
