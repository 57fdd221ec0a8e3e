"""What recurrent layers share: steps over time, through which the gradient runs back.

Memory holds time first, then features, then rows. Each step's input, the state before it and a one lie together:
kernel, recurrent kernel and bias, one after the other in the flat vector, are one matrix, and a step needs one product.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from pydantic import Field, SerializeAsAny, field_validator

from nnstudio.engine.activation import Activation
from nnstudio.engine.activations.squashing import Tanh
from nnstudio.engine.initializers import GlorotUniform, Initializer, Orthogonal
from nnstudio.engine.layer import Array, Layer, Operation, Shape, Site
from nnstudio.engine.operations.windows import need_sequence


class RecurrentLayer(Layer):
    """The base of layers that read a sequence step by step and keep a state.

    Attributes
    ----------
    gates : int
        How many numbers a unit computes at each step.
    """

    group = "Sequence"
    portrait = "sequence"
    layout = "rows_last"
    gates: ClassVar[int] = 1

    units: int = Field(16, ge=1, le=10_000, title="Units", description="How many numbers the state has.")
    activation: SerializeAsAny[Activation] = Field(
        Tanh(), title="Activation", description="What is applied to what a step writes into the state."
    )
    return_sequences: bool = Field(
        False, title="Every step", description="Give the state after every step, not only after the last one."
    )
    reverse: bool = Field(False, title="Backwards", description="Read the sequence from its end.")
    truncate: int | None = Field(
        None,
        ge=1,
        le=100_000,
        title="Truncate",
        description="Let the gradient run back over stretches of so many steps only; none is the whole sequence.",
    )
    kernel_initializer: SerializeAsAny[Initializer] = Field(
        GlorotUniform(), title="Start weights", description="How the first weights of the input are drawn."
    )
    recurrent_initializer: SerializeAsAny[Initializer] = Field(
        Orthogonal(), title="Start recurrent weights", description="How the first weights of the state are drawn."
    )

    @field_validator("activation")
    @classmethod
    def _is_elementwise(cls, activation: Activation) -> Activation:
        if not activation.elementwise:
            raise ValueError(f"A state needs an activation of each unit by itself, which {activation.title} is not.")
        return activation

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the units, for each step where every state is given.

        Raises
        ------
        ShapeError
            When the input is not a sequence.
        """
        steps, _ = need_sequence(inputs[0])
        return (steps, self.units) if self.return_sequences else (self.units,)

    def multiplications(self, inputs: Sequence[Shape]) -> int:
        """Return what one step's product costs."""
        return (inputs[0][1] + self.units) * self.gates * self.units

    def note(self) -> str:
        """Return the units."""
        return f"{self.title} {self.units}"


class Recurrence(Operation):
    """Steps over time; members compute one step forward and back.

    Parameters
    ----------
    layer : RecurrentLayer
    site : Site

    Attributes
    ----------
    inputs : Array of shape (steps + 1, features + units + 1, rows)
        Input, state before and a one of each step; the state after step t stands at t + 1.
    states : list of Array of shape (units, rows)
        The state before each step, and the last one.
    pre_gradients : Array of shape (steps, gates * units, rows)
        Where a step back writes the gradient of its weighted sums.
    state_gradient : Array of shape (units, rows)
        The gradient of the state after a step; a step back replaces it by that of the state before.
    """

    def __init__(self, layer: RecurrentLayer, site: Site) -> None:
        self.layer = layer
        self.units = units = layer.units
        x = site.inputs[0].transpose(1, 2, 0)
        self.steps, self.features, self.rows = x.shape
        self._x = x[::-1] if layer.reverse else x
        self.width = self.features + units
        self.inputs = np.ones((self.steps + 1, self.width + 1, self.rows), site.dtype)
        self.inputs[:, : self.width] = 0
        self._x_part = self.inputs[: self.steps, : self.features]
        self.states = [self.inputs[t, self.features : self.width] for t in range(self.steps + 1)]
        self._between = site.between
        self._a = self._over_time(site.output)
        self._has_way_back = site.output_gradient is not None
        if site.output_gradient is None:
            return
        gates = layer.gates * units
        self._da = self._over_time(site.output_gradient)
        self.pre_gradients = np.zeros((self.steps, gates, self.rows), site.dtype)
        self.state_gradient = np.zeros((units, self.rows), site.dtype)
        # Time beside rows, so that all steps meet in one product for the weights.
        self._inputs_by_feature = site.scratch.array(6, (self.width + 1, self.steps, self.rows))
        self._gradients_by_gate = site.scratch.array(7, (gates, self.steps, self.rows))
        given = site.input_gradients[0]
        self._dx = None
        if given is not None:
            by_step = given.transpose(1, 2, 0)
            self._dx = by_step[::-1] if layer.reverse else by_step
            self._dx_room = site.scratch.array(6, (self.steps, self.features, self.rows))

    def forward(self) -> None:
        """Read the sequence."""
        np.copyto(self._x_part, self._x)
        self.begin()
        for t in range(self.steps):
            self.step(t)
            self._between()
        if self.layer.return_sequences:
            np.copyto(self._a, self.inputs[1:, self.features : self.width])
        else:
            np.copyto(self._a, self.states[-1])

    def trace(self) -> Array | None:
        """Return the state after each step, in the order of time."""
        states = self.inputs[1:, self.features : self.width].transpose(2, 0, 1)
        return states[:, ::-1] if self.layer.reverse else states

    def backward(self) -> None:
        """Run back through time."""
        self.begin_back()
        if self.layer.return_sequences:
            self.state_gradient.fill(0)
        else:
            np.copyto(self.state_gradient, self._da)
        cut = self.layer.truncate
        for t in range(self.steps - 1, -1, -1):
            if self.layer.return_sequences:
                np.add(self.state_gradient, self._da[t], out=self.state_gradient)
            self.step_back(t)
            if cut is not None and t % cut == 0:
                self.forget_gradient()
            self._between()
        self.end_back()

    @abstractmethod
    def step(self, t: int) -> None:
        """Compute the state after step t."""

    @abstractmethod
    def step_back(self, t: int) -> None:
        """Compute the gradient of the weighted sums of step t, and of the state before it."""

    @abstractmethod
    def end_back(self) -> None:
        """Compute the gradients of weights and inputs from those of the weighted sums."""

    def begin(self) -> None:
        """Prepare what all steps need."""

    def begin_back(self) -> None:
        """Prepare what all steps back need."""

    def forget_gradient(self) -> None:
        """Let no gradient pass to the step before."""
        self.state_gradient.fill(0)

    def sum_over_time(self, gradients: Array, matrix_gradient: Array) -> None:
        """Write the product of inputs and gradients of all steps.

        Parameters
        ----------
        gradients : Array of shape (steps, gates, rows)
        matrix_gradient : Array of shape (features + units + 1, gates)
        """
        np.copyto(self._inputs_by_feature, self.inputs[: self.steps].transpose(1, 0, 2))
        np.copyto(self._gradients_by_gate, gradients.transpose(1, 0, 2))
        flat = self._inputs_by_feature.reshape(self.width + 1, -1)
        np.dot(flat, self._gradients_by_gate.reshape(len(self._gradients_by_gate), -1).T, matrix_gradient)

    def give_inputs_their_gradient(self, kernel: Array, gradients: Array) -> None:
        """Write the gradient of the sequence.

        Parameters
        ----------
        kernel : Array of shape (features, gates)
        gradients : Array of shape (steps, gates, rows)
        """
        if self._dx is not None:
            np.matmul(kernel, gradients, out=self._dx_room)
            np.copyto(self._dx, self._dx_room)

    def _over_time(self, values: Array) -> Array:
        """Return (steps, units, rows), in the order of reading, or (units, rows)."""
        if not self.layer.return_sequences:
            return values.T
        by_step = values.transpose(1, 2, 0)
        return by_step[::-1] if self.layer.reverse else by_step
