"""Functions that weigh a sum by a smooth gate of itself."""

import math

import numpy as np
from pydantic import Field

from nnstudio.engine.activation import Activation
from nnstudio.engine.room import Array, Room
from nnstudio.engine.special_functions import cumulative, sigmoid


class Gelu(Activation):
    """Weighs the sum by the chance that a normal number is smaller.

    References
    ----------
    D. Hendrycks, K. Gimpel, "Gaussian error linear units", 2016, section 2.
    """

    key = "gelu"
    title = "GELU"
    formula = "a = z Φ(z)"
    range_text = "−0.17 … any"
    advice = "The usual choice in transformers; smooth, and dearer than ReLU."
    suggested_initializer = "he_normal"

    approximate: bool = Field(
        False, title="Approximate", description="Use the quicker form 0.5 z (1 + tanh(√(2/π) (z + 0.044715 z³)))."
    )

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = z Phi(z), or its approximation by a tanh."""
        if self.approximate:
            _gelu_tanh(z, a)
            np.add(a, 1, out=a)
            np.multiply(a, 0.5, out=a)
        else:
            cumulative(z, a, room.first)
        np.multiply(a, z, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = (Phi(z) + z phi(z)) da, or the slope of the approximation."""
        del a
        slope, square = room.first, room.second
        np.multiply(z, z, out=square)
        if self.approximate:
            _gelu_tanh(z, dz)
            np.multiply(dz, dz, out=slope)
            np.subtract(1, slope, out=slope)
            np.multiply(slope, z, out=slope)
            np.multiply(square, 3 * 0.044715, out=square)
            np.add(square, 1, out=square)
            np.multiply(slope, square, out=slope)
            np.multiply(slope, 0.5 * math.sqrt(2 / math.pi), out=slope)
            np.multiply(dz, 0.5, out=dz)
            np.add(dz, 0.5, out=dz)
        else:
            cumulative(z, dz, slope)
            np.multiply(square, -0.5, out=slope)
            np.exp(slope, out=slope)
            np.multiply(slope, z, out=slope)
            np.multiply(slope, 1 / math.sqrt(2 * math.pi), out=slope)
        np.add(dz, slope, out=dz)
        np.multiply(dz, da, out=dz)


class Silu(Activation):
    """Weighs the sum by its own sigmoid; also known as swish.

    References
    ----------
    S. Elfwing, E. Uchibe, K. Doya, "Sigmoid-weighted linear units", 2018, equation 3.
    """

    key = "silu"
    title = "SiLU"
    formula = "a = z / (1 + exp(−z))"
    range_text = "−0.28 … any"
    advice = "A smooth rectifier for deep networks."
    suggested_initializer = "he_normal"

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = z sigmoid(z)."""
        del room
        sigmoid(z, a)
        np.multiply(a, z, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = (s + a (1 - s)) da with s = sigmoid(z)."""
        s = room.first
        sigmoid(z, s)
        np.subtract(1, s, out=dz)
        np.multiply(dz, a, out=dz)
        np.add(dz, s, out=dz)
        np.multiply(dz, da, out=dz)


class Mish(Activation):
    """Weighs the sum by the tanh of its softplus.

    References
    ----------
    D. Misra, "Mish: a self regularized non-monotonic activation function", 2020, equation 1.
    """

    key = "mish"
    title = "Mish"
    formula = "a = z tanh(ln(1 + exp(z)))"
    range_text = "−0.31 … any"
    advice = "A smooth rectifier for deep networks; the dearest of them."
    suggested_initializer = "he_normal"

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = z tanh(softplus(z))."""
        del room
        np.logaddexp(z, 0, out=a)
        np.tanh(a, out=a)
        np.multiply(a, z, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = (t + z s (1 - t^2)) da with t = tanh(softplus(z)) and s = sigmoid(z)."""
        del a
        t, s = room.first, room.second
        np.logaddexp(z, 0, out=t)
        np.tanh(t, out=t)
        sigmoid(z, s)
        np.multiply(t, t, out=dz)
        np.subtract(1, dz, out=dz)
        np.multiply(dz, s, out=dz)
        np.multiply(dz, z, out=dz)
        np.add(dz, t, out=dz)
        np.multiply(dz, da, out=dz)


def _gelu_tanh(z: Array, out: Array) -> None:
    """Write tanh(sqrt(2 / pi) (z + 0.044715 z^3))."""
    np.multiply(z, z, out=out)
    np.multiply(out, 0.044715, out=out)
    np.add(out, 1, out=out)
    np.multiply(out, z, out=out)
    np.multiply(out, math.sqrt(2 / math.pi), out=out)
    np.tanh(out, out=out)
