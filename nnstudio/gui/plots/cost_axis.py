"""An axis of plain numbers, whose logarithm is read as easily."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg

_TICK_ROOM = {"left": 24, "bottom": 70}


class CostAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """Shows plain numbers; on a log axis only 1, 2 and 5 of each power of ten."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float | None, list[float]]]:
        """Return where numbers stand."""
        if not self.logMode:
            ticks: list[tuple[float | None, list[float]]] = super().tickValues(low, high, size)
            return ticks
        factors: Sequence[int] = range(1, 10) if high - low < 0.3 else (1, 2, 5) if high - low < 2.2 else (1,)
        every = max(1, round((high - low) * _TICK_ROOM[self.orientation] / max(1.0, size)))
        places = [
            power + float(np.log10(factor))
            for power in range(int(np.floor(low / every)) * every, int(np.ceil(high)) + 1, every)
            for factor in factors
        ]
        return [(1.0, [place for place in places if low <= place <= high])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers as they are read."""
        del scale, spacing
        return [f"{10**value if self.logMode else value:.6g}" for value in values]
