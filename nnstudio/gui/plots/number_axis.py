"""An axis with numbers as people write them."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg

_TICK_HEIGHT = 24
_MANY_POWERS = 2.2


class NumberAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """Plain numbers with commas between thousands; on an axis of powers of ten only 1, 2 and 5 of each."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float | None, list[float]]]:
        """Return where numbers stand."""
        if not self.logMode:
            ticks: list[tuple[float | None, list[float]]] = super().tickValues(low, high, size)
            return ticks[:2]
        factors = (1, 2, 5) if high - low < _MANY_POWERS else (1,)
        every = max(1, round((high - low) * _TICK_HEIGHT / max(1.0, size)))
        places = [
            power + float(np.log10(factor))
            for power in range(int(np.floor(low / every)) * every, int(np.ceil(high)) + 1, every)
            for factor in factors
        ]
        return [(1.0, [place for place in places if low <= place <= high])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers as they are read."""
        if self.logMode:
            return [f"{10**value:.3g}" for value in values]
        if max(map(abs, values), default=0) >= 1000 and spacing >= 1:
            return [f"{value:,.0f}" for value in values]
        strings: list[str] = super().tickStrings(values, scale, spacing)
        return strings
