"""Costs between answers and truths that are never negative: counts, shares, spectra."""

import math

import numpy as np

from nnstudio.engine.cost import Cost, weighted_sum
from nnstudio.engine.room import Array, Room


class Poisson(Cost):
    """For counts: how unlikely they are when the answer is the expected count.

    References
    ----------
    P. McCullagh, J. Nelder, "Generalized linear models", 1989, chapter 6.
    """

    key = "poisson"
    title = "Poisson"
    formula = "meanⱼ (yⱼ − tⱼ ln yⱼ)"
    domain = "non_negative"
    fits = ("softplus", "sigmoid", "softmax", "gaussian")

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = share (1 - t / y) / units, with y kept off 0."""
        kept = _off_zero(y, room.first)
        np.divide(t, kept, out=dy)
        np.subtract(1, dy, out=dy)
        np.multiply(dy, share, out=dy)
        np.multiply(dy, 1 / y.shape[1], out=dy)
        np.log(kept, out=kept)
        np.multiply(kept, t, out=kept)
        np.subtract(y, kept, out=kept)
        return weighted_sum(kept, share) / int(y.shape[1])


class Hellinger(Cost):
    """The distance between square roots; forgives small values.

    References
    ----------
    E. Hellinger, "Neue Begründung der Theorie quadratischer Formen von unendlichvielen Veränderlichen", 1909.
    """

    key = "hellinger"
    title = "Hellinger"
    formula = "Σⱼ (√yⱼ − √tⱼ)² / √2"
    domain = "non_negative"
    fits = ("softmax", "sigmoid", "softplus", "gaussian")

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = share (1 - sqrt(t / y)) / sqrt(2), with y kept off 0."""
        kept, root = _off_zero(y, room.first), room.second
        np.sqrt(kept, out=kept)
        np.sqrt(t, out=root)
        np.divide(root, kept, out=dy)
        np.subtract(1, dy, out=dy)
        np.multiply(dy, share, out=dy)
        np.multiply(dy, 1 / math.sqrt(2), out=dy)
        np.subtract(kept, root, out=kept)
        np.multiply(kept, kept, out=kept)
        return weighted_sum(kept, share) / math.sqrt(2)


class KullbackLeibler(Cost):
    """How much is lost when one distribution is told in place of another.

    References
    ----------
    S. Kullback, R. Leibler, "On information and sufficiency", 1951.
    """

    key = "kullback_leibler"
    title = "Kullback-Leibler"
    formula = "Σⱼ tⱼ ln(tⱼ / yⱼ)"
    wants = "distribution"
    domain = "non_negative"
    fits = ("softmax",)
    fuses_with = "softmax"

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = -share t / y, with y kept off 0."""
        kept = _off_zero(y, room.first)
        np.divide(t, kept, out=dy)
        np.multiply(dy, share, out=dy)
        np.negative(dy, out=dy)
        _log_ratio(t, kept, room.second)
        np.multiply(kept, t, out=kept)
        return weighted_sum(kept, share)

    def evaluate_fused(self, z: Array, t: Array, share: Array, dz: Array, room: Room) -> float:
        """Apply t · (ln t - log softmax(z)) per row, and dz = share (softmax(z) - t) for targets that add up to one."""
        log_softmax, shifted = room.first, room.column
        np.maximum.reduce(z, axis=1, out=shifted, keepdims=True)
        np.subtract(z, shifted, out=log_softmax)
        np.exp(log_softmax, out=dz)
        np.add.reduce(dz, axis=1, out=shifted, keepdims=True)
        np.divide(dz, shifted, out=dz)
        np.log(shifted, out=shifted)
        np.subtract(log_softmax, shifted, out=log_softmax)
        # Where t is 0, any finite logarithm does, because it is multiplied with t.
        np.maximum(t, _smallest(t), out=room.second)
        np.log(room.second, out=room.second)
        np.subtract(room.second, log_softmax, out=room.second)
        np.multiply(room.second, t, out=room.second)
        np.subtract(dz, t, out=dz)
        np.multiply(dz, share, out=dz)
        return weighted_sum(room.second, share)


class GeneralizedKullbackLeibler(Cost):
    """Kullback and Leibler's loss for values that need not add up to one.

    References
    ----------
    I. Csiszár, "Why least squares and maximum entropy?", 1991.
    """

    key = "generalized_kullback_leibler"
    title = "Generalised Kullback-Leibler"
    formula = "Σⱼ [tⱼ ln(tⱼ / yⱼ) − tⱼ + yⱼ]"
    domain = "non_negative"
    fits = ("softplus", "sigmoid", "softmax", "gaussian")

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = share (1 - t / y), with y kept off 0."""
        kept = _off_zero(y, room.first)
        np.divide(t, kept, out=dy)
        np.subtract(1, dy, out=dy)
        np.multiply(dy, share, out=dy)
        _log_ratio(t, kept, room.second)
        np.multiply(kept, t, out=kept)
        np.subtract(kept, t, out=kept)
        np.add(kept, y, out=kept)
        return weighted_sum(kept, share)


class ItakuraSaito(Cost):
    """For spectra: counts ratios, so that quiet and loud places weigh the same.

    References
    ----------
    F. Itakura, S. Saito, "Analysis synthesis telephony based on the maximum likelihood method", 1968.
    """

    key = "itakura_saito"
    title = "Itakura-Saito"
    formula = "Σⱼ [tⱼ / yⱼ − ln(tⱼ / yⱼ) − 1]"
    domain = "positive"
    fits = ("softplus", "sigmoid", "softmax", "gaussian")

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = share (1 - t / y) / y, with y kept off 0."""
        kept, ratio = _off_zero(y, room.first), room.second
        np.divide(t, kept, out=ratio)
        np.subtract(1, ratio, out=dy)
        np.divide(dy, kept, out=dy)
        np.multiply(dy, share, out=dy)
        np.subtract(ratio, 1, out=kept)
        np.maximum(ratio, _smallest(y), out=ratio)
        np.log(ratio, out=ratio)
        np.subtract(kept, ratio, out=kept)
        return weighted_sum(kept, share)


def _smallest(y: Array) -> float:
    """Return the number below which an answer is taken for this number: its reciprocal's square is still finite."""
    return float(np.finfo(y.dtype).tiny ** 0.4)


def _off_zero(y: Array, out: Array) -> Array:
    np.maximum(y, _smallest(y), out=out)
    return out


def _log_ratio(t: Array, kept: Array, work: Array) -> None:
    """Write ln(t / kept) over `kept`; where t is 0, any finite number, because it is multiplied with t."""
    np.maximum(t, _smallest(t), out=work)
    np.divide(work, kept, out=kept)
    np.log(kept, out=kept)
