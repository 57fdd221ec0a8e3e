"""Ending when nothing is gained any more."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from nnstudio.components import Component

Array = NDArray[Any]


class EarlyStopping(Component):
    """Ends training when the cost of the validation rows has not become lower for some time.

    ``wait <- 0`` where ``cost < lowest - minimum_change``, else ``wait + 1``; it ends at ``wait = patience``.

    Without validation rows the cost of the training rows counts, as each epoch measured it. Validation counts every
    row alike: class weights and row weights change what is learned, not what is measured, so that costs of runs with
    other weights can be compared. Who wants rare classes to decide follows the balanced accuracy.

    References
    ----------
    L. Prechelt, "Early stopping - but when?", 1998.
    """

    family = "stopping"
    key = "early_stopping"
    title = "Early stopping"

    patience: int = Field(20, ge=1, le=1_000_000, title="Patience", description="Looks at the cost without progress.")
    minimum_change: float = Field(
        0.0, ge=0, le=1e9, title="Least progress", description="How much lower the cost must be to count."
    )
    restore_best: bool = Field(True, title="Restore best", description="Return to the weights of the lowest cost.")

    def fresh_memory(self, weights: Array, memory: Array) -> dict[str, Array]:
        """Return lowest cost and looks since then, and room for the best weights and what layers remembered."""
        kept = {"counts": np.array([np.inf, 0.0])}
        return {**kept, "weights": weights.copy(), "memory": memory.copy()} if self.restore_best else kept

    def observe(self, cost: float, held: Mapping[str, Array], weights: Array, memory: Array) -> bool:
        """Take note of a cost, and return whether to end.

        Parameters
        ----------
        cost : float
        held : mapping of str to Array
            What `fresh_memory` gave; changed in place.
        weights, memory : Array
            As they are now.
        """
        counts = held["counts"]
        if cost < counts[0] - self.minimum_change or math.isinf(counts[0]):
            counts[0], counts[1] = cost, 0
            if self.restore_best:
                np.copyto(held["weights"], weights)
                np.copyto(held["memory"], memory)
        else:
            counts[1] += 1
        return bool(counts[1] >= self.patience)

    def is_over(self, held: Mapping[str, Array]) -> bool:
        """Return whether patience has ended."""
        return bool(held["counts"][1] >= self.patience)
