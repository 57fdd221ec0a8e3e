"""A chart of several curves with a legend beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QWidget

from nnstudio.gui.accessible import Role, set_role
from nnstudio.gui.colours import class_color, use_color
from nnstudio.gui.evidence import Use
from nnstudio.gui.plots.chart import Chart
from nnstudio.gui.plots.legend import Legend
from nnstudio.gui.theme import theme

Numbers = NDArray[np.float64]

_FEW = 40


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve.

    Attributes
    ----------
    name, words : str
        What it is called in a file, and what the legend says.
    x, y : Array of shape (points,)
    use : str
        The rows it is of, by which it is coloured; empty for colours by place.
    columns : dict of str to Array of shape (points,)
        What else a file says of each point.
    """

    name: str
    words: str
    x: Numbers
    y: Numbers
    use: Use | None = None
    columns: dict[str, Numbers] = field(default_factory=dict)


class CurveChart(QWidget):
    """Curves over common axes, each in its colour, and a line to compare them with.

    Parameters
    ----------
    name : str
        What a screen reader says.
    bottom, left : str
        The names of the axes.
    points : bool
        Whether each point is marked, while there are few.
    """

    def __init__(self, name: str, bottom: str, left: str, *, points: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(name)
        set_role(self, Role.Graphic)
        self.chart = Chart(name)
        self.chart.name_axes(bottom, left)
        self.legend = Legend(name)
        self.legend.changed.connect(self._draw)
        self.curves: Sequence[Curve] = ()
        self._points = points
        self._lines: list[pg.PlotDataItem] = []
        self._compare = self.chart.item.plot([], [])
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.chart, 1)
        layout.addWidget(self.legend)

    def compare_with(self, x: Sequence[float], y: Sequence[float]) -> None:
        """Draw a dotted line to compare the curves with."""
        self._compare.setData(x, y)

    def show_curves(self, curves: Sequence[Curve]) -> None:
        """Show these curves instead of those before."""
        self.curves = curves
        self.legend.show_entries([(curve.name, curve.words, self._color(at)) for at, curve in enumerate(curves)])
        self._draw()

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.chart.recolour()
        self._compare.setPen(pg.mkPen(theme().faint, width=1.5, style=Qt.PenStyle.DotLine))
        self.show_curves(self.curves)

    def _color(self, at: int) -> QColor:
        use = self.curves[at].use
        return use_color(use, theme()) if use is not None else class_color(at)

    def _draw(self) -> None:
        for line in self._lines[len(self.curves) :]:
            self.chart.item.removeItem(line)
        del self._lines[len(self.curves) :]
        while len(self._lines) < len(self.curves):
            self._lines.append(self.chart.item.plot([], []))
        for at, (curve, line) in enumerate(zip(self.curves, self._lines, strict=True)):
            color = self._color(at)
            # Where there are many points, their marks would hide the line.
            marked = self._points and len(curve.x) <= _FEW
            line.setData(
                curve.x,
                curve.y,
                pen=pg.mkPen(color, width=2),
                symbol="o" if marked else None,
                symbolSize=6,
                symbolBrush=pg.mkBrush(color),
                symbolPen=pg.mkPen(theme().panel),
            )
            line.setVisible(self.legend.is_shown(curve.name))
