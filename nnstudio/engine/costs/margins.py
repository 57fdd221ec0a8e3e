"""Costs that ask for a margin between yes and no."""

import numpy as np

from nnstudio.engine.cost import Cost, weighted_sum
from nnstudio.engine.room import Array, Room


class Hinge(Cost):
    """Nothing for who is right by a margin of one, then straight; the cost of support vector machines.

    References
    ----------
    C. Cortes, V. Vapnik, "Support-vector networks", 1995.
    """

    key = "hinge"
    title = "Hinge"
    formula = "meanⱼ max(0, 1 − tⱼ yⱼ); t = ±1"
    wants = "minus_plus_one"
    fits = ("linear", "tanh", "lecun_tanh", "softsign", "hard_tanh")

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = -share t / units where t y < 1."""
        _miss(y, t, room.first)
        np.sign(room.first, out=dy)
        np.multiply(dy, t, out=dy)
        np.multiply(dy, share, out=dy)
        np.multiply(dy, -1 / y.shape[1], out=dy)
        return weighted_sum(room.first, share) / int(y.shape[1])


class SquaredHinge(Cost):
    """Nothing for who is right by a margin of one, then the square of what is missing.

    References
    ----------
    Y. Tang, "Deep learning using linear support vector machines", 2013.
    """

    key = "squared_hinge"
    title = "Squared hinge"
    formula = "meanⱼ max(0, 1 − tⱼ yⱼ)²; t = ±1"
    wants = "minus_plus_one"
    fits = ("linear", "tanh", "lecun_tanh", "softsign", "hard_tanh")

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = -2 share t max(0, 1 - t y) / units."""
        _miss(y, t, room.first)
        np.multiply(room.first, t, out=dy)
        np.multiply(dy, share, out=dy)
        np.multiply(dy, -2 / y.shape[1], out=dy)
        np.multiply(room.first, room.first, out=room.first)
        return weighted_sum(room.first, share) / int(y.shape[1])


def _miss(y: Array, t: Array, out: Array) -> None:
    np.multiply(y, t, out=out)
    np.subtract(1, out, out=out)
    np.maximum(out, 0, out=out)
