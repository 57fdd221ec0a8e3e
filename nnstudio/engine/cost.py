"""What a cost is: how far an output is from what was expected.

A cost's value is the mean over the rows of its value per row; with weights, ``sum(w c) / sum(w)``. Both are
``sum(share c)`` with shares that add up to one, so every member computes that sum and its gradient in one go.
"""

from typing import ClassVar, Literal

import numpy as np

from nnstudio.components import Component
from nnstudio.engine.room import Array, Room

Wants = Literal["values", "zero_one", "minus_plus_one", "one_hot", "distribution"]
Domain = Literal["any", "non_negative", "positive"]


class Cost(Component):
    """The base of what compares output and expectation.

    Attributes
    ----------
    formula : str
        The value per row, as the inspector shows it.
    wants : str
        What targets it needs: ``"values"``; ``"zero_one"`` or ``"minus_plus_one"`` for yes and no; ``"one_hot"``; or
        ``"distribution"``, shares that add up to one, of which one-hot rows are a kind.
    domain : str
        Where targets may lie: ``"any"``, ``"non_negative"`` or ``"positive"``.
    fits : tuple of str
        Keys of the output activations that make sense before it; empty means any.
    fuses_with : str
        The key of the activation with which it is computed in one go from the pre-activations, for exactness.
    """

    family = "costs"
    formula: ClassVar[str]
    wants: ClassVar[Wants] = "values"
    domain: ClassVar[Domain] = "any"
    fits: ClassVar[tuple[str, ...]] = ()
    fuses_with: ClassVar[str] = ""

    def evaluate(self, y: Array, t: Array, share: Array, dy: Array, room: Room) -> float:
        """Return the cost of these rows and write its gradient.

        Parameters
        ----------
        y, t : Array of shape (rows, units)
            Outputs and targets.
        share : Array of shape (rows, 1)
            Each row's share of the whole; they add up to one over the batch.
        dy : Array of shape (rows, units)
            Where the gradient of the outputs goes.
        room : Room
            Room to compute in.

        Returns
        -------
        float
            ``sum(share * value per row)``.
        """
        raise NotImplementedError

    def evaluate_fused(self, z: Array, t: Array, share: Array, dz: Array, room: Room) -> float:
        """Return the same from the pre-activations of the activation that `fuses_with` names.

        Parameters
        ----------
        z, t, share, room
            As for `evaluate`, with pre-activations in place of outputs.
        dz : Array of shape (rows, units)
            Where the gradient of the pre-activations goes.
        """
        raise NotImplementedError

    def square_share(self, shape: tuple[int, ...]) -> float | None:
        """Return the factor before the squared differences of a row's numbers, or None for other costs.

        Parameters
        ----------
        shape : tuple of int
            Of a row's targets.
        """
        del shape
        return None

    def allows(self, targets: Array) -> Array:
        """Return which targets lie in the cost's domain, as truth values of the same shape."""
        if self.domain == "positive":
            return np.greater(targets, 0)
        if self.domain == "non_negative":
            return np.greater_equal(targets, 0)
        return np.ones(targets.shape, bool)


def weighted_sum(values: Array, share: Array) -> float:
    """Return ``sum(share * values)``, and leave the products in `values`."""
    np.multiply(values, share, out=values)
    return float(np.add.reduce(values, axis=None))
