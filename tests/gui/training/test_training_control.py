"""The run under control and the document agree, in whatever order buttons are pressed and events arrive."""

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.engine.optimizers.brute_force import BruteForce
from nnstudio.engine.optimizers.sgd import Sgd
from nnstudio.gui.training.bridge import Bridge
from nnstudio.gui.training.training_control import TrainingControl
from nnstudio.project import Document, Edit, Project, edits
from nnstudio.session import Limit, Session
from tests.gui.trained import loaded

PATIENCE = 20_000


class Desk:
    """A document with data, and the control of its training."""

    def __init__(self, qtbot: QtBot) -> None:
        self.bridge = Bridge()
        self.document: Document = loaded("spirals")
        self.session = Session(self.bridge.send)
        self.control = TrainingControl(self.document, self.session, self.bridge)
        self.failures: list[str] = []
        self.control.failed.connect(lambda message, _: self.failures.append(message))
        self._qtbot = qtbot

    @property
    def step(self) -> int:
        """The step of the run in the document; 0 where there is none."""
        run = self.document.project.run
        return 0 if run is None else run.state.step

    def train_a_while(self) -> None:
        """Train until something was learned, and go on."""
        self.control.train()
        self.session.mailbox.take()
        self._qtbot.waitUntil(lambda: not self.session.mailbox.empty, timeout=PATIENCE)

    def train_steps(self, steps: int) -> None:
        """Train so many steps, and wait until they are in the document."""
        with self._qtbot.waitSignal(self.control.committed, timeout=PATIENCE):
            self.control.train(Limit(steps=steps))

    def let_events_arrive(self) -> None:
        """Give everything that is on its way the time to arrive."""
        self._qtbot.wait(60)

    def set(self, **settings: object) -> None:
        """Change settings as the panel does."""
        changed = self.document.project.settings.model_copy(update=settings)
        self.control.perform(edits.set_settings(changed))


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot)
    yield made
    made.control.release()


def test_an_edit_is_worked_out_once_unless_something_is_learned_meanwhile(desk: Desk) -> None:
    seen: list[Project] = []

    def grow(project: Project) -> Project:
        seen.append(project)
        return edits.set_units("hidden_1", 5).apply(project)

    desk.control.perform(Edit("Grow", grow))
    assert len(seen) == 1
    desk.document.undo()
    desk.train_a_while()
    desk.control.perform(Edit("Grow", grow))
    assert seen[-1].run is not None
    assert desk.document.project.run is seen[-1].run
    assert desk.document.project.network.shapes()["hidden_1"] == (5,)


def test_undo_while_training_takes_the_training_back_for_good(desk: Desk) -> None:
    before = desk.document.project
    desk.train_a_while()
    desk.control.undo()
    desk.let_events_arrive()
    assert desk.document.project is before
    title = desk.document.redo_title
    assert title is not None
    assert title.startswith("Train to")
    desk.control.redo()
    desk.let_events_arrive()
    assert desk.step > 0
    assert desk.document.redo_title is None


def test_an_edit_is_worked_out_once(desk: Desk) -> None:
    seen: list[Project] = []

    def apply(project: Project) -> Project:
        seen.append(project)
        return edits.new_weights().apply(project)

    desk.control.perform(Edit("Count", apply))
    assert len(seen) == 1
    assert desk.document.project.settings.seed == seen[0].settings.seed + 1


def test_undo_before_the_window_heard_of_a_pause_takes_the_training_back(desk: Desk) -> None:
    before = desk.document.project
    desk.control.train(Limit(steps=3))
    while desk.session.status == "running":
        pass
    desk.control.undo()
    desk.let_events_arrive()
    assert desk.document.project is before
    assert desk.document.redo_title is not None


def test_undo_of_a_run_that_was_being_stopped_takes_it_back(desk: Desk) -> None:
    before = desk.document.project
    desk.train_a_while()
    desk.control.stop()
    desk.control.undo()
    desk.let_events_arrive()
    assert desk.document.project is before
    assert desk.session.status == "idle"


def test_every_stretch_comes_into_the_document_once(desk: Desk) -> None:
    count = len(desk.document.past)
    desk.train_a_while()
    desk.control.hold()
    desk.let_events_arrive()
    assert len(desk.document.past) == count + 1
    desk.train_a_while()
    desk.control.pause()
    desk.let_events_arrive()
    assert len(desk.document.past) == count + 2


def test_stop_of_a_paused_run_is_noted_and_train_begins_with_fresh_optimizer_memory(desk: Desk) -> None:
    desk.train_steps(4)
    desk.control.stop()
    desk.let_events_arrive()
    run = desk.document.project.run
    assert run is not None
    assert run.status == "stopped"
    desk.train_steps(2)
    run = desk.document.project.run
    assert run is not None
    assert (run.state.step, run.state.updates) == (6, 2)


def test_stop_and_train_at_once_goes_on_from_what_was_learned(desk: Desk) -> None:
    desk.train_a_while()
    desk.control.stop()
    desk.session.wait(PATIENCE / 1000)
    desk.control.train(Limit(steps=2))
    desk.let_events_arrive()
    assert desk.session.status != "running"
    run = desk.document.project.run
    assert run is not None
    assert run.state.updates == 2
    assert run.state.step > 2


def test_a_fault_leaves_what_was_learned_in_the_document(qtbot: QtBot, desk: Desk) -> None:
    desk.train_a_while()
    desk.session.change("batch_size", "many")  # the panel would not; the training thread ends with a fault
    qtbot.waitUntil(lambda: desk.session.status == "idle", timeout=PATIENCE)
    assert desk.failures
    assert desk.step > 0
    step = desk.step
    desk.train_steps(1)
    assert desk.step == step + 1


def test_a_refused_value_is_told_and_training_goes_on(desk: Desk) -> None:
    desk.train_a_while()
    desk.session.change("batch_size", 0)
    desk.let_events_arrive()
    assert desk.session.status == "running"
    assert "at least one row" in desk.failures[0]


def test_an_optimizer_that_cannot_train_the_network_is_refused_and_training_goes_on(qtbot: QtBot, desk: Desk) -> None:
    desk.train_a_while()
    desk.set(optimizer=BruteForce())
    qtbot.waitUntil(lambda: bool(desk.failures), timeout=PATIENCE)
    assert "The optimizer cannot be Brute force (Brute force would try 10^" in desk.failures[0]
    assert desk.session.status == "running"
    desk.session.mailbox.take()
    qtbot.waitUntil(lambda: not desk.session.mailbox.empty, timeout=PATIENCE)


def test_settings_that_are_undone_are_undone_for_the_running_training(desk: Desk) -> None:
    before = desk.document.project.settings
    desk.train_steps(2)
    desk.set(batch_size=32)
    desk.set(optimizer=Sgd(learning_rate=0.02))
    desk.control.undo()  # merged or not, something of it is taken back while the run stands still
    desk.train_steps(2)
    run = desk.document.project.run
    assert run is not None
    settings = desk.document.project.settings
    assert (run.settings.optimizer, run.settings.batch_size) == (settings.optimizer, settings.batch_size)
    assert run.settings.optimizer == before.optimizer


def test_settings_that_come_back_while_it_runs_reach_the_training(desk: Desk) -> None:
    desk.train_a_while()
    slow = desk.document.project.settings.model_copy(update={"optimizer": Sgd(learning_rate=0.02)})
    # An edit that does not come through the control, as from a file that is brought back.
    desk.document.apply(Edit("Settings", lambda project: project.replace(settings=slow)))
    desk.control.hold()
    run = desk.document.project.run
    assert run is not None
    assert run.settings.optimizer == Sgd(learning_rate=0.02)


def test_settings_changed_and_changed_back_while_paused_leave_no_trace(desk: Desk) -> None:
    desk.train_steps(3)
    optimizer = desk.document.project.settings.optimizer
    desk.set(optimizer=Sgd(learning_rate=0.02))
    desk.set(optimizer=optimizer)
    desk.train_steps(3)
    run = desk.document.project.run
    assert run is not None
    assert run.journal == ()
    assert run.state.updates == 6


def test_other_epochs_hold_from_the_next_train_after_a_pause(qtbot: QtBot, desk: Desk) -> None:
    desk.train_steps(1)
    desk.set(epochs=2)

    def is_finished(project: Project) -> bool:
        return project.run is not None and project.run.status == "finished"

    desk.control.train()
    qtbot.waitUntil(lambda: is_finished(desk.document.project), timeout=PATIENCE)
    run = desk.document.project.run
    assert run is not None
    assert run.state.epoch == 2


def test_the_epoch_with_which_a_run_ends_is_known_also_where_as_many_are_trained_again(
    qtbot: QtBot, desk: Desk
) -> None:
    assert desk.control.last_epoch is None
    desk.set(epochs=2)
    for last in (2, 4):
        desk.control.train()
        assert desk.control.last_epoch == last
        qtbot.waitUntil(lambda: desk.session.status == "idle", timeout=PATIENCE)
    run = desk.document.project.run
    assert run is not None
    assert run.state.epoch == 4


def test_a_cost_at_which_to_pause_still_holds_after_an_operation(qtbot: QtBot, desk: Desk) -> None:
    desk.control.train(Limit(cost=0.4))
    qtbot.waitUntil(lambda: not desk.session.mailbox.empty, timeout=PATIENCE)
    desk.control.operate(lambda _: None)
    assert desk.session.status == "running"
    qtbot.waitUntil(lambda: desk.session.status == "paused", timeout=PATIENCE)
    desk.let_events_arrive()
    run = desk.document.project.run
    assert run is not None
    costs = run.history.read("epoch_cost").mean
    assert costs[-1] <= 0.4 < costs[:-1].min()


def test_a_search_that_tries_everything_is_forecast_when_it_starts(qtbot: QtBot, desk: Desk) -> None:
    hidden = [node.id for node in desk.document.project.network.nodes if node.layer.key == "dense"][:-1]
    desk.document.apply(edits.remove_nodes(tuple(hidden)))
    desk.set(optimizer=BruteForce(values_per_weight=5), batch_size=None)
    told: list[str] = []
    desk.control.told.connect(told.append)
    desk.control.train()
    qtbot.waitUntil(lambda: any("It will try 125 combinations, about" in words for words in told), timeout=PATIENCE)
