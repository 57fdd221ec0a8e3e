"""What keeps weights small. Short members side by side, because they are read by comparing.

A penalty is added to the cost that training lowers, but not to the cost that is shown, so that costs with and without
can be compared.
"""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from nnstudio.components import Component

Array = NDArray[Any]


class Regularizer(Component):
    """The base of what charges for large weights."""

    family = "regularizers"
    formula: ClassVar[str]

    def penalty(self, w: Array, work: Array) -> float:
        """Return the charge for these weights.

        Parameters
        ----------
        w : Array of any shape
        work : Array of the same shape
            Room to compute in.
        """
        raise NotImplementedError

    def add_gradient(self, w: Array, g: Array, work: Array) -> None:
        """Add the gradient of the charge.

        Parameters
        ----------
        w : Array of any shape
        g : Array of the same shape
            What is added to.
        work : Array of the same shape
            Room to compute in.
        """
        raise NotImplementedError


class L2(Regularizer):
    """Charges the square of each weight; large ones shrink most.

    References
    ----------
    A. Krogh, J. Hertz, "A simple weight decay can improve generalization", 1992.
    """

    key = "l2"
    title = "L2"
    formula = "strength · Σ w²"

    strength: float = Field(0.001, ge=0, le=100, title="Strength", description="How much the squares are charged.")

    def penalty(self, w: Array, work: Array) -> float:
        """Return strength * sum(w^2)."""
        np.multiply(w, w, out=work)
        return self.strength * float(np.add.reduce(work, axis=None))

    def add_gradient(self, w: Array, g: Array, work: Array) -> None:
        """Add 2 strength w."""
        np.multiply(w, 2 * self.strength, out=work)
        np.add(g, work, out=g)


class L1(Regularizer):
    """Charges the size of each weight; small ones become zero, and the rest is easier to read.

    References
    ----------
    R. Tibshirani, "Regression shrinkage and selection via the lasso", 1996.
    """

    key = "l1"
    title = "L1"
    formula = "strength · Σ |w|"

    strength: float = Field(0.001, ge=0, le=100, title="Strength", description="How much the sizes are charged.")

    def penalty(self, w: Array, work: Array) -> float:
        """Return strength * sum(|w|)."""
        np.abs(w, out=work)
        return self.strength * float(np.add.reduce(work, axis=None))

    def add_gradient(self, w: Array, g: Array, work: Array) -> None:
        """Add strength sign(w)."""
        np.sign(w, out=work)
        np.multiply(work, self.strength, out=work)
        np.add(g, work, out=g)


class Elastic(Regularizer):
    """Charges both the size and the square of each weight.

    References
    ----------
    H. Zou, T. Hastie, "Regularization and variable selection via the elastic net", 2005.
    """

    key = "elastic"
    title = "Elastic net"
    formula = "l1 · Σ |w| + l2 · Σ w²"

    l1: float = Field(0.001, ge=0, le=100, title="L1", description="How much the sizes are charged.")
    l2: float = Field(0.001, ge=0, le=100, title="L2", description="How much the squares are charged.")

    def penalty(self, w: Array, work: Array) -> float:
        """Return l1 sum(|w|) + l2 sum(w^2)."""
        np.abs(w, out=work)
        charge = self.l1 * float(np.add.reduce(work, axis=None))
        np.multiply(w, w, out=work)
        return charge + self.l2 * float(np.add.reduce(work, axis=None))

    def add_gradient(self, w: Array, g: Array, work: Array) -> None:
        """Add l1 sign(w) + 2 l2 w."""
        np.sign(w, out=work)
        np.multiply(work, self.l1, out=work)
        np.add(g, work, out=g)
        np.multiply(w, 2 * self.l2, out=work)
        np.add(g, work, out=g)


class MaxNorm(Component):
    """Keeps the weights into each unit no longer than a limit.

    ``w[:, j] <- w[:, j] min(1, limit / |w[:, j]|)`` for each unit j, after every update.

    References
    ----------
    N. Srebro, A. Shraibman, "Rank, trace-norm and max-norm", 2005; for networks G. Hinton et al., 2012.
    """

    family = "constraints"
    key = "max_norm"
    title = "Max-norm"

    limit: float = Field(3.0, gt=0, le=1e6, title="Limit", description="The largest length of a unit's weights.")

    def apply(self, w: Array, work: Array, norms: Array) -> None:
        """Shorten what is too long.

        Parameters
        ----------
        w : Array of shape (inputs, units)
        work : Array of the same shape
            Room to compute in.
        norms : Array of shape (1, units)
            Room for the lengths.
        """
        np.multiply(w, w, out=work)
        np.add.reduce(work, axis=0, out=norms, keepdims=True)
        np.sqrt(norms, out=norms)
        np.maximum(norms, self.limit, out=norms)
        np.divide(self.limit, norms, out=norms)
        np.multiply(w, norms, out=w)
