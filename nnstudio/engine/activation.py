"""What an activation is: the function that a unit applies to its weighted sum.

Each writes into memory it is given: `forward` computes ``a`` from ``z``, `backward` ``dz`` from ``da``. All are finite
for ``|z|`` up to 1e4 in float32.
"""

from typing import ClassVar

import numpy as np

from nnstudio.components import Component
from nnstudio.engine.room import Array, Room


class Activation(Component):
    """The base of what a unit applies to its weighted sum.

    Attributes
    ----------
    formula : str
        As the inspector shows it.
    range_text : str
        Between which values the result lies.
    advice : str
        When to use it, one sentence.
    elementwise : bool
        Whether each unit's result depends on its own sum only.
    remembers_sums : bool
        Whether the way back needs the sums, and not only the activations.
    suggested_initializer : str
        The key of the initialiser that keeps signals alive in a deep chain of these.
    """

    family = "activations"
    formula: ClassVar[str]
    range_text: ClassVar[str]
    advice: ClassVar[str]
    elementwise: ClassVar[bool] = True
    remembers_sums: ClassVar[bool] = True
    suggested_initializer: ClassVar[str] = "glorot_uniform"

    def forward(self, z: Array, a: Array, room: Room) -> None:
        """Compute activations.

        Parameters
        ----------
        z : Array of shape (rows, ..., units)
            Weighted sums.
        a : Array of the same shape
            Where the activations go; memory of its own, except for `Linear`.
        room : Room
        """
        raise NotImplementedError

    def backward(self, z: Array, a: Array, da: Array, dz: Array, room: Room) -> None:
        """Compute the gradient of the weighted sums.

        Parameters
        ----------
        z, a : Array of shape (rows, ..., units)
            As `forward` left them; the sums only of those who remember them.
        da : Array of the same shape
            Gradient of the activations.
        dz : Array of the same shape
            Where the gradient goes; memory of its own.
        room : Room
        """
        raise NotImplementedError

    def value(self, z: Array) -> Array:
        """Return the activations of these sums in new memory; for curves and explanations."""
        a = np.empty_like(z)
        self.forward(z, a, Room.like(z))
        return a

    def derivative(self, z: Array) -> Array:
        """Return the derivative at these sums in new memory; for elementwise functions."""
        a, dz = self.value(z), np.empty_like(z)
        self.backward(z, a, np.ones_like(z), dz, Room.like(z))
        return dz
