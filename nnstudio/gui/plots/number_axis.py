"""An axis with numbers as people write them."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg

_ROOM = {"left": 24, "bottom": 70}
"""Pixels that a number takes along its axis."""

_ALL, _SOME = 0.3, 2.2
"""Powers of ten in sight below which numbers stand at even steps, or at 1, 2 and 5 of each."""

_LONGEST = 1e7
"""Below this, large numbers are written out in full."""

_STEPS = (1, 2, 5, 10)


def power_ticks(low: float, high: float, room: float) -> list[float]:
    """Return the exponents at which an axis of powers of ten has numbers, from one exponent to another.

    Far apart these are powers, nearer 1, 2 and 5 of each, and within a part of one power even steps.

    Parameters
    ----------
    low, high : float
    room : float
        How many numbers there is room for.
    """
    if 0 < high - low < _ALL:
        first, last = 10**low, 10**high
        wanted = (last - first) / min(max(room, 2.0), 5.0)
        power = 10.0 ** np.floor(np.log10(wanted))
        step = power * next(step for step in _STEPS if step * power >= wanted)
        numbers = np.arange(np.ceil(first / step), np.floor(last / step) + 1) * step
        return [float(place) for place in np.log10(numbers)]
    factors = (1, 2, 5) if high - low < _SOME else (1,)
    every = max(1, round((high - low) / max(1.0, room)))
    places = [
        power + float(np.log10(factor))
        for power in range(int(np.floor(low / every)) * every, int(np.ceil(high)) + 1, every)
        for factor in factors
    ]
    return [place for place in places if low <= place <= high]


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
        return [(1.0, power_ticks(low, high, size / _ROOM[self.orientation]))]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers as they are read."""
        if self.logMode:
            return [_in_words(float(10**value)) for value in values]
        largest = max(map(abs, values), default=0)
        if largest >= _LONGEST:
            digits = max(0, int(np.floor(np.log10(largest)) - np.floor(np.log10(spacing))))
            return [_short(value, digits) for value in values]
        if largest >= 1000 and spacing >= 1:
            return [f"{value:,.0f}" for value in values]
        strings: list[str] = super().tickStrings(values, scale, spacing)
        return strings


def _in_words(number: float) -> str:
    return f"{number:,.0f}" if 1000 <= number < _LONGEST else f"{number:.6g}".replace("e+", "e")


def _short(number: float, digits: int) -> str:
    """Return a large number with so many digits after the first, as a power of ten unless it is as short in full."""
    return min(f"{number:,.0f}", scientific(number, digits), key=len)


def scientific(number: float, digits: int) -> str:
    """Return a number with so many digits after the first, and a power of ten: 1.5e30."""
    mantissa, power = f"{number:.{digits}e}".split("e")
    return f"{mantissa}e{int(power)}" if float(mantissa) else "0"
