"""Costs that square the differences."""

import math

import numpy as np
from pydantic import Field

from nnstudio.engine.cost import Cost
from nnstudio.engine.room import Array, Room


class MeanSquaredError(Cost):
    """The mean of the squared differences; large errors count most.

    References
    ----------
    C. Bishop, "Pattern recognition and machine learning", 2006, section 5.2.
    """

    key = "mean_squared_error"
    title = "Mean squared error"
    formula = "meanⱼ (yⱼ − tⱼ)²"

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = 2 share (y - t) / units."""
        np.subtract(y, t, out=room.first)
        np.multiply(room.first, share, out=dy)
        cost = float(np.vdot(room.first, dy)) / int(y.shape[1])
        np.multiply(dy, 2 / y.shape[1], out=dy)
        return cost

    def square_share(self, shape: tuple[int, ...]) -> float:
        """Return one over the units."""
        return 1 / math.prod(shape)


class Quadratic(Cost):
    """Half the sum of the squared differences, whose slope is the plain difference.

    References
    ----------
    M. Nielsen, "Neural networks and deep learning", 2015, chapter 1, equation 6.
    """

    key = "quadratic"
    title = "Quadratic"
    formula = "½ Σⱼ (yⱼ − tⱼ)²"

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = share (y - t)."""
        np.subtract(y, t, out=room.first)
        np.multiply(room.first, share, out=dy)
        return float(np.vdot(room.first, dy)) / 2

    def square_share(self, shape: tuple[int, ...]) -> float:
        """Return one half."""
        del shape
        return 0.5


class Exponential(Cost):
    """The exponential of the summed squared differences; a single bad row can outweigh all others.

    References
    ----------
    "A list of cost functions used in neural networks, alongside applications", Cross Validated, 2015.
    """

    key = "exponential"
    title = "Exponential"
    formula = "τ exp(Σⱼ (yⱼ − tⱼ)² / τ)"

    tau: float = Field(1.0, gt=0, le=1e6, title="Tau", description="The larger, the nearer to a plain sum of squares.")

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = 2 share (y - t) exp(sum_j (y - t)^2 / tau)."""
        np.subtract(y, t, out=dy)
        np.multiply(dy, dy, out=room.first)
        np.add.reduce(room.first, axis=1, out=room.column, keepdims=True)
        np.multiply(room.column, 1 / self.tau, out=room.column)
        np.exp(room.column, out=room.column)
        np.multiply(room.column, share, out=room.column)
        np.multiply(dy, room.column, out=dy)
        np.multiply(dy, 2, out=dy)
        cost = self.tau * float(np.add.reduce(room.column, axis=None))
        return cost if not math.isnan(cost) else math.inf
