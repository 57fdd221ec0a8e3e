"""Looks for a good learning rate by raising it until the cost runs away.

References
----------
L. Smith, "Cyclical learning rates for training neural networks", 2017, section 3.3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine.plan import TrainingPlan
from nnstudio.engine.schedules import Constant
from nnstudio.engine.training import Training
from nnstudio.errors import NetworkError

Numbers = NDArray[np.float64]

_SMOOTHING = 0.9
_RUNAWAY = 4.0
_SPAN = 20


@dataclass(frozen=True)
class RangeTest:
    """What a range test has found.

    Attributes
    ----------
    rates, costs : Array of shape (steps,)
        The rate of each step and the smoothed cost of its batch; it ends where the cost ran away.
    suggestion : float
        The rate at which the cost fell most steeply, but at most a tenth of the one at which it was lowest: there it
        falls quickly, and nothing runs away yet.
    """

    rates: Numbers
    costs: Numbers
    suggestion: float


def find_learning_rate(plan: TrainingPlan, lowest: float = 1e-6, highest: float = 10.0, steps: int = 200) -> RangeTest:
    """Raise the rate from step to step and see where the cost is lowest before it runs away.

    Parameters
    ----------
    plan : TrainingPlan
        What would be trained; it is not changed.
    lowest, highest : float
        Between which rates, at equal distances on a scale of powers.
    steps : int

    Returns
    -------
    RangeTest

    Raises
    ------
    NetworkError
        When the optimizer has no learning rate.
    """
    if plan.optimizer.rate is None:
        raise NetworkError(f"{plan.optimizer.title} has no learning rate, so there is none to look for.")
    training = Training(plan.model_copy(update={"epochs": None, "schedule": Constant(), "early_stopping": None}))
    rates, costs = [], []
    mean = best = math.nan
    for step, rate in enumerate(np.geomspace(lowest, highest, steps).tolist()):
        try:
            training.change(learning_rate=rate)
        except ValueError:  # beyond what the optimizer allows
            break
        done = training.advance(1)
        if not len(done) or not math.isfinite(done[0]):
            break
        mean = float(done[0]) if step == 0 else _SMOOTHING * mean + (1 - _SMOOTHING) * float(done[0])
        # A mean that began at the first cost is too near to it at first.
        best = mean if step == 0 else min(best, mean)
        rates.append(rate)
        costs.append(mean)
        if mean > _RUNAWAY * best:
            break
    if not rates:
        return RangeTest(np.empty(0), np.empty(0), plan.optimizer.rate)
    return RangeTest(np.array(rates), np.array(costs), _suggestion(np.array(rates), np.array(costs)))


def _suggestion(rates: Numbers, costs: Numbers) -> float:
    lowest = int(np.argmin(costs))
    safe = float(rates[lowest]) / 10
    if lowest < _SPAN:
        return safe
    # Over a span of steps, because from one to the next the cost of a batch jumps.
    falls = costs[: lowest + 1 - _SPAN] - costs[_SPAN : lowest + 1]
    return min(safe, float(rates[int(np.argmax(falls)) + _SPAN // 2]))
