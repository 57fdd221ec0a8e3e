"""What the network answers over the plane of two inputs, with the rows on it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from nnstudio.engine import Array, History
from nnstudio.gui.moments.evidence import Evidence, evidence_of
from nnstudio.gui.moments.living import LivingFrame, LivingView, Surroundings
from nnstudio.gui.plots.plane import Plane, plane_of, plane_of_maps, telling_inputs, wrong_rows
from nnstudio.gui.plots.plane_chart import PlaneChart, row_color, some_rows
from nnstudio.gui.plots.plot import Plot
from nnstudio.gui.plots.relief import Relief
from nnstudio.gui.plots.target_field import TargetField
from nnstudio.gui.widgets.class_key import ClassKey
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.short_words import shorten_words
from nnstudio.i18n import tr

COARSE, FINE = 24, 64
"""Points along each side while weights change, and when they have stayed the same for a moment."""

_SHORTEST_NAME, _LONGEST_NAME = 4, 18
"""For so many broad letters of a chosen name there is room at least and at most."""

_BESIDE_NAME = 40
"""What a list of names needs beside them, in pixels."""

_STILL = 300
"""Milliseconds after which nothing seems to change any more."""


class BoundaryPlot(Plot):
    """The answer as colour, or as a surface, over two inputs in the units of the file."""

    key = "boundary"
    title = "Boundary"
    tip = "What the network answers over two of its inputs, with the rows; a click on a row shows it everywhere."
    empty = "Load data and draw a network without problems: what it answers over two of its inputs appears here."

    def __init__(self) -> None:
        super().__init__()
        self._features: tuple[str, ...] = ()
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.setInterval(_STILL)
        self._still.timeout.connect(self._on_still)
        self.across, self.up = QComboBox(), QComboBox()
        for field, name, words in ((self.across, tr("Input across"), "x"), (self.up, tr("Input upwards"), "y")):
            field.setAccessibleName(name)
            field.setToolTip(name)
            _take_little_room(field)
            field.currentIndexChanged.connect(self.refresh)
            self.add_control(field, words)
        self.held = QComboBox()
        self.held.setAccessibleName(tr("Other inputs"))
        self.held.setToolTip(tr("Where the other inputs stay"))
        self.held.addItem(tr("mean"), "mean")
        self.held.addItem(tr("current row"), "row")
        _take_little_room(self.held)
        self.held.currentIndexChanged.connect(self.refresh)
        self.add_control(self.held, tr("others"))
        self.target = TargetField()
        self.target.currentIndexChanged.connect(self.refresh)
        self.add_control(self.target)
        self.from_side = QToolButton()
        self.from_side.setText(tr("3-D"))
        self.from_side.setCheckable(True)
        self.from_side.setProperty("kind", "toggle")
        self.from_side.setAccessibleName(tr("As a surface"))
        self.from_side.setToolTip(tr("Show the answers as a surface that turns"))
        self.from_side.toggled.connect(self._on_side_toggled)
        self.add_control(self.from_side)
        self.chart = PlaneChart(tr("Decision boundary"))
        self.relief = Relief(tr("Answers as a surface"))
        # Below, where a long sentence has room and moves nothing.
        self._words = ElidedLabel()
        self._words.setProperty("role", "dim")
        self.classes = ClassKey()
        self.classes.hide()
        self._pointed: tuple[float, float] | None = None
        self._views = QStackedWidget()
        self._views.addWidget(self.chart)
        self._views.addWidget(self.relief)
        self.chart.row_chosen.connect(self._on_row_chosen)
        self.chart.pointed.connect(self._on_pointed)
        self.chart.left.connect(self._on_left)
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(0)
        inside.addWidget(self._views, 1)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.setContentsMargins(0, 3, 0, 0)
        below.addWidget(self._words, 1)
        below.addWidget(self.classes)
        inside.addLayout(below)
        self.set_body(body)

    @property
    def plane(self) -> Plane | None:
        """What is shown."""
        return self.chart.plane

    def draw(self, frame: LivingFrame | None, view: LivingView | None, history: History | None) -> None:
        """Draw what the frame brings at once; compute the rest beside the window, finer as soon as nothing changes."""
        del history
        if frame is None or view is None:
            self._still.stop()
            self.show_empty()
            return
        around = frame.surroundings
        count = around.inputs.shape[1]
        if count < 2:
            self._still.stop()
            self.show_empty(tr("This network has one input. A boundary needs two: use another column in Data."))
            return
        self._offer(around)
        inputs, target = self._chosen(), self.target.target_of(around)
        if frame.maps and inputs == (0, 1):
            self._show(plane_of_maps(frame, target))
        elif self.is_paced or self._still.isActive() or self.plane is None or self.plane.around is not around:
            self._compute(evidence_of(frame, view), around, COARSE)
        if self.is_paced:
            self._still.stop()  # the weights go on changing; a fine grid would be late, and cost the training time
        else:
            self._still.start()

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return the answers at each point: both inputs in the units of the file, and each class or target."""
        plane = self.plane
        if plane is None:
            return {}
        size = plane.answers.shape[1]
        x, y = np.meshgrid(
            np.linspace(plane.low[0], plane.high[0], size), np.linspace(plane.high[1], plane.low[1], size)
        )
        pipeline = plane.around.pipeline
        names = pipeline.target_names if plane.is_regression else pipeline.class_names
        table = {plane.names[0]: x.ravel().tolist(), plane.names[1]: y.ravel().tolist()}
        for name, values in zip(names, plane.answers, strict=True):
            table[tr("answer {name}").format(name=name)] = values.ravel().tolist()
        return table

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.chart.recolour()
        self.relief.update()

    def words(self) -> str:
        """Return what is said below: how rows are drawn, or what is at the pointer."""
        return self._words.text()

    def reading_at(self, x: float, y: float) -> str:
        """Return in words what the network answers at a place in the units of the file, and the row that is there."""
        plane = self.plane
        said = None if plane is None else plane.at(x, y)
        if plane is None or said is None:
            return ""
        pipeline = plane.around.pipeline
        row = self.chart.nearest(x, y)
        if row is not None:
            where = tr("test row") if plane.around.test[row] else tr("row")
            truth = plane.truths[row]
            x, y = plane.points[row].tolist()
            words = f"{truth:.4g}" if plane.is_regression else pipeline.class_names[int(truth)]
        else:
            where, words = tr("here"), ""
        if plane.is_regression:
            answer = f"{said[plane.target]:.4g}"
        else:
            likeliest = int(said.argmax())
            answer = f"{pipeline.class_names[likeliest]} {said[likeliest]:.0%}"
        truth_words = f" · {tr('is')} {words}" if words else ""
        return f"{where}: {plane.names[0]} {x:.4g}, {plane.names[1]} {y:.4g}{truth_words} · {tr('answer')} {answer}"

    def _offer(self, around: Surroundings) -> None:
        """Offer the inputs of this network; with two there is nothing to choose."""
        features = around.pipeline.features
        if features != self._features:
            self._features = features
            first = telling_inputs(around)
            longest = max(features, key=len, default="")
            for place, field in enumerate((self.across, self.up)):
                field.blockSignals(True)
                field.clear()
                field.addItems(features)
                field.view().setMinimumWidth(field.fontMetrics().horizontalAdvance(longest) + _BESIDE_NAME)
                field.setCurrentIndex(first[place])
                field.blockSignals(False)
        for field in (self.across, self.up, self.held):
            field.setVisible(len(features) > 2)
        self._give_room()

    def _chosen(self) -> tuple[int, int]:
        """Return which two inputs; never the same twice."""
        across, up = self.across.currentIndex(), self.up.currentIndex()
        if across == up:
            up = (across + 1) % len(self._features)
            self.up.blockSignals(True)
            self.up.setCurrentIndex(up)
            self.up.blockSignals(False)
            self._give_room()
        return across, up

    def _give_room(self) -> None:
        """Let what is chosen be read, as far as it leaves room to the others."""
        for field in (self.across, self.up, self.held):
            metrics = field.fontMetrics()
            letters = math.ceil(metrics.horizontalAdvance(field.currentText()) / metrics.horizontalAdvance("X"))
            field.setMinimumContentsLength(max(_SHORTEST_NAME, min(_LONGEST_NAME, letters)))

    def _held_at(self, around: Surroundings, view: LivingView) -> Array:
        if self.held.currentData() == "row" and len(around.inputs):
            current: Array = around.inputs[view.row]
            return current
        rows = around.inputs[around.train]
        mean: Array = (rows if len(rows) else around.inputs).mean(axis=0)
        return mean

    def _compute(self, evidence: Evidence, around: Surroundings, size: int) -> None:
        assert self._view is not None
        inputs, held, target = self._chosen(), self._held_at(around, self._view), self.target.target_of(around)

        def work() -> tuple[Plane, NDArray[np.int64]]:
            plane = plane_of(evidence.predict, around, inputs, held, size, target)
            chosen = some_rows(plane) if size == FINE else np.empty(0, np.int64)
            return plane, wrong_rows(evidence.predict, plane, chosen)

        self.compute(work, lambda found: self._on_found(*found))

    def _on_found(self, plane: Plane, wrong: NDArray[np.int64]) -> None:
        frame = self._frame
        if frame is None or frame.surroundings is not plane.around or plane.inputs != self._chosen():
            return  # it is of something else than what is chosen now
        self._show(plane)
        self.chart.mark_wrong(wrong)
        if len(wrong):
            self._say()

    def _show(self, plane: Plane) -> None:
        self.chart.show_plane(plane, None if self._view is None else self._view.row)
        self.relief.show_plane(plane)
        names = () if plane.is_regression else plane.around.pipeline.class_names
        self.classes.show_classes([(name, row_color(plane, at)) for at, name in enumerate(names)], self.width() // 2)
        self.show_body()
        self._say()

    def _say(self) -> None:
        """Say what is at the pointer, or how rows are drawn and where the other inputs stay."""
        plane = self.plane
        if plane is None:
            return
        self.classes.setVisible(bool(self.classes.names) and self._pointed is None)
        if self._pointed is not None:
            self._words.say(self.reading_at(*self._pointed))
            return
        parts = [tr("Ringed: test rows.")] if plane.around.test.any() else []
        if len(self.chart.wrong):
            parts.append(tr("Crossed out: {count} wrong.").format(count=len(self.chart.wrong)))
        if len(self._features) > 2:
            kept = tr("current row") if self.held.currentData() == "row" else tr("mean of the training rows")
            parts.append(tr("Other inputs: {kept}.").format(kept=kept))
        self._words.say(" ".join(parts))

    def _on_pointed(self, x: float, y: float) -> None:
        self._pointed = (x, y)
        self._say()

    def _on_left(self) -> None:
        self._pointed = None
        self._say()

    def _on_still(self) -> None:
        """Make it finer."""
        if self.is_seen and self._frame is not None and self._view is not None:
            self._compute(evidence_of(self._frame, self._view), self._frame.surroundings, FINE)

    def _on_side_toggled(self, on: bool) -> None:
        self._views.setCurrentIndex(int(on))
        self.refresh()

    def _on_row_chosen(self, row: int) -> None:
        if self.plane is not None:
            self.rows_selected.emit((int(self.plane.around.rows[row]),))


def _take_little_room(field: QComboBox) -> None:
    """Let a choice be as wide as it is told to, with no room for pictures that it does not have."""
    field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    field.setIconSize(QSize(0, 0))
    shorten_words(field, Qt.TextElideMode.ElideMiddle)
