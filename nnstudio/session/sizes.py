"""How much memory what is kept of runs takes: arrays that several hold count once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import chain

import numpy as np

from nnstudio.engine import Array, State, TrainingPlan


def bytes_of(states: Iterable[State]) -> int:
    """Return what states hold together; arrays that several share count once."""
    return size_of(arrays_of(state) for state in states)


def size_of(groups: Iterable[Iterable[Array]], without: Collection[int] = ()) -> int:
    """Return what arrays hold together, each counted once, without those of some identities."""
    found = {id(values): values.nbytes for values in chain.from_iterable(groups)}
    return sum(size for key, size in found.items() if key not in without)


def arrays_of(state: State) -> Iterator[Array]:
    """Yield the arrays of a state."""
    yield from (state.weights, state.memory, state.schedule)
    for several in (state.optimizer, state.streams, state.stopping):
        yield from several.values()


def rows_of(plan: TrainingPlan) -> Iterator[Array]:
    """Yield the arrays of rows that a plan holds; where it has views, those that own the memory."""
    parts = [plan.inputs, plan.targets, *(plan.validation or ())]
    for part in parts:
        for values in part.values() if isinstance(part, Mapping) else [part]:
            owner = np.asarray(values)
            while isinstance(owner.base, np.ndarray):
                owner = owner.base
            yield owner
