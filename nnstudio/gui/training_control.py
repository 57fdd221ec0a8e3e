"""Train, pause, step, stop, reset: what the buttons mean, and how a run comes into the document."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal, Slot

from nnstudio.errors import StudioError
from nnstudio.gui.bridge import Bridge
from nnstudio.project import Document, Edit, Project, Run, Start, commit, edits, start_training
from nnstudio.project.run import Status
from nnstudio.session import Diverged, Event, Failed, Finished, Paused, Resumed, Session, Started

_HOLD_SECONDS = 30.0
_LOOK_SECONDS = 0.0005


class TrainingControl(QObject):
    """Joins document and session.

    A run comes into the document as one edit when it pauses or ends. Edits of structure or data, and undo, pause and
    commit it first; optimizer and batch size are handed to the running training.

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
    committed = Signal()

    def __init__(self, document: Document, session: Session, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self._start: Start | None = None
        self._held: Run | None = None
        self._stretch = 0.0
        self._limited = False
        bridge.arrived.connect(self._on_event)

    @property
    def start_of_run(self) -> Start | None:
        """What the run under control began with, or None."""
        return self._start

    @property
    def running(self) -> bool:
        """Whether a run is not standing still."""
        return self._session.status == "running"

    def train(self, *, steps: int | None = None, epochs: int | None = None) -> None:
        """Train; goes on exactly where a pause held the run, else from the weights there are."""
        if self.running:
            return
        self._limited = steps is not None or epochs is not None
        if self._holds():
            self._session.resume(steps=steps, epochs=epochs)
            return
        try:
            start = start_training(self._document.project)
        except StudioError as error:
            self.refused.emit(str(error))
            return
        self._start, self._stretch = start, start.seconds
        self._session.start(start.run, start.training, steps=steps, epochs=epochs)
        self.status_changed.emit("running")

    def pause(self) -> None:
        """Hold the run; Train goes on."""
        self._session.pause()

    def stop(self) -> None:
        """End the run and keep what it learned."""
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

    def perform(self, edit: Edit) -> None:
        """Do an edit, pausing and committing the run first where structure or data change."""
        before = self._document.project
        after = edit.apply(before)
        if self.running and _changes_design(before, after):
            self.hold()
        self._document.apply(edit)
        if self._session.status != "idle" and before.settings != after.settings:
            if before.settings.optimizer != after.settings.optimizer:
                self._session.change("optimizer", after.settings.optimizer)
            if before.settings.batch_size != after.settings.batch_size:
                self._session.change("batch_size", after.settings.batch_size)

    def hold(self) -> None:
        """Pause a running run, wait until it stands still, and commit it."""
        if not self.running:
            return
        self._session.pause()
        patience = time.monotonic() + _HOLD_SECONDS
        while self._session.status == "running" and time.monotonic() < patience:
            time.sleep(_LOOK_SECONDS)
        self._commit("paused")

    def release(self) -> None:
        """Commit what was learned and let the run go."""
        self._end()

    def forget(self) -> None:
        """Let the run go without committing it, because another document takes its place."""
        self._session.release()
        self._start = self._held = None
        self.status_changed.emit("idle")

    def _end(self) -> None:
        self.hold()
        self.forget()

    def _holds(self) -> bool:
        """Return whether the paused run is the one that the document shows, so that it can go on exactly."""
        project = self._document.project
        return (
            self._session.status == "paused"
            and self._held is not None
            and project.run is self._held
            and project.design == self._held.design
            and project.settings.precision == self._held.settings.precision
            and not self._is_done()
        )

    def _is_done(self) -> bool:
        training = self._session.training
        return training is not None and training.finished

    def _commit(self, status: Status) -> None:
        """Put the run, which stands still, into the document."""
        training, start = self._session.training, self._start
        if training is None or start is None or not training.step:
            return
        seconds = self._session.seconds
        epochs = training.epoch
        title = f"Train to epoch {epochs:,}" if epochs else f"Train to step {training.step:,}"
        merge = f"steps of {start.run}" if self._limited else ""
        self._document.apply(Edit(title, lambda project: commit(project, start, training, status, seconds), merge))
        self._held = self._document.project.run
        self.committed.emit()

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        if event.run != self._session.run or self._start is None or event.run != self._start.run:
            return
        if isinstance(event, (Started, Resumed)):
            self.status_changed.emit("running")
        elif isinstance(event, Paused):
            if self._session.status == "paused":
                self._commit("paused")
                self.status_changed.emit("paused")
        elif isinstance(event, Finished):
            self._commit("finished" if event.reason == "epochs" else "stopped")
            self.forget()
        elif isinstance(event, Diverged):
            self.failed.emit(event.message, "")
        elif isinstance(event, Failed):
            self.forget()
            self.failed.emit(event.message, event.details)


def _changes_design(before: Project, after: Project) -> bool:
    return (
        before.network is not after.network
        or before.table is not after.table
        or before.columns != after.columns
        or before.split != after.split
        or before.settings.precision != after.settings.precision
    )
