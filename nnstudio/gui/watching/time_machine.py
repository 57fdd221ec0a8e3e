"""The time machine: joins the timeline and the list of runs with what is trained and what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QWidget

from nnstudio.engine import Change, Network, Rung, changed_since, rows_of_next_step, steered
from nnstudio.gui.background import Background
from nnstudio.gui.panels.predictions import PredictionsPanel
from nnstudio.gui.panels.runs import RunsPanel
from nnstudio.gui.panels.timeline import TimelinePanel
from nnstudio.gui.preferences import Preferences
from nnstudio.gui.training.training_control import TrainingControl
from nnstudio.gui.watching.display import Display
from nnstudio.gui.watching.past_words import changes_in_words, moment_words, why_no_past
from nnstudio.gui.watching.replays import Replays
from nnstudio.gui.watching.stage import Stage, shows_another
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, Run, edits, open_past
from nnstudio.project.earlier_drawing import with_network
from nnstudio.project.edits.runs import fork_run, next_id
from nnstudio.project.files.past import Past
from nnstudio.session import Ladder, Limit, Snapshot

_REST_MILLISECONDS = 60
"""The slider rests so long before the steps to it are trained again."""

_QUICK_ROWS = 500
"""So many predictions are shown while the slider moves; more wait until it rests."""

_FOLLOW_MILLISECONDS = 250

_MOST_OTHERS = 5
"""The curves of so many other runs are drawn at most."""


class TimeMachine(QObject):
    """Goes back to any step of the current run, and on from there as a run of its own.

    Parameters
    ----------
    document : Document
    control : TrainingControl
    stage : Stage
        Makes the frames.
    background : Background
        Trains the steps between two kept states again.
    preferences : Preferences
    owner : QWidget
        The window, for dialogs.
    """

    told = Signal(str)

    def __init__(
        self,
        document: Document,
        control: TrainingControl,
        stage: Stage,
        background: Background,
        preferences: Preferences,
        owner: QWidget,
    ) -> None:
        super().__init__(owner)
        self._document, self._control, self._stage = document, control, stage
        self._background, self._preferences, self._owner = background, preferences, owner
        self.timeline = TimelinePanel()
        self.runs = RunsPanel(document, control.perform)
        self._shown: Rung | None = None
        self._drawn: Project | None = None
        self._more = ""
        self._told_of: tuple[tuple[Change, ...], Network | None] = ((), None)
        self._told: Sequence[tuple[int, str]] = ()
        self._wanted: int | None = None
        self._places: list[QAction] = []
        self._display: Display | None = None
        self._predictions: PredictionsPanel | None = None
        self._replays = Replays(background, control.timelines, self)
        self._replays.arrived.connect(self._on_arrived)
        self._replays.advanced.connect(self._on_advanced)
        self._replays.compared.connect(self._on_compared)
        self._replays.failed.connect(self.timeline.say)
        self._read: dict[str, Past] = {}
        self._rest = QTimer(self, singleShot=True, interval=_REST_MILLISECONDS)
        self._rest.timeout.connect(self._on_rested)
        self._follow = QTimer(self, interval=_FOLLOW_MILLISECONDS)
        self._follow.timeout.connect(self._on_followed)
        control.timelines.budget = preferences.timeline_megabytes * 2**20
        self.timeline.show_budget(preferences.timeline_megabytes)
        self.timeline.step_wanted.connect(self.show_step)
        self.timeline.end_wanted.connect(self.leave)
        self.timeline.fork_wanted.connect(self.fork)
        self.timeline.budget_chosen.connect(self._on_budget_chosen)
        self.runs.run_wanted.connect(self._on_run_wanted)
        self.runs.delete_wanted.connect(self._on_delete_wanted)
        document.subscribe(self._on_project_changed)
        self._show_end()

    @property
    def shown(self) -> Rung | None:
        """The earlier moment that is shown, or None at the end."""
        return self._shown

    @property
    def _ladder(self) -> Ladder | None:
        """What is kept of the run that is shown, where anything is."""
        run = self._document.project.run
        return self._control.timelines.of(run.id, run.state) if run is not None else None

    def connect_window(self, actions: dict[str, QAction], display: Display, predictions: PredictionsPanel) -> None:
        """Let the window's actions run to a place, and the window show what was once and where the run stands.

        Called when the window itself listens already: what it shows when a run pauses comes first.
        """
        self._display, self._predictions = display, predictions
        self._control.status_changed.connect(self._on_status_changed)
        self._show_others()
        self._control.told.connect(self.told)
        actions["training.row"].triggered.connect(lambda _=False: self._control.train(Limit(rows=1)))
        actions["training.toEpoch"].triggered.connect(lambda _=False: self._ask_epoch())
        actions["training.untilCost"].triggered.connect(lambda _=False: self._ask_cost())
        self._places = [actions[f"training.{name}"] for name in ("row", "toEpoch", "untilCost")]

    def read_past(self, path: Path | None = None) -> None:
        """Read what a project file, by default that of the document, holds of the past of the runs that it brought."""
        project = self._document.project
        place = path or (self._document.path if self._document.saved else None)
        if place is None or not project.runs:
            return

        def done(found: dict[str, Past]) -> None:
            self._read = found
            if not self._control.running:
                self._bring_back()
                if self._shown is None:
                    self._show_end()

        self._background.run(lambda: open_past(place, project), "past").then(done, lambda told, _: self.told.emit(told))

    def _bring_back(self) -> None:
        """Give the runs of the project the past that was read, now that nothing trains."""
        found, self._read = self._read, {}
        timelines = self._control.timelines
        for run in self._document.project.runs:
            if run.id not in found:
                continue
            opened = found[run.id].rungs[-1]
            if opened.step == run.state.step and any(change.is_operation for change in run.journal[opened.changes :]):
                # It was changed by hand while its past was still being read.
                timelines.bring_back(run.id, found[run.id], opened.state)
                timelines.operate(run.id, opened.state, run.network, run.state, len(run.journal))
            else:
                timelines.bring_back(run.id, found[run.id], run.state)

    @Slot(int)
    def show_step(self, step: int) -> None:
        """Show the kept state nearest to a step at once, and the exact one when it is trained again."""
        if self._control.running:
            self._control.hold()
            self.timeline.place(step)
            self.told.emit(tr("Paused to look back. Train goes on from the end."))
        run = self._document.project.run
        if run is None:
            return
        if step >= run.state.step:
            self.leave()
            return
        ladder = self._ladder
        rung = ladder.nearest(step, run.state) if ladder is not None else None
        if rung is None:
            return
        self._replays.cancel()
        self._wanted = step
        exact = rung.step == step
        self._show(
            run, rung, moment_words(rung, run) if exact else moment_words(rung, run, tr("the nearest that is kept"))
        )
        if not exact:
            self._rest.start()

    @Slot()
    def leave(self) -> None:
        """Show the run where it stands."""
        was_past = self._shown is not None
        self._forget()
        self._show_end()
        if was_past and self._display is not None and self._predictions is not None:
            self._display.show_moment()
            self._predictions.show_rows(self._stage.predictions())

    @Slot()
    def fork(self) -> None:
        """Go on from the step that is shown as a run of its own; the one there was stays."""
        run, rung = self._document.project.run, self._shown
        if run is None or rung is None or not self._is_exact(rung):
            return
        self._control.release()
        child = next_id(self._document.project)
        self._control.timelines.fork(child, self._ladder, rung)
        self._forget()
        self._document.apply(fork_run(run, child, rung))
        self.told.emit(
            tr("Train goes on from step {step}; {name} stays.").format(step=f"{rung.step:,}", name=run.title)
        )

    def _show(self, run: Run, rung: Rung, words: str) -> None:
        if self._display is None or self._predictions is None:
            return
        self._shown = rung
        state = rung.state
        measured = rung.step == self._wanted or len(run.split.test or run.split.train) <= _QUICK_ROWS
        frame = self._stage.past(
            Snapshot(
                run=run.id,
                step=state.step,
                epoch=state.epoch,
                weights=state.answer,
                memory=state.memory,
                steps_per_second=0.0,
                history=run.history.truncated(state.step),
                streams=state.streams,
                next_rows=rows_of_next_step(state, len(run.split.train)),
            ),
            rung.network,
            measured=measured,
            changed=changed_since(run.journal[: rung.changes], rung.step),
        )
        if frame is not None:
            self._drawn = self._drawing_with(rung.network)
            self._display.show_drawing(self._drawn)
            self._display.show_frame(frame, run.history, past=True)
        self._display.loss.mark(state.step)
        if measured:
            self._predictions.show_rows(self._stage.predictions(state))
        self.timeline.show_past(words, exact=self._is_exact(rung))

    def _drawing_with(self, network: Network) -> Project | None:
        """Return the drawing as it was with another network; None where that of the document differs in rates only."""
        project = self._document.project
        if steered(project.network, network) is not None:
            return None
        if self._drawn is not None and steered(self._drawn.network, network) is not None:
            return self._drawn
        return with_network(project, network)

    def _is_exact(self, rung: Rung) -> bool:
        """Return whether a moment is the one that is wanted, and the run is known to have been there."""
        ladder = self._ladder
        return rung.step == self._wanted and ladder is not None and ladder.is_certain

    def _forget(self) -> None:
        self._rest.stop()
        self._replays.cancel()
        self._shown = self._wanted = self._drawn = None
        if self._display is not None:
            self._display.loss.mark(None)

    def _show_others(self) -> None:
        """Draw the costs of the newest other runs beside that of the current one."""
        if self._display is not None:
            project = self._document.project
            others = [run for run in project.runs if run.id != project.current][-_MOST_OTHERS:]
            self._display.loss.show_others([(run.title, run.history) for run in others])

    def _show_end(self) -> None:
        run, ladder = self._document.project.run, self._ladder
        last = run.state.step if run is not None else 0
        first = ladder.rungs[0].step if ladder is not None and ladder.rungs else last
        self.timeline.show_span(first, last, self._changes(run.journal, run.network) if run is not None else ())
        if run is None:
            self.timeline.say(tr("Train, then drag here to go back to any step."))
        elif first == last:
            self.timeline.say(why_no_past(run))
        else:
            self.timeline.say(tr("step {step} · the end").format(step=f"{last:,}"))

    def _changes(self, journal: tuple[Change, ...], network: Network) -> Sequence[tuple[int, str]]:
        """Return the changes of a run in words, which are found anew only where there are others: it is asked often."""
        if self._told_of != (journal, network):
            self._told_of, self._told = (journal, network), changes_in_words(journal, network)
        return self._told

    @Slot()
    def _on_rested(self) -> None:
        if self._display is not None and self._display.plots.is_computing:
            self._rest.start()  # the nearest state is to be seen everywhere first
            return
        run, step, ladder = self._document.project.run, self._wanted, self._ladder
        rung = ladder.below(step) if ladder is not None and step is not None else None
        if run is None or ladder is None or rung is None or step is None:
            return
        self._more = tr("training to step {step} again…").format(step=f"{step:,}")
        self.timeline.say(moment_words(self._shown or rung, run, self._more))
        self._replays.go(run, step)

    @Slot(object, float)
    def _on_arrived(self, rung: Rung, seconds: float) -> None:
        run = self._document.project.run
        if run is None:
            return
        took = tr("trained again in {seconds} s").format(seconds=f"{seconds:.2f}")
        ladder = self._ladder
        if ladder is not None and ladder.difference:
            took = tr("{took}, not quite as then").format(took=took)
        self._more = took
        self._show(run, rung, moment_words(rung, run, took))

    @Slot(int)
    def _on_advanced(self, step: int) -> None:
        run = self._document.project.run
        if run is not None and self._shown is not None:
            doing = tr("{doing} at step {step}").format(doing=self._more, step=f"{step:,}")
            self.timeline.say(moment_words(self._shown, run, doing))

    @Slot(bool)
    def _on_compared(self, same: bool) -> None:
        run, ladder = self._document.project.run, self._ladder
        if run is None or ladder is None or self._shown is None:
            return
        if same:
            found = tr("{took}, the same bytes as then").format(took=self._more)
            self.timeline.show_past(moment_words(self._shown, run, found), exact=True)
        elif ladder.is_certain:
            found = tr("not quite as then: this computer calculates otherwise in the last digits")
            self.timeline.say(moment_words(self._shown, run, found))
        else:
            ladder.let_go_before(ladder.here_from)
            self.leave()
            self.timeline.say(tr("Trained again, this run ends elsewhere: its earlier steps cannot be had."))

    @Slot()
    def _on_followed(self) -> None:
        if not self.timeline.slider.isSliderDown():
            changes = self._changes(self._control.journal, self._document.project.network)
            self.timeline.show_span(*self._control.span(), changes)
            self.timeline.say(tr("training · drag to pause and look back"))

    @Slot(str)
    def _on_status_changed(self, status: str) -> None:
        run = self._document.project.run
        for action in self._places:
            action.setEnabled(status != "running")
        if status == "running":
            if self._shown is not None:
                self.told.emit(tr("Training goes on from the end of the run, not from the step that was shown."))
            self.leave()  # what it shows from now on is of the network of today
            self._follow.start()
            return
        self._follow.stop()
        self._bring_back()
        if self._shown is not None and run is not None:
            # The window has just shown the end, because it heard only now that the run stands still.
            self._show(run, self._shown, self.timeline.words)
        else:
            self._show_end()

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if _others(before) != _others(after):
            self._show_others()
        was_past = self._shown is not None
        if before.run is not after.run:
            self._forget()
            if not self._control.running:
                self._show_end()
        elif self._shown is not None and (self._drawn is not None or shows_another(before, after)):
            self.leave()  # what was changed is the drawing of today
        if was_past and self._shown is None:
            self.told.emit(tr("The end of the run is shown again: what is changed holds from there on."))

    @Slot(str)
    def _on_run_wanted(self, id: str) -> None:
        if id and id != self._document.project.current:
            self._control.release()
            self._document.apply(edits.choose_run(id))

    @Slot(str)
    def _on_delete_wanted(self, id: str) -> None:
        if id == self._document.project.current:
            self._control.release()
        self._document.apply(edits.delete_run(id))

    @Slot(int)
    def _on_budget_chosen(self, megabytes: int) -> None:
        self._preferences.timeline_megabytes = megabytes
        self._control.timelines.budget = megabytes * 2**20
        self.timeline.show_budget(megabytes)
        self.told.emit(tr("This much memory is used from the next start of training on."))

    # Running to a place

    def _ask_epoch(self) -> None:
        project = self._document.project
        done = project.run.state.epoch if project.run is not None and project.goes_on else 0
        epoch, wanted = QInputDialog.getInt(
            self._owner, tr("Run to epoch"), tr("Pause when this epoch is done"), done + 100, done + 1, 10_000_000
        )
        if wanted:
            self.run_to_epoch(epoch)

    def run_to_epoch(self, epoch: int) -> None:
        """Train until so many epochs are done, then pause; where the settings end earlier, they are raised."""
        settings = self._document.project.settings
        if settings.epochs is not None and settings.epochs < epoch:
            raised = settings.model_copy(update={"epochs": epoch})
            self._control.perform(edits.set_settings(raised, ["epochs"]))
            self.told.emit(tr("The epochs in the training panel were raised to {epoch}.").format(epoch=f"{epoch:,}"))
        project = self._document.project
        done = project.run.state.epoch if project.run is not None and project.goes_on else 0
        if epoch > done:
            self._control.train(Limit(epochs=epoch - done))

    def _ask_cost(self) -> None:
        run = self._document.project.run
        cost = run.history.latest("epoch_cost") if run is not None else None
        wished, wanted = QInputDialog.getDouble(
            self._owner,
            tr("Run until cost"),
            tr("Pause when the cost of an epoch is not above"),
            0.1 if cost is None else cost / 2,
            -1e9,
            1e9,
            6,
        )
        if wanted:
            self._control.train(Limit(cost=wished))


def _others(project: Project) -> list[tuple[str, int]]:
    return [(run.title, id(run.history)) for run in project.runs if run.id != project.current]
