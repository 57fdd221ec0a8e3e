"""Words as points."""

from collections.abc import Sequence

import numpy as np
from pydantic import Field, SerializeAsAny

from nnstudio.engine.initializers import Initializer, Uniform
from nnstudio.engine.layer import Layer, Operation, Shape, ShapeError, Site, Weight


class Embedding(Layer):
    """Gives each word a place of its own in a space, and learns the places.

    Takes codes: whole numbers from 0 on. ``a[step] = table[code]``; backward each word's place gets the sum of the
    gradients of the steps where it stood. A code beyond the table is read as its last word.

    References
    ----------
    Y. Bengio et al., "A neural probabilistic language model", 2003, section 2.
    """

    key = "embedding"
    title = "Embedding"
    other_names = ("words", "codes")
    group = "Sequence"
    portrait = "words"
    takes_codes = True

    words: int = Field(1000, ge=1, le=10_000_000, title="Words", description="How many different codes there are.")
    units: int = Field(16, ge=1, le=10_000, title="Units", description="How many numbers describe a word.")
    initializer: SerializeAsAny[Initializer] = Field(
        Uniform(), title="Start places", description="How the first places are drawn."
    )

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return steps and units.

        Raises
        ------
        ShapeError
            When a row is not a plain list of codes.
        """
        (shape,) = inputs
        if len(shape) != 1:
            raise ShapeError(
                f"expects one code a step but gets {' × '.join(map(str, shape))}.", "Wire an Input of codes to it."
            )
        return shape[0], self.units

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return the table of shape (words, units)."""
        del inputs
        return (Weight("kernel", (self.words, self.units), self.initializer),)

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _EmbeddingOperation(self, site)

    def note(self) -> str:
        """Return words and units."""
        return f"Embedding {self.words:,} → {self.units}"


class _EmbeddingOperation(Operation):
    def __init__(self, layer: Embedding, site: Site) -> None:
        shape = (layer.words, layer.units)
        self._x, self._a, self._da = site.inputs[0], site.output, site.output_gradient
        self._table, self._table_gradient = site.weights.reshape(shape), site.gradients.reshape(shape)
        self._codes = np.zeros(self._x.shape, np.intp)
        self._last = layer.words - 1
        self._dx = site.input_gradients[0]

    def forward(self) -> None:
        np.copyto(self._codes, self._x, casting="unsafe")
        np.clip(self._codes, 0, self._last, out=self._codes)
        np.take(self._table, self._codes, axis=0, out=self._a, mode="clip")

    def backward(self) -> None:
        assert self._da is not None
        self._table_gradient.fill(0)
        np.add.at(self._table_gradient, self._codes, self._da)
        if self._dx is not None:
            self._dx.fill(0)  # a code has no slope
