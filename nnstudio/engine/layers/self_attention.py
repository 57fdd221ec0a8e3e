"""Attention of a sequence to itself."""

import math
from collections.abc import Sequence

import numpy as np
from pydantic import Field

from nnstudio.engine.initializers import GlorotUniform, Zeros
from nnstudio.engine.layer import Array, Layer, Operation, Shape, ShapeError, Site, Weight
from nnstudio.engine.operations.windows import need_sequence

_PARTS = ("query", "key", "value", "output")


class SelfAttention(Layer):
    """Lets every step of a sequence look at all others and take what it needs from them.

    For each head ``Q = x Wq + bq``, ``K = x Wk + bk``, ``V = x Wv + bv``, ``P = softmax(Q K^T / sqrt(d))``,
    ``h = P V`` with ``d`` features a head; all heads side by side pass ``h Wo + bo``.

    References
    ----------
    A. Vaswani et al., "Attention is all you need", 2017, equation 1 and section 3.2.2.
    """

    key = "self_attention"
    title = "Self-attention"
    other_names = ("transformer",)
    portrait = "outputs"
    group = "Sequence"

    heads: int = Field(1, ge=1, le=256, title="Heads", description="How many ways of looking there are side by side.")

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the shape of the sequence.

        Raises
        ------
        ShapeError
            When the input is not a sequence, or its features cannot be shared among the heads.
        """
        steps, features = need_sequence(inputs[0])
        if features % self.heads:
            hint = "Choose a number of heads that divides the features."
            raise ShapeError(f"shares {features} features among {self.heads} heads, which leaves a rest.", hint)
        return steps, features

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return kernel (features, features) and bias (features,) of query, key, value and output."""
        features = inputs[0][1]
        return tuple(
            weight
            for part in _PARTS
            for weight in (
                Weight(f"{part}/kernel", (features, features), GlorotUniform()),
                Weight(f"{part}/bias", (features,), Zeros()),
            )
        )

    def multiplications(self, inputs: Sequence[Shape]) -> int:
        """Return steps times features squared."""
        steps, features = inputs[0]
        return steps * features * features

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _SelfAttentionOperation(self, site)

    def note(self) -> str:
        """Return the heads."""
        return f"Attention · {self.heads} {'head' if self.heads == 1 else 'heads'}"


class _SelfAttentionOperation(Operation):
    def __init__(self, layer: SelfAttention, site: Site) -> None:
        self._x, self._a = site.inputs[0], site.output
        rows, steps, features = self._x.shape
        heads, dtype = layer.heads, site.dtype
        self._shape = (rows, steps, heads, features // heads)
        self._scale = 1 / math.sqrt(features // heads)
        self._weights = site.weights.reshape(4, features + 1, features)
        self._gradients = site.gradients.reshape(4, features + 1, features)
        # A column of ones brings the bias into the product.
        self._given = np.ones((rows, steps, features + 1), dtype)
        self._given_flat = self._given.reshape(-1, features + 1)
        self._seen = np.zeros((3, rows * steps, features), dtype)
        self._looks = np.zeros((rows, heads, steps, steps), dtype)
        self._row_of_looks = site.scratch.array(0, (rows, heads, steps, 1))
        self._mixed = np.ones((rows, steps, features + 1), dtype)
        self._mixed_flat = self._mixed.reshape(-1, features + 1)
        self._mixed_by_head = self._mixed[..., :features].reshape(rows, steps, heads, -1).transpose(0, 2, 1, 3)
        self._mix_room = np.zeros((rows, heads, steps, features // heads), dtype)
        self._out = np.zeros((rows * steps, features), dtype)
        self._dx, self._da = site.input_gradients[0], site.output_gradient
        if self._da is not None:
            self._back = np.zeros((3, rows * steps, features), dtype)
            self._dlooks = np.zeros_like(self._looks)
            self._work = np.zeros_like(self._looks)
            self._dmixed = np.zeros((rows * steps, features), dtype)
            self._dgiven = np.zeros((rows * steps, features), dtype)

    def forward(self) -> None:
        np.copyto(self._given[..., :-1], self._x)
        for part, seen in enumerate(self._seen):
            np.dot(self._given_flat, self._weights[part], seen)
        query, key, value = (self._by_head(seen) for seen in self._seen)
        looks = self._looks
        np.matmul(query, key.transpose(0, 1, 3, 2), out=looks)
        np.multiply(looks, self._scale, out=looks)
        np.maximum.reduce(looks, axis=-1, out=self._row_of_looks, keepdims=True)
        np.subtract(looks, self._row_of_looks, out=looks)
        np.exp(looks, out=looks)
        np.add.reduce(looks, axis=-1, out=self._row_of_looks, keepdims=True)
        np.divide(looks, self._row_of_looks, out=looks)
        np.matmul(looks, value, out=self._mix_room)
        np.copyto(self._mixed_by_head, self._mix_room)
        np.dot(self._mixed_flat, self._weights[3], self._out)
        np.copyto(self._a, self._out.reshape(self._a.shape))

    def backward(self) -> None:
        assert self._da is not None
        np.copyto(self._out.reshape(self._da.shape), self._da)
        np.dot(self._mixed_flat.T, self._out, self._gradients[3])
        np.dot(self._out, self._weights[3, :-1].T, self._dmixed)
        dmixed = self._by_head(self._dmixed)
        query, key, value = (self._by_head(seen) for seen in self._seen)
        dquery, dkey, dvalue = (self._by_head(back) for back in self._back)
        looks, dlooks = self._looks, self._dlooks
        np.matmul(looks.transpose(0, 1, 3, 2), dmixed, out=self._mix_room)
        np.copyto(dvalue, self._mix_room)
        np.matmul(dmixed, value.transpose(0, 1, 3, 2), out=dlooks)
        np.multiply(dlooks, looks, out=self._work)
        np.add.reduce(self._work, axis=-1, out=self._row_of_looks, keepdims=True)
        np.subtract(dlooks, self._row_of_looks, out=dlooks)
        np.multiply(dlooks, looks, out=dlooks)
        np.multiply(dlooks, self._scale, out=dlooks)
        np.matmul(dlooks, key, out=self._mix_room)
        np.copyto(dquery, self._mix_room)
        np.matmul(dlooks.transpose(0, 1, 3, 2), query, out=self._mix_room)
        np.copyto(dkey, self._mix_room)
        for part, back in enumerate(self._back):
            np.dot(self._given_flat.T, back, self._gradients[part])
        if self._dx is None:
            return
        self._dx.fill(0)
        for part, back in enumerate(self._back):
            np.dot(back, self._weights[part, :-1].T, self._dgiven)
            np.add(self._dx, self._dgiven.reshape(self._dx.shape), out=self._dx)

    def _by_head(self, values: Array) -> Array:
        return values.reshape(self._shape).transpose(0, 2, 1, 3)
