"""The functions a unit applies to its weighted sum. Short members side by side, because they are read by comparing.

Each writes into memory it is given: `forward` computes ``a`` from ``z``, `backward` ``dz`` from ``da``. All are finite
for ``|z|`` up to 1e4 in float32.
"""

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from nnstudio.components import Component

Array = NDArray[Any]


class Activation(Component):
    """The base of what a unit applies to its weighted sum.

    Attributes
    ----------
    formula : str
        As the inspector shows it.
    range_text : str
        Between which values the result lies.
    advice : str
        When to use it, one sentence.
    elementwise : bool
        Whether each unit's result depends on its own sum only.
    suggested_initializer : str
        The key of the initialiser that keeps signals alive in a deep chain of these.
    """

    family = "activations"
    formula: ClassVar[str]
    range_text: ClassVar[str]
    advice: ClassVar[str]
    elementwise: ClassVar[bool] = True
    suggested_initializer: ClassVar[str] = "glorot_uniform"

    def forward(self, z: Array, a: Array, column: Array) -> None:
        """Compute activations.

        Parameters
        ----------
        z : Array of shape (rows, units)
            Weighted sums.
        a : Array of shape (rows, units)
            Where the activations go; may be the memory of `z`.
        column : Array of shape (rows, 1)
            Room for one number a row.
        """
        raise NotImplementedError

    def backward(self, z: Array, a: Array, da: Array, dz: Array, column: Array) -> None:
        """Compute the gradient of the weighted sums.

        Parameters
        ----------
        z, a : Array of shape (rows, units)
            As `forward` left them.
        da : Array of shape (rows, units)
            Gradient of the activations.
        dz : Array of shape (rows, units)
            Where the gradient goes; memory of its own.
        column : Array of shape (rows, 1)
            Room for one number a row.
        """
        raise NotImplementedError

    def value(self, z: Array) -> Array:
        """Return the activations of these sums in new memory; for curves and explanations."""
        a = np.empty_like(z)
        self.forward(z, a, np.empty((*z.shape[:-1], 1), z.dtype))
        return a

    def slope(self, z: Array) -> Array:
        """Return the derivative at these sums in new memory; for elementwise functions."""
        a, dz = self.value(z), np.empty_like(z)
        self.backward(z, a, np.ones_like(z), dz, np.empty((*z.shape[:-1], 1), z.dtype))
        return dz


class Linear(Activation):
    """Leaves the sum as it is; for outputs that are values."""

    key = "linear"
    title = "linear"
    formula = "a = z"
    range_text = "any value"
    advice = "For the output of a regression. Between hidden layers it adds nothing: two linear layers are one."

    def forward(self, z: Array, a: Array, column: Array) -> None:
        """Copy, unless both are the same memory."""
        del column
        if a is not z:
            np.copyto(a, z)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, column: Array) -> None:
        """Apply dz = da."""
        del z, a, column
        np.copyto(dz, da)


class Threshold(Activation):
    """Fires or does not: one from zero on, else nothing.

    The true derivative is zero wherever it exists, so learning needs a stand-in for it.

    References
    ----------
    F. Rosenblatt, "The perceptron", 1958. Y. Bengio, N. Léonard, A. Courville, "Estimating or propagating gradients
    through stochastic neurons", 2013, section 3 (straight-through).
    """

    key = "threshold"
    title = "threshold"
    formula = "a = 1 where z ≥ 0, else 0"
    range_text = "0 or 1"
    advice = "For a plain yes or no. It has no slope to follow, so a stand-in is used for learning."

    surrogate: Literal["straight_through", "sigmoid", "none"] = Field(
        "straight_through",
        title="Stand-in slope",
        description="What learning uses in place of the slope, which is zero everywhere.",
    )

    def forward(self, z: Array, a: Array, column: Array) -> None:
        """Apply a = [z >= 0]."""
        del column
        np.greater_equal(z, 0, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, column: Array) -> None:
        """Pass the gradient where |z| <= 1, or through a sigmoid's slope, or not at all."""
        del a, column
        if self.surrogate == "straight_through":
            np.abs(z, out=dz)
            np.less_equal(dz, 1, out=dz)
            np.multiply(dz, da, out=dz)
        elif self.surrogate == "sigmoid":
            _sigmoid(z, dz)
            # s (1 - s) = 1/4 - (s - 1/2)^2
            np.subtract(dz, 0.5, out=dz)
            np.multiply(dz, dz, out=dz)
            np.subtract(0.25, dz, out=dz)
            np.multiply(dz, da, out=dz)
        else:
            dz.fill(0)


class Sigmoid(Activation):
    """Squeezes the sum between 0 and 1; the result can be read as a probability."""

    key = "sigmoid"
    title = "sigmoid"
    formula = "a = 1 / (1 + exp(−z))"
    range_text = "0 … 1"
    advice = "For a yes/no output, where it gives a probability. In hidden layers it is flat beyond ±5."

    def forward(self, z: Array, a: Array, column: Array) -> None:
        """Apply a = 1 / (1 + exp(-z))."""
        del column
        _sigmoid(z, a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, column: Array) -> None:
        """Apply dz = a (1 - a) da."""
        del z, column
        np.subtract(1, a, out=dz)
        np.multiply(dz, a, out=dz)
        np.multiply(dz, da, out=dz)


class Tanh(Activation):
    """Squeezes the sum between −1 and 1, centred on zero."""

    key = "tanh"
    title = "tanh"
    formula = "a = tanh(z)"
    range_text = "−1 … 1"
    advice = "A good first choice for small networks and smooth maps. Flat beyond ±2.5."

    def forward(self, z: Array, a: Array, column: Array) -> None:
        """Apply a = tanh(z)."""
        del column
        np.tanh(z, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, column: Array) -> None:
        """Apply dz = (1 - a^2) da."""
        del z, column
        np.multiply(a, a, out=dz)
        np.subtract(1, dz, out=dz)
        np.multiply(dz, da, out=dz)


class Relu(Activation):
    """Passes what is positive and silences the rest.

    References
    ----------
    X. Glorot, A. Bordes, Y. Bengio, "Deep sparse rectifier neural networks", 2011.
    """

    key = "relu"
    title = "ReLU"
    formula = "a = max(0, z)"
    range_text = "0 … any"
    advice = "The usual choice for hidden layers: quick, and deep networks train well. A unit can fall silent."
    suggested_initializer = "he_normal"

    def forward(self, z: Array, a: Array, column: Array) -> None:
        """Apply a = max(0, z)."""
        del column
        np.maximum(z, 0, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, column: Array) -> None:
        """Apply dz = da where z > 0, else 0."""
        del z, column
        np.sign(a, out=dz)
        np.multiply(dz, da, out=dz)


class Softmax(Activation):
    """Turns the sums of a layer into shares that add up to one, a probability for each class."""

    key = "softmax"
    title = "softmax"
    formula = "aᵢ = exp(zᵢ) / Σⱼ exp(zⱼ)"
    range_text = "0 … 1, adding up to 1"
    advice = "For the output when one of several classes is right."
    elementwise = False

    def forward(self, z: Array, a: Array, column: Array) -> None:
        """Apply a_i = exp(z_i - max z) / sum_j exp(z_j - max z)."""
        np.maximum.reduce(z, axis=-1, out=column, keepdims=True)
        np.subtract(z, column, out=a)
        np.exp(a, out=a)
        np.add.reduce(a, axis=-1, out=column, keepdims=True)
        np.divide(a, column, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, column: Array) -> None:
        """Apply dz = a (da - sum_j a_j da_j)."""
        del z
        np.multiply(a, da, out=dz)
        np.add.reduce(dz, axis=-1, out=column, keepdims=True)
        np.subtract(da, column, out=dz)
        np.multiply(dz, a, out=dz)


def _sigmoid(z: Array, out: Array) -> None:
    # tanh neither overflows nor warns, however large z is.
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    np.multiply(out, 0.5, out=out)
    np.add(out, 0.5, out=out)
