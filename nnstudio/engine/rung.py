"""A moment of a run that is kept, and what was followed from there on: with both, every later step can be had again."""

from __future__ import annotations

from dataclasses import dataclass

from nnstudio.engine.network import Network
from nnstudio.engine.plan import TrainingPlan
from nnstudio.engine.state import State
from nnstudio.engine.steering import with_layers


@dataclass(frozen=True, eq=False)
class Rung:
    """A state that is kept.

    Attributes
    ----------
    state : State
    changes : int
        How many changes of the journal had been made by then.
    plan : TrainingPlan
        What was followed from here on.
    is_anchor : bool
        Whether no replay can arrive here, because the run began here, was put back, or had its layers or weights
        changed: it goes only when all before it have gone.
    """

    state: State
    changes: int
    plan: TrainingPlan
    is_anchor: bool = False

    @property
    def step(self) -> int:
        """The step of the state."""
        return self.state.step

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands in the life of its run: the step, and how many changes had been made."""
        return self.step, self.changes

    @property
    def network(self) -> Network:
        """The network as it was then."""
        return with_layers(self.plan.network, self.state.settings.get("layers", {}))
