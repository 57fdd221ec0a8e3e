"""Functions that neither squeeze nor bend."""

import numpy as np

from nnstudio.engine.activation import Activation
from nnstudio.engine.room import Array, Room


class Linear(Activation):
    """Leaves the sum as it is; for outputs that are values.

    References
    ----------
    C. Bishop, "Pattern recognition and machine learning", 2006, section 5.2: the output of a regression.
    """

    key = "linear"
    title = "linear"
    formula = "a = z"
    range_text = "any value"
    advice = "For the output of a regression. Between hidden layers it adds nothing: two linear layers are one."
    remembers_sums = False

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Copy, unless both are the same memory."""
        del room
        if a is not z:
            np.copyto(a, z)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = da."""
        del z, a, room
        np.copyto(dz, da)


class Absolute(Activation):
    """Forgets the sign of the sum.

    References
    ----------
    K. Jarrett et al., "What is the best multi-stage architecture for object recognition?", 2009.
    """

    key = "absolute"
    title = "Absolute"
    formula = "a = |z|"
    range_text = "0 … any"
    advice = "Where only the size of a difference matters."

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = |z|."""
        del room
        np.abs(z, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = sign(z) da."""
        del a, room
        np.sign(z, out=dz)
        np.multiply(dz, da, out=dz)
