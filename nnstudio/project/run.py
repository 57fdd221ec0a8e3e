"""What was trained: everything that predicting, exporting and going on need, apart from the drawing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from numpy.typing import ArrayLike
from pydantic import BaseModel, ConfigDict, Field

from nnstudio.data import Pipeline, Split
from nnstudio.engine import Array, Change, History, Network, Program, State, changed_since, memory_views, weight_views
from nnstudio.project.inputs import deal_out
from nnstudio.project.settings import Settings

Status = Literal["paused", "stopped", "finished"]


class Run(BaseModel):
    """A trained network with its pipeline and its whole state.

    Attributes
    ----------
    id : str
        Unique in its project.
    network, pipeline, split, settings
        As they were when the run began.
    design : str
        A digest of the drawing and the data, to see later whether they have moved on.
    data_name, data_digest : str
        The file it was trained on, and a short text that differs when its data do; empty in old files.
    state : State
        Where the run stands.
    history : History
        Its costs.
    journal : tuple of Change
        Settings that were changed while it ran.
    status : str
        ``"paused"``: goes on exactly; ``"stopped"`` or ``"finished"``: goes on with fresh optimizer memory.
    name : str
        What the person calls it; may be empty.
    pinned : bool
        Whether it is kept however many runs follow.
    parent : str
        The run whose weights it began with, or empty.
    parent_step : int or None
        The step of its parent from which it goes on exactly; None where it only took weights over.
    note : str
        What was kept of the parent, in words.
    seconds : float
        Time spent training.
    schedule_from : int
        The epoch at which the schedule of the learning rate was chosen, from which it counts.
    metrics, baseline : dict of str to float
        On the test rows, or on the training rows where there is no test.
    measured_on : str
        ``"test"`` or ``"training"``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    id: str = Field(pattern=r"^[a-z0-9_]+$")
    network: Network
    pipeline: Pipeline
    split: Split
    settings: Settings
    design: str
    data_name: str
    data_digest: str = ""
    state: State
    history: History
    journal: tuple[Change, ...] = ()
    status: Status = "paused"
    name: str = Field("", max_length=200)
    pinned: bool = False
    parent: str = ""
    parent_step: int | None = None
    note: str = ""
    seconds: float = 0.0
    schedule_from: int = Field(0, ge=0)
    metrics: dict[str, float] = {}
    baseline: dict[str, float] = {}
    measured_on: Literal["test", "training"] = "test"

    @property
    def title(self) -> str:
        """What to call the run in a list."""
        return self.name or self.id.replace("_", " ").capitalize()

    @property
    def cost(self) -> float | None:
        """What it cost last; None before the first step, and where layers or weights were changed by hand since."""
        return None if changed_since(self.journal, self.state.step) else self.history.latest_cost

    @property
    def weights(self) -> Mapping[str, Array]:
        """The trained weights by their names, as predictions use them."""
        return weight_views(self.network, self.state.answer)

    @property
    def memory(self) -> Mapping[str, Array]:
        """What the layers remember besides their weights, by name."""
        return memory_views(self.network, self.state.memory)

    def answer(self, features: ArrayLike) -> Array:
        """Return the trained network's answers, of shape (rows, units), to encoded rows of shape (rows, features)."""
        return self.program().predict(deal_out(self.network, features))

    def program(self) -> Program:
        """Return the network bound to the trained weights."""
        program = Program(self.network, self.settings.precision, self.settings.seed)
        program.load(self.state.answer, self.state.memory)
        return program
