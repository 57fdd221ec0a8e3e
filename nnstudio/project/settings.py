"""How a network is trained."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny

from nnstudio.engine import Clipping, EarlyStopping, Optimizer, Schedule
from nnstudio.engine.optimizers.adam import Adam
from nnstudio.engine.schedules import Constant


class Settings(BaseModel):
    """What the training panel shows.

    Attributes
    ----------
    optimizer : Optimizer
    batch_size : int or None
        Rows a step; None is the full batch.
    epochs : int or None
        When to end; None is until stopped.
    seed : int
        From which first weights, orders and noise derive.
    precision : str
    shuffle : bool
        Whether rows come in a new order each epoch.
    schedule : Schedule
        How the learning rate changes.
    clipping : Clipping or None
        What keeps gradients from becoming too large.
    early_stopping : EarlyStopping or None
        When to end before all epochs are done.
    class_weights : dict of str to float
        How much each class counts in the cost of training rows, by its name; those that are left out count 1.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    optimizer: SerializeAsAny[Optimizer] = Adam(learning_rate=0.01)
    batch_size: int | None = Field(16, ge=1, le=1_000_000)
    epochs: int | None = Field(None, ge=1)
    seed: int = Field(0, ge=0, lt=2**63)
    precision: Literal["float32", "float64"] = "float32"
    shuffle: bool = True
    schedule: SerializeAsAny[Schedule] = Constant()
    clipping: SerializeAsAny[Clipping] | None = None
    early_stopping: SerializeAsAny[EarlyStopping] | None = None
    class_weights: Mapping[str, Annotated[float, Field(ge=0, allow_inf_nan=False)]] = {}

    @property
    def rows_per_step(self) -> int | None:
        """How many training rows a step sees; None for all, as chosen or because the optimizer needs them."""
        return None if self.optimizer.full_batch_only else self.batch_size

    def steps_per_epoch(self, rows: int) -> int:
        """Return how many steps an epoch over so many rows has; one at least."""
        size = self.rows_per_step
        return 1 if size is None else max(1, -(-rows // size))
