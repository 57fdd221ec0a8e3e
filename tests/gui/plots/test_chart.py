"""Axes and pens that all plots share."""

import os
import subprocess
import sys

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from nnstudio.gui.plots.chart import Chart, line_pen

_PEN_OF_A_FINE_SCREEN = """
from PySide6.QtWidgets import QApplication
app = QApplication([])
from nnstudio.gui.plots.chart import Chart, line_pen
print(line_pen("#112233", 2).widthF())
"""


def test_a_curve_has_the_colour_and_the_width_that_are_asked_for(qtbot: QtBot) -> None:
    del qtbot
    pen = line_pen(QColor("#112233"), 1.5)
    assert pen.color() == QColor("#112233")
    assert pen.widthF() == 1.5
    assert pen.isCosmetic()  # as wide as so many pixels, not as so many epochs


@pytest.mark.parametrize("fineness", [1.5, 2])
def test_a_curve_looks_as_thick_on_a_fine_screen(fineness: float) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": str(fineness)}
    done = subprocess.run(
        [sys.executable, "-c", _PEN_OF_A_FINE_SCREEN], env=environment, capture_output=True, text=True, check=True
    )
    assert float(done.stdout) == 2 * fineness


def test_a_few_points_have_soft_edges_where_these_are_wanted_and_many_have_hard_ones(qtbot: QtBot) -> None:
    chart = Chart("curves")
    qtbot.addWidget(chart)
    line, curve = chart.item.plot([0, 1, 2], [0, 1, 0]), pg.PlotCurveItem([0, 1, 2], [1, 0, 1])
    chart.item.addItem(curve)

    def soft() -> list[bool]:
        return [line.curve.opts["antialias"], curve.opts["antialias"]]

    chart.soften(wanted=True)
    assert soft() == [True, True]
    chart.soften(wanted=False)
    assert soft() == [False, False]
    curve.setData(np.arange(10_000.0), np.arange(10_000.0))
    chart.soften(wanted=True)
    assert soft() == [False, False]
