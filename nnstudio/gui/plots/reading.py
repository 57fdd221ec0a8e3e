"""What is read of a history: which series a curve shows, and where its steps stand on the axis across."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine import History
from nnstudio.gui.plots.cost_curve import CostCurve
from nnstudio.gui.plots.series_field import COST

Numbers = NDArray[np.float64]
Name = Literal["train", "validation", "penalty"]
Against = Literal["epoch", "step", "seconds"]

NAMES: tuple[Name, ...] = ("train", "validation", "penalty")
AGAINST: tuple[Against, ...] = ("epoch", "step", "seconds")

_FEW_EPOCHS = 3


@dataclass(frozen=True)
class Reading:
    """What is asked of a history.

    Attributes
    ----------
    what : str
        ``"cost"``, or the name of a metric.
    against : str
        ``"epoch"``, ``"step"`` or ``"seconds"``.
    powers_across : bool
        Whether powers of ten are at equal distances across, so that nothing that is not above 0 can be shown.
    steps_per_epoch : int
        Of the epoch that is under way.
    """

    what: str
    against: Against
    powers_across: bool
    steps_per_epoch: int

    def series(self, name: Name, history: History) -> str:
        """Return the series that a curve shows; empty where it shows none."""
        if self.what != COST:
            return self.what if name == "validation" else ""
        if name == "train":
            return "cost" if is_by_step(history) else "epoch_cost"
        return name

    def places(self, steps: Numbers, history: History) -> Numbers:
        """Return where steps stand on the axis across; not a number where that is not known."""
        if self.against == "epoch":
            return history.epochs_at(steps, self.steps_per_epoch)
        if self.against == "step":
            return steps
        clock = history.read("seconds")
        return np.interp(steps, clock.step, clock.mean) if len(clock) else np.full(len(steps), np.nan)

    def fill(self, curves: Mapping[Name, CostCurve], history: History) -> None:
        """Give curves the points that can be shown."""
        for name, curve in curves.items():
            series = self.series(name, history)
            if not series:
                curve.clear()
                continue
            view = history.read(series)
            x = self.places(view.step, history)
            usable = np.isfinite(view.mean) & np.isfinite(x)
            if self.powers_across:
                usable &= x > 0
            curve.x, curve.y = x[usable], view.mean[usable]
            curve.low, curve.high = view.minimum[usable], view.maximum[usable]


def is_by_step(history: History) -> bool:
    """Return whether there are so few epochs that each step is a point."""
    return len(history.read("epoch_cost")) < _FEW_EPOCHS
