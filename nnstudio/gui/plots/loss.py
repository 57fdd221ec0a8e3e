"""The cost while training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QSlider,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from nnstudio.engine import History
from nnstudio.gui.accessible import Role, set_role
from nnstudio.gui.plots.curves import smoothed, thinned
from nnstudio.gui.theme import theme, theme_signals
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.i18n import tr

Numbers = NDArray[np.float64]

_SLIDER = 95
_FULLEST = 0.85
_TICK_HEIGHT = 24


@dataclass
class _Curve:
    """One series: its raw points, the smoothed line over them, and the numbers for reading values off."""

    raw: pg.PlotDataItem
    line: pg.PlotDataItem
    x: Numbers
    y: Numbers


class _CostAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph is not typed
    """Shows costs as plain numbers; on a log axis only 1, 2 and 5 of each power of ten."""

    def __init__(self, orientation: str) -> None:
        super().__init__(orientation)
        self.enableAutoSIPrefix(False)

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float | None, list[float]]]:
        """Return where numbers stand."""
        if not self.logMode:
            ticks: list[tuple[float | None, list[float]]] = super().tickValues(low, high, size)
            return ticks
        factors = (1, 2, 5) if high - low < 2.2 else (1,)
        every = max(1, round((high - low) * _TICK_HEIGHT / max(1.0, size)))
        places = [
            power + float(np.log10(factor))
            for power in range(int(np.floor(low / every)) * every, int(np.ceil(high)) + 1, every)
            for factor in factors
        ]
        return [(1.0, [place for place in places if low <= place <= high])]

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers as they are read."""
        del scale, spacing
        return [f"{10**value if self.logMode else value:.3g}" for value in values]


class LossPlot(QWidget):
    """Training and validation cost against epochs, with the value at the pointer.

    Raw points stay pale under the smoothed line. A point of training is the mean of an epoch's steps; while there are
    fewer than three epochs, each step is a point.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lossPlot")
        self.setAccessibleName(tr("Cost while training"))
        set_role(self, Role.Chart)
        self._history: History | None = None
        self._steps_per_epoch = 1
        self._by_step = False
        self._plot = pg.PlotWidget(axisItems={"left": _CostAxis("left")})
        self._plot.setMenuEnabled(False)
        self._plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # no key does anything in it
        self._plot.hideButtons()
        # Painted when told, so that no change of a curve is painted twice.
        self._plot.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.NoViewportUpdate)
        self._item = self._plot.getPlotItem()
        self._item.getAxis("left").setWidth(66)
        # The whole run is always in sight, so that nobody gets lost in a corner of it.
        self._item.getViewBox().setMouseEnabled(False, False)
        self._curves = {name: self._make_curve() for name in ("train", "validation")}
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        self._cross.hide()
        self._item.addItem(self._cross, ignoreBounds=True)
        self._legend = {name: QLabel() for name in self._curves}
        self._reading = QLabel()
        self._reading.setProperty("role", "dim")
        self.log = QCheckBox(tr("log"))
        self.log.setToolTip(tr("Show powers of ten at equal distances"))
        self.log.setChecked(True)
        self.smooth = QSlider(Qt.Orientation.Horizontal)
        self.smooth.setRange(0, _SLIDER)
        self.smooth.setValue(60)
        self.smooth.setFixedWidth(70)
        self.smooth.setAccessibleName(tr("Smoothing"))
        self.smooth.setToolTip(tr("How much of the moving mean is kept; raw points stay under the line"))
        top = QHBoxLayout()
        top.setContentsMargins(12, 4, 12, 0)
        top.addWidget(self._reading, 1)
        for label in self._legend.values():
            top.addWidget(label)
            top.addSpacing(10)
        top.addWidget(self.log)
        caption = QLabel(tr("smooth"))
        caption.setProperty("role", "dim")
        top.addWidget(caption)
        top.addWidget(self.smooth)
        drawn = QWidget()
        inside = QVBoxLayout(drawn)
        inside.setContentsMargins(0, 0, 8, 0)
        inside.setSpacing(2)
        inside.addLayout(top)
        inside.addWidget(self._plot, 1)
        self._empty = EmptyState(tr("Press Train: the cost of training and validation rows appears here."))
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(drawn)
        self.log.toggled.connect(self._on_log_toggled)
        self.smooth.valueChanged.connect(self._redraw)
        self._plot.scene().sigMouseMoved.connect(self._on_mouse_moved)
        theme_signals.changed.connect(self._recolour)
        self._recolour()
        self._on_log_toggled(True)

    def show_history(self, history: History | None, steps_per_epoch: int) -> None:
        """Show a history as far as it was written.

        Parameters
        ----------
        history : History or None
        steps_per_epoch : int
            By which steps become epochs.
        """
        self.take_history(history, steps_per_epoch)
        self._plot.viewport().update()

    def take_history(self, history: History | None, steps_per_epoch: int) -> None:
        """Make a history ready to be painted, which is half of the work of showing it."""
        self._history = history
        self._steps_per_epoch = max(1, steps_per_epoch)
        if self.isVisible():
            self._draw()

    def paint_now(self) -> None:
        """Paint at once, while training stands still: later, every call would wait for the training thread."""
        if self.isVisible():
            self._plot.viewport().repaint()

    def value_at(self, epoch: float) -> str:
        """Return what stands at an epoch, in words."""
        parts = []
        for name, curve in self._curves.items():
            if len(curve.x):
                index = int(np.abs(curve.x - epoch).argmin())
                parts.append(f"{tr(name)} {curve.y[index]:.4g}")
        return tr("epoch {epoch}: {values}").format(epoch=f"{epoch:,.1f}", values=", ".join(parts)) if parts else ""

    def legend(self, name: str) -> str:
        """Return the legend of a series, with its latest value."""
        return self._legend[name].text()

    def points(self, name: str) -> tuple[Numbers, Numbers]:
        """Return the epochs and costs of a series that are shown."""
        return self._curves[name].x, self._curves[name].y

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while the plot was hidden."""
        super().showEvent(event)
        self._redraw()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the reading go."""
        self._cross.hide()
        self._plot.viewport().update()
        super().hideEvent(event)

    def _make_curve(self) -> _Curve:
        none = np.empty(0)
        raw = self._item.plot(none, none)
        line = self._item.plot(none, none)
        return _Curve(raw, line, none, none)

    def _redraw(self) -> None:
        self._draw()
        self._plot.viewport().update()

    def _draw(self) -> None:
        history = self._history
        empty = history is None or not len(history.read("cost"))
        self._stack.setCurrentIndex(0 if empty else 1)
        if history is None or empty:
            for curve in self._curves.values():
                curve.x = curve.y = np.empty(0)
            return
        epochs = history.read("epoch_cost")
        self._by_step = len(epochs) < 3
        series = {"train": history.read("cost") if self._by_step else epochs, "validation": history.read("validation")}
        most = max(200, self._plot.width() // 2)
        amount = self.smooth.value() / 100
        for name, view in series.items():
            curve = self._curves[name]
            finite = np.isfinite(view.mean)
            curve.x, curve.y = view.step[finite] / self._steps_per_epoch, view.mean[finite]
            x, y = thinned(curve.x, curve.y, most)
            curve.raw.setData(x, y)
            # A thick line costs much more for each point than a thin one, and a smooth one needs fewer.
            x, y = thinned(curve.x, smoothed(curve.y, amount), most // 2 if amount > 0 else most)
            curve.line.setData(x, y)
            latest = history.latest("epoch_cost" if name == "train" and not self._by_step else _SERIES[name])
            text = tr(name) if latest is None else f"{tr(name)} {latest:.4g}"
            self._legend[name].setText(f"{_MARKS[name]} {text}")
            self._legend[name].setVisible(name == "train" or latest is not None)
        self._show_all()
        what = tr("each step") if self._by_step else tr("mean of each epoch's steps")
        self._legend["train"].setToolTip(what)

    def _show_all(self) -> None:
        """Bring everything into sight, with some room to grow: moving the axes costs more than drawing the lines."""
        shown = [curve for curve in self._curves.values() if len(curve.x)]
        if not shown:
            return
        end = max(float(curve.x[-1]) for curve in shown)
        values = np.concatenate([curve.y for curve in shown])
        if self.log.isChecked():
            values = np.log10(values[values > 0])
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        margin = 0.05 * max(high - low, 1e-6)
        (_, right), (bottom, top) = self._item.getViewBox().viewRange()
        if end > right or end < _FULLEST * right * 0.6:
            self._item.setXRange(0, end / _FULLEST, padding=0)
        if low < bottom or high > top or high - low < 0.5 * (top - bottom):
            self._item.setYRange(low - margin, high + margin, padding=0)

    def _recolour(self) -> None:
        colours = theme()
        self._plot.setBackground(colours.panel)
        for axis in ("left", "bottom"):
            self._item.getAxis(axis).setPen(pg.mkPen(colours.line))
            self._item.getAxis(axis).setTextPen(pg.mkPen(colours.dim))
        self._item.showGrid(x=False, y=True, alpha=0.12)
        self._item.setLabel("left", tr("cost"))
        self._item.setLabel("bottom", tr("epoch"))
        for name, colour, style in (
            ("train", colours.positive, Qt.PenStyle.SolidLine),
            ("validation", colours.negative, Qt.PenStyle.DashLine),
        ):
            pale = pg.mkColor(colour)
            pale.setAlpha(75)
            self._curves[name].raw.setPen(pg.mkPen(pale, width=1))
            self._curves[name].line.setPen(pg.mkPen(colour, width=2, style=style))
            self._legend[name].setStyleSheet(f"color: {colour}; font-weight: 600;")
        self._cross.setPen(pg.mkPen(colours.faint, style=Qt.PenStyle.DotLine))
        self._plot.viewport().update()

    def _on_log_toggled(self, on: bool) -> None:
        self._item.setLogMode(y=on)
        self._item.disableAutoRange()
        self._item.setYRange(0, 1e-9)
        self._redraw()

    def _on_mouse_moved(self, position: QPointF) -> None:
        box = self._item.getViewBox()
        inside = box.sceneBoundingRect().contains(position)
        epoch = box.mapSceneToView(position).x()
        self._cross.setVisible(inside)
        self._cross.setPos(epoch)
        self._reading.setText(self.value_at(max(0.0, epoch)) if inside else "")
        self._plot.viewport().update()


_SERIES = {"train": "cost", "validation": "validation"}
_MARKS = {"train": "━", "validation": "╍"}
