"""Costs that forgive a few large errors, or aim off the mean."""

import math

import numpy as np
from pydantic import Field

from nnstudio.engine.cost import Cost, weighted_sum
from nnstudio.engine.room import Array, Room


class MeanAbsoluteError(Cost):
    """The mean of the absolute differences; the best constant answer is the median.

    References
    ----------
    R. Koenker, G. Bassett, "Regression quantiles", 1978: the median is the quantile one half.
    """

    key = "mean_absolute_error"
    title = "Mean absolute error"
    formula = "meanⱼ |yⱼ − tⱼ|"

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = share sign(y - t) / units."""
        np.subtract(y, t, out=room.first)
        np.sign(room.first, out=dy)
        np.multiply(dy, share, out=dy)
        np.multiply(dy, 1 / y.shape[1], out=dy)
        np.abs(room.first, out=room.first)
        return weighted_sum(room.first, share) / int(y.shape[1])


class Huber(Cost):
    """Squared for small errors, straight for large ones, so that outliers pull less.

    References
    ----------
    P. Huber, "Robust estimation of a location parameter", 1964.
    """

    key = "huber"
    title = "Huber"
    formula = "meanⱼ ½ d² where |d| ≤ δ, else δ (|d| − ½ δ); d = yⱼ − tⱼ"

    delta: float = Field(1.0, gt=0, le=1e6, title="Delta", description="From which error on the cost grows straight.")

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = share clip(y - t, -delta, delta) / units."""
        # With c the clipped difference the value is c (d - c / 2).
        np.subtract(y, t, out=room.first)
        np.clip(room.first, -self.delta, self.delta, out=dy)
        np.multiply(dy, 0.5, out=room.second)
        np.subtract(room.first, room.second, out=room.first)
        np.multiply(dy, share, out=dy)
        cost = float(np.vdot(room.first, dy)) / int(y.shape[1])
        np.multiply(dy, 1 / y.shape[1], out=dy)
        return cost


class LogCosh(Cost):
    """Like half the square for small errors and like the absolute for large ones, and smooth everywhere.

    References
    ----------
    R. Saleh, A. Saleh, "Statistical properties of the log-cosh loss function used in machine learning", 2022.
    """

    key = "log_cosh"
    title = "Log-cosh"
    formula = "meanⱼ ln cosh(yⱼ − tⱼ)"

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = share tanh(y - t) / units."""
        np.subtract(y, t, out=dy)
        np.negative(dy, out=room.second)
        np.logaddexp(dy, room.second, out=room.first)
        np.subtract(room.first, math.log(2), out=room.first)
        np.tanh(dy, out=dy)
        np.multiply(dy, share, out=dy)
        np.multiply(dy, 1 / y.shape[1], out=dy)
        return weighted_sum(room.first, share) / int(y.shape[1])


class Quantile(Cost):
    """Makes the answer a quantile: with q = 0.9, nine of ten truths lie below it.

    References
    ----------
    R. Koenker, G. Bassett, "Regression quantiles", 1978.
    """

    key = "quantile"
    title = "Quantile"
    formula = "meanⱼ max(q e, (q − 1) e); e = tⱼ − yⱼ"

    q: float = Field(0.5, gt=0, lt=1, title="Quantile", description="The share of truths that should lie below.")

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = -q share / units where t > y, (1 - q) share / units where t < y."""
        np.subtract(t, y, out=room.first)
        np.sign(room.first, out=dy)
        # -(sign + 2 q - 1) / 2 where they differ, which the slope's middle at zero does not disturb.
        np.add(dy, 2 * self.q - 1, out=dy)
        np.multiply(dy, -0.5, out=dy)
        np.multiply(room.first, dy, out=room.first)
        np.negative(room.first, out=room.first)
        np.multiply(dy, share, out=dy)
        np.multiply(dy, 1 / y.shape[1], out=dy)
        return weighted_sum(room.first, share) / int(y.shape[1])
