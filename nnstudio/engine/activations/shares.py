"""Functions that compare the units of a layer with each other."""

import numpy as np

from nnstudio.engine.activation import Activation
from nnstudio.engine.room import Array, Room


class Softmax(Activation):
    """Turns the sums of a layer into shares that add up to one, a probability for each class.

    References
    ----------
    J. Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990.
    """

    key = "softmax"
    title = "softmax"
    formula = "aᵢ = exp(zᵢ) / Σⱼ exp(zⱼ)"
    range_text = "0 … 1, adding up to 1"
    advice = "For the output when one of several classes is right."
    remembers_sums = False
    elementwise = False

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a_i = exp(z_i - max z) / sum_j exp(z_j - max z)."""
        np.maximum.reduce(z, axis=-1, out=room.column, keepdims=True)
        np.subtract(z, room.column, out=a)
        np.exp(a, out=a)
        np.add.reduce(a, axis=-1, out=room.column, keepdims=True)
        np.divide(a, room.column, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz = a (da - sum_j a_j da_j)."""
        del z
        np.multiply(a, da, out=dz)
        np.add.reduce(dz, axis=-1, out=room.column, keepdims=True)
        np.subtract(da, room.column, out=dz)
        np.multiply(dz, a, out=dz)


class LogSoftmax(Activation):
    """The logarithm of softmax: how sure of each class, from −∞ to 0.

    References
    ----------
    J. Bridle, "Probabilistic interpretation of feedforward classification network outputs", 1990.
    """

    key = "log_softmax"
    title = "log softmax"
    formula = "aᵢ = zᵢ − ln Σⱼ exp(zⱼ)"
    range_text = "−∞ … 0"
    advice = "Where logarithms of probabilities are wanted; for training on classes take softmax with cross-entropy."
    elementwise = False
    remembers_sums = False

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a_i = z_i - max z - ln sum_j exp(z_j - max z)."""
        np.maximum.reduce(z, axis=-1, out=room.column, keepdims=True)
        np.subtract(z, room.column, out=a)
        np.exp(a, out=room.first)
        np.add.reduce(room.first, axis=-1, out=room.column, keepdims=True)
        np.log(room.column, out=room.column)
        np.subtract(a, room.column, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Apply dz_i = da_i - exp(a_i) sum_j da_j."""
        del z
        np.add.reduce(da, axis=-1, out=room.column, keepdims=True)
        np.exp(a, out=dz)
        np.multiply(dz, room.column, out=dz)
        np.subtract(da, dz, out=dz)
