"""Costs that count surprise: for answers that are probabilities."""

import numpy as np
from pydantic import Field

from nnstudio.engine.cost import Cost
from nnstudio.engine.room import Array, Room
from nnstudio.engine.special_functions import sigmoid


class BinaryCrossEntropy(Cost):
    """How surprised a yes/no forecast is by the answer, averaged over the outputs.

    References
    ----------
    C. Bishop, "Pattern recognition and machine learning", 2006, section 5.2.
    """

    key = "binary_cross_entropy"
    title = "Binary cross-entropy"
    formula = "−meanⱼ [tⱼ ln yⱼ + (1 − tⱼ) ln(1 − yⱼ)]"
    wants = "zero_one"
    fits = ("sigmoid",)
    fuses_with = "sigmoid"

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = share (y - t) / (y (1 - y) units), with y kept off 0 and 1."""
        numbers = np.finfo(y.dtype)
        # dy holds the y that is kept inside, until the gradient is written over it.
        np.clip(y, numbers.tiny, 1 - numbers.eps, out=dy)
        np.log(dy, out=room.first)
        np.multiply(room.first, t, out=room.first)
        np.multiply(room.first, share, out=room.first)
        total = float(np.add.reduce(room.first, axis=None))
        np.negative(dy, out=room.first)
        np.log1p(room.first, out=room.first)
        np.multiply(room.first, share, out=room.first)
        total += float(np.add.reduce(room.first, axis=None))
        np.multiply(room.first, t, out=room.first)
        total -= float(np.add.reduce(room.first, axis=None))
        np.subtract(1, dy, out=room.first)
        np.multiply(room.first, dy, out=room.first)
        np.subtract(dy, t, out=dy)
        np.divide(dy, room.first, out=dy)
        np.multiply(dy, share, out=dy)
        np.multiply(dy, 1 / y.shape[1], out=dy)
        return -total / int(y.shape[1])

    def evaluate_fused(self, z: Array, t: Array, share: Array, dz: Array, room: Room) -> float:
        """Apply ln(1 + exp(z)) - t z per output, and dz = share (sigmoid(z) - t) / units."""
        np.multiply(z, 0.5, out=dz)
        np.tanh(dz, out=dz)
        np.multiply(dz, 0.5, out=dz)
        np.add(dz, 0.5, out=dz)
        np.subtract(dz, t, out=dz)
        np.multiply(dz, share, out=dz)
        # The sum of share * ln(1 + exp(z)) less the sum of share * t * z.
        np.multiply(z, t, out=room.first)
        np.multiply(room.first, share, out=room.first)
        cost = -float(np.add.reduce(room.first, axis=None))
        np.logaddexp(z, 0, out=room.first)
        np.multiply(room.first, share, out=room.first)
        cost += float(np.add.reduce(room.first, axis=None))
        if z.shape[1] > 1:
            np.multiply(dz, 1 / z.shape[1], out=dz)
        return cost / int(z.shape[1])


class CategoricalCrossEntropy(Cost):
    """How surprised a forecast over classes is by the one that was right.

    References
    ----------
    C. Bishop, "Pattern recognition and machine learning", 2006, section 5.2. C. Szegedy et al., "Rethinking the
    Inception architecture for computer vision", 2016, section 7: label smoothing.
    """

    key = "categorical_cross_entropy"
    title = "Cross-entropy"
    formula = "−Σⱼ tⱼ ln yⱼ"
    wants = "one_hot"
    fits = ("softmax",)
    fuses_with = "softmax"

    label_smoothing: float = Field(
        0.0, ge=0, lt=1, title="Label smoothing", description="The share of certainty that is spread over all classes."
    )

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply dy = -share t / y, with y kept off 0."""
        t = self._smoothed(t, room.second)
        np.maximum(y, np.finfo(y.dtype).tiny, out=dy)
        np.log(dy, out=room.first)
        np.multiply(room.first, t, out=room.first)
        np.multiply(room.first, share, out=room.first)
        cost = -float(np.add.reduce(room.first, axis=None))
        np.divide(t, dy, out=dy)
        np.multiply(dy, share, out=dy)
        np.negative(dy, out=dy)
        return cost

    def evaluate_fused(self, z: Array, t: Array, share: Array, dz: Array, room: Room) -> float:
        """Apply -t · log softmax(z) per row, and dz = share (softmax(z) - t) for targets that add up to one."""
        t = self._smoothed(t, room.second)
        np.maximum.reduce(z, axis=1, out=room.column, keepdims=True)
        np.subtract(z, room.column, out=room.first)
        np.exp(room.first, out=dz)
        np.add.reduce(dz, axis=1, out=room.column, keepdims=True)
        np.divide(dz, room.column, out=dz)
        np.multiply(dz, share, out=dz)
        np.multiply(t, share, out=room.second)
        np.subtract(dz, room.second, out=dz)
        np.log(room.column, out=room.column)
        # The logarithm of each row's sum counts once, because its targets add up to one.
        return float(np.vdot(share, room.column)) - float(np.vdot(room.second, room.first))

    def _smoothed(self, t: Array, out: Array) -> Array:
        if not self.label_smoothing:
            return t
        np.multiply(t, 1 - self.label_smoothing, out=out)
        np.add(out, self.label_smoothing / t.shape[1], out=out)
        return out


class Focal(Cost):
    """Cross-entropy that looks away from what is right already, for classes that are rare.

    References
    ----------
    T.-Y. Lin et al., "Focal loss for dense object detection", 2017, equation 5.
    """

    key = "focal"
    title = "Focal"
    formula = "−meanⱼ [α t (1 − y)ᵞ ln y + (1 − α) (1 − t) yᵞ ln(1 − y)]"
    wants = "zero_one"
    fits = ("sigmoid",)
    fuses_with = "sigmoid"

    gamma: float = Field(2.0, ge=0, le=10, title="Gamma", description="How much less an easy row counts.")
    alpha: float = Field(0.25, gt=0, lt=1, title="Alpha", description="The weight of yes; that of no is one minus it.")

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Apply the slope of both terms, with y kept off 0 and 1.

        For yes: alpha (1 - y)^(gamma - 1) (gamma ln y - (1 - y) / y); for no the same with 1 - y, turned round.
        """
        least, most = np.finfo(y.dtype).tiny, 1 - np.finfo(y.dtype).eps
        cost = 0.0
        dy.fill(0)
        for yes in (True, False):
            p, work = room.first, room.second
            np.clip(y if yes else np.subtract(1, y, out=p), least, most, out=p)
            np.log(p, out=work)
            np.multiply(work, self.gamma, out=work)
            np.add(work, 1, out=work)
            np.reciprocal(p, out=p)
            np.subtract(work, p, out=work)  # gamma ln p - (1 - p) / p
            np.reciprocal(p, out=p)
            np.subtract(1, p, out=p)
            np.power(p, self.gamma - 1, out=p)
            np.multiply(work, p, out=work)
            self._weigh(work, t, share, p, yes=yes)
            (np.add if yes else np.subtract)(dy, work, out=dy)
            np.clip(y if yes else np.subtract(1, y, out=p), least, most, out=p)
            np.subtract(1, p, out=work)
            np.power(work, self.gamma, out=work)
            np.log(p, out=p)
            np.multiply(work, p, out=work)
            self._weigh(work, t, share, p, yes=yes)
            cost -= float(np.add.reduce(work, axis=None))
        np.multiply(dy, 1 / y.shape[1], out=dy)
        return cost / int(y.shape[1])

    def evaluate_fused(self, z: Array, t: Array, share: Array, dz: Array, room: Room) -> float:
        """Apply the same with p = sigmoid(z) for yes and sigmoid(-z) for no, q = 1 - p.

        The value is -q^gamma ln p, its slope towards its own side q^gamma (gamma p ln p - q).
        """
        cost = 0.0
        dz.fill(0)
        for yes in (True, False):
            log_p, q = room.first, room.second
            for slope_only in (False, True):
                np.multiply(z, -1 if yes else 1, out=q)
                np.logaddexp(q, 0, out=log_p)
                np.negative(log_p, out=log_p)
                sigmoid(q, q)
                if slope_only:
                    np.multiply(log_p, self.gamma, out=log_p)
                    np.subtract(1, q, out=q)
                    np.multiply(log_p, q, out=log_p)
                    np.subtract(1, q, out=q)
                    np.subtract(log_p, q, out=log_p)
                np.power(q, self.gamma, out=q)
                np.multiply(log_p, q, out=log_p)
                self._weigh(log_p, t, share, q, yes=yes)
                if slope_only:
                    (np.add if yes else np.subtract)(dz, log_p, out=dz)
                else:
                    cost -= float(np.add.reduce(log_p, axis=None))
        np.multiply(dz, 1 / z.shape[1], out=dz)
        return cost / int(z.shape[1])

    def _weigh(self, values: Array, t: Array, share: Array, work: Array, *, yes: bool) -> None:
        """Multiply with how much the rows of this answer count."""
        np.multiply(values, share, out=values)
        np.multiply(values, self.alpha if yes else 1 - self.alpha, out=values)
        np.multiply(values, t if yes else np.subtract(1, t, out=work), out=values)
