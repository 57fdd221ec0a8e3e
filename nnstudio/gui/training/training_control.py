"""Train, pause, step, stop, reset: what the buttons mean, and how a run comes into the document."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from nnstudio.engine import Change, Network, Optimizer, Rung, steered
from nnstudio.errors import StudioError
from nnstudio.gui.training.bridge import Bridge
from nnstudio.i18n import Phrase, tr
from nnstudio.project import Document, Edit, Project, Run, Settings, Start, commit, edits, start_training
from nnstudio.project.edits.class_weights import weights_by_place
from nnstudio.project.files.past import PAST_BYTES
from nnstudio.project.run import Status
from nnstudio.session import (
    UNLIMITED,
    Changed,
    Diverged,
    Event,
    Failed,
    Finished,
    Limit,
    Paused,
    Refused,
    Session,
    Started,
    Timelines,
    worth_saving,
)

_HOLD_SECONDS = 30.0
_LOOK_SECONDS = 0.0005
_ANY = np.dtype(np.float32)

_FIXED_AT_THE_START = ("precision", "epochs", "shuffle", "schedule", "clipping", "early_stopping")
"""Settings that a run keeps as they were when it began."""


class TrainingControl(QObject):
    """Joins document and session.

    A run comes into the document as one edit when it pauses or ends. Edits of structure or data, and undo, pause and
    commit it first; optimizer, batch size, and rates and strengths of layers are handed to the running training.

    Parameters
    ----------
    document : Document
    session : Session
    bridge : Bridge
        Brings the session's events into the window thread.
    """

    status_changed = Signal(str)
    refused = Signal(str)
    failed = Signal(str, str)
    diverged = Signal(str)
    committed = Signal()
    told = Signal(str)

    def __init__(self, document: Document, session: Session, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self.timelines = Timelines()
        self._start: Start | None = None
        self._held: Run | None = None
        self._settled: Status | None = None
        self._stopping = False
        self._limit = UNLIMITED
        self._steered: tuple[Change, ...] = ()
        self._to_tell: dict[str, str] = {}
        document.subscribe(self._on_project_changed)
        bridge.arrived.connect(self._on_event)

    @property
    def running(self) -> bool:
        """Whether a run is not standing still."""
        return self._session.status == "running"

    @property
    def last_epoch(self) -> int | None:
        """The epoch with which the run that trains ends by itself; None where it goes on and on."""
        return self._start.plan.epochs if self._start is not None else None

    @property
    def journal(self) -> tuple[Change, ...]:
        """What has been changed of the run that trains, up to now."""
        run = self._document.project.run
        before = run.journal if run is not None and run.id == self._session.run else ()
        # What was told late stands in the document already.
        return (*before, *(change for change in self._steered if change not in before))

    def span(self) -> tuple[int, int]:
        """Return the first and the newest step that are kept of the run that trains."""
        return self.timelines.span(self._session.run)

    def kept(self) -> Sequence[Rung]:
        """Return the states that are kept of the run that is shown, by rising steps."""
        run = self._document.project.run
        if self.running:
            return self.timelines.kept(self._session.run)
        ladder = self.timelines.of(run.id, run.state) if run is not None else None
        return ladder.until(run.state) if ladder is not None and run is not None else ()

    def pasts(self) -> Callable[[], dict[str, tuple[Rung, ...]]]:
        """Return what finds out which earlier states of the runs a file shall hold; it may be called in any thread."""
        runs = self._document.project.runs
        kept = self.timelines.of_runs((run.id, run.state, len(run.journal)) for run in runs)
        share = PAST_BYTES // max(1, len(kept))
        return lambda: {id: worth_saving(rungs, share) for id, rungs in kept.items()}

    def train(self, limit: Limit = UNLIMITED) -> None:
        """Train; goes on exactly where a pause held the run, else from the weights there are.

        Parameters
        ----------
        limit : Limit
            When to pause; on and on by default.
        """
        if self.running:
            return
        self.hold()
        self._limit = limit
        held, project = self._held, self._document.project
        if held is not None and self._holds(held):
            self._settled = None
            self._hand_over(held.settings, project.settings)
            self._hand_over_layers(held.network, project.network)
            self.timelines.go_on(held.id, (held.state.step, len(held.journal)))
            self._session.resume(limit)
            self.status_changed.emit("running")
            return
        try:
            start = start_training(self._document.project)
        except StudioError as error:
            self.refused.emit(str(error))
            return
        self._start, self._held, self._settled, self._stopping = start, None, None, False
        ladder = self.timelines.begin(start.run, start.state, start.plan)
        self._session.start(start.run, start.training, limit, ladder)
        self.status_changed.emit("running")

    def pause(self) -> None:
        """Hold the run; Train goes on."""
        self._session.pause()

    def stop(self) -> None:
        """End the run and keep what it learned."""
        self._stopping = True
        self._session.stop()

    def reset(self) -> None:
        """Go back to the same first weights."""
        self._end()
        self._document.apply(edits.reset_training())

    def new_weights(self) -> None:
        """Draw other first weights."""
        self._end()
        self._document.apply(edits.new_weights())

    def undo(self) -> None:
        """Take back the last edit; a running run is paused and committed first, so it is what is taken back."""
        self.hold()
        self._document.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.hold()
        self._document.redo()

    def travel(self, index: int) -> None:
        """Go to another moment of the history."""
        self.hold()
        self._document.travel(index)

    def perform(self, edit: Edit) -> None:
        """Do an edit, pausing and committing the run first where structure or data change."""
        before = self._document.project
        after = edit.apply(before)
        if _changes_design(before, after):
            self.hold()
        if self._document.project is before:  # what was found out need not be found out again
            edit = replace(edit, apply=lambda _: after)
        self._document.apply(edit)

    def operate(self, make: Callable[[Project], Edit | None]) -> None:
        """Hold the run, do the edit that is made for drawing and run as they stand, and go on if it was training."""
        go_on = self.stand_still()
        try:
            edit = make(self._document.project)
            if edit is not None:
                self._document.apply(edit)
        finally:
            go_on()

    def stand_still(self) -> Callable[[], None]:
        """Hold the run, and return what lets it go on from what the document holds by then, if it was training.

        A cost at which it was to pause still holds; after so many steps or epochs it stays paused.
        """
        goes_on, limit = self.running and not self._limit.is_stretch, self._limit
        self.hold()

        def go_on() -> None:
            run = self._document.project.run
            if goes_on and run is not None and run.status == "paused":
                self.train(limit)

        return go_on

    def hold(self) -> None:
        """Pause a running run, wait until it stands still, and commit it, unless that was done."""
        if self.running:
            self._session.pause()
        patience = time.monotonic() + _HOLD_SECONDS
        while self.running and time.monotonic() < patience:
            time.sleep(_LOOK_SECONDS)
        self._session.mailbox.take()  # the document holds that moment now, and what follows may be another network
        self._commit()

    def release(self) -> None:
        """Commit what was learned and let the run go."""
        self._end()

    def forget(self) -> None:
        """Let the run go without committing it, because another document takes its place."""
        self._let_go()
        self.timelines.clear()

    def _let_go(self) -> None:
        self._session.release()
        self._start = self._held = self._settled = None
        self._steered = ()
        self.status_changed.emit("idle")

    def _end(self) -> None:
        self.hold()
        self._let_go()

    def _holds(self, held: Run) -> bool:
        """Return whether the paused run is the one that the document shows, so that it can go on exactly.

        What is handed to it may differ; epochs and order are fixed when it begins.
        """
        project = self._document.project
        return (
            self._session.status == "paused"
            and held.status == "paused"
            and project.run is held
            and project.goes_on
            and all(getattr(project.settings, name) == getattr(held.settings, name) for name in _FIXED_AT_THE_START)
        )

    def _hand_over(self, before: Settings, after: Settings) -> None:
        """Let the training under control use other settings from its next step on."""
        if before.optimizer != after.optimizer:
            self._session.change("optimizer", after.optimizer)
            self._to_tell["optimizer"] = _kept_of_optimizer(before.optimizer, after.optimizer)
        if before.batch_size != after.batch_size:
            self._session.change("batch_size", after.batch_size)
        if before.class_weights != after.class_weights and self._start is not None:
            self._session.change("class_weights", weights_by_place(after.class_weights, self._start.pipeline))
            self._to_tell["class_weights"] = tr(
                "Classes count otherwise from here on; training costs before and after do not compare."
            )

    def _hand_over_layers(self, before: Network, after: Network) -> None:
        layers = steered(before, after)
        if layers:
            self._session.change("layers", layers)
            names = ", ".join(after.node(id).name for id in layers)
            self._to_tell["layers"] = tr("Training goes on with the new values of {names}.").format(names=names)

    def _commit(self) -> None:
        """Put the run, which stands still, into the document.

        Every stretch of training comes in once: the event that tells of its end may arrive after it was committed, and
        even after that was taken back.
        """
        training, start = self._session.training, self._start
        if training is None or start is None or not training.step:
            return
        status: Status = "finished" if training.finished else "stopped" if self._stopping else "paused"
        if self._settled is not None and (self._settled == status or self._document.project.run is not self._held):
            return
        seconds = self._session.seconds
        epochs = training.epoch
        title = Phrase(
            "Train to epoch {epoch:,}" if epochs else "Train to step {step:,}", epoch=epochs, step=training.step
        )
        self._steered = ()
        merge = f"steps of {start.run}" if self._limit.is_stretch else ""
        self._document.apply(Edit(title, lambda project: commit(project, start, training, status, seconds), merge))
        self._held, self._settled = self._document.project.run, status
        self.committed.emit()

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if self.running:
            # A run that stands still gets them when it goes on: what is undone until then leaves no trace in it.
            self._hand_over(before.settings, after.settings)
            self._hand_over_layers(before.network, after.network)
        else:
            self._follow_operation(before.run, after.run)
            run = after.run
            if run is not None and run is not before.run:
                self.timelines.stand(run.id, run.network, run.state, len(run.journal))
        if before.network is not after.network and before.run is after.run and before.goes_on and not after.goes_on:
            words = tr(
                "Train begins a new run with this network and keeps the weights that still fit. Ctrl+Z brings back "
                "what was trained."
            )
            self.told.emit(words)

    def _follow_operation(self, before: Run | None, after: Run | None) -> None:
        """Let the past of a run go on where its layers or weights were changed by hand."""
        if before is None or after is None or before.id != after.id or before.state.step != after.state.step:
            return
        new = after.journal[len(before.journal) :]
        if any(change.is_operation for change in new):
            self.timelines.operate(after.id, before.state, after.network, after.state, len(after.journal))

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if event.run != self._session.run or self._start is None or event.run != self._start.run:
            return
        if isinstance(event, Started):
            if event.forecast:
                self.told.emit(tr("It will try {forecast}.").format(forecast=event.forecast))
        elif isinstance(event, Changed):
            self._steered = (*self._steered, event.change)
            if event.change.name in self._to_tell:
                self.told.emit(self._to_tell.pop(event.change.name))
        elif isinstance(event, Diverged):
            self.diverged.emit(event.message)
        elif isinstance(event, Refused):
            self.failed.emit(event.message, "")
        elif self.running:
            return  # it tells of the end of a stretch after which the run has gone on
        elif isinstance(event, Paused):
            self._commit()
            self.status_changed.emit("paused")
        elif isinstance(event, Finished):
            self._commit()
            self._let_go()
        elif isinstance(event, Failed):
            self._rescue()
            self._let_go()
            self.failed.emit(event.message, event.details)

    def _rescue(self) -> None:
        """Commit what was learned before a fault, where the weights are sound."""
        training = self._session.training
        if training is not None and np.isfinite(training.program.flat).all():
            with contextlib.suppress(Exception):  # the fault may lie in the network itself; the first one is told
                self._commit()


def _kept_of_optimizer(before: Optimizer, after: Optimizer) -> str:
    """Return in words what of the optimizer's memory is kept."""
    name = tr(after.title)
    if type(before) is type(after) and before.memory(1, _ANY).keys() == after.memory(1, _ANY).keys():
        return tr("{name} goes on with all that it remembers.").format(name=name)
    return tr("{name} begins with fresh memory; the weights stay.").format(name=name)


def _changes_design(before: Project, after: Project) -> bool:
    return (
        steered(before.network, after.network) is None
        or before.table is not after.table
        or before.columns != after.columns
        or before.split != after.split
        or before.settings.precision != after.settings.precision
    )
