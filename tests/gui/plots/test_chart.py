"""Axes and pens that all plots share."""

import os
import subprocess
import sys

import pytest
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from nnstudio.gui.plots.chart import line_pen

_PEN_OF_A_FINE_SCREEN = """
from PySide6.QtWidgets import QApplication
app = QApplication([])
from nnstudio.gui.plots.chart import line_pen
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
