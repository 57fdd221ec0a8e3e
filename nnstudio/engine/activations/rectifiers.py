"""Functions that pass what is positive and hold back the rest."""

import numpy as np
from pydantic import Field

from nnstudio.engine.activation import Activation
from nnstudio.engine.room import Array, Room
from nnstudio.engine.special_functions import sigmoid


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
    remembers_sums = False
    suggested_initializer = "he_normal"

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = max(0, z)."""
        np.maximum(z, room.zeros, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = da where z > 0, else 0."""
        del z
        np.greater(a, room.zeros, out=room.mask)
        np.multiply(da, room.mask, out=dz)


class LeakyRelu(Activation):
    """Passes what is positive and a little of the rest, so that no unit falls silent for ever.

    References
    ----------
    A. Maas, A. Hannun, A. Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013.
    """

    key = "leaky_relu"
    title = "Leaky ReLU"
    formula = "a = z where z > 0, else slope · z"
    range_text = "any value"
    advice = "Where units of a ReLU layer fall silent."
    suggested_initializer = "he_normal"

    slope: float = Field(0.01, ge=0, lt=1, title="Slope", description="How much of a negative sum passes.")

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = max(z, slope z)."""
        del room
        np.multiply(z, self.slope, out=a)
        np.maximum(z, a, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = da where z > 0, else slope da."""
        del a, room
        _where_positive(z, 1, self.slope, dz)
        np.multiply(dz, da, out=dz)


class Relu6(Activation):
    """A ReLU that ends at 6.

    References
    ----------
    A. Krizhevsky, "Convolutional deep belief networks on CIFAR-10", 2010, section 2.
    """

    key = "relu6"
    title = "ReLU6"
    formula = "a = min(max(z, 0), 6)"
    range_text = "0 … 6"
    advice = "Where weights are rounded to few bits later."
    suggested_initializer = "he_normal"

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = min(max(z, 0), 6)."""
        del room
        np.clip(z, 0, 6, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = da where 0 < z < 6, else 0."""
        del a, room
        np.subtract(z, 3, out=dz)
        np.abs(dz, out=dz)
        np.less(dz, 3, out=dz)
        np.multiply(dz, da, out=dz)


class Elu(Activation):
    """Passes what is positive; below zero it bends smoothly towards −alpha.

    References
    ----------
    D.-A. Clevert, T. Unterthiner, S. Hochreiter, "Fast and accurate deep network learning by exponential linear units",
    2016, equation 16.
    """

    key = "elu"
    title = "ELU"
    formula = "a = z where z > 0, else α (exp(z) − 1)"
    range_text = "−α … any"
    advice = "A smooth rectifier whose mean is nearer to zero; slower than ReLU."
    suggested_initializer = "he_normal"

    alpha: float = Field(1.0, ge=0, le=10, title="Alpha", description="How far below zero it can go.")

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = max(z, 0) + alpha (exp(min(z, 0)) - 1)."""
        _exponential_below(z, a, room.first, self.alpha, 1)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = da where z > 0, else alpha exp(z) da."""
        del a
        _exponential_below_slope(z, dz, room.first, self.alpha, 1)
        np.multiply(dz, da, out=dz)


class Selu(Activation):
    """An ELU whose scale keeps mean and spread of the signals by itself.

    References
    ----------
    G. Klambauer et al., "Self-normalizing neural networks", 2017, equation 2.
    """

    key = "selu"
    title = "SELU"
    formula = "a = λ z where z > 0, else λ α (exp(z) − 1)"
    range_text = "−1.758 … any"
    advice = "For deep plain networks with LeCun start weights and standardised inputs."
    suggested_initializer = "lecun_normal"

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply lambda elu(z) with the alpha and lambda of the paper."""
        _exponential_below(z, a, room.first, _SELU_ALPHA, _SELU_SCALE)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = lambda da where z > 0, else lambda alpha exp(z) da."""
        del a
        _exponential_below_slope(z, dz, room.first, _SELU_ALPHA, _SELU_SCALE)
        np.multiply(dz, da, out=dz)


class Softplus(Activation):
    """A smooth rectifier that is always positive.

    References
    ----------
    C. Dugas et al., "Incorporating second-order functional knowledge for better option pricing", 2001, section 2.
    """

    key = "softplus"
    title = "Softplus"
    formula = "a = ln(1 + exp(β z)) / β"
    range_text = "0 … any"
    advice = "For outputs that must be positive, such as counts and rates."

    beta: float = Field(1.0, gt=0, le=100, title="Beta", description="How sharply it bends at zero.")

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = ln(1 + exp(beta z)) / beta."""
        del room
        np.multiply(z, self.beta, out=a)
        np.logaddexp(a, 0, out=a)
        np.multiply(a, 1 / self.beta, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = sigmoid(beta z) da."""
        del a
        np.multiply(z, self.beta, out=room.first)
        sigmoid(room.first, dz)
        np.multiply(dz, da, out=dz)


_SELU_ALPHA = 1.6732632423543772
_SELU_SCALE = 1.0507009873554805


def _where_positive(z: Array, above: float, below: float, out: Array) -> None:
    """Write one number where z > 0 and another elsewhere."""
    np.greater(z, 0, out=out)
    np.multiply(out, above - below, out=out)
    np.add(out, below, out=out)


def _exponential_below(z: Array, out: Array, work: Array, alpha: float, scale: float) -> None:
    """Write scale z where z > 0, else scale alpha (exp(z) - 1)."""
    np.minimum(z, 0, out=work)
    np.expm1(work, out=work)
    np.multiply(work, alpha * scale, out=work)
    np.maximum(z, 0, out=out)
    np.multiply(out, scale, out=out)
    np.add(out, work, out=out)


def _exponential_below_slope(z: Array, out: Array, work: Array, alpha: float, scale: float) -> None:
    """Write scale where z > 0, else scale alpha exp(z)."""
    np.minimum(z, 0, out=work)
    np.exp(work, out=work)
    np.multiply(work, alpha * scale, out=work)
    np.less_equal(z, 0, out=out)
    np.multiply(work, out, out=work)
    np.subtract(1, out, out=out)
    np.multiply(out, scale, out=out)
    np.add(out, work, out=out)
