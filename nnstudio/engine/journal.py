"""What is said of a training while it runs: its steps, and the settings that were changed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Step:
    """One step of training.

    Attributes
    ----------
    step : int
        Its number, from 1.
    epoch : int
        The epoch it belongs to, from 0.
    batch : int
        Its place in the epoch, from 0.
    cost : float
        The cost of its batch before the update.
    """

    step: int
    epoch: int
    batch: int
    cost: float


@dataclass(frozen=True)
class Change:
    """What was changed of a training after a step.

    Attributes
    ----------
    step : int
    name : str
        A setting; or ``"surgery"`` or ``"weight"``, where layers or a weight themselves were changed.
    value : object
        The setting's new value; of layers or a weight, what was done in words.
    """

    step: int
    name: str
    value: Any

    @property
    def is_operation(self) -> bool:
        """Whether layers or weights themselves were changed, which cannot be trained again."""
        return self.name in ("surgery", "weight")


def changed_since(journal: Iterable[Change], step: int) -> bool:
    """Return whether layers, weights or what is held of them were changed when a step was done.

    What the step cost is then not what the network costs that came of it.
    """
    return any(change.step == step and (change.is_operation or change.name == "layers") for change in journal)
