"""Axes in the colours of the theme, on which plots draw."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QApplication, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.theme import theme
from nnstudio.gui.plots.number_axis import NumberAxis

_MOST_SOFT = 600
"""Points of curves that have soft edges: these take several times as long to paint."""


def line_pen(color: QColor | str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine) -> QPen:
    """Return a pen for curves, as wide on a fine screen as on a coarse one.

    Parameters
    ----------
    color : QColor or str
    width : float
        In pixels of a usual screen. Over axes with units of their own, a pen counts those of the very screen.
    style : Qt.PenStyle
    """
    app = QApplication.instance()
    fineness = app.devicePixelRatio() if isinstance(app, QApplication) else 1.0
    pen: QPen = pg.mkPen(color, width=width * fineness, style=style)
    return pen


class Chart(pg.PlotWidget):  # type: ignore[misc]  # pyqtgraph is not typed
    """A left and a bottom axis with names; always shows all of what is drawn.

    Parameters
    ----------
    name : str
        What a screen reader says.
    """

    left = Signal()
    """The pointer is gone."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, axisItems={side: NumberAxis(side) for side in ("left", "bottom")})
        self.setAccessibleName(name)
        set_role(self, Role.Graphic)
        self.setMenuEnabled(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # no key does anything in it
        self.hideButtons()
        # Where somebody hears of changes, a scene leaves it to the window when to paint.
        self.scene().changed.connect(self.updateScene)
        self.item = self.getPlotItem()
        # The menu that pyqtgraph makes for each plot is seen nowhere; without a parent it would outlive the plot.
        self.item.ctrlMenu.setParent(self, self.item.ctrlMenu.windowFlags())
        self.item.getViewBox().setMouseEnabled(False, False)
        for axis in ("left", "bottom"):
            # Else the whole chart moves whenever a number beside it has fewer digits.
            self.item.getAxis(axis).setStyle(autoReduceTextSpace=False)
        self.recolour()

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the pointer is gone."""
        super().leaveEvent(event)
        self.left.emit()

    def name_axes(self, bottom: str, left: str) -> None:
        """Say what the axes show, with units."""
        for axis, words in (("bottom", bottom), ("left", left)):
            if self.item.getAxis(axis).labelText != words:
                self.item.setLabel(axis, words)

    def name_ticks(self, axis: str, ticks: Sequence[tuple[float, str]]) -> None:
        """Put words at places of an axis."""
        self.item.getAxis(axis).setTicks([list(ticks)])

    def show_shares(self) -> None:
        """Let both axes go from 0 to 1, with room for what lies at 1."""
        for axis, set_range in (("bottom", self.item.setXRange), ("left", self.item.setYRange)):
            set_range(-0.02, 1.07, padding=0)
            self.name_ticks(axis, [(tenth / 10, f"{tenth / 10:g}") for tenth in range(0, 11, 2)])

    def soften(self, *, wanted: bool) -> None:
        """Give curves soft edges, where they are wanted and there are not too many points, or hard ones."""
        curves = [curve for curve in self.item.items if isinstance(curve, pg.PlotCurveItem)]
        curves += [line.curve for line in self.item.items if isinstance(line, pg.PlotDataItem)]
        points = sum(0 if curve.xData is None else len(curve.xData) for curve in curves)
        soft = wanted and points <= _MOST_SOFT
        for curve in curves:
            if curve.opts["antialias"] != soft:
                curve.opts["antialias"] = soft
                curve.update()

    def settle(self) -> None:
        """Bring the scene up to date and have all of it painted with all else.

        Left alone, each scene has the whole window painted in a turn of its own.
        """
        self.scene().prepareForPaint()
        self.scene().update()

    def recolour(self) -> None:
        """Take the colours of the theme."""
        colours = theme()
        self.setBackground(colours.panel)
        for axis in ("left", "bottom"):
            self.item.getAxis(axis).setPen(pg.mkPen(colours.line))
            self.item.getAxis(axis).setTextPen(pg.mkPen(colours.dim))
        self.item.showGrid(x=False, y=True, alpha=0.12)
