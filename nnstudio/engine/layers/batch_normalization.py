"""Batch normalisation."""

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from nnstudio.engine.initializers import Ones, Zeros
from nnstudio.engine.layer import Array, Layer, Operation, Shape, Site, Weight


class BatchNormalization(Layer):
    """Brings each unit's sums to mean zero and spread one over the batch, then scales and shifts them as learned.

    While training ``a = gamma (x - mean) / sqrt(variance + epsilon) + beta`` with mean and variance of the batch, whose
    moving means are kept as ``moving_mean`` and ``moving_variance`` (unbiased) and take their place when predicting.
    Backward ``dbeta = sum da``, ``dgamma = sum da xhat``,
    ``dx = gamma / sqrt(variance + epsilon) (da - mean(da) - xhat mean(da xhat))``.

    References
    ----------
    S. Ioffe, C. Szegedy, "Batch normalization", 2015, algorithms 1 and 2.
    """

    key = "batch_normalization"
    title = "Batch normalisation"
    other_names = ("bn", "batchnorm")
    group = "Regularising"
    portrait = "statistics"
    layout = "as_input"

    momentum: float = Field(
        0.1, gt=0, le=1, title="Momentum", description="The share of the new batch in the moving mean and variance."
    )
    epsilon: float = Field(1e-5, gt=0, le=1, title="Epsilon", description="Keeps the division away from zero.")

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the input's shape."""
        return inputs[0]

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return scale and shift of each unit or channel."""
        size = inputs[0][-1:]
        return Weight("gamma", size, Ones()), Weight("beta", size, Zeros())

    def remembered(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return the moving mean and variance of each unit or channel."""
        size = inputs[0][-1:]
        return Weight("moving_mean", size, Zeros()), Weight("moving_variance", size, Ones())

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _BatchNormalizationOperation(self, site)


class _BatchNormalizationOperation(Operation):
    def __init__(self, layer: BatchNormalization, site: Site) -> None:
        self._layer, self._training = layer, site.training
        self._x, self._a = site.inputs[0], site.output
        self._da, self._dx = site.output_gradient, site.input_gradients[0]
        units = self._x.shape[-1]
        self._gamma, self._beta = site.weights.reshape(2, units)
        self._dgamma, self._dbeta = site.gradients.reshape(2, units)
        self._moving_mean, self._moving_variance = site.memory.reshape(2, units)
        self._count = self._x.size // units
        self._mean, self._inverse, self._variance = np.zeros((3, units), site.dtype)
        self._normal = np.zeros_like(self._x) if site.training else self._a
        self._work = site.scratch.like(0, self._x)
        # For flat rows a product with a row of ones sums more quickly than a reduction does.
        self._ones = np.ones(site.rows, site.dtype) if self._x.ndim == 2 else None
        self._axes = tuple(range(self._x.ndim - 1))

    def forward(self) -> None:
        if not self._training:
            np.add(self._moving_variance, self._layer.epsilon, out=self._inverse)
            np.sqrt(self._inverse, out=self._inverse)
            np.divide(self._gamma, self._inverse, out=self._inverse)
            np.subtract(self._x, self._moving_mean, out=self._a)
            np.multiply(self._a, self._inverse, out=self._a)
            np.add(self._a, self._beta, out=self._a)
            return
        self._sum(self._x, self._mean)
        np.multiply(self._mean, 1 / self._count, out=self._mean)
        np.subtract(self._x, self._mean, out=self._normal)
        np.multiply(self._normal, self._normal, out=self._work)
        self._sum(self._work, self._variance)
        np.multiply(self._variance, 1 / self._count, out=self._variance)
        np.add(self._variance, self._layer.epsilon, out=self._inverse)
        np.sqrt(self._inverse, out=self._inverse)
        np.reciprocal(self._inverse, out=self._inverse)
        np.multiply(self._normal, self._inverse, out=self._normal)
        np.multiply(self._normal, self._gamma, out=self._a)
        np.add(self._a, self._beta, out=self._a)
        self._move(self._moving_mean, self._mean)
        if self._count > 1:
            np.multiply(self._variance, self._count / (self._count - 1), out=self._variance)
        self._move(self._moving_variance, self._variance)

    def backward(self) -> None:
        assert self._da is not None
        self._sum(self._da, self._dbeta)
        np.multiply(self._da, self._normal, out=self._work)
        self._sum(self._work, self._dgamma)
        if self._dx is None:
            return
        np.multiply(self._dgamma, 1 / self._count, out=self._mean)
        np.multiply(self._normal, self._mean, out=self._work)
        np.multiply(self._dbeta, 1 / self._count, out=self._mean)
        np.add(self._work, self._mean, out=self._work)
        np.subtract(self._da, self._work, out=self._dx)
        np.multiply(self._inverse, self._gamma, out=self._mean)
        np.multiply(self._dx, self._mean, out=self._dx)

    def _sum(self, values: Array, out: Array) -> None:
        if self._ones is not None:
            np.dot(self._ones, values, out)
        else:
            np.add.reduce(values, axis=self._axes, out=out)

    def _move(self, moving: Array, new: Array) -> None:
        """Go the share `momentum` of the way; what is new is not needed afterwards."""
        np.subtract(new, moving, out=new)
        np.multiply(new, self._layer.momentum, out=new)
        np.add(moving, new, out=moving)
