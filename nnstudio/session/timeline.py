"""What is kept of runs to go back to: thinning ladders of whole states, within a budget of bytes.

A ladder keeps states densely near now and thinner in the past. Any step between two of its rungs is had by training
again from the lower one, see `replaying`. Where layers were changed or a weight was set by hand, a rung holds what
came of it: the ladder goes on from there with the other network.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import numpy as np

from nnstudio.engine import Array, Network, Rung, State, TrainingPlan
from nnstudio.project.files.past import Past, may_be_drawn

BUDGET_BYTES = 512 * 2**20
"""What all ladders together may hold, where nothing else was chosen."""

MOST_RUNGS = 256
"""Rungs that a ladder keeps at most, however small they are: looking for the least wanted one must stay quick."""

MOST_SAVED = 64
"""Rungs of a run that a file holds at most."""

_MOST_FORMER = 8
"""So many ladders are kept of ways that runs have left, to which an undo may bring them back."""


class Ladder:
    """The states of one run in the order in which it went through them: by steps, and at one step by changes.

    The training thread adds; others read `rungs`, which is replaced as a whole and never changed.

    Parameters
    ----------
    budget : int
        Bytes that the rungs may hold together, but for arrays that other ladders hold too; the newest stays whatever it
        needs. Where anchors alone need more, the past begins later.
    most : int
        Rungs that are kept at most.

    Attributes
    ----------
    here_from : int
        Up to this step the run was trained elsewhere or at another time, and nobody has looked yet whether training
        it again leads to the same bytes here.
    is_certain : bool
        Whether the run is known to have been at its first rung.
    difference : float
        By how much weights that were trained again here have differed from those of then.
    """

    def __init__(self, budget: int = BUDGET_BYTES, most: int = MOST_RUNGS) -> None:
        self.budget = budget
        self.rungs: tuple[Rung, ...] = ()
        self.here_from = 0
        self.is_certain = True
        self.difference = 0.0
        self._most = most
        self._shared: frozenset[int] = frozenset()
        self._bytes = 0

    @property
    def bytes(self) -> int:
        """What the rungs hold together; arrays that several share count once, those of other ladders not at all."""
        return self._bytes_of(self.rungs)

    def give(self, budget: int, shared: Iterable[int] = ()) -> None:
        """Let the rungs hold so many bytes from the next one on.

        Parameters
        ----------
        budget : int
        shared : iterable of int
            The identities of arrays that other ladders hold.
        """
        self.budget, self._shared = budget, frozenset(shared)
        self._bytes = self.bytes

    def add(self, rung: Rung) -> None:
        """Keep a state; those behind it are let go, because the run was put back before them."""
        place = rung.place
        kept = [old for old in self.rungs if old.place < place or (old.place == place and old.is_anchor)]
        before = len(self.rungs) - len(kept)
        self.rungs = (*kept, rung)
        self._bytes = self.bytes if before else self._bytes + self._bytes_of([rung])
        self._thin()

    def put(self, found: Iterable[Rung]) -> None:
        """Keep states that were trained again, or read from a file, among those there are; while nothing is added."""
        known = {rung.place for rung in self.rungs}
        new = [rung for rung in found if rung.place not in known]
        self.rungs = tuple(sorted((*self.rungs, *new), key=_place_of))
        self._bytes = self.bytes
        self._thin()

    def let_go_behind(self, place: tuple[int, int]) -> None:
        """Let go of all rungs behind a place, because what led there was taken back; while nothing is added."""
        self._keep(rung for rung in self.rungs if rung.place <= place)

    def let_go_after(self, state: State) -> None:
        """Let go of all rungs after a state, because what led there was taken back; while nothing is added."""
        self._keep(self.until(state))

    def let_go_before(self, step: int) -> None:
        """Let go of all rungs before a step, because the run was never there; while nothing is added."""
        self._keep(rung for rung in self.rungs if rung.step >= step)

    def below(self, step: int) -> Rung | None:
        """Return the newest rung that is not behind a step, from which it can be replayed."""
        rungs = self.rungs
        index = bisect_right(rungs, step, key=_step_of)
        return rungs[index - 1] if index else None

    def above(self, step: int) -> Rung | None:
        """Return the oldest rung behind a step."""
        rungs = self.rungs
        index = bisect_right(rungs, step, key=_step_of)
        return rungs[index] if index < len(rungs) else None

    def until(self, state: State) -> tuple[Rung, ...]:
        """Return the rungs up to one with this state, where a run stands; none where no rung has it."""
        rungs = self.rungs[: bisect_right(self.rungs, state.step, key=_step_of)]
        while rungs and rungs[-1].step == state.step:
            if _is_same(rungs[-1].state, state):
                return rungs
            rungs = rungs[:-1]
        return ()

    def nearest(self, step: int, state: State) -> Rung | None:
        """Return the rung nearest to a step, of those up to a state where the run stands."""
        rungs = self.until(state)
        index = bisect_right(rungs, step, key=_step_of)
        around = rungs[max(0, index - 1) : index + 1]
        return min(around, key=lambda rung: abs(rung.step - step), default=None)

    def _keep(self, rungs: Iterable[Rung]) -> None:
        self.rungs = tuple(rungs)
        self._bytes = self.bytes

    def _thin(self) -> None:
        while self._bytes > self.budget or len(self.rungs) > self._most:
            free = self._shared if self._bytes > self.budget else frozenset()
            index = _least_wanted(self.rungs, free)
            if index is None:
                if len(self.rungs) == 1:
                    return
                index = 0  # from what is left behind it all that follows can still be had
            gone = self.rungs[index]
            self.rungs = (*self.rungs[:index], *self.rungs[index + 1 :])
            self._bytes = self.bytes if self._shares(gone) else self._bytes - self._bytes_of([gone])

    def _shares(self, gone: Rung) -> bool:
        held = {id(values) for rung in self.rungs for values in _arrays(rung.state)}
        return any(id(values) in held for values in _arrays(gone.state))

    def _bytes_of(self, rungs: Iterable[Rung]) -> int:
        return _size((_arrays(rung.state) for rung in rungs), self._shared)


class Timelines:
    """The ladders of all runs, within one budget; those of older runs go first.

    Parameters
    ----------
    budget : int
        Bytes that all ladders may hold together, with the rows that older runs alone still need.
    """

    def __init__(self, budget: int = BUDGET_BYTES) -> None:
        self.budget = budget
        self._ladders: dict[str, Ladder] = {}
        self._former: list[tuple[str, Ladder]] = []
        self._begun = ""

    def of(self, run: str, state: State) -> Ladder | None:
        """Return the ladder of a run that stands at a state; None where the state does not lie on it.

        The same id may have been another run before an undo, or in another file; and an undo may bring a run back to
        where it stood before its layers were changed, or before it was trained another way.
        """
        newest = [self._ladders[run]] if run in self._ladders else []
        former = [ladder for other, ladder in reversed(self._former) if other == run]
        for ladder in (*newest, *former):
            if ladder.until(state):
                return ladder
        return None

    def span(self, run: str) -> tuple[int, int]:
        """Return the first and the newest step that are kept of a run that trains."""
        rungs = self.kept(run)
        return (rungs[0].step, rungs[-1].step) if rungs else (0, 0)

    def kept(self, run: str) -> tuple[Rung, ...]:
        """Return what is kept of a run that trains, by rising steps."""
        return self._ladders[run].rungs if run in self._ladders else ()

    def begin(self, run: str, state: State | None, plan: TrainingPlan | None = None) -> Ladder:
        """Return the ladder for a run that is about to begin or to go on from a state; half of the budget is for it.

        Parameters
        ----------
        run : str
        state : State or None
        plan : TrainingPlan, optional
            What it will follow; its rows are there anyway.
        """
        ladder = (self.of(run, state) if state is not None else None) or Ladder()
        if state is not None:
            ladder.let_go_after(state)
        left = self._ladders.pop(run, None)
        self._former = [(other, kept) for other, kept in self._former if kept is not ladder]
        if left is not None and left is not ladder and left.rungs:
            self._former = [*self._former, (run, left)][-_MOST_FORMER:]
        self._ladders[run] = ladder
        self._begun = run
        self._share_out(ladder, plan)
        return ladder

    def go_on(self, run: str, place: tuple[int, int]) -> None:
        """Give a run that stood still what is free by now; called before it trains again.

        Parameters
        ----------
        run : str
        place : (int, int)
            Where it stands, as of a `Rung`; what was done from here on was taken back.
        """
        if run in self._ladders:
            self._begun = run
            self._ladders[run].let_go_behind(place)
            self._share_out(self._ladders[run], None)

    def operate(self, run: str, before: State, network: Network, state: State, changes: int) -> None:
        """Let the past of a run go on to a state that an operation made of the one where it stood.

        Called while nothing trains.

        Parameters
        ----------
        run : str
        before : State
            Where the run stood.
        network : Network
            With which it goes on.
        state : State
            With which it goes on.
        changes : int
            How many changes its journal holds, with the operation.
        """
        ladder = self.of(run, before)
        if ladder is None or ladder.until(state):
            return
        ladder.let_go_after(before)
        plan = ladder.rungs[-1].plan.model_copy(update={"network": network, "initial_weights": None})
        self._share_out(ladder, plan)
        ladder.add(Rung(state.settled(), changes, plan, is_anchor=True))

    def put(self, ladder: Ladder, found: Sequence[Rung]) -> None:
        """Keep states that were trained again on a ladder, unless it was let go; called while nothing trains."""
        if any(kept is ladder for kept in self._all()):
            self._share_out(ladder, None)
            ladder.put(found)

    def fork(self, run: str, above: Ladder | None, rung: Rung) -> None:
        """Let a new run have the past of another, which has this ladder, up to a rung."""
        ladder = Ladder()
        if above is not None:
            for kept in above.rungs:
                if kept.place < rung.place:
                    ladder.add(kept)
            ladder.here_from, ladder.difference = min(above.here_from, rung.step), above.difference
        ladder.add(replace(rung, is_anchor=True))
        self._ladders[run] = ladder
        self._share_out(ladder, rung.plan)
        ladder.put(())

    def bring_back(self, run: str, past: Past, state: State) -> None:
        """Give a run the past that its file holds; called while nothing trains.

        Parameters
        ----------
        run : str
        past : Past
            Up to where the run stood when it was opened, from which it may have gone on since.
        state : State
            Where the run stands now.
        """
        last = past.rungs[-1]
        known = self.of(run, last.state)
        if known is None and (run in self._ladders or not _is_same(last.state, state)):
            return  # it has become another run meanwhile
        ladder = known or self._ladders.setdefault(run, Ladder())
        ladder.here_from, ladder.is_certain = last.step, past.is_certain
        self._share_out(ladder, last.plan)
        ladder.put(past.rungs)

    def of_runs(self, runs: Iterable[tuple[str, State, int]]) -> dict[str, tuple[Rung, ...]]:
        """Return what is kept of runs up to where they stand, by their ids; those of which nothing is are left out.

        Parameters
        ----------
        runs : iterable of (str, State, int)
            The id of each, where it stands, and how many changes its journal holds: others may have been taken back.
        """
        found = {}
        for run, state, changes in runs:
            ladder = self.of(run, state)
            if ladder is not None:
                found[run] = tuple(rung for rung in ladder.until(state) if rung.place <= (state.step, changes))
        return found

    def clear(self) -> None:
        """Forget all runs, because another project takes their place."""
        self._ladders.clear()
        self._former.clear()

    def _all(self) -> list[Ladder]:
        """Return all ladders, the one that is least wanted first."""
        return [*(ladder for _, ladder in self._former), *self._ladders.values()]

    def _let_go(self, ladder: Ladder) -> None:
        self._former = [(run, kept) for run, kept in self._former if kept is not ladder]
        self._ladders = {run: kept for run, kept in self._ladders.items() if kept is not ladder}

    def _share_out(self, ladder: Ladder, plan: TrainingPlan | None) -> None:
        """Let the oldest ladders go until half of the budget is free for one, and give it what is free.

        The ladder of the run that began last stays, because that run may go on.
        """
        followed = plan or (ladder.rungs[-1].plan if ladder.rungs else None)
        there = {id(rows) for rows in _rows(followed)} if followed is not None else set()
        begun = self._ladders.get(self._begun)
        old = [other for other in self._all() if other is not ladder and other is not begun]
        while old and self._held_beside(ladder, there) > self.budget // 2:
            self._let_go(old.pop(0))
        free = (
            self.budget - self._held_beside(ladder, there) - _size([_rows(rung.plan) for rung in ladder.rungs], there)
        )
        others = [rung for other in self._all() if other is not ladder for rung in other.rungs]
        ladder.give(free, (id(values) for rung in others for values in _arrays(rung.state)))

    def _held_beside(self, ladder: Ladder, there: Collection[int]) -> int:
        """Return what all other ladders hold, with the rows of their plans, but for those that are there anyway."""
        rungs = [rung for other in self._all() if other is not ladder for rung in other.rungs]
        plans = {id(rung.plan): rung.plan for rung in rungs}
        return _size([*(_arrays(rung.state) for rung in rungs), *(_rows(plan) for plan in plans.values())], there)


def worth_saving(rungs: Sequence[Rung], budget: int) -> tuple[Rung, ...]:
    """Return those of a run's rungs that a file shall hold: thinned to a budget, without the last.

    Parameters
    ----------
    rungs : sequence of Rung
        By rising steps; the last is where the run stands, which the file holds anyway.
    budget : int
        Bytes; first weights that can be drawn again need none.
    """
    earlier = [rung for rung in rungs if rung.place < rungs[-1].place]
    if not earlier:
        return ()
    last = bytes_of([rungs[-1].state])
    free = bytes_of([earlier[0].state]) if may_be_drawn(earlier[0]) else 0
    for room in (budget + last + free, budget + last):
        ladder = Ladder(room, MOST_SAVED)
        for rung in (*earlier, rungs[-1]):
            ladder.add(rung)
        if ladder.rungs[0] is earlier[0]:
            break
    return ladder.rungs[:-1]


def bytes_of(states: Iterable[State]) -> int:
    """Return what states hold together; arrays that several share count once."""
    return _size(_arrays(state) for state in states)


def _size(groups: Iterable[Iterable[Array]], without: Collection[int] = ()) -> int:
    """Return what arrays hold together, each counted once, without those of some identities."""
    found = {id(values): values.nbytes for values in chain.from_iterable(groups)}
    return sum(size for key, size in found.items() if key not in without)


def _rows(plan: TrainingPlan) -> Iterator[Array]:
    """Yield the arrays of rows that a plan holds; where it has views, those that own the memory."""
    parts = [plan.inputs, plan.targets, *(plan.validation or ())]
    for part in parts:
        for values in part.values() if isinstance(part, Mapping) else [part]:
            owner = np.asarray(values)
            while isinstance(owner.base, np.ndarray):
                owner = owner.base
            yield owner


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


def _least_wanted(rungs: Sequence[Rung], free: Collection[int]) -> int | None:
    """Return which rung leaves the smallest gap for its age when it goes; None where only ends and anchors are left.

    Of several changes at one step the anchors in the middle may go too, because nothing was trained between them. Rungs
    whose weights are free, because others hold them too, stay: nothing would be gained.
    """
    now = rungs[-1].step
    found, least = None, float("inf")
    for index in range(1, len(rungs) - 1):
        before, after = rungs[index - 1].step, rungs[index + 1].step
        may_go = not rungs[index].is_anchor or before == after
        if may_go and id(rungs[index].state.weights) not in free:
            gap = (after - before) / max(1, now - before)
            if gap < least:
                found, least = index, gap
    return found


def _step_of(rung: Rung) -> int:
    return rung.step


def _place_of(rung: Rung) -> tuple[int, int]:
    return rung.place
