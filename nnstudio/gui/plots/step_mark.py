"""The line at the step that is shown everywhere else, while one looks back."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg

from nnstudio.gui.look.theme import theme
from nnstudio.gui.plots.chart import line_pen

_SMALLEST = 1e-9


class StepMark:
    """An upright line over a plot.

    Parameters
    ----------
    item : PlotItem
        On which it stands.

    Attributes
    ----------
    step : int or None
        What it marks; None while the end of the run is shown.
    """

    def __init__(self, item: pg.PlotItem) -> None:
        self.step: int | None = None
        self._line = pg.InfiniteLine(angle=90, movable=False)
        self._line.hide()
        item.addItem(self._line, ignoreBounds=True)

    @property
    def place(self) -> float | None:
        """Where it stands on the axis across; None where it is not seen."""
        return float(self._line.value()) if self._line.isVisible() else None

    def put(self, place: float | None, *, is_log: bool) -> None:
        """Show it at a place, or nowhere."""
        seen = place is not None and bool(np.isfinite(place))
        self._line.setVisible(seen)
        if seen and place is not None:
            self._line.setPos(float(np.log10(max(place, _SMALLEST))) if is_log else place)

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self._line.setPen(line_pen(theme().color("accent"), theme().thick(2)))
