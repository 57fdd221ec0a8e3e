"""What is shown at this moment: joins snapshots, the living view and everything that draws it."""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject

from nnstudio.engine import (
    MAIN_METRIC,
    Array,
    History,
    Network,
    Program,
    State,
    measure,
    measure_baseline,
    rng,
    rows_of_next_step,
    silencing,
    weight_views,
)
from nnstudio.errors import StudioError
from nnstudio.gui.living import Lens, LivingFrame, LivingView, Surroundings, surround
from nnstudio.gui.panels.predictions import PredictionRows
from nnstudio.gui.prediction_rows import MOST_PREDICTIONS, KnownRows, known_rows, prediction_rows
from nnstudio.gui.status_line import metric_line, metric_words
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, Run
from nnstudio.session import Snapshot

_GOOD_SHARE = 0.9
"""Of numbers, the tenth that is furthest off counts as wrong."""


class Stage(QObject):
    """Keeps the living view of what the document shows, and makes frames of it.

    While nothing trains, the frame shows the current run's weights, or the first weights of the drawing.

    Parameters
    ----------
    document : Document
    """

    def __init__(self, document: Document, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._view: LivingView | None = None
        self._surroundings: Surroundings | None = None
        self._surrounded: tuple[object, ...] = ()
        self._metric = ""
        self._line = ""
        self._metric_due = 0.0
        self._last: LivingFrame | None = None
        self._tested: KnownRows | None = None
        self._tested_of: tuple[object, ...] = ()
        self._watched: Snapshot | None = None
        self.lens: Lens = "activations"

    @property
    def surroundings(self) -> Surroundings | None:
        """The rows that are shown; None where there is nothing to show."""
        return self._surroundings if self._view is not None else None

    @property
    def row(self) -> int:
        """Where the row that is shown stands among the rows of the surroundings."""
        return self._view.row if self._view is not None else 0

    @property
    def view(self) -> LivingView | None:
        """What makes the frames; None where there is nothing to show."""
        return self._view

    @property
    def metric_line(self) -> str:
        """How good the network of the last frame is, with the baseline beside it."""
        return self._line

    def moment(self) -> LivingFrame | None:
        """Return the frame of the document as it stands; None where there is nothing to show."""
        project = self._document.project
        before, self._view = self._view, None
        self._metric = self._line = ""
        run = _run_on_canvas(project)
        if project.table is None or project.pipeline is None:
            return None
        if run is None and any(problem.severity == "error" for problem in project.problems()):
            return None
        pipeline = run.pipeline if run is not None else project.pipeline
        network = run.network if run is not None else project.network
        try:
            self._surround(project, run)
        except StudioError:
            return None
        if self._surroundings is None:
            return None
        settings = run.settings if run is not None else project.settings
        self._view = LivingView(network, self._surroundings, settings.precision)
        if before is not None and before.surroundings is self._surroundings:
            self._view.look_as(before)
        if run is not None:
            weights, memory, streams = run.state.weights, run.state.memory, run.state.streams
        else:
            fresh = Program(network, settings.precision, settings.seed)
            weights, memory = fresh.flat, None
            streams = {id: rng.pack(fresh.streams[id]) for id in silencing(network)}
        rows = int(self._surroundings.train.sum())
        batch = min(settings.batch_size or rows, rows)
        next_rows = rows_of_next_step(run.state, rows) if run is not None else batch
        cost = run.history.latest("epoch_cost") if run is not None else None
        if run is not None and cost is None:
            cost = run.history.latest("cost")
        frame = self._at_rest(self._view, weights, memory, cost)
        changes = self._last_changes(network, run)
        id = run.id if run is not None else ""
        frame = replace(frame, streams=streams, next_rows=next_rows, changes=changes, run=id)
        if run is not None:
            name = MAIN_METRIC[pipeline.task]
            self._set_metric(name, run.metrics.get(name), run.baseline.get(name), run.measured_on)
        return self._with_metric(frame, run.state.step if run else 0, run.state.epoch if run else 0)

    def frame(self, snapshot: Snapshot, nodes: Collection[str] | None = None) -> LivingFrame | None:
        """Return the frame of a snapshot of the run that trains.

        Parameters
        ----------
        snapshot : Snapshot
        nodes : collection of str, optional
            Which nodes are seen; all by default.
        """
        if self._view is None:
            return None
        history: History = snapshot.history
        self._watched = snapshot if snapshot.change is not None else None
        cost = history.latest("epoch_cost")
        frame = self._view.frame(
            snapshot.weights,
            snapshot.memory,
            step=snapshot.step,
            epoch=snapshot.epoch,
            lens=self.lens,
            gradients=snapshot.gradients,
            changes=snapshot.change,
            cost=history.latest("cost") if cost is None else cost,
            streams=snapshot.streams,
            next_rows=snapshot.next_rows,
            run=snapshot.run,
            nodes=nodes,
        )
        return self._with_metric(frame, snapshot.step, snapshot.epoch)

    def past(self, snapshot: Snapshot, *, measured: bool) -> LivingFrame | None:
        """Return the frame of an earlier moment of the run, with how good it was then where that is measured."""
        frame = self.frame(snapshot)
        if frame is None:
            return None
        self._metric = self._line = ""
        if measured:
            self._measure()
        return self._with_metric(frame, snapshot.step, snapshot.epoch)

    def measure(self) -> None:
        """Measure the network of the last frame again, unless that is due only later."""
        now = time.perf_counter()
        if now >= self._metric_due:
            self._measure()
            # A large test set is looked at less often, so that measuring stays below a tenth of the time.
            self._metric_due = now + 10 * (time.perf_counter() - now)

    def again(self) -> LivingFrame | None:
        """Return the last frame as it is for the row that is shown now."""
        if self._view is None or self._last is None:
            return None
        weights = np.concatenate([values.ravel() for values in self._last.weights.values()])
        frame = self._at_rest(self._view, weights, None, self._last.cost)
        last = self._last
        frame = replace(frame, streams=last.streams, next_rows=last.next_rows, changes=last.changes, run=last.run)
        return self._with_metric(frame, self._last.step, self._last.epoch)

    def _at_rest(self, view: LivingView, weights: Array, memory: Array | None, cost: float | None) -> LivingFrame:
        """Return the frame of weights that do not move; nobody trains, so a gradient is computed here."""
        frame = view.frame(weights, memory, cost=cost, lens=self.lens)
        return view.with_gradients(frame) if self.lens == "gradients" else frame

    def _last_changes(self, network: Network, run: Run | None) -> Mapping[str, Array]:
        """Return what the last steps changed before the run was held, where somebody watched; else nothing."""
        seen = self._watched
        if run is None or seen is None or seen.change is None or (seen.run, seen.step) != (run.id, run.state.step):
            return {}
        return weight_views(network, seen.change) if len(seen.change) == len(run.state.weights) else {}

    def use_inputs(self, inputs: Array) -> None:
        """Show what the units say for a row that was made by hand, of shape (1, features)."""
        if self._view is not None:
            self._view.use_inputs(inputs)

    def answer(self) -> Array | None:
        """Return what the network of the last frame says of the row that is shown, of shape (units,)."""
        return self._view.answer() if self._view is not None and self._last is not None else None

    def wrong_rows(self) -> Array:
        """Return the places of the rows that the network of the last frame answers wrongly; for numbers the worst."""
        around = self._surroundings
        if self._view is None or around is None or self._last is None:
            return np.zeros(0, np.int64)
        pipeline = around.pipeline
        said, truth = pipeline.in_units(self._view.predict(around.inputs)), pipeline.in_units(around.targets)
        if pipeline.task == "regression":
            errors = np.abs(said - truth).max(axis=1)
            return np.flatnonzero(errors >= np.quantile(errors, _GOOD_SHARE))
        said, truth = pipeline.probabilities(said), pipeline.probabilities(truth)
        return np.flatnonzero(said.argmax(axis=1) != truth.argmax(axis=1))

    def choose_row(self, line: int) -> None:
        """Show what the units say for the row that stands on a line of the file."""
        table = self._document.project.table
        if self._view is None or table is None:
            return
        rows = [row for row in range(table.row_count) if table.file_row(row) == line]
        if rows:
            self._view.choose_row(rows[0])

    def predictions(self, state: State | None = None) -> PredictionRows | None:
        """Return the current run's test rows with truth and prediction, the wrong ones first.

        Parameters
        ----------
        state : State, optional
            The earlier moment of the run that was shown last; where the run stands by default.
        """
        project = self._document.project
        run = project.run
        if run is not None and state is not None:
            run = run.model_copy(update={"state": state, "metrics": {}})
        if run is None or project.table is None:
            return None
        if project.moved_on():
            return PredictionRows(project.moved_on(), (), (), ())
        key = (project.table, run.pipeline, run.split)
        if self._tested is None or key != self._tested_of:
            rows = np.array((run.split.test or run.split.train)[:MOST_PREDICTIONS])
            self._tested, self._tested_of = known_rows(run.pipeline, project.table.take(rows)), key
        features = self._tested.features
        shown = self._view if state is not None else None  # which has these weights already
        return prediction_rows(run, self._tested, run.answer(features) if shown is None else shown.predict(features))

    def _surround(self, project: Project, run: Run | None) -> None:
        pipeline = run.pipeline if run is not None else project.pipeline
        split = run.split if run is not None else project.rows
        key = (project.table, pipeline, split)
        if key == self._surrounded and self._surroundings is not None:
            return
        self._surroundings = None
        if project.table is not None and pipeline is not None and split is not None:
            self._surroundings = surround(pipeline, project.table, split)
            self._surrounded = key

    def _measure(self) -> None:
        around = self._surroundings
        if around is None or self._view is None:
            return
        pipeline = around.pipeline
        # The same rows as when the run is committed, so that the numbers of both can be compared.
        tested = around.test if around.test.any() else around.train
        truth = around.targets[tested]
        answers = self._view.predict(around.inputs[tested])
        if answers.shape != truth.shape:
            return
        name = MAIN_METRIC[pipeline.task]
        value = measure(pipeline.task, pipeline.in_units(answers), pipeline.in_units(truth)).get(name)
        seen = around.targets[around.train]
        baseline = measure_baseline(pipeline.task, pipeline.in_units(seen), pipeline.in_units(truth)).get(name)
        self._set_metric(name, value, baseline, "test" if around.test.any() else "training")

    def _set_metric(self, name: str, value: float | None, baseline: float | None, where: str) -> None:
        if value is None:
            self._metric = self._line = ""
            return
        self._metric = f"{tr(where)} {metric_words(name, value)}"
        self._line = metric_line(where, name, value, baseline)

    def _with_metric(self, frame: LivingFrame, step: int, epoch: int) -> LivingFrame:
        self._last = replace(frame, step=step, epoch=epoch, metric=self._metric)
        return self._last


def _run_on_canvas(project: Project) -> Run | None:
    """Return the current run where its weights are those of the drawing."""
    run = project.run
    if run is None or project.table is None or project.moved_on():
        return None
    return run
