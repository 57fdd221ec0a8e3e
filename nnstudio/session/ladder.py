"""What is kept of a run to go back to: a thinning ladder of whole states, within a budget of bytes.

A ladder keeps states densely near now and thinner in the past. Any step between two of its rungs is had by training
again from the lower one, see `replaying`. Where layers were changed or a weight was set by hand, a rung holds what
came of it: the ladder goes on from there with the other network.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence

import numpy as np

from nnstudio.engine import Rung, State
from nnstudio.project.files.past import may_be_drawn
from nnstudio.session.sizes import arrays_of, bytes_of, size_of

BUDGET_BYTES = 512 * 2**20
"""What all ladders together may hold, where nothing else was chosen."""

MOST_RUNGS = 256
"""Rungs that a ladder keeps at most, however small they are: looking for the least wanted one must stay quick."""

MOST_SAVED = 64
"""Rungs of a run that a file holds at most."""


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
        self._keep(sorted((*self.rungs, *new), key=_place_of))
        self._thin()

    def put_back(self, rung: Rung) -> None:
        """Keep a state again that was let go, where the run stands once more; while nothing is added."""
        index = bisect_left(self.rungs, rung.place, key=_place_of)
        if index:  # else nothing is kept that leads there
            self._keep((*self.rungs[:index], rung, *self.rungs[index:]))
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
            if is_same(rungs[-1].state, state):
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
        held = {id(values) for rung in self.rungs for values in arrays_of(rung.state)}
        return any(id(values) in held for values in arrays_of(gone.state))

    def _bytes_of(self, rungs: Iterable[Rung]) -> int:
        return size_of((arrays_of(rung.state) for rung in rungs), self._shared)


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


def is_same(kept: State, state: State) -> bool:
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
