"""An axis with numbers as people write them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg

_ROOM = {"left": 24, "bottom": 70}
"""Pixels that a number takes along its axis."""

_ALL, _SOME = 0.3, 2.2
"""Powers of ten in sight below which each has all of its nine numbers, or three of them."""

_LONGEST = 1e7
"""Below this, large numbers are written out."""


class NumberAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """Plain numbers with commas between thousands; of many powers of ten only 1, 2 and 5 of each, or 1."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float | None, list[float]]]:
        """Return where numbers stand."""
        if not self.logMode:
            ticks: list[tuple[float | None, list[float]]] = super().tickValues(low, high, size)
            return ticks[:2]
        reach = high - low
        factors: Sequence[int] = range(1, 10) if reach < _ALL else (1, 2, 5) if reach < _SOME else (1,)
        every = max(1, round(reach * _ROOM[self.orientation] / max(1.0, size)))
        places = [
            power + float(np.log10(factor))
            for power in range(int(np.floor(low / every)) * every, int(np.ceil(high)) + 1, every)
            for factor in factors
        ]
        return [(1.0, [place for place in places if low <= place <= high])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers as they are read."""
        if self.logMode:
            return [_in_words(float(10**value)) for value in values]
        if max(map(abs, values), default=0) >= 1000 and spacing >= 1:
            return [f"{value:,.0f}" for value in values]
        strings: list[str] = super().tickStrings(values, scale, spacing)
        return strings


def _in_words(number: float) -> str:
    return f"{number:,.0f}" if 1000 <= number < _LONGEST else f"{number:.6g}"
