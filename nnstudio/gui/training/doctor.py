"""Lets the training doctor look at the run from time to time, and does what it advises."""

from __future__ import annotations

import time
from weakref import ref

from PySide6.QtCore import QObject, Signal

from nnstudio.engine import Training
from nnstudio.gui.background import Background
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.training.training_control import TrainingControl
from nnstudio.gui.widgets.doctor_card import DoctorCard
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, Run
from nnstudio.session import Session, Snapshot
from nnstudio.session.doctor import Finding
from nnstudio.session.doctors import examine
from nnstudio.session.examination import Examination

_REST_SECONDS = 2.0
_REST_SHARE = 50
"""A look lasts at most a fiftieth of the time."""

_BEGINS_ANEW = "Begins again from new first weights. What was learned stays among the runs, and Undo brings it back."


class Doctor(QObject):
    """Looks in the background while something trains and when it pauses; what it finds stands on a card.

    Parameters
    ----------
    document : Document
    session : Session
    control : TrainingControl
    background : Background
    canvas : Canvas
        On which the card stands, and where layers are shown.
    """

    told = Signal(str)
    withdrawn = Signal(str)
    row_wanted = Signal(int)

    def __init__(
        self,
        document: Document,
        session: Session,
        control: TrainingControl,
        background: Background,
        canvas: Canvas,
    ) -> None:
        super().__init__(canvas)
        self._document = document
        self._session = session
        self._control = control
        self._background = background
        self._canvas = canvas
        self._due = 0.0
        self._asked = 0
        self._run = ""
        self._fault = ""
        self._found: tuple[Finding, ...] = ()
        self._said: list[tuple[ref[Project], tuple[Finding, ...]]] = []
        self._dismissed: set[str] = set()
        self._place = 0
        self.card = DoctorCard(canvas)
        self.card.cure_wanted.connect(self._on_cure_wanted)
        self.card.shown_wanted.connect(self._on_shown_wanted)
        self.card.next_wanted.connect(self._on_next_wanted)
        self.card.dismissed.connect(self._on_dismissed)
        control.committed.connect(self._on_committed)
        control.status_changed.connect(self._on_status_changed)
        document.subscribe(self._on_project_changed)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What stands on the card, one after another."""
        return tuple(finding for finding in self._found if finding.key not in self._dismissed)

    def follow(self, snapshot: Snapshot) -> None:
        """Look at a moment of the run that trains, unless that is due only later."""
        if time.perf_counter() < self._due or not self._can_look():
            return
        self._look(
            Examination(
                project=self._document.project,
                weights=snapshot.weights,
                memory=snapshot.memory,
                history=snapshot.history,
                step=snapshot.step,
                epoch=snapshot.epoch,
            )
        )

    def _can_look(self) -> bool:
        project = self._document.project
        return project.table is not None and project.pipeline is not None and bool(project.network.output_ids)

    def _look(self, seen: Examination, *, is_committed: bool = False) -> None:
        self._due = float("inf")
        began, asked = time.perf_counter(), self._asked

        def done(found: tuple[Finding, ...]) -> None:
            spent = time.perf_counter() - began
            self._due = time.perf_counter() + max(_REST_SECONDS, _REST_SHARE * spent)
            if asked == self._asked:
                self._show(found)
            elif is_committed and found:  # it was taken back meanwhile, and may be brought back
                self._keep(seen.project, found)
                if self._document.project is seen.project:
                    self._show(found)

        def failed(message: str, _: str) -> None:
            self._due = time.perf_counter() + _REST_SECONDS
            if message != self._fault:
                self._fault = message
                self.told.emit(tr("The training doctor could not look at this run ({why}).").format(why=message))

        self._background.run(lambda: examine(seen), "doctor").then(done, failed)

    def _on_committed(self) -> None:
        """Look at what was just committed; it stands still, so that this look is the last word on it."""
        run = self._document.project.run
        if run is None or self._control.running or not self._can_look() or run.design != self._document.project.design:
            return
        if self._diverged() is not None:
            return  # what is told of that follows when the run stands still
        self._look(
            Examination(
                project=self._document.project,
                weights=run.state.answer,
                memory=run.state.memory,
                history=run.history,
                step=run.state.step,
                epoch=run.state.epoch,
            ),
            is_committed=True,
        )

    def _on_status_changed(self, status: str) -> None:
        """Look at a training whose numbers ran away; where that was soon, there is no run that was committed."""
        if self._session.run and self._session.run != self._run:
            self._run = self._session.run
            self._dismissed.clear()
        training = self._diverged()
        if status != "paused" or training is None or not self._can_look():
            return
        self._look(Examination.of(self._document.project, training))

    def _diverged(self) -> Training | None:
        """Return the training that stands still because its numbers ran away."""
        training = self._session.training
        return training if training is not None and training.divergence else None

    def _on_project_changed(self, before: Project, after: Project) -> None:
        gone = self._is_gone(before.run, after.run)
        if (
            gone
            or before.network is not after.network
            or before.settings != after.settings
            or before.table is not after.table
            or before.columns != after.columns
            or before.split != after.split
            or self._said_of(after)
        ):
            self._asked += 1  # what is looked at now is another thing
            self._remember(before)
            if gone:
                self._dismissed.clear()
            self._show(self._said_of(after))

    def _remember(self, left: Project) -> None:
        """Keep what is said of a project that stood still, to say it again when undo brings that project back."""
        self._keep(left, self.findings if not self._control.running else ())

    def _keep(self, project: Project, said: tuple[Finding, ...]) -> None:
        self._said = [(of, found) for of, found in self._said if of() is not None and of() is not project]
        if said:
            self._said.append((ref(project), said))

    def _said_of(self, project: Project) -> tuple[Finding, ...]:
        return next((found for of, found in self._said if of() is project), ())

    def _is_gone(self, before: Run | None, after: Run | None) -> bool:
        """Return whether another run is shown than before, and not because that is the one that trains."""
        if before is None:
            return False
        return after is None or after.id not in (before.id, self._session.run)

    def _show(self, found: tuple[Finding, ...]) -> None:
        shown = self.findings[self._place].key if self._place < len(self.findings) else ""
        self._found = found
        keys = [finding.key for finding in self.findings]
        self._place = keys.index(shown) if shown in keys else 0
        self._refresh()

    def _refresh(self) -> None:
        findings = self.findings
        if not findings:
            self.card.hide()
            self.withdrawn.emit(self.card.sentence)
            self._canvas.evidence.light({})
            self._canvas.leave_free(top=0)
            return
        finding = findings[self._place]
        if finding.sentence != self.card.sentence or not self.card.isVisible():
            self.told.emit(finding.sentence)
        self.card.say(
            finding.sentence,
            tr(finding.cure.title),
            can_show=bool(finding.nodes) or finding.row is not None,
            place=self._place + 1,
            count=len(findings),
            tip=tr(_BEGINS_ANEW) if finding.begins_anew else "",
        )
        self._canvas.evidence.light({id: finding.units if id == finding.nodes[0] else () for id in finding.nodes})
        self._canvas.leave_free(top=self.card.geometry().bottom())

    def _on_next_wanted(self) -> None:
        self._place = (self._place + 1) % max(1, len(self.findings))
        self._refresh()

    def _on_dismissed(self) -> None:
        self._dismissed.add(self.findings[self._place].key)
        self._place = 0
        self._refresh()

    def _on_shown_wanted(self) -> None:
        finding = self.findings[self._place]
        if finding.row is not None:
            self.row_wanted.emit(finding.row)
        self._canvas.select(finding.nodes)
        self._canvas.setFocus()

    def _on_cure_wanted(self) -> None:
        """Do what helps as one edit, and go on training where something trained."""
        finding, running = self.findings[self._place], self._control.running
        if finding.begins_anew:
            self._control.release()
            self._document.apply(finding.cure)
        else:
            self._control.perform(finding.cure)
        if running:
            self._control.train()
