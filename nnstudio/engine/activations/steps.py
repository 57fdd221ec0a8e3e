"""Functions that jump."""

from typing import Literal

import numpy as np
from pydantic import Field

from nnstudio.engine.activation import Activation
from nnstudio.engine.room import Array, Room
from nnstudio.engine.special_functions import sigmoid


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

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Apply a = [z >= 0]."""
        del room
        np.greater_equal(z, 0, out=a)

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Pass the gradient where |z| <= 1, or through a sigmoid's slope, or not at all."""
        del a, room
        if self.surrogate == "straight_through":
            np.abs(z, out=dz)
            np.less_equal(dz, 1, out=dz)
            np.multiply(dz, da, out=dz)
        elif self.surrogate == "sigmoid":
            sigmoid(z, dz)
            # s (1 - s) = 1/4 - (s - 1/2)^2
            np.subtract(dz, 0.5, out=dz)
            np.multiply(dz, dz, out=dz)
            np.subtract(0.25, dz, out=dz)
            np.multiply(dz, da, out=dz)
        else:
            dz.fill(0)
