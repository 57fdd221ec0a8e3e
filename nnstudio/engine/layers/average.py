"""Average."""

from collections.abc import Sequence

import numpy as np

from nnstudio.engine.layer import Layer, Operation, Shape, Site, common_shape


class Average(Layer):
    """Takes the mean of its inputs, number by number.

    ``a = (x1 + ... + xn) / n``; backward ``dx = da / n`` for each.

    References
    ----------
    L. Breiman, "Bagging predictors", 1996.
    """

    key = "average"
    title = "Average"
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
        return _AverageOperation(site)


class _AverageOperation(Operation):
    def __init__(self, site: Site) -> None:
        self._inputs, self._a = site.inputs, site.output
        self._da = site.output_gradient
        self._gradients = site.input_gradients
        self._share = 1 / len(site.inputs)

    def forward(self) -> None:
        np.add(self._inputs[0], self._inputs[1], out=self._a)
        for values in self._inputs[2:]:
            np.add(self._a, values, out=self._a)
        np.multiply(self._a, self._share, out=self._a)

    def backward(self) -> None:
        assert self._da is not None
        for gradient in self._gradients:
            if gradient is not None:
                np.multiply(self._da, self._share, out=gradient)
