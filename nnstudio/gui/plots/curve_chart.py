"""A chart of several curves with a legend beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.colours import class_color, use_color
from nnstudio.gui.look.theme import theme
from nnstudio.gui.moments.evidence import Use
from nnstudio.gui.plots.chart import Chart, line_pen
from nnstudio.gui.plots.curves import bends, thinned
from nnstudio.gui.plots.legend import Legend
from nnstudio.gui.plots.step_mark import StepMark

Numbers = NDArray[np.float64]

_FEW = 16

_MOST_POINTS = 256
"""Points of a curve that are drawn at most; corners stay."""


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


class _Line(pg.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """A curve that counts as being everywhere in sight: where exactly it lies takes longer to say than to paint it."""

    def boundingRect(self) -> QRectF:
        """Return what is in sight."""
        box = self.getViewBox()
        found: QRectF = super().boundingRect() if box is None else box.viewRect()
        return found

    def viewRangeChanged(self) -> None:
        """Be where the sight is now."""
        self.prepareGeometryChange()


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
    powers : bool
        Whether the left axis is one of powers of ten; what is not above 0 is then left out.
    """

    def __init__(self, name: str, bottom: str, left: str, *, points: bool = False, powers: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(name)
        set_role(self, Role.Graphic)
        self.chart = Chart(name)
        self.chart.name_axes(bottom, left)
        self.legend = Legend(name)
        self.legend.changed.connect(self._draw)
        self.curves: Sequence[Curve] = ()
        self._points, self._powers = points, powers
        self.chart.item.setLogMode(y=powers)
        # Curves alone, without the marks that a plot's own items bring up to date at each change, shown or not.
        self._lines: list[_Line] = []
        self._marks: list[pg.ScatterPlotItem] = []
        self._compare = self.chart.item.plot([], [])
        self._mark: StepMark | None = None
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.chart, 1)
        layout.addWidget(self.legend)

    def compare_with(self, x: Sequence[float], y: Sequence[float]) -> None:
        """Draw a dotted line to compare the curves with."""
        self._compare.setData(x, y)

    def mark(self, place: float | None) -> None:
        """Mark a place on the bottom axis, or none."""
        if self._mark is None:
            self._mark = StepMark(self.chart.item)
            self._mark.recolour()
        self._mark.put(place, is_log=False)

    def show_curves(self, curves: Sequence[Curve]) -> None:
        """Show these curves instead of those before."""
        self.curves = curves
        self.legend.show_entries([(curve.name, curve.words, self._color(at)) for at, curve in enumerate(curves)])
        self._draw()

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.chart.recolour()
        self._compare.setPen(line_pen(theme().faint, 1.5, Qt.PenStyle.DotLine))
        if self._mark is not None:
            self._mark.recolour()
        self.show_curves(self.curves)

    def _color(self, at: int) -> QColor:
        use = self.curves[at].use
        return use_color(use, theme()) if use is not None else class_color(at)

    def _draw(self) -> None:
        self._fit(self._lines, _Line, len(self.curves))
        # Where there are many points, their marks would hide the line.
        marked = [at for at, curve in enumerate(self.curves) if self._points and len(curve.x) <= _FEW]
        self._fit(self._marks, pg.ScatterPlotItem, len(marked))
        for at, (curve, line) in enumerate(zip(self.curves, self._lines, strict=True)):
            y = self._height(curve)
            connect = "all" if np.isfinite(y).all() else "finite"
            points = bends(curve.x, y)
            line.setData(*(thinned(*points, _MOST_POINTS) if connect == "all" else points), connect=connect)
            color = self._color(at)
            if line.opts["pen"].color() != color:
                line.setPen(line_pen(color, 2))
            line.setVisible(self.legend.is_shown(curve.name))
        for at, marks in zip(marked, self._marks, strict=True):
            curve = self.curves[at]
            brush, pen = pg.mkBrush(self._color(at)), pg.mkPen(theme().panel)
            marks.setData(curve.x, self._height(curve), size=6, brush=brush, pen=pen)
            marks.setVisible(self.legend.is_shown(curve.name))

    def _height(self, curve: Curve) -> Numbers:
        """Return where the points of a curve lie on the left axis."""
        if not self._powers:
            return curve.y
        return np.log10(curve.y, where=curve.y > 0, out=np.full(len(curve.y), np.nan))

    def _fit(self, items: list[Any], kind: Callable[[], Any], count: int) -> None:
        """Have so many items of a kind on the chart."""
        for item in items[count:]:
            self.chart.item.removeItem(item)
        del items[count:]
        while len(items) < count:
            items.append(kind())
            self.chart.item.addItem(items[-1])
