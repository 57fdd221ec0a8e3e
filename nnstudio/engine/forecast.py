"""Whether an optimizer can train a network, and how long one that tries everything takes, before it starts."""

import math
import time

import numpy as np

from nnstudio.engine.batch_cost import BatchCost
from nnstudio.engine.optimizer import Optimizer, Search
from nnstudio.engine.suiting import why_unsuited
from nnstudio.errors import NetworkError

_LONGEST_SECONDS = 86_400
_TRIALS = 3


def foresee(optimizer: Optimizer, objective: BatchCost, rows: int) -> str:
    """Return how many combinations a search tries and how long that takes here; nothing for those that feel their way.

    Parameters
    ----------
    optimizer : Optimizer
    objective : BatchCost
        Is left as it was.
    rows : int
        How many there are.

    Raises
    ------
    NetworkError
        When it cannot train this network, or would take more than a day.
    """
    unsuited = why_unsuited(optimizer, objective.network)
    if unsuited is not None:
        raise NetworkError(" ".join(unsuited))
    power = optimizer.evaluations(len(objective.weights)) if isinstance(optimizer, Search) else None
    if power is None:
        return ""
    objective.select(0, rows, None, again=True)
    seconds = math.inf
    for _ in range(_TRIALS):
        began = time.perf_counter()
        with np.errstate(all="ignore"):
            objective.evaluate()
        seconds = min(seconds, time.perf_counter() - began)
    objective.rewind()
    told = f"{round(10**power):,}" if power < 12 else f"10^{int(power)}"
    power_of_days = power + math.log10(seconds / _LONGEST_SECONDS)
    if power_of_days >= 0:
        length = f"{10**power_of_days:,.0f} days" if power_of_days < 9 else f"10^{int(power_of_days)} days"
        raise NetworkError(
            f"{optimizer.title} would try {told} combinations of {len(objective.weights)} weights, which takes "
            f"{length} here. Use fewer weights, fewer values a weight, or an optimizer that follows the gradient."
        )
    return f"{told} combinations, about {10**power * seconds:,.0f} seconds"
