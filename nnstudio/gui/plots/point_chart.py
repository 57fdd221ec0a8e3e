"""A chart of rows as points, in the colours of what they are for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.colours import use_color
from nnstudio.gui.look.theme import theme
from nnstudio.gui.moments.evidence import Use
from nnstudio.gui.plots.chart import Chart, line_pen
from nnstudio.gui.plots.legend import Legend
from nnstudio.gui.plots.use_field import WORDS
from nnstudio.i18n import tr

Numbers = NDArray[np.float64]

MOST_POINTS = 2000
"""Points that are drawn of each use; more cannot be told apart, and would be slow."""


@dataclass(frozen=True, eq=False)
class Points:
    """Rows of one use.

    Attributes
    ----------
    rows : Array of shape (rows,)
        Where they stand in the table.
    x, y : Array of shape (rows,)
    words : str
        What the legend says of them.
    """

    rows: NDArray[np.int64]
    x: Numbers
    y: Numbers
    words: str


class PointChart(QWidget):
    """Points of several uses, the held-out rows on top; a click chooses the rows below the pointer.

    Parameters
    ----------
    name : str
        What a screen reader says.
    """

    rows_chosen = Signal(object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        set_role(self, Role.Graphic)
        self.points: dict[Use, Points] = {}
        self.chart = Chart(name)
        self.legend = Legend(name)
        self.legend.changed.connect(self._draw)
        self._line = self.chart.item.plot([], [])
        self._scatters: dict[Use, pg.ScatterPlotItem] = {}
        for use in WORDS:
            self._scatters[use] = pg.ScatterPlotItem(size=6, hoverable=True, hoverSize=9, tip=None)
            self._scatters[use].sigClicked.connect(self._on_clicked)
            self.chart.item.addItem(self._scatters[use])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.chart, 1)
        layout.addWidget(self.legend)

    def show_points(self, points: Mapping[Use, Points], line: tuple[list[float], list[float]]) -> None:
        """Show points, and the line on which perfect ones would lie."""
        self.points = dict(points)
        self._line.setData(*line)
        self._draw()

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.chart.recolour()
        self._line.setPen(line_pen(theme().faint, 1.5, Qt.PenStyle.DotLine))
        self._draw()

    def _draw(self) -> None:
        colours = theme()
        self.legend.show_entries([(use, shown.words, use_color(use, colours)) for use, shown in self.points.items()])
        for use, scatter in self._scatters.items():
            shown = self.points.get(use)
            if shown is None or not self.legend.is_shown(use):
                scatter.clear()
                continue
            drawn = np.arange(len(shown.rows))
            if len(drawn) > MOST_POINTS:
                drawn = np.linspace(0, len(drawn) - 1, MOST_POINTS).astype(np.int64)
            brush = use_color(use, colours)
            brush.setAlpha(170)
            scatter.setData(x=shown.x[drawn], y=shown.y[drawn], data=shown.rows[drawn])
            scatter.setBrush(pg.mkBrush(brush))
            scatter.setPen(pg.mkPen(colours.panel, width=0.6))

    def _on_clicked(self, scatter: Any, spots: Any, event: Any) -> None:
        del scatter, event
        if len(spots):
            self.rows_chosen.emit(tuple(int(spot.data()) for spot in spots))


def points_table(points: Mapping[Use, Points], x: str, y: str) -> dict[str, list[Any]]:
    """Return all points as one table: which rows they are of, the row in the table from 0, and both axes."""
    table: dict[str, list[Any]] = {"rows": [], "row": [], x: [], y: []}
    for use, shown in points.items():
        table["rows"] += [tr(WORDS[use])] * len(shown.rows)
        table["row"] += shown.rows.tolist()
        table[x] += shown.x.tolist()
        table[y] += shown.y.tolist()
    return table
