"""Everything that training needs, frozen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny

from nnstudio.engine.clippings import Clipping
from nnstudio.engine.early_stopping import EarlyStopping
from nnstudio.engine.layer import Array
from nnstudio.engine.network import Network
from nnstudio.engine.optimizer import Optimizer
from nnstudio.engine.optimizers.adam import Adam
from nnstudio.engine.program import Precision
from nnstudio.engine.schedules import Constant, Schedule


class TrainingPlan(BaseModel):
    """What is trained, on what, and how. Arrays are cast once to the precision and never written to.

    Attributes
    ----------
    network : Network
        A network without problems.
    inputs : Array of shape (rows, *shape), or dict of input id to such arrays
    targets : Array of shape (rows, units)
    validation : tuple of (inputs, targets), optional
        Rows that are only looked at.
    row_weights : Array of shape (rows,), optional
        How much each row counts.
    class_weights : dict of int to float, optional
        How much each class counts, by its column in one-hot targets, or 0 and 1 for a single output. Both change what
        is learned, not what is measured: validation, and early stopping with it, counts every row alike.
    lines : Array of shape (rows,), optional
        The line of its file on which each row stands, to name it where numbers run away.
    measure : callable, optional
        Returns metrics by name for answers and targets of the validation rows, to be followed over the epochs.
    optimizer : Optimizer
    schedule : Schedule
        How the learning rate changes.
    schedule_from : int
        The epoch at which the schedule begins, because it was chosen then.
    clipping : Clipping, optional
        What keeps gradients from becoming too large; for optimizers that follow the gradient.
    early_stopping : EarlyStopping, optional
        When to end before all epochs are done.
    batch_size : int or None
        Rows a step; None is the full batch.
    epochs : int or None
        After how many passes through the rows to end; None is until stopped.
    shuffle : bool
        Whether rows are drawn in a new order each epoch.
    seed : int
        From which first weights, orders and noise derive.
    precision : str
        ``"float32"`` or ``"float64"``.
    initial_weights : dict of str to Array, optional
        First weights by their names; those that are not given are drawn.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    network: Network
    inputs: Any
    targets: Any
    validation: tuple[Any, Any] | None = None
    row_weights: Any = None
    class_weights: Mapping[int, float] | None = None
    lines: Any = None
    measure: Callable[[Array, Array], Mapping[str, float]] | None = None
    optimizer: SerializeAsAny[Optimizer] = Adam()
    schedule: SerializeAsAny[Schedule] = Constant()
    schedule_from: int = Field(0, ge=0)
    clipping: SerializeAsAny[Clipping] | None = None
    early_stopping: SerializeAsAny[EarlyStopping] | None = None
    batch_size: int | None = Field(32, ge=1)
    epochs: int | None = Field(None, ge=0)
    shuffle: bool = True
    seed: int = 0
    precision: Precision = "float32"
    initial_weights: Mapping[str, Array] | None = None

    def line_of(self, row: int | None) -> int | None:
        """Return the line of the file that a row came from, or None where it came from none."""
        return None if row is None or self.lines is None else int(self.lines[row])
