"""What is shown at this moment: joins snapshots, the living view and everything that draws it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from functools import lru_cache, partial

import numpy as np
from PySide6.QtCore import QObject

from nnstudio.data import Table
from nnstudio.engine import (
    MAIN_METRIC,
    Array,
    Network,
    Program,
    State,
    changed_since,
    measure_baseline,
    measure_quickly,
    rng,
    rows_of_next_step,
    silencing,
    steered,
    weight_views,
)
from nnstudio.engine.program import Precision
from nnstudio.errors import StudioError
from nnstudio.gui.background import Background
from nnstudio.gui.metric_words import metric_line, metric_words
from nnstudio.gui.moments.evidence import evidence_of
from nnstudio.gui.moments.living import Lens, LivingFrame, LivingView, Surroundings, surround
from nnstudio.gui.panels.predictions import PredictionRows
from nnstudio.gui.watching.prediction_rows import (
    MOST_PREDICTIONS,
    MOST_WHILE_TRAINING,
    KnownRows,
    known_rows,
    prediction_rows,
    rows_while_training,
)
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, Run
from nnstudio.project.edits.class_weights import weights_by_place
from nnstudio.session import Snapshot

Score = tuple[str, float | None, float | None, str]
"""A metric's name, its value, that of who has learned nothing, and the rows on which it was measured."""

_GOOD_SHARE = 0.9
"""Of numbers, the tenth that is furthest off counts as wrong."""


class Stage(QObject):
    """Keeps the living view of what the document shows, and makes frames of it.

    While nothing trains, the frame shows the current run's weights, or the first weights of the drawing. While the
    drawing is unfinished, it shows the run's for the part of the drawing that is still as it was.

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
        self._asked = 0
        self._background = Background(self)
        self._last: LivingFrame | None = None
        self._tested: KnownRows | None = None
        self._tested_of: tuple[object, ...] = ()
        self._watched: Snapshot | None = None
        self._told_of: Project | None = None
        self._moved_on = ""
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
    def is_measuring(self) -> bool:
        """Whether it is about to be known how good a frame is."""
        return self._background.busy

    @property
    def metric_line(self) -> str:
        """How good the network of the last frame is, with the baseline beside it."""
        return self._line

    @property
    def hindrance(self) -> str:
        """Why there is nothing to show, in words; empty where only data or training are missing."""
        return self._document.project.hindrance

    def moment(self) -> LivingFrame | None:
        """Return the frame of the document as it stands; None where there is nothing to show."""
        project = self._document.project
        before, self._view = self._view, None
        self._asked += 1
        self._metric = self._line = ""
        run, kept = _run_on_canvas(project), None
        if project.table is None or project.pipeline is None:
            return None
        if run is None and project.in_the_way is not None:
            run = project.run if project.has_data_of_run else None
            if run is None:
                return None
            kept = _nodes_kept(run.network, project.network)
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
            weights, memory, streams = run.state.answer, run.state.memory, run.state.streams
        else:
            fresh = Program(network, settings.precision, settings.seed)
            weights, memory = fresh.flat, None
            streams = {id: rng.pack(fresh.streams[id]) for id in silencing(network)}
        rows = int(self._surroundings.train.sum())
        batch = min(settings.batch_size or rows, rows)
        cost = run.history.latest_cost if run is not None else None
        frame = self._view.frame(weights, memory, cost=cost, lens=self.lens)
        if run is not None and changed_since(run.journal, run.state.step):
            frame = self._with_cost(self._view, frame, run)
        frame = replace(
            self._with_lens(self._view, frame),
            streams=streams,
            next_rows=rows_of_next_step(run.state, rows) if run is not None else batch,
            changes=self._last_changes(network, run),
            run=run.id if run is not None else "",
            kept=kept,
        )
        if run is not None and kept is None:
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
        self._watched = snapshot if snapshot.change is not None else None
        frame = self._view.frame(
            snapshot.weights,
            snapshot.memory,
            step=snapshot.step,
            epoch=snapshot.epoch,
            lens=self.lens,
            gradients=snapshot.gradients,
            changes=snapshot.change,
            cost=snapshot.history.latest_cost,
            streams=snapshot.streams,
            next_rows=snapshot.next_rows,
            run=snapshot.run,
            nodes=nodes,
        )
        return self._with_metric(frame, snapshot.step, snapshot.epoch)

    def past(
        self, snapshot: Snapshot, network: Network, *, measured: bool, changed: bool = False
    ) -> LivingFrame | None:
        """Return the frame of an earlier moment of the run, with how good it was then where that is measured.

        None where the data are not those of the run any more, so that its past cannot be shown.

        Parameters
        ----------
        snapshot : Snapshot
        network : Network
            That of the moment; it may have had other layers than those that are drawn.
        measured : bool
        changed : bool
            Whether layers or weights had been changed by hand since the step, so that its cost is not theirs.
        """
        project = self._document.project
        run = project.run
        if run is None or not project.has_data_of_run:
            return None
        self._surround(project, run)
        if self._surroundings is None:
            return None
        view = self._view = self._view_of(network, self._surroundings, run.settings.precision)
        frame = self.frame(snapshot)
        if frame is None:
            return None
        self._asked += 1
        self._metric = self._line = ""
        score = _score(view.predict, frame.surroundings) if measured else None
        if score is not None:
            self._set_metric(*score)
        if changed:
            frame = self._with_cost(view, frame, run) if measured else replace(frame, cost=None)
        if measured:
            frame = self._with_lens(view, frame)
        return self._with_metric(frame, snapshot.step, snapshot.epoch)

    def _view_of(self, network: Network, around: Surroundings, precision: Precision) -> LivingView:
        """Return the view that there is where it is of this network, else a new one that shows the same row."""
        before = self._view
        if before is None or before.surroundings is not around:
            return LivingView(network, around, precision)
        if steered(before.network, network) == {}:  # what is silenced says nothing, whatever the weights are
            return before
        view = LivingView(network, around, precision)
        view.look_as(before)
        return view

    def measure(self) -> None:
        """Begin to measure the network of the last frame beside the window, unless that is due only later."""
        now = time.perf_counter()
        if self._view is None or self._last is None or now < self._metric_due or self._background.busy:
            return
        work = partial(_score, evidence_of(self._last, self._view).predict, self._last.surroundings)
        self._background.run(work).then(partial(self._on_measured, self._asked, now), self._on_not_measured)

    def again(self) -> LivingFrame | None:
        """Return the last frame as it is for the row, and through the lens, that are chosen now."""
        last = self._last
        if self._view is None or last is None:
            return None
        frame = self._view.frame(last.flat_weights, last.flat_memory, cost=last.cost, lens=self.lens)
        frame = replace(
            frame,
            streams=last.streams,
            next_rows=last.next_rows,
            changes=last.changes,
            run=last.run,
            kept=last.kept,
            cost_is_measured=last.cost_is_measured,
        )
        # A gradient is that of many rows, whichever is shown.
        frame = replace(frame, gradients=last.gradients) if last.gradients else self._with_lens(self._view, frame)
        return self._with_metric(frame, last.step, last.epoch)

    def _with_lens(self, view: LivingView, frame: LivingFrame) -> LivingFrame:
        """Return the last frame with what the lens shows; nobody trains, so a gradient is computed here."""
        return view.with_gradients(frame) if self.lens == "gradients" else frame

    def _with_cost(self, view: LivingView, frame: LivingFrame, run: Run) -> LivingFrame:
        """Return the last frame of a run with what its network costs now, because that of the last step is outdated."""
        return view.with_cost(frame, weights_by_place(run.settings.class_weights, run.pipeline))

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
        outputs = self._view.predict(around.inputs)
        if pipeline.task != "regression":
            return np.flatnonzero(pipeline.classes_of(outputs) != pipeline.classes_of(around.targets))
        errors = np.abs(pipeline.in_units(outputs) - pipeline.in_units(around.targets)).max(axis=1)
        return np.flatnonzero(errors >= np.quantile(errors, _GOOD_SHARE))

    def choose_row(self, line: int) -> bool:
        """Show what the units say for the row on a line of the file; return whether it is among those that are held."""
        table = self._document.project.table
        row = None if table is None else table.row_at(line)
        return self._view is not None and row is not None and self._view.choose_row(row)

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
        if self._told_of is not project:
            self._told_of, self._moved_on = project, project.moved_on()
        if self._moved_on and state is None:
            return PredictionRows(self._moved_on, (), (), ())
        key = (project.table, run.pipeline, run.split)
        if self._tested is None or key != self._tested_of:
            rows = np.array((run.split.test or run.split.train)[:MOST_PREDICTIONS])
            self._tested, self._tested_of = known_rows(run.pipeline, project.table.take(rows)), key
        features = self._tested.features
        shown = self._view if state is not None else None  # which has these weights already
        return prediction_rows(run, self._tested, run.answer(features) if shown is None else shown.predict(features))

    def predictions_while_training(self) -> Callable[[], PredictionRows] | None:
        """Return what finds out beside the window what the network of the last frame says of some test rows."""
        project, last, around = self._document.project, self._last, self._surroundings
        if self._view is None or last is None or around is None or last.surroundings is not around:
            return None
        if project.table is None or self._surrounded[0] is not project.table:
            return None
        all_rows = around.rows[around.test if around.test.any() else around.train]
        rows = all_rows[:MOST_WHILE_TRAINING]
        return partial(
            _predictions_of,
            around,
            project.table,
            rows,
            evidence_of(last, self._view).predict,
            last.step,
            some=len(rows) < len(all_rows),
        )

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

    def _on_measured(self, asked: int, began: float, score: Score | None) -> None:
        now = time.perf_counter()
        # A large test set is looked at less often, so that measuring stays below a tenth of the time.
        self._metric_due = now + 10 * (now - began)
        if asked == self._asked and score is not None:
            self._set_metric(*score)

    def _on_not_measured(self, message: str, details: str) -> None:
        del message, details  # a network that cannot be asked shows no metric; who trains it is told why
        self._set_metric("", None, None, "")

    def _set_metric(self, name: str, value: float | None, baseline: float | None, where: str) -> None:
        if value is None:
            self._metric = self._line = ""
            return
        self._metric = f"{tr(where)} {metric_words(name, value)}"
        self._line = metric_line(where, name, value, baseline)

    def _with_metric(self, frame: LivingFrame, step: int, epoch: int) -> LivingFrame:
        self._last = replace(frame, step=step, epoch=epoch, metric=self._metric)
        return self._last


def shows_another(before: Project, after: Project) -> bool:
    """Return whether the moment at which a project stands looks otherwise than before."""
    return (
        before.network is not after.network
        or before.table is not after.table
        or before.columns != after.columns
        or before.split != after.split
        or before.run is not after.run
        or before.settings.seed != after.settings.seed
    )


def _score(predict: Callable[[Array], Array], around: Surroundings) -> Score | None:
    """Return how good answers are beside those of who has learned nothing; None where their shape does not fit."""
    pipeline = around.pipeline
    # The same rows as when the run is committed, so that both can be compared; of very wide data, some of them.
    tested = around.test if around.test.any() else around.train
    targets, answers = around.targets[tested], predict(around.inputs[tested])
    if answers.shape != targets.shape:
        return None
    name = MAIN_METRIC[pipeline.task]
    value = measure_quickly(pipeline.task, pipeline.in_units(answers), pipeline.in_units(targets)).get(name)
    return name, value, _baseline(around), "test" if around.test.any() else "training"


def _predictions_of(
    around: Surroundings, table: Table, rows: Array, predict: Callable[[Array], Array], step: int, *, some: bool
) -> PredictionRows:
    known = known_rows(around.pipeline, table.take(rows))
    where = "test" if around.test.any() else "training"
    return rows_while_training(around.pipeline, known, predict(known.features), where, step, some=some)


@lru_cache(maxsize=1)
def _baseline(around: Surroundings) -> float | None:
    """Return how good who has learned nothing is on the rows that are measured."""
    pipeline = around.pipeline
    seen, tested = around.train, around.test if around.test.any() else around.train
    truths = (pipeline.in_units(around.targets[rows]) for rows in (seen, tested))
    return measure_baseline(pipeline.task, *truths).get(MAIN_METRIC[pipeline.task])


def _run_on_canvas(project: Project) -> Run | None:
    """Return the current run where its weights are those of the drawing."""
    run = project.run
    if run is None or project.table is None or project.moved_on():
        return None
    return run


def _nodes_kept(learned: Network, drawn: Network) -> frozenset[str]:
    """Return the nodes of a network that a drawing still has as they were, with all that leads to them."""
    kept: set[str] = set()
    for id in learned.order:
        sources = learned.sources(id)
        stays = id in drawn and drawn.node(id).layer == learned.node(id).layer and drawn.sources(id) == sources
        if stays and kept.issuperset(sources):
            kept.add(id)
    return frozenset(kept)
