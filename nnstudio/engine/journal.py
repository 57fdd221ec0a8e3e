"""What is said of a training while it runs: its steps, and the settings that were changed."""

from __future__ import annotations

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
    """A setting that was changed while training: after which step, which, and to what."""

    step: int
    name: str
    value: Any
