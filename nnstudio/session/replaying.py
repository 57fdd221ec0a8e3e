"""Training again from a kept state to a later step, with the changes of the journal at their steps: the same bytes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from nnstudio.components import find
from nnstudio.engine import Change, Rung, State, Training

REPLAY_STEPS = 256
"""Steps that a replay does before it looks whether it is still wanted."""

WAY_SECONDS = 0.25
"""After so long, a long replay keeps where it is, so that the next one near there is short."""


def replay(
    rung: Rung,
    journal: Sequence[Change],
    step: int,
    is_wanted: Callable[[], bool] = lambda: True,
    keep: Callable[[Rung], None] = lambda _: None,
) -> Rung | None:
    """Return the moment at a step, by training again from a rung; None when that is no longer wanted or cannot be.

    Parameters
    ----------
    rung : Rung
        At or before the step.
    journal : sequence of Change
        All changes of the run; those behind the rung are made again at their steps. Operations on layers and weights
        cannot be: what came of them is a rung of its own.
    step : int
    is_wanted : callable
        Asked every `REPLAY_STEPS` steps, and within steps that take long.
    keep : callable
        Called with a moment on the way every `WAY_SECONDS`.
    """

    def unwanted() -> bool:
        return not is_wanted()

    if rung.step == step:
        return rung
    training = Training(rung.plan)
    training.restore(rung.state)
    changes = [change for change in journal[rung.changes :] if change.step < step]
    kept, done = time.perf_counter(), rung.changes
    for stop, change in (*((change.step, change) for change in changes), (step, None)):
        while training.step < stop:
            steps = min(REPLAY_STEPS, stop - training.step)
            if unwanted() or not len(training.advance(steps, should_give_up=unwanted)):
                return None
            if time.perf_counter() - kept > WAY_SECONDS and training.step < stop:
                keep(Rung(training.state(), done, rung.plan))
                kept = time.perf_counter()
        if change is not None and change.is_operation:
            return None
        if change is not None:
            training.change(**{change.name: _value_of(change)})
            done += 1
    return Rung(training.state(), done, rung.plan)


def leads_to(journal: Sequence[Change], rung: Rung, goal: Rung) -> bool:
    """Return whether training again from a rung arrives at another: no operation of the journal lies between them."""
    between = journal[rung.changes : goal.changes]
    return len(journal) >= goal.changes and not any(change.is_operation for change in between)


def largest_difference(first: State, second: State) -> float:
    """Return by how much weights or memory of two states differ at most; 0 only where every byte is the same."""
    pairs = ((first.weights, second.weights), (first.memory, second.memory))
    differences = [np.abs(a - b).max(initial=0.0) for a, b in pairs]
    found = float(max(differences))
    return found if found or first.weights.tobytes() == second.weights.tobytes() else float(np.finfo(float).tiny)


def _value_of(change: Change) -> object:
    if change.name == "optimizer":
        return find("optimizers", str(change.value["type"])).model_validate(change.value)
    return change.value
