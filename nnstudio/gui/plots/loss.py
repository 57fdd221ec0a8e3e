"""The cost while training."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QCursor, QHideEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSlider,
    QWidget,
)

from nnstudio.engine import History
from nnstudio.gui.look.colours import class_color, use_color
from nnstudio.gui.look.text_size import grown
from nnstudio.gui.look.theme import theme
from nnstudio.gui.moments.living import LivingFrame, LivingView
from nnstudio.gui.plots.chart import Chart, line_pen
from nnstudio.gui.plots.cost_curve import CostCurve
from nnstudio.gui.plots.legend import Legend
from nnstudio.gui.plots.plot import Plot
from nnstudio.gui.plots.reading import AGAINST, NAMES, Against, Name, Reading, is_by_step
from nnstudio.gui.plots.series_field import COST, SeriesField
from nnstudio.gui.plots.step_mark import StepMark
from nnstudio.gui.widgets.numbered_box import NumberedBox
from nnstudio.i18n import tr

Numbers = NDArray[np.float64]

_SLIDER = 95
_BEHIND = -1.0
"""Other runs lie under the current one, which covers what it has in common with them."""
_FULLEST = 0.85


class LossPlot(Plot):
    """Training and validation cost, with the value at the pointer.

    Raw points stay pale under the smoothed line; where there are more of them than pixels, they reach from the lowest
    to the highest value. A point of training is the mean of an epoch's steps; while there are fewer than three epochs,
    each step is a point. The wheel makes a part larger, dragging moves it, a double click shows everything again.
    """

    key = "loss"
    title = "Loss"
    softens = False  # every touch of its axes paints it anew
    tip = "Cost of training and validation rows while the network learns."
    empty = "Press Train: the cost of training and validation rows appears here."

    def __init__(self) -> None:
        super().__init__()
        self._steps_per_epoch = 1
        self._all_in_sight = True
        self._drawing = False
        self._others: dict[str, tuple[History, dict[Name, CostCurve]]] = {}
        self._others_asked: Reading | None = None
        self.chart = Chart(tr("Cost while training"))
        # Painted when told, so that no change of a curve is painted twice.
        self.chart.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.NoViewportUpdate)
        self._item = self.chart.item
        self._item.getAxis("left").setWidth(grown(66, self))
        self._box = self._item.getViewBox()
        self._box.setMouseEnabled(True, True)
        self._box.disableAutoRange()
        self._curves: dict[Name, CostCurve] = {name: self._make_curve() for name in NAMES}
        self._cross = pg.InfiniteLine(angle=90, movable=False)
        self._cross.hide()
        self._item.addItem(self._cross, ignoreBounds=True)
        self.marked = StepMark(self._item)
        self._reading = QLabel(self.chart)
        self._reading.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._reading.hide()
        self.runs = Legend(tr("Other runs"))
        self.runs.hide()
        self._add_controls()
        body = QWidget()
        inside = QHBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(6)
        inside.addWidget(self.chart, 1)
        inside.addWidget(self.runs)
        self.set_body(body)
        self.runs.changed.connect(self._redraw)
        self._box.sigRangeChangedManually.connect(self._on_moved_by_hand)
        self._box.sigRangeChanged.connect(self._on_range_changed)
        self.chart.scene().sigMouseMoved.connect(self._on_mouse_moved)
        self.chart.scene().sigMouseClicked.connect(self._on_mouse_clicked)
        self.chart.left.connect(self._let_reading_go)
        self._on_log_toggled()

    # What the window uses

    def show_history(self, history: History | None, steps_per_epoch: int) -> None:
        """Show a history as far as it was written.

        Parameters
        ----------
        history : History or None
        steps_per_epoch : int
            By which steps become epochs.
        """
        self.take_history(history, steps_per_epoch)
        self.chart.viewport().update()

    def take_history(self, history: History | None, steps_per_epoch: int) -> None:
        """Make a history ready to be painted, which is half of the work of showing it."""
        if history is not self._history:
            self._all_in_sight = True
        self._history = history
        self._steps_per_epoch = max(1, steps_per_epoch)
        self._stale = True
        if self.is_seen:
            self.refresh()

    def paint_now(self) -> None:
        """Paint at once, while training stands still: later, every call would wait for the training thread."""
        if self.is_seen:
            self.chart.viewport().repaint()

    def show_others(self, runs: Sequence[tuple[str, History]]) -> None:
        """Show the costs of other runs beside the current one, each in its colour; a click in the legend hides one."""
        for _, curves in self._others.values():
            for curve in curves.values():
                self._item.removeItem(curve.raw)
                self._item.removeItem(curve.line)
        shown: tuple[Name, ...] = ("train", "validation")
        self._others = {title: (history, {name: self._make_curve() for name in shown}) for title, history in runs}
        self._others_asked = None
        for _, curves in self._others.values():
            for curve in curves.values():
                curve.raw.setZValue(_BEHIND)
                curve.line.setZValue(_BEHIND)
        self.runs.setVisible(bool(runs))
        self.recolour()
        self._redraw()

    def mark(self, step: int | None) -> None:
        """Mark the step that is shown everywhere else, or none at the end of the run."""
        if step != self.marked.step:
            self.marked.step = step
            self._place_mark()
            self.chart.viewport().update()

    # What the base wants

    def draw(self, frame: LivingFrame | None, view: LivingView | None, history: History | None) -> None:
        """Draw the history; this is quick."""
        del frame, view
        if history is None or not len(history.read("cost")):
            for curve in self._curves.values():
                curve.clear()
            self.show_empty()
            return
        self.show_body()
        self.what.offer(history)
        asked = self._asked
        asked.fill(self._curves, history)
        self._fill_others(asked)
        for name, box in self.shown.items():
            series = asked.series(name, history)
            latest = history.latest(series) if series else None
            box.setVisible(latest is not None or (name == "train" and self.what.chosen == COST))
            box.show_number(latest)
        self._drawing = True
        if self._all_in_sight:
            self._show_all()
        self._draw_lines()
        self._place_mark()
        self._drawing = False
        self.shown["train"].setToolTip(tr("each step") if is_by_step(history) else tr("mean of each epoch's steps"))
        self.chart.name_axes(tr(self.against.currentData()), self.what.currentText())

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return each point of each series that is shown: the run, the series, where it stands, and its value."""
        table: dict[str, list[Any]] = {"run": [], "series": [], self.against.currentData(): [], self.what.chosen: []}
        for title, name, curve in self._all_curves():
            if self._is_shown(title, name):
                table["run"] += [title or tr("this run")] * len(curve.x)
                table["series"] += [name] * len(curve.x)
                table[self.against.currentData()] += curve.x.tolist()
                table[self.what.chosen] += curve.y.tolist()
        return table

    def recolour(self) -> None:
        """Take the colours of the theme."""
        colours = theme()
        self.chart.recolour()
        own: tuple[tuple[Name, QColor], ...] = (
            ("train", use_color("train", colours)),
            ("validation", use_color("validation", colours)),
            ("penalty", colours.color("faint")),
        )
        for name, color in own:
            self._curves[name].recolour(color, name)
            self.shown[name].setStyleSheet(f"QCheckBox {{ color: {color.name()}; font-weight: 600; }}")
        entries = []
        for at, (title, (_, curves)) in enumerate(self._others.items()):
            color = class_color(at + 2)  # the first two are those of training and validation
            entries.append((title, title, color))
            for name, curve in curves.items():
                curve.recolour(color, name)
        self.runs.show_entries(entries)
        self._cross.setPen(line_pen(colours.faint, style=Qt.PenStyle.DotLine))
        self.marked.recolour()
        self._reading.setStyleSheet(
            f"background: {colours.card}; color: {colours.text}; border: 1px solid {colours.line}; padding: 2px 6px;"
        )
        self.chart.viewport().update()

    def hideEvent(self, event: QHideEvent) -> None:
        """Let the reading go."""
        self._let_reading_go()
        super().hideEvent(event)

    # For reading values off

    def value_at(self, place: float) -> str:
        """Return what stands nearest to an epoch, a step or a second, in words."""
        shown = [
            (title or tr(name), curve, int(np.abs(curve.x - place).argmin()))
            for title, name, curve in self._all_curves()
            if len(curve.x) and self._is_shown(title, name) and (not title or name == "train")
        ]
        if not shown:
            return ""
        parts = [f"{words} {curve.y[nearest]:.4g}" for words, curve, nearest in shown]
        _, first, nearest = shown[0]
        where = round(float(first.x[nearest]), 2)
        against = self.against.currentData()
        words = f"{where:,.0f}" if where.is_integer() else f"{where:,.2f}"
        return f"{tr(against)} {words}: {', '.join(parts)}"

    def points(self, name: Name) -> tuple[Numbers, Numbers]:
        """Return the places and costs of a series of this run."""
        return self._curves[name].x, self._curves[name].y

    def drawn(self, name: Name) -> int:
        """Return how many points are painted of a series of this run."""
        curve = self._curves[name]
        return sum(0 if item.xData is None else len(item.xData) for item in (curve.raw, curve.line))

    def fit(self) -> None:
        """Show everything again."""
        self._all_in_sight = True
        self._redraw()

    # Its parts

    def _add_controls(self) -> None:
        self.what = SeriesField()
        self.what.currentIndexChanged.connect(self._on_what_chosen)
        self.add_control(self.what, tr("Show"))
        self.shown: dict[Name, NumberedBox] = {}
        for name in NAMES:
            box = NumberedBox(tr(name))
            box.setChecked(name != "penalty")
            box.setVisible(name == "train")
            box.toggled.connect(self._redraw)
            self.shown[name] = box
            self.add_control(box)
        self.against = QComboBox()
        self.against.setAccessibleName(tr("Against"))
        self.against.setToolTip(tr("What the cost is drawn against"))
        for against in AGAINST:
            self.against.addItem(tr(against), against)
        self.against.currentIndexChanged.connect(self.fit)
        self.add_control(self.against)
        self.log = QCheckBox(tr("log"))
        self.log.setToolTip(tr("Show powers of ten at equal distances"))
        self.log.setChecked(True)
        self.log.toggled.connect(self._on_log_toggled)
        self.add_control(self.log)
        self.smooth = QSlider(Qt.Orientation.Horizontal)
        self.smooth.setRange(0, _SLIDER)
        self.smooth.setValue(60)
        self.smooth.setFixedWidth(44)
        self.smooth.setAccessibleName(tr("Smoothing"))
        self.smooth.setToolTip(tr("Smoothing: how much of the moving mean is kept; raw points stay under the line"))
        self.smooth.valueChanged.connect(self._redraw)
        self.add_control(self.smooth)
        self._menu = QMenu(self)
        self._menu.addAction(tr("Show everything"), self.fit)
        self._menu.addSeparator()
        upwards = self._menu.addAction(tr("Powers of ten for the cost"))
        upwards.setCheckable(True)
        upwards.setChecked(self.log.isChecked())
        upwards.toggled.connect(self.log.setChecked)
        self.log.toggled.connect(upwards.setChecked)
        self.log_across = self._menu.addAction(tr("Powers of ten across"))
        self.log_across.setCheckable(True)
        self.log_across.toggled.connect(self._on_log_toggled)

    def _make_curve(self) -> CostCurve:
        return CostCurve(self._item.plot([], []), self._item.plot([], []))

    def _all_curves(self) -> Iterator[tuple[str, Name, CostCurve]]:
        """Yield the curves of this run, then those of others: the run's title, empty for this one, series and curve."""
        for title, curves in [("", self._curves), *((title, curves) for title, (_, curves) in self._others.items())]:
            for name, curve in curves.items():
                yield title, name, curve

    def _is_shown(self, title: str, name: Name) -> bool:
        return self.shown[name].isChecked() and (not title or self.runs.is_shown(title))

    @property
    def _is_log(self) -> bool:
        """Whether powers of ten are at equal distances; a share of right answers has none worth showing."""
        return self.log.isChecked() and self.what.chosen == COST

    @property
    def _asked(self) -> Reading:
        """What is asked of histories."""
        against: Against = self.against.currentData()
        return Reading(self.what.chosen, against, self.log_across.isChecked(), self._steps_per_epoch)

    def _fill_others(self, asked: Reading) -> None:
        """Read the series of other runs, which change no more, where something else of them is to be seen."""
        if asked != self._others_asked:
            self._others_asked = asked
            for history, curves in self._others.values():
                asked.fill(curves, history)

    def _place_mark(self) -> None:
        step, place = self.marked.step, None
        if step is not None and self._history is not None:
            place = float(self._asked.places(np.array([float(step)]), self._history)[0])
        self.marked.put(place, is_log=self.log_across.isChecked())

    def _draw_lines(self) -> None:
        left, right = self._box.viewRange()[0]
        if self.log_across.isChecked():
            left, right = 10 ** min(left, 300.0), 10 ** min(right, 300.0)
        most = max(200, self.chart.width() // 2)
        amount = self.smooth.value() / 100
        for title, name, curve in self._all_curves():
            if self._is_shown(title, name):
                curve.draw(left, right, most, amount, is_log=self._is_log)
            else:
                curve.hide()

    def _show_all(self) -> None:
        """Bring everything into sight, with some room to grow: moving the axes costs more than drawing the lines."""
        shown = [curve for title, name, curve in self._all_curves() if len(curve.x) and self._is_shown(title, name)]
        if not shown:
            return
        start, end = min(float(curve.x[0]) for curve in shown), max(float(curve.x[-1]) for curve in shown)
        values = np.concatenate([curve.y for curve in shown])
        if self._is_log:
            values = np.log10(values[values > 0])
        low, high = (float(values.min()), float(values.max())) if len(values) else (0.0, 1.0)
        margin = 0.05 * max(high - low, 1e-6)
        (left, right), (bottom, top) = self._box.viewRange()
        if self.log_across.isChecked():
            first, last = np.log10(start), np.log10(max(end, start * 1.01))
            if first != left or last > right or last - first < _FULLEST * (right - left) * 0.8:
                self._item.setXRange(first, last + 0.05 * (last - first), padding=0)
        elif end > right or end < _FULLEST * right * 0.6 or left != 0:
            self._item.setXRange(0, end / _FULLEST, padding=0)
        if low < bottom or high > top or high - low < 0.5 * (top - bottom):
            self._item.setYRange(low - margin, high + margin, padding=0)

    # What happens

    def _redraw(self) -> None:
        if self.is_seen:
            self.refresh()
        self.chart.viewport().update()

    def _on_log_toggled(self) -> None:
        self._item.setLogMode(x=self.log_across.isChecked(), y=self._is_log)
        self._box.disableAutoRange()
        self._drawing = True
        self._item.setYRange(0, 1e-9)
        self._drawing = False
        self.fit()

    def _on_what_chosen(self) -> None:
        self.log.setEnabled(self.what.chosen == COST)
        self._on_log_toggled()

    def _on_moved_by_hand(self) -> None:
        self._all_in_sight = False

    def _on_range_changed(self) -> None:
        if not self._drawing:
            self._draw_lines()
            self.chart.viewport().update()

    def _on_mouse_clicked(self, event: Any) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self._menu.popup(QCursor.pos())
        elif event.double():
            self.fit()

    def _let_reading_go(self) -> None:
        self._cross.hide()
        self._reading.hide()
        self.chart.viewport().update()

    def _on_mouse_moved(self, position: QPointF) -> None:
        inside = self._box.sceneBoundingRect().contains(position)
        place = self._box.mapSceneToView(position).x()
        self._cross.setVisible(inside)
        self._cross.setPos(place)
        words = self.value_at(max(0.0, 10**place if self.log_across.isChecked() else place)) if inside else ""
        self._reading.setVisible(bool(words))
        self._reading.setText(words)
        self._reading.adjustSize()
        self._reading.move(self.chart.width() - self._reading.width() - 8, 4)
        self.chart.viewport().update()
