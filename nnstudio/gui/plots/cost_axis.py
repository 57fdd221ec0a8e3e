"""An axis of plain numbers, whose logarithm is read as easily."""

from __future__ import annotations

import pyqtgraph as pg

from nnstudio.gui.plots.number_axis import power_ticks

_TICK_ROOM = {"left": 24, "bottom": 70}


class CostAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """Shows plain numbers; on a log axis few of each power of ten."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float | None, list[float]]]:
        """Return where numbers stand."""
        if not self.logMode:
            ticks: list[tuple[float | None, list[float]]] = super().tickValues(low, high, size)
            return ticks
        return [(1.0, power_ticks(low, high, size / _TICK_ROOM[self.orientation]))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers as they are read."""
        del scale, spacing
        return [f"{10**value if self.logMode else value:.6g}" for value in values]
