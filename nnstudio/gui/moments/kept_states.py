"""Looking back over a run through the states that the time machine keeps of it.

Nothing here touches the window, so that it can be asked in a thread beside it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nnstudio.engine import Network, Rung

MOST_RUNGS = 64
"""States before now that are looked at."""


def same_weights(first: Network, second: Network) -> bool:
    """Return whether two networks have the same weights and wires, so that what one knows tells of the other."""
    return first is second or (first.edges == second.edges and first.weight_shapes() == second.weight_shapes())


def alike(network: Network, rungs: Sequence[Rung]) -> list[Rung]:
    """Return the states that belong to a network; other rates do not matter, other layers do."""
    drawn = {id(rung.plan.network): rung.plan.network for rung in rungs}
    fit = {key for key, other in drawn.items() if same_weights(network, other)}
    return [rung for rung in rungs if id(rung.plan.network) in fit]


def spread_out(rungs: Sequence[Rung]) -> list[Rung]:
    """Return states over the whole past, evenly taken, by rising steps."""
    chosen = np.unique(np.linspace(0, len(rungs) - 1, min(len(rungs), MOST_RUNGS)).round().astype(int)).tolist()
    return [rungs[at] for at in chosen]


def coarse_first(rungs: Sequence[Rung]) -> list[Rung]:
    """Return states in an order in which those that come first are wide apart."""
    ordered: list[int] = []
    stride = 1 << max(0, len(rungs) - 1).bit_length()
    while stride and len(rungs):
        ordered += [at for at in range(0, len(rungs), stride) if at not in ordered]
        stride //= 2
    return [rungs[at] for at in ordered]
