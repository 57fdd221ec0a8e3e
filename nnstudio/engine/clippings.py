"""What keeps a gradient from becoming too large. Members side by side, because they are read by comparing."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from nnstudio.components import Component

Array = NDArray[Any]


class Clipping(Component):
    """The base of what shortens gradients."""

    family = "clippings"

    def apply(self, gradients: Array) -> None:
        """Shorten a gradient in place.

        Parameters
        ----------
        gradients : Array of shape (weights,)
        """
        raise NotImplementedError


class ByValue(Clipping):
    """No slope is steeper than a limit.

    ``g <- min(max(g, -limit), limit)`` for each number.

    References
    ----------
    T. Mikolov, "Statistical language models based on neural networks", 2012.
    """

    key = "by_value"
    title = "By value"

    limit: float = Field(1.0, gt=0, le=1e9, title="Limit", description="The largest slope.")

    def apply(self, gradients: Array) -> None:
        """Clip each number to ±limit."""
        np.clip(gradients, -self.limit, self.limit, out=gradients)


class ByNorm(Clipping):
    """The gradient as a whole is no longer than a limit; its direction stays.

    ``g <- g limit / |g|`` where ``|g| > limit``.

    References
    ----------
    R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks", 2013, algorithm 1.
    """

    key = "by_norm"
    title = "By norm"

    limit: float = Field(1.0, gt=0, le=1e9, title="Limit", description="The largest length.")

    def apply(self, gradients: Array) -> None:
        """Shorten to the limit."""
        length = float(np.sqrt(np.vdot(gradients, gradients)))
        if length > self.limit:
            np.multiply(gradients, self.limit / length, out=gradients)
