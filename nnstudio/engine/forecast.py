"""How long a search that tries everything will take, said before it starts."""

import math
import time

import numpy as np

from nnstudio.engine.optimizer import Objective, Search
from nnstudio.errors import NetworkError

_LONGEST_SECONDS = 86_400
_TRIALS = 3


def refuse_what_takes_too_long(search: Search, objective: Objective) -> str:
    """Return how many combinations there are and how long they take here; nothing for searches that feel their way.

    Raises
    ------
    NetworkError
        When it would take more than a day.
    """
    count = search.evaluations(len(objective.weights))
    if count is None:
        return ""
    seconds = math.inf
    for _ in range(_TRIALS):
        began = time.perf_counter()
        with np.errstate(all="ignore"):
            objective.evaluate()
        seconds = min(seconds, time.perf_counter() - began)
    # The count may have more digits than a float can hold.
    days = count // max(1, int(_LONGEST_SECONDS / seconds))
    told = f"{count:,}" if count < 10**12 else f"10^{len(str(count)) - 1}"
    if days >= 1:
        length = f"{days:,} days" if days < 10**9 else f"10^{len(str(days)) - 1} days"
        raise NetworkError(
            f"{search.title} would try {told} combinations of {len(objective.weights)} weights, which takes {length} "
            "here. Use fewer weights, fewer values a weight, or an optimizer that follows the gradient."
        )
    return f"{told} combinations, about {count * seconds:,.0f} seconds"
