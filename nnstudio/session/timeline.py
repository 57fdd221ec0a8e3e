"""Going back: a thinning ladder of whole states, and replaying the steps between two of its rungs.

A ladder keeps states densely near now and thinner in the past, within a budget of bytes. Any step between two rungs is
had by training again from the lower one, with the changes of the journal at their steps, which gives the same bytes.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from nnstudio.components import find
from nnstudio.engine import Array, Change, Network, State, Training, TrainingPlan, with_layers

BUDGET_BYTES = 512 * 2**20
"""What all ladders together may hold, where nothing else was chosen."""

MOST_RUNGS = 256
"""Rungs that a ladder keeps at most, however small they are: looking for the least wanted one must stay quick."""

REPLAY_STEPS = 256
"""Steps that a replay does before it looks whether it is still wanted."""


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
        Whether no replay can arrive here, because the run began here or was put back: it goes only when all before it
        have gone.
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
    def network(self) -> Network:
        """The network as it was then."""
        return with_layers(self.plan.network, self.state.settings.get("layers", {}))


class Ladder:
    """The states of one run, by rising steps.

    The training thread adds; others read `rungs`, which is replaced as a whole and never changed.

    Parameters
    ----------
    budget : int
        Bytes that the rungs may hold together; the newest stays whatever it needs. Where anchors alone need more, the
        past begins later.
    """

    def __init__(self, budget: int = BUDGET_BYTES) -> None:
        self.budget = budget
        self.rungs: tuple[Rung, ...] = ()
        self._bytes = 0

    @property
    def bytes(self) -> int:
        """What the rungs hold together; arrays that several share count once."""
        return bytes_of(rung.state for rung in self.rungs)

    def add(self, rung: Rung) -> None:
        """Keep a state; those behind its step are let go, because the run was put back before them."""
        kept = [old for old in self.rungs if old.step < rung.step or (old.step == rung.step and old.is_anchor)]
        before = len(self.rungs) - len(kept)
        self.rungs = (*kept, rung)
        self._bytes = bytes_of(old.state for old in self.rungs) if before else self._bytes + bytes_of([rung.state])
        self._thin()

    def below(self, step: int) -> Rung | None:
        """Return the newest rung that is not behind a step, from which it can be replayed."""
        rungs = self.rungs
        index = bisect_right(rungs, step, key=_step_of)
        return rungs[index - 1] if index else None

    def nearest(self, step: int, last: int) -> Rung | None:
        """Return the rung nearest to a step, of those that are not behind the last one."""
        rungs = self.rungs[: bisect_right(self.rungs, last, key=_step_of)]
        index = bisect_right(rungs, step, key=_step_of)
        around = rungs[max(0, index - 1) : index + 1]
        return min(around, key=lambda rung: abs(rung.step - step), default=None)

    def _thin(self) -> None:
        while self._bytes > self.budget or len(self.rungs) > MOST_RUNGS:
            index = _least_wanted(self.rungs)
            if index is None:
                if len(self.rungs) == 1:
                    return
                index = 0  # from what is left behind it all that follows can still be had
            gone = self.rungs[index]
            self.rungs = (*self.rungs[:index], *self.rungs[index + 1 :])
            self._bytes = self.bytes if self._shares(gone) else self._bytes - bytes_of([gone.state])

    def _shares(self, gone: Rung) -> bool:
        held = {id(values) for rung in self.rungs for values in _arrays(rung.state)}
        return any(id(values) in held for values in _arrays(gone.state))


class Timelines:
    """The ladders of all runs, within one budget; those of older runs go first.

    Parameters
    ----------
    budget : int
        Bytes that all ladders may hold together.
    """

    def __init__(self, budget: int = BUDGET_BYTES) -> None:
        self.budget = budget
        self._ladders: dict[str, Ladder] = {}

    def of(self, run: str, state: State) -> Ladder | None:
        """Return the ladder of a run that stands at a state; None where the state does not lie on it.

        The same id may have been another run before an undo, or in another file.
        """
        ladder = self._ladders.get(run)
        kept = ladder.below(state.step) if ladder is not None else None
        return ladder if kept is not None and _is_same(kept.state, state) else None

    def span(self, run: str) -> tuple[int, int]:
        """Return the first and the newest step that are kept of a run that trains."""
        rungs = self.kept(run)
        return (rungs[0].step, rungs[-1].step) if rungs else (0, 0)

    def kept(self, run: str) -> tuple[Rung, ...]:
        """Return what is kept of a run that trains, by rising steps."""
        return self._ladders[run].rungs if run in self._ladders else ()

    def begin(self, run: str, state: State | None) -> Ladder:
        """Return the ladder for a run that is about to begin, or to go on from a state."""
        ladder = (self.of(run, state) if state is not None else None) or Ladder()
        self._ladders.pop(run, None)
        self._ladders[run] = ladder
        self._share_out(run)
        return ladder

    def fork(self, run: str, parent: str, rung: Rung) -> None:
        """Let a new run have its parent's past up to a rung."""
        ladder = Ladder(self.budget)
        for kept in self._ladders[parent].rungs if parent in self._ladders else ():
            if kept.step < rung.step:
                ladder.add(kept)
        ladder.add(replace(rung, is_anchor=True))
        self._ladders[run] = ladder

    def clear(self) -> None:
        """Forget all runs, because another project takes their place."""
        self._ladders.clear()

    def _share_out(self, run: str) -> None:
        """Let the oldest ladders go until half of the budget is free for a run, and give it what is free."""
        others = [other for other in self._ladders if other != run]
        while others and self._held(others) > self.budget // 2:
            del self._ladders[others.pop(0)]
        self._ladders[run].budget = self.budget - self._held(others)

    def _held(self, runs: Iterable[str]) -> int:
        return bytes_of(rung.state for run in runs for rung in self._ladders[run].rungs)


def replay(
    rung: Rung, journal: Sequence[Change], step: int, is_wanted: Callable[[], bool] = lambda: True
) -> Rung | None:
    """Return the moment at a step, by training again from a rung; None when it is no longer wanted.

    Parameters
    ----------
    rung : Rung
        At or before the step.
    journal : sequence of Change
        All changes of the run; those behind the rung are made again at their steps.
    step : int
    is_wanted : callable
        Asked every `REPLAY_STEPS` steps.
    """
    if rung.step == step:
        return rung
    training = Training(rung.plan)
    training.restore(rung.state)
    changes = [change for change in journal[rung.changes :] if change.step < step]
    for stop, change in (*((change.step, change) for change in changes), (step, None)):
        while training.step < stop:
            if not is_wanted() or not len(training.advance(min(REPLAY_STEPS, stop - training.step))):
                return None
        if change is not None:
            training.change(**{change.name: _value_of(change)})
    return Rung(training.state(), rung.changes + len(changes), rung.plan)


def bytes_of(states: Iterable[State]) -> int:
    """Return what states hold together; arrays that several share count once."""
    found = {id(values): values.nbytes for state in states for values in _arrays(state)}
    return sum(found.values())


def _arrays(state: State) -> Iterator[Array]:
    yield from (state.weights, state.memory, state.schedule)
    for several in (state.optimizer, state.streams, state.stopping):
        yield from several.values()


def _is_same(kept: State, state: State) -> bool:
    """Return whether a run that goes on from a state has been at a kept one; its optimizer may begin anew."""
    return (
        kept.step == state.step
        and np.array_equal(kept.weights, state.weights)
        and np.array_equal(kept.memory, state.memory)
    )


def _least_wanted(rungs: Sequence[Rung]) -> int | None:
    """Return which rung leaves the smallest gap for its age when it goes; None where only ends and anchors are left."""
    now = rungs[-1].step
    found, least = None, float("inf")
    for index in range(1, len(rungs) - 1):
        if not rungs[index].is_anchor:
            before, after = rungs[index - 1].step, rungs[index + 1].step
            gap = (after - before) / (now - before)
            if gap < least:
                found, least = index, gap
    return found


def _step_of(rung: Rung) -> int:
    return rung.step


def _value_of(change: Change) -> object:
    if change.name == "optimizer":
        return find("optimizers", str(change.value["type"])).model_validate(change.value)
    return change.value
