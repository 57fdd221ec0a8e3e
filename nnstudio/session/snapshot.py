"""A frozen picture of one moment of training."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from nnstudio.engine import History
from nnstudio.engine.layer import Array


@dataclass(frozen=True, eq=False)
class Snapshot:
    """What a view needs to draw a moment; everything else it computes from this.

    Attributes
    ----------
    run : str
        The id of the run that is training.
    step, epoch : int
        Steps and epochs done.
    weights : Array of shape (weights,)
        A copy of the flat vector that predictions use.
    memory : Array of shape (memory,)
        A copy of the layers' memory, such as moving statistics.
    steps_per_second : float
        Measured over the last half second or so of running.
    gradients : Array of shape (weights,), or None
        Of the last batch, while somebody watches them.
    change : Array of shape (weights,), or None
        What a step has changed, as a mean over the steps since the snapshot before, while somebody watches it.
    history : History
        The series so far; reading them is safe while training goes on.
    streams : mapping of str to Array of shape (6,)
        Where the random numbers of layers stand that silence units.
    next_rows : int
        How many rows the next step looks at.
    """

    run: str
    step: int
    epoch: int
    weights: Array
    memory: Array
    steps_per_second: float
    history: History
    gradients: Array | None = None
    change: Array | None = None
    streams: Mapping[str, Array] = field(default_factory=dict)
    next_rows: int = 0
