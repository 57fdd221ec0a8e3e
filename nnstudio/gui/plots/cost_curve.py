"""One series over the epochs: its raw points, and the smoothed line over them."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from nnstudio.gui.plots.chart import line_pen
from nnstudio.gui.plots.curves import enveloped, fitting, in_sight, smoothed, thinned

Numbers = NDArray[np.float64]

_PALE = 75
_SMALLEST = 1e-300
"""What is not above 0 has no place on an axis of powers of ten."""

_STYLES = {"train": Qt.PenStyle.SolidLine, "validation": Qt.PenStyle.DashLine, "penalty": Qt.PenStyle.DotLine}


@dataclass(eq=False)
class CostCurve:
    """What is drawn of a series.

    Attributes
    ----------
    raw, line : PlotDataItem
        The pale points, and the line over them.
    x, y, low, high : Array of shape (points,)
        Where the points stand, their mean values, and the lowest and highest of those they stand for.
    """

    raw: pg.PlotDataItem
    line: pg.PlotDataItem
    x: Numbers = field(default_factory=lambda: np.empty(0))
    y: Numbers = field(default_factory=lambda: np.empty(0))
    low: Numbers = field(default_factory=lambda: np.empty(0))
    high: Numbers = field(default_factory=lambda: np.empty(0))

    def clear(self) -> None:
        """Forget all points, and show nothing."""
        self.x = self.y = self.low = self.high = np.empty(0)
        self.hide()

    def hide(self) -> None:
        """Show nothing."""
        self.raw.setData([], [])
        self.line.setData([], [])

    def draw(self, left: float, right: float, most: int, smoothing: float, *, is_log: bool = False) -> None:
        """Draw what lies between two places, with at most so many points.

        Parameters
        ----------
        left, right : float
        most : int
        smoothing : float
            The share of the moving mean that is kept, 0 to below 1; less of it where there are few points.
        is_log : bool
            Whether powers of ten are at equal distances: the mean is then that of the exponents, so that the line runs
            through the middle of what is seen.
        """
        smoothing = fitting(smoothing, len(self.x))
        seen = in_sight(self.x, left, right)
        self.raw.setData(*enveloped(self.x[seen], self.low[seen], self.high[seen], most))
        # A thick line costs much more for each point than a thin one, and a smooth one needs fewer.
        x, y = self.x[seen], self.y[: seen.stop]
        if is_log and smoothing > 0:
            y = 10 ** smoothed(np.log10(np.maximum(y, _SMALLEST)), smoothing)[seen]
        else:
            y = smoothed(y, smoothing)[seen]
        self.line.setData(*thinned(x, y, most // 2 if smoothing > 0 else most))

    def recolour(self, color: QColor, name: str) -> None:
        """Take a colour; the name of the series says how the line is dashed."""
        pale = QColor(color)
        pale.setAlpha(_PALE)
        self.raw.setPen(line_pen(pale, 1))
        self.line.setPen(line_pen(color, 2, _STYLES[name]))
