"""The pasts of all runs, within one budget of bytes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from weakref import ref

from nnstudio.engine import Network, Rung, State, TrainingPlan
from nnstudio.project.files.past import Past
from nnstudio.session.ladder import BUDGET_BYTES, Ladder, is_same
from nnstudio.session.sizes import arrays_of, rows_of, size_of

_MOST_FORMER = 8
"""So many ladders are kept of ways that runs have left, to which an undo may bring them back."""


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
        self._stood: list[tuple[ref[State], Ladder, TrainingPlan]] = []

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

    def stand(self, run: str, network: Network, state: State, changes: int) -> None:
        """Remember where a run stands; where an undo has led back to what was let go since, keep it again.

        Called while nothing trains.

        Parameters
        ----------
        run : str
        network : Network
        state : State
        changes : int
            How many changes its journal holds.
        """
        kept = self._all()
        self._stood = [stood for stood in self._stood if stood[0]() is not None and stood[1] in kept]
        known = next((stood for stood in self._stood if stood[0]() is state), None)
        ladder = self.of(run, state)
        if ladder is not None and known is None:
            self._stood.append((ref(state), ladder, ladder.until(state)[-1].plan))
        elif ladder is None and known is not None:
            _, ladder, followed = known
            rung = _anchor(followed, network, state, changes)
            self._share_out(ladder, rung.plan)
            ladder.put_back(rung)

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
        rung = _anchor(ladder.rungs[-1].plan, network, state, changes)
        self._share_out(ladder, rung.plan)
        ladder.add(rung)

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
        if known is None and (run in self._ladders or not is_same(last.state, state)):
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
        self._stood.clear()

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
        there = {id(rows) for rows in rows_of(followed)} if followed is not None else set()
        begun = self._ladders.get(self._begun)
        old = [other for other in self._all() if other is not ladder and other is not begun]
        while old and self._held_beside(ladder, there) > self.budget // 2:
            self._let_go(old.pop(0))
        free = (
            self.budget
            - self._held_beside(ladder, there)
            - size_of([rows_of(rung.plan) for rung in ladder.rungs], there)
        )
        others = [rung for other in self._all() if other is not ladder for rung in other.rungs]
        ladder.give(free, (id(values) for rung in others for values in arrays_of(rung.state)))

    def _held_beside(self, ladder: Ladder, there: Collection[int]) -> int:
        """Return what all other ladders hold, with the rows of their plans, but for those that are there anyway."""
        rungs = [rung for other in self._all() if other is not ladder for rung in other.rungs]
        plans = {id(rung.plan): rung.plan for rung in rungs}
        return size_of([*(arrays_of(rung.state) for rung in rungs), *(rows_of(plan) for plan in plans.values())], there)


def _anchor(followed: TrainingPlan, network: Network, state: State, changes: int) -> Rung:
    """Return the rung of a run that stands at a state with a network, and follows a plan in all else."""
    plan = followed.model_copy(update={"network": network, "initial_weights": None})
    return Rung(state.settled(), changes, plan, is_anchor=True)
