"""Layer normalisation."""

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from nnstudio.engine.initializers import Ones, Zeros
from nnstudio.engine.layer import Array, Layer, Operation, Shape, Site, Weight


class LayerNormalization(Layer):
    """Brings the numbers of each row, or of each place in a row, to mean zero and spread one; then scales and shifts.

    ``a = gamma (x - mean) / sqrt(variance + epsilon) + beta`` over the last axis; the same when predicting.
    Backward as in batch normalisation, with means over the last axis.

    References
    ----------
    J. L. Ba, J. R. Kiros, G. Hinton, "Layer normalization", 2016, equation 3.
    """

    key = "layer_normalization"
    title = "Layer normalisation"
    other_names = ("ln", "layernorm")
    group = "Regularising"
    portrait = "statistics"
    layout = "as_input"

    epsilon: float = Field(1e-5, gt=0, le=1, title="Epsilon", description="Keeps the division away from zero.")

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the input's shape."""
        return inputs[0]

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return scale and shift of each unit or channel."""
        size = inputs[0][-1:]
        return Weight("gamma", size, Ones()), Weight("beta", size, Zeros())

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _LayerNormalizationOperation(self, site)


class _LayerNormalizationOperation(Operation):
    def __init__(self, layer: LayerNormalization, site: Site) -> None:
        self._epsilon = layer.epsilon
        self._x, self._a = site.inputs[0], site.output
        self._da, self._dx = site.output_gradient, site.input_gradients[0]
        self._units = units = self._x.shape[-1]
        self._gamma, self._beta = site.weights.reshape(2, units)
        self._dgamma, self._dbeta = site.gradients.reshape(2, units)
        column = (*self._x.shape[:-1], 1)
        self._inverse = np.zeros(column, site.dtype)
        self._column = site.scratch.array(1, column)
        self._normal = np.zeros_like(self._x)
        self._work = site.scratch.like(0, self._x)
        self._axes = tuple(range(self._x.ndim - 1))

    def forward(self) -> None:
        self._mean_of(self._x, self._column)
        np.subtract(self._x, self._column, out=self._normal)
        np.multiply(self._normal, self._normal, out=self._work)
        self._mean_of(self._work, self._inverse)
        np.add(self._inverse, self._epsilon, out=self._inverse)
        np.sqrt(self._inverse, out=self._inverse)
        np.reciprocal(self._inverse, out=self._inverse)
        np.multiply(self._normal, self._inverse, out=self._normal)
        np.multiply(self._normal, self._gamma, out=self._a)
        np.add(self._a, self._beta, out=self._a)

    def backward(self) -> None:
        assert self._da is not None
        np.add.reduce(self._da, axis=self._axes, out=self._dbeta)
        np.multiply(self._da, self._normal, out=self._work)
        np.add.reduce(self._work, axis=self._axes, out=self._dgamma)
        if self._dx is None:
            return
        np.multiply(self._work, self._gamma, out=self._work)
        self._mean_of(self._work, self._column)
        np.multiply(self._da, self._gamma, out=self._dx)
        np.multiply(self._normal, self._column, out=self._work)
        self._mean_of(self._dx, self._column)
        np.subtract(self._dx, self._column, out=self._dx)
        np.subtract(self._dx, self._work, out=self._dx)
        np.multiply(self._dx, self._inverse, out=self._dx)

    def _mean_of(self, values: Array, out: Array) -> None:
        np.add.reduce(values, axis=-1, out=out, keepdims=True)
        np.multiply(out, 1 / self._units, out=out)
