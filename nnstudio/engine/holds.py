"""What of a layer a person holds: weights that stay as they are, and units that are silenced to see their use."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt


class Holds(BaseModel):
    """What of one layer is held.

    Attributes
    ----------
    silent : tuple of int
        Units, or channels, that say 0 to the layers behind. The layer that answers is never silenced.
    frozen : dict of str to tuple of int
        By the weight's name, the places in it, counted row by row, that keep their values while it trains.
    whole : bool
        Whether all weights of the layer keep their values.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    silent: tuple[NonNegativeInt, ...] = ()
    frozen: Mapping[str, tuple[NonNegativeInt, ...]] = Field(default_factory=dict)
    whole: bool = False

    def __bool__(self) -> bool:
        return bool(self.silent or self.frozen or self.whole)

    def in_words(self) -> str:
        """Return what is held as a sentence; empty where nothing is."""
        parts = []
        if self.whole:
            parts.append("Frozen: its weights stay as they are.")
        elif self.frozen:
            count = sum(len(places) for places in self.frozen.values())
            parts.append("1 weight is frozen." if count == 1 else f"{count} weights are frozen.")
        if len(self.silent) == 1:
            parts.append(f"Unit {self.silent[0] + 1} is silenced.")
        elif self.silent:
            parts.append(f"Units {', '.join(str(unit + 1) for unit in self.silent)} are silenced.")
        return " ".join(parts)

    def silenced(self, unit: int, *, silent: bool) -> Self:
        """Return the holds with a unit silenced, or woken."""
        return self.model_copy(update={"silent": _with(self.silent, unit, wanted=silent)})

    def froze(self, weight: str, place: int, *, frozen: bool) -> Self:
        """Return the holds with one place of a weight frozen, or let go."""
        places = {**self.frozen, weight: _with(self.frozen.get(weight, ()), place, wanted=frozen)}
        return self.model_copy(update={"frozen": {name: kept for name, kept in places.items() if kept}})


def places_of(weights: Mapping[str, tuple[int, ...]], holds: Mapping[str, Holds]) -> NDArray[np.intp]:
    """Return where held weights lie in the flat vector.

    Parameters
    ----------
    weights : mapping of str to tuple of int
        Shapes by ``node/weight``, in the order in which they lie.
    holds : mapping of str to Holds
        By node.

    Returns
    -------
    Array of shape (held weights,)
        Rising; empty where nothing is held.
    """
    found: list[NDArray[np.intp]] = []
    start = 0
    for name, shape in weights.items():
        node, _, weight = name.rpartition("/")
        size = math.prod(shape)
        held = holds.get(node)
        if held is not None and held.whole:
            found.append(np.arange(start, start + size))
        elif held is not None and weight in held.frozen:
            inside = [place for place in held.frozen[weight] if place < size]
            found.append(start + np.array(inside, np.intp))
        start += size
    return np.concatenate(found) if found else np.empty(0, np.intp)


def _with(places: tuple[int, ...], place: int, *, wanted: bool) -> tuple[int, ...]:
    others = set(places) - {place}
    return tuple(sorted(others | {place} if wanted else others))
