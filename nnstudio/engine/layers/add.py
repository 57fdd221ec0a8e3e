"""Add."""

from collections.abc import Sequence

import numpy as np

from nnstudio.engine.layer import Layer, Operation, Shape, Site, common_shape


class Add(Layer):
    """Adds its inputs, number by number; the shortcut of residual networks.

    ``a = x1 + x2 + ...``; backward ``dx = da`` for each.

    References
    ----------
    K. He et al., "Deep residual learning for image recognition", 2016, equation 1.
    """

    key = "add"
    title = "Add"
    other_names = ("skip", "residual", "sum")
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
        return _AddOperation(site)


class _AddOperation(Operation):
    def __init__(self, site: Site) -> None:
        self._inputs, self._a = site.inputs, site.output
        self._da = site.output_gradient
        self._gradients = site.input_gradients

    def forward(self) -> None:
        np.add(self._inputs[0], self._inputs[1], out=self._a)
        for values in self._inputs[2:]:
            np.add(self._a, values, out=self._a)

    def backward(self) -> None:
        assert self._da is not None
        for gradient in self._gradients:
            if gradient is not None:
                np.copyto(gradient, self._da)
