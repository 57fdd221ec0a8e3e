"""Functions that keep every answer within bounds."""

import numpy as np

from nnstudio.engine.activation import Activation
from nnstudio.engine.room import Array, Room
from nnstudio.engine.special_functions import sigmoid


class Sigmoid(Activation):
    """Squeezes the sum between 0 and 1; the result can be read as a probability.

    References
    ----------
    D. Rumelhart, G. Hinton, R. Williams, "Learning representations by back-propagating errors", 1986, equation 2.
    """

    key = "sigmoid"
    title = "sigmoid"
    formula = "a = 1 / (1 + exp(−z))"
    range_text = "0 … 1"
    advice = "For a yes/no output, where it gives a probability. In hidden layers it is flat beyond ±5."
    remembers_sums = False

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = 1 / (1 + exp(-z))."""
        del room
        sigmoid(z, a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = a (1 - a) da."""
        del z, room
        np.subtract(1, a, out=dz)
        np.multiply(dz, a, out=dz)
        np.multiply(dz, da, out=dz)


class Tanh(Activation):
    """Squeezes the sum between −1 and 1, centred on zero.

    References
    ----------
    Y. LeCun et al., "Efficient backprop", 1998, section 4.4.
    """

    key = "tanh"
    title = "tanh"
    formula = "a = tanh(z)"
    range_text = "−1 … 1"
    advice = "A good first choice for small networks and smooth maps. Flat beyond ±2.5."
    remembers_sums = False

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = tanh(z)."""
        del room
        np.tanh(z, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = (1 - a^2) da."""
        del z, room
        np.multiply(a, a, out=dz)
        np.subtract(1, dz, out=dz)
        np.multiply(dz, da, out=dz)


class LecunTanh(Activation):
    """A tanh that is stretched so that ±1 lies where its curve bends most.

    References
    ----------
    Y. LeCun et al., "Efficient backprop", 1998, section 4.4.
    """

    key = "lecun_tanh"
    title = "LeCun tanh"
    formula = "a = 1.7159 tanh(2z/3)"
    range_text = "−1.716 … 1.716"
    advice = "For targets of ±1 and standardised inputs, with LeCun start weights."
    remembers_sums = False
    suggested_initializer = "lecun_normal"

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = 1.7159 tanh(2 z / 3)."""
        del room
        np.multiply(z, 2 / 3, out=a)
        np.tanh(a, out=a)
        np.multiply(a, 1.7159, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = 2/3 (1.7159 - a^2 / 1.7159) da."""
        del z, room
        np.multiply(a, a, out=dz)
        np.multiply(dz, -2 / 3 / 1.7159, out=dz)
        np.add(dz, 2 / 3 * 1.7159, out=dz)
        np.multiply(dz, da, out=dz)


class Softsign(Activation):
    """Squeezes the sum between −1 and 1, more slowly than tanh.

    References
    ----------
    J. Bergstra et al., "Quadratic polynomials learn better image features", 2009.
    """

    key = "softsign"
    title = "Softsign"
    formula = "a = z / (1 + |z|)"
    range_text = "−1 … 1"
    advice = "Like tanh, but units far from zero can still learn."

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = z / (1 + |z|)."""
        del room
        np.abs(z, out=a)
        np.add(a, 1, out=a)
        np.divide(z, a, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = da / (1 + |z|)^2."""
        del a, room
        np.abs(z, out=dz)
        np.add(dz, 1, out=dz)
        np.multiply(dz, dz, out=dz)
        np.divide(da, dz, out=dz)


class HardSigmoid(Activation):
    """A sigmoid made of three straight lines.

    References
    ----------
    A. Howard et al., "Searching for MobileNetV3", 2019, section 5.2, in the form that PyTorch computes.
    """

    key = "hard_sigmoid"
    title = "Hard sigmoid"
    formula = "a = min(max(z + 3, 0), 6) / 6"
    range_text = "0 … 1"
    advice = "A cheap gate; quite flat outside ±3."

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = min(max(z / 6 + 1/2, 0), 1)."""
        del room
        np.multiply(z, 1 / 6, out=a)
        np.add(a, 0.5, out=a)
        np.clip(a, 0, 1, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = da / 6 where |z| < 3, else 0."""
        del a, room
        np.abs(z, out=dz)
        np.less(dz, 3, out=dz)
        np.multiply(dz, 1 / 6, out=dz)
        np.multiply(dz, da, out=dz)


class HardTanh(Activation):
    """A tanh made of three straight lines.

    References
    ----------
    R. Collobert, "Large scale machine learning", 2004.
    """

    key = "hard_tanh"
    title = "Hard tanh"
    formula = "a = min(max(z, −1), 1)"
    range_text = "−1 … 1"
    advice = "A cheap tanh; quite flat outside ±1."

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = min(max(z, -1), 1)."""
        del room
        np.clip(z, -1, 1, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = da where |z| < 1, else 0."""
        del a, room
        np.abs(z, out=dz)
        np.less(dz, 1, out=dz)
        np.multiply(dz, da, out=dz)


class Sine(Activation):
    """A wave; units can count how often something repeats.

    References
    ----------
    V. Sitzmann et al., "Implicit neural representations with periodic activation functions", 2020, equation 2.
    """

    key = "sine"
    title = "Sine"
    formula = "a = sin(z)"
    range_text = "−1 … 1"
    advice = "For periodic things and fine detail; sensitive to the start weights."
    suggested_initializer = "lecun_uniform"

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = sin(z)."""
        del room
        np.sin(z, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = cos(z) da."""
        del a, room
        np.cos(z, out=dz)
        np.multiply(dz, da, out=dz)


class Gaussian(Activation):
    """A bell: says how near the sum is to zero.

    References
    ----------
    D. Broomhead, D. Lowe, "Multivariable functional interpolation and adaptive networks", 1988.
    """

    key = "gaussian"
    title = "Gaussian"
    formula = "a = exp(−z²)"
    range_text = "0 … 1"
    advice = "For units that answer to one place only; blind far from it."

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = exp(-z^2)."""
        del room
        np.multiply(z, z, out=a)
        np.negative(a, out=a)
        np.exp(a, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = -2 z a da."""
        del room
        np.multiply(z, a, out=dz)
        np.multiply(dz, -2, out=dz)
        np.multiply(dz, da, out=dz)
