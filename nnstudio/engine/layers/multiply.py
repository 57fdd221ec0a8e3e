"""Multiply."""

from collections.abc import Sequence

import numpy as np

from nnstudio.engine.layer import Layer, Operation, Shape, Site, common_shape


class Multiply(Layer):
    """Multiplies its inputs, number by number; one can open or close the other like a gate.

    ``a = x1 x2 ...``; backward ``dx = da`` times the product of the others.

    References
    ----------
    R. Srivastava, K. Greff, J. Schmidhuber, "Highway networks", 2015, equation 2.
    """

    key = "multiply"
    title = "Multiply"
    group = "Joining"
    fewest_inputs = 2
    most_inputs = None
    layout = "as_input"

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the shape that all inputs have.

        Raises
        ------
        ShapeError
            When they differ.
        """
        return common_shape(inputs)

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _MultiplyOperation(site)


class _MultiplyOperation(Operation):
    def __init__(self, site: Site) -> None:
        self._inputs, self._a = site.inputs, site.output
        self._da = site.output_gradient
        self._gradients = site.input_gradients

    def forward(self) -> None:
        np.multiply(self._inputs[0], self._inputs[1], out=self._a)
        for values in self._inputs[2:]:
            np.multiply(self._a, values, out=self._a)

    def backward(self) -> None:
        assert self._da is not None
        for index, gradient in enumerate(self._gradients):
            if gradient is not None:
                np.copyto(gradient, self._da)
                for other, values in enumerate(self._inputs):
                    if other != index:
                        np.multiply(gradient, values, out=gradient)
