"""What was seen of a network at several steps, in bounded memory."""

from __future__ import annotations

from bisect import bisect_left
from typing import Generic, TypeVar

from nnstudio.engine import Network

Seen = TypeVar("Seen")

MOST_LOOKS = 96
"""Looks that are kept; when there are more, every second one goes, so that the whole way stays in sight."""


class Looks(Generic[Seen]):
    """Looks at one network in the order of their steps.

    Another network begins anew. A step before the last one means that time was turned back: what came after it goes.
    """

    def __init__(self) -> None:
        self.network: Network | None = None
        self.steps: list[int] = []
        self.values: list[Seen] = []

    def __len__(self) -> int:
        return len(self.steps)

    def add(self, network: Network, step: int, value: Seen) -> None:
        """Keep a look."""
        if network is not self.network:
            self.network = network
            self.steps, self.values = [], []
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

    def _thin(self) -> None:
        if len(self.steps) > MOST_LOOKS:
            # The newest one always stays.
            self.steps, self.values = self.steps[::-2][::-1], self.values[::-2][::-1]
