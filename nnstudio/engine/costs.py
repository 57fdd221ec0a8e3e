"""How far an output is from what was expected. Short members side by side, because they are read by comparing.

A cost's value is the mean over the rows of its value per row; with weights, ``sum(w c) / sum(w)``. Both are
``sum(share c)`` with shares that add up to one, so every member computes that sum and its gradient in one go.
"""

from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.components import Component

Array = NDArray[Any]
Wants = Literal["values", "zero_one", "one_hot"]


class Cost(Component):
    """The base of what compares output and expectation.

    Attributes
    ----------
    formula : str
        The value per row, as the inspector shows it.
    wants : str
        What targets it needs: ``"values"``, ``"zero_one"`` or ``"one_hot"``.
    fits : tuple of str
        Keys of the output activations that make sense before it; empty means any.
    fuses_with : str
        The key of the activation with which it is computed in one go from the pre-activations, for exactness.
    """

    family = "costs"
    formula: ClassVar[str]
    wants: ClassVar[Wants] = "values"
    fits: ClassVar[tuple[str, ...]] = ()
    fuses_with: ClassVar[str] = ""

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, work: Array) -> float:
        """Return the cost of these rows and write its gradient.

        Parameters
        ----------
        y, t : Array of shape (rows, units)
            Outputs and targets.
        share : Array of shape (rows, 1)
            Each row's share of the whole; they add up to one over the batch.
        dy : Array of shape (rows, units)
            Where the gradient of the outputs goes.
        work : Array of shape (rows, units)
            Room to compute in.

        Returns
        -------
        float
            ``sum(share * value per row)``.
        """
        raise NotImplementedError

    def evaluate_fused(self, z: Array, t: Array, share: Array, dz: Array, work: Array, column: Array) -> float:
        """Return the same from the pre-activations of the activation that `fuses_with` names.

        Parameters
        ----------
        z, t, share, work
            As for `evaluate`, with pre-activations in place of outputs.
        dz : Array of shape (rows, units)
            Where the gradient of the pre-activations goes.
        column : Array of shape (rows, 1)
            Room for one number a row.
        """
        raise NotImplementedError


class MeanSquaredError(Cost):
    """The mean of the squared differences; large errors count most."""

    key = "mean_squared_error"
    title = "Mean squared error"
    formula = "meanⱼ (yⱼ − tⱼ)²"

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, work: Array) -> float:
        """Apply dy = 2 share (y - t) / units."""
        np.subtract(y, t, out=work)
        np.multiply(work, share, out=dy)
        cost = float(np.vdot(work, dy)) / int(y.shape[1])
        np.multiply(dy, 2 / y.shape[1], out=dy)
        return cost


class Quadratic(Cost):
    """Half the sum of the squared differences, whose slope is the plain difference.

    References
    ----------
    M. Nielsen, "Neural networks and deep learning", 2015, chapter 1, equation 6.
    """

    key = "quadratic"
    title = "Quadratic"
    formula = "½ Σⱼ (yⱼ − tⱼ)²"

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, work: Array) -> float:
        """Apply dy = share (y - t)."""
        np.subtract(y, t, out=work)
        np.multiply(work, share, out=dy)
        return float(np.vdot(work, dy)) / 2


class BinaryCrossEntropy(Cost):
    """How surprised a yes/no forecast is by the answer, averaged over the outputs."""

    key = "binary_cross_entropy"
    title = "Binary cross-entropy"
    formula = "−meanⱼ [tⱼ ln yⱼ + (1 − tⱼ) ln(1 − yⱼ)]"
    wants = "zero_one"
    fits = ("sigmoid",)
    fuses_with = "sigmoid"

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, work: Array) -> float:
        """Apply dy = share (y - t) / (y (1 - y) units), with y kept off 0 and 1."""
        edge = np.finfo(y.dtype).eps
        # dy holds the y that is kept inside, until the gradient is written over it.
        np.clip(y, edge, 1 - edge, out=dy)
        np.log(dy, out=work)
        np.multiply(work, t, out=work)
        np.multiply(work, share, out=work)
        total = float(np.add.reduce(work, axis=None))
        np.negative(dy, out=work)
        np.log1p(work, out=work)
        np.multiply(work, share, out=work)
        total += float(np.add.reduce(work, axis=None))
        np.multiply(work, t, out=work)
        total -= float(np.add.reduce(work, axis=None))
        np.subtract(1, dy, out=work)
        np.multiply(work, dy, out=work)
        np.subtract(dy, t, out=dy)
        np.divide(dy, work, out=dy)
        np.multiply(dy, share, out=dy)
        np.multiply(dy, 1 / y.shape[1], out=dy)
        return -total / int(y.shape[1])

    def evaluate_fused(self, z: Array, t: Array, share: Array, dz: Array, work: Array, column: Array) -> float:
        """Apply ln(1 + exp(z)) - t z per output, and dz = share (sigmoid(z) - t) / units."""
        del column
        np.multiply(z, 0.5, out=dz)
        np.tanh(dz, out=dz)
        np.multiply(dz, 0.5, out=dz)
        np.add(dz, 0.5, out=dz)
        np.subtract(dz, t, out=dz)
        np.multiply(dz, share, out=dz)
        # The sum of share * ln(1 + exp(z)) less the sum of share * t * z.
        np.multiply(z, t, out=work)
        np.multiply(work, share, out=work)
        cost = -float(np.add.reduce(work, axis=None))
        np.logaddexp(z, 0, out=work)
        np.multiply(work, share, out=work)
        cost += float(np.add.reduce(work, axis=None))
        if z.shape[1] > 1:
            np.multiply(dz, 1 / z.shape[1], out=dz)
        return cost / int(z.shape[1])


class CategoricalCrossEntropy(Cost):
    """How surprised a forecast over classes is by the one that was right."""

    key = "categorical_cross_entropy"
    title = "Cross-entropy"
    formula = "−Σⱼ tⱼ ln yⱼ"
    wants = "one_hot"
    fits = ("softmax",)
    fuses_with = "softmax"

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, work: Array) -> float:
        """Apply dy = -share t / y, with y kept off 0."""
        np.maximum(y, np.finfo(y.dtype).tiny, out=dy)
        np.log(dy, out=work)
        np.multiply(work, t, out=work)
        np.multiply(work, share, out=work)
        cost = -float(np.add.reduce(work, axis=None))
        np.divide(t, dy, out=dy)
        np.multiply(dy, share, out=dy)
        np.negative(dy, out=dy)
        return cost

    def evaluate_fused(self, z: Array, t: Array, share: Array, dz: Array, work: Array, column: Array) -> float:
        """Apply -t · log softmax(z) per row, and dz = share (softmax(z) - t) for targets that add up to one."""
        np.maximum.reduce(z, axis=1, out=column, keepdims=True)
        np.subtract(z, column, out=work)
        np.exp(work, out=dz)
        np.add.reduce(dz, axis=1, out=column, keepdims=True)
        np.divide(dz, column, out=dz)
        np.log(column, out=column)
        np.subtract(work, column, out=work)
        np.multiply(work, t, out=work)
        np.multiply(work, share, out=work)
        np.subtract(dz, t, out=dz)
        np.multiply(dz, share, out=dz)
        return -float(np.add.reduce(work, axis=None))
