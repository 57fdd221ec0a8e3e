"""Dropout."""

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from nnstudio.engine.layer import Array, Layer, Operation, Shape, Site
from nnstudio.engine.room import in_memory_order


class Dropout(Layer):
    """Silences units at random while training, so that none relies on a single other.

    While training each value is kept with probability ``1 - rate`` and divided by it; when predicting all pass.

    References
    ----------
    N. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014, section 4.
    """

    key = "dropout"
    title = "Dropout"
    group = "Regularising"
    portrait = "gate"
    layout = "as_input"

    rate: float = Field(0.2, ge=0, lt=1, title="Rate", description="The share of values that is silenced.")

    def silenced(self, stream: np.random.Generator, values: Array) -> Array | None:
        """Return which values the next training step silences."""
        if self.rate:
            _draw(stream, in_memory_order(values))
        return values < self.rate

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the input's shape."""
        return inputs[0]

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _DropoutOperation(self, site)

    def note(self) -> str:
        """Return the rate."""
        return f"Dropout {self.rate:g}"


class _DropoutOperation(Operation):
    def __init__(self, layer: Dropout, site: Site) -> None:
        self._rate = layer.rate
        self._on = site.training and layer.rate > 0
        self._x = site.inputs[0]
        self._a = site.output
        self._da = site.output_gradient
        self._dx = site.input_gradients[0]
        self._stream = site.stream
        # What is multiplied with: 0 where silenced, 1 / (1 - rate) where kept.
        self._mask = np.zeros_like(self._x) if self._on else None
        self._mask_as_it_lies = None if self._mask is None else in_memory_order(self._mask)

    def forward(self) -> None:
        if self._mask is None or self._mask_as_it_lies is None:
            np.copyto(self._a, self._x)
            return
        _draw(self._stream, self._mask_as_it_lies)
        np.greater_equal(self._mask, self._rate, out=self._mask)
        np.multiply(self._mask, 1 / (1 - self._rate), out=self._mask)
        np.multiply(self._x, self._mask, out=self._a)

    def backward(self) -> None:
        if self._dx is None or self._da is None:
            return
        if self._mask is None:
            np.copyto(self._dx, self._da)
        else:
            np.multiply(self._da, self._mask, out=self._dx)


def _draw(stream: np.random.Generator, values: Array) -> None:
    """Fill memory, in the order in which it lies, with numbers from 0 to below 1."""
    stream.random(out=values, dtype=values.dtype.type)
