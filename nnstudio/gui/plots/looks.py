"""What was seen of a network at several steps, in bounded memory."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from nnstudio.engine import Network, Rung
from nnstudio.gui.moments.evidence import Evidence
from nnstudio.gui.moments.kept_states import alike, coarse_first, spread_out

Seen = TypeVar("Seen")

MOST_LOOKS = 96
"""Looks that are kept; when there are more, every second one goes, so that the whole way stays in sight."""

PARTS = 32
"""The way up to now in so many parts: where one has no look, an earlier state is looked at."""

_SECONDS = 0.3
"""No further earlier state is looked at after this time, so that what is known already is shown."""


class Looks(Generic[Seen]):
    """Looks at one run of a network in the order of their steps.

    Another network or run begins anew. A step before the last one means that time was turned back: what came after it
    goes.
    """

    def __init__(self) -> None:
        self.network: Network | None = None
        self._run = ""
        self.steps: list[int] = []
        self.values: list[Seen] = []

    def __len__(self) -> int:
        return len(self.steps)

    def is_of(self, network: Network, run: str) -> bool:
        """Return whether these are looks at a run of a network."""
        return network is self.network and run == self._run

    def begin(self, network: Network, run: str) -> None:
        """Forget what was seen of another network or run."""
        if not self.is_of(network, run):
            self.network, self._run = network, run
            self.steps, self.values = [], []

    def add(self, network: Network, step: int, value: Seen) -> None:
        """Keep a look."""
        self.begin(network, self._run)
        while self.steps and self.steps[-1] >= step:
            self.steps.pop()
            self.values.pop()
        self.steps.append(step)
        self.values.append(value)
        self._thin()

    def has(self, network: Network, step: int) -> bool:
        """Return whether a network was looked at at a step."""
        at = bisect_left(self.steps, step)
        return network is self.network and at < len(self.steps) and self.steps[at] == step

    def put(self, network: Network, step: int, value: Seen) -> None:
        """Keep a look at an earlier step among those that are known."""
        if network is not self.network:
            self.add(network, step, value)
            return
        at = bisect_left(self.steps, step)
        known = at < len(self.steps) and self.steps[at] == step
        self.steps[at : at + known] = [step]
        self.values[at : at + known] = [value]
        self._thin()

    def missing(self, step: int, kept: Sequence[Rung], *, past: bool = False) -> list[Rung]:
        """Return the kept states around which there is no look, those that are wide apart first.

        Parameters
        ----------
        step : int
            Of the moment that is shown.
        kept : sequence of Rung
            What is kept of the run.
        past : bool
            Whether the run goes on behind the moment: then those behind it are wanted too, as far as the network was
            the same.
        """
        if self.network is None:
            return []
        states = [rung for rung in alike(self.network, kept) if past or rung.step < step]
        width = max(1, step, *(rung.step for rung in states)) / PARTS
        seen = {int(look / width) for look in (*self.steps, step)}
        found = []
        for rung in coarse_first(spread_out(states)):
            part = int(rung.step / width)
            if part not in seen:
                seen.add(part)
                found.append(rung)
        return found

    def _thin(self) -> None:
        if len(self.steps) > MOST_LOOKS:
            # The newest one always stays.
            self.steps, self.values = self.steps[::-2][::-1], self.values[::-2][::-1]


def looked_at(evidence: Evidence, others: Sequence[Rung], look: Callable[[Evidence], Seen]) -> list[tuple[int, Seen]]:
    """Return what is seen now and at other states, with their steps: as many as there is time for, at least one."""
    found = [(evidence.step, look(evidence))]
    end = time.perf_counter() + _SECONDS
    for rung in others:
        found.append((rung.step, look(evidence.of(rung.state))))
        if time.perf_counter() > end:
            break
    return found
