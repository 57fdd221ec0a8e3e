"""Noise while training."""

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from nnstudio.engine.layer import Layer, Operation, Shape, Site
from nnstudio.engine.room import in_memory_order


class GaussianNoise(Layer):
    """Adds normal noise while training, so that what is learned does not hang on exact numbers.

    While training ``a = x + deviation n`` with ``n ~ N(0, 1)``, else ``a = x``; backward ``dx = da``.

    References
    ----------
    C. Bishop, "Training with noise is equivalent to Tikhonov regularization", 1995.
    """

    key = "gaussian_noise"
    title = "Gaussian noise"
    group = "Regularising"
    layout = "as_input"

    deviation: float = Field(0.1, ge=0, le=1e3, title="Deviation", description="How far the noise spreads from zero.")

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the input's shape."""
        return inputs[0]

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _GaussianNoiseOperation(self, site)

    def note(self) -> str:
        """Return the deviation."""
        return f"Noise {self.deviation:g}"


class _GaussianNoiseOperation(Operation):
    def __init__(self, layer: GaussianNoise, site: Site) -> None:
        self._deviation = layer.deviation
        self._on = site.training and layer.deviation > 0
        self._x, self._a = site.inputs[0], site.output
        self._da, self._dx = site.output_gradient, site.input_gradients[0]
        self._stream = site.stream
        self._noise = site.scratch.like(0, self._x)
        self._noise_as_it_lies = in_memory_order(self._noise)

    def forward(self) -> None:
        if not self._on:
            np.copyto(self._a, self._x)
            return
        lies = self._noise_as_it_lies
        self._stream.standard_normal(out=lies, dtype=lies.dtype.type)
        np.multiply(self._noise, self._deviation, out=self._noise)
        np.add(self._x, self._noise, out=self._a)

    def backward(self) -> None:
        if self._dx is not None and self._da is not None:
            np.copyto(self._dx, self._da)
