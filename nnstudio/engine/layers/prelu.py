"""The rectifier that learns its slope."""

from collections.abc import Sequence

import numpy as np
from pydantic import Field, SerializeAsAny

from nnstudio.engine.initializers import Constant, Initializer
from nnstudio.engine.layer import Layer, Operation, Shape, Site, Weight


class Prelu(Layer):
    """A rectifier that learns how much of each negative number passes.

    ``a = max(x, 0) + alpha min(x, 0)``; backward ``dalpha = sum over rows of da min(x, 0)``, ``dx = da`` where x > 0,
    else ``alpha da``. Weight ``alpha`` has the shape of a row.

    References
    ----------
    K. He et al., "Delving deep into rectifiers", 2015, equation 1.
    """

    key = "prelu"
    title = "PReLU"
    layout = "as_input"

    alpha_initializer: SerializeAsAny[Initializer] = Field(
        Constant(value=0.25), title="Start slopes", description="How the first slopes are drawn."
    )

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the input's shape."""
        return inputs[0]

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return a slope for each number of a row."""
        return (Weight("alpha", inputs[0], self.alpha_initializer),)

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _PreluOperation(site)


class _PreluOperation(Operation):
    def __init__(self, site: Site) -> None:
        self._x, self._a = site.inputs[0], site.output
        self._da, self._dx = site.output_gradient, site.input_gradients[0]
        self._alpha = site.weights.reshape(self._x.shape[1:])
        self._alpha_gradient = site.gradients.reshape(self._x.shape[1:])
        self._work = site.scratch.like(0, self._x)

    def forward(self) -> None:
        np.minimum(self._x, 0, out=self._work)
        np.multiply(self._work, self._alpha, out=self._work)
        np.maximum(self._x, 0, out=self._a)
        np.add(self._a, self._work, out=self._a)

    def backward(self) -> None:
        assert self._da is not None
        np.minimum(self._x, 0, out=self._work)
        np.multiply(self._work, self._da, out=self._work)
        np.add.reduce(self._work, axis=0, out=self._alpha_gradient)
        if self._dx is not None:
            np.greater(self._x, 0, out=self._dx)
            np.subtract(1, self._dx, out=self._work)
            np.multiply(self._work, self._alpha, out=self._work)
            np.add(self._dx, self._work, out=self._dx)
            np.multiply(self._dx, self._da, out=self._dx)
