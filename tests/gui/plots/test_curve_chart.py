"""What a chart of several curves draws."""

from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from nnstudio.gui.plots.curve_chart import Curve, CurveChart


def chart(qtbot: QtBot, curves: list[Curve], *, points: bool = False, powers: bool = False) -> CurveChart:
    """Return a chart that shows curves."""
    made = CurveChart("Curves", "step", "size", points=points, powers=powers)
    qtbot.addWidget(made)
    made.show_curves(curves)
    return made


def drawn(made: CurveChart, kind: Any) -> list[list[float]]:
    """Return the heights of what is drawn and seen of one kind."""
    items = [item for item in made.chart.item.items if isinstance(item, kind) and item.isVisible()]
    return [np.asarray(item.getData()[1]).tolist() for item in items]


def curve(name: str, *heights: float) -> Curve:
    return Curve(name, name, np.arange(len(heights), dtype=np.float64), np.array(heights))


def test_every_curve_is_drawn_and_goes_when_it_is_no_longer_shown(qtbot: QtBot) -> None:
    made = chart(qtbot, [curve("a", 1, 2), curve("b", 3, 4)])
    assert drawn(made, pg.PlotCurveItem) == [[1, 2], [3, 4]]
    made.show_curves([curve("c", 5, 6)])
    assert drawn(made, pg.PlotCurveItem) == [[5, 6]]


def test_an_axis_of_powers_shows_exponents_and_a_gap_where_a_height_is_not_above_zero(qtbot: QtBot) -> None:
    made = chart(qtbot, [curve("a", 100, 0, 0.01)], points=True, powers=True)
    ((first, gap, last),) = drawn(made, pg.PlotCurveItem)
    assert (first, last) == (2, -2)
    assert np.isnan(gap)
    assert made.chart.item.getAxis("left").logMode


def test_points_are_marked_while_they_are_few(qtbot: QtBot) -> None:
    few, many = curve("few", 1, 2), curve("many", *range(100))
    assert drawn(chart(qtbot, [many, few], points=True), pg.ScatterPlotItem) == [[1, 2]]
    assert not drawn(chart(qtbot, [few]), pg.ScatterPlotItem)


def test_a_curve_that_the_legend_hides_is_not_drawn(qtbot: QtBot) -> None:
    made = chart(qtbot, [curve("a", 1, 2), curve("b", 3, 4)], points=True)
    made.legend.findChildren(QCheckBox)[0].click()
    assert drawn(made, pg.PlotCurveItem) == [[3, 4]]
    assert drawn(made, pg.ScatterPlotItem) == [[3, 4]]


def test_a_long_name_keeps_its_number_and_is_said_whole(qtbot: QtBot) -> None:
    long = "a class whose name goes on and on and on and on"
    made = chart(qtbot, [Curve(long, f"{long}  0.98", np.arange(2.0), np.array([1.0, 2.0]))])
    (box,) = made.legend.findChildren(QCheckBox)
    assert box.text().startswith("a class")
    assert box.text().endswith("0.98")
    assert len(box.text()) < len(long)
    assert box.accessibleName() == box.toolTip() == f"{long}  0.98"
    assert made.legend.words() == [f"{long}  0.98"]
