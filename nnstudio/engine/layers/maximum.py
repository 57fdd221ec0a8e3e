"""Maximum."""

from collections.abc import Sequence

import numpy as np

from nnstudio.engine.layer import Layer, Operation, Shape, Site, common_shape


class Maximum(Layer):
    """Keeps the largest of its inputs, number by number.

    ``a = max(x1, x2, ...)``; backward ``dx = da`` for the first that is largest, 0 for the others.

    References
    ----------
    I. Goodfellow et al., "Maxout networks", 2013, section 3.
    """

    key = "maximum"
    title = "Maximum"
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
        return _MaximumOperation(site)


class _MaximumOperation(Operation):
    def __init__(self, site: Site) -> None:
        self._inputs, self._a = site.inputs, site.output
        self._da = site.output_gradient
        self._gradients = site.input_gradients
        # Which inputs beat all before them, for the way back.
        self._wins = [np.zeros_like(self._a, bool) for _ in self._inputs[1:]]
        self._rest = site.scratch.like(0, self._a)
        self._part = site.scratch.like(1, self._a)

    def forward(self) -> None:
        np.copyto(self._a, self._inputs[0])
        for values, wins in zip(self._inputs[1:], self._wins, strict=True):
            np.greater(values, self._a, out=wins)
            np.maximum(self._a, values, out=self._a)

    def backward(self) -> None:
        assert self._da is not None
        np.copyto(self._rest, self._da)
        for index in range(len(self._inputs) - 1, 0, -1):
            np.multiply(self._rest, self._wins[index - 1], out=self._part)
            np.subtract(self._rest, self._part, out=self._rest)
            gradient = self._gradients[index]
            if gradient is not None:
                np.copyto(gradient, self._part)
        first = self._gradients[0]
        if first is not None:
            np.copyto(first, self._rest)
