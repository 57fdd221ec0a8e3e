"""A person goes back in a run, on from there, and keeps several runs."""

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QInputDialog
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.engine import Rung, State
from nnstudio.engine.layers.dropout import Dropout
from nnstudio.engine.optimizers.sgd import Sgd
from nnstudio.engine.regularizers import L2
from nnstudio.paths import samples
from nnstudio.project import Run, edits, open_project, save_project
from nnstudio.project.edits import surgery_edits
from nnstudio.project.edits.runs import MOST_RUNS
from nnstudio.session import Limit, replay
from tests.gui.conftest import Open

PATIENCE = 20_000


@pytest.fixture
def studio(qtbot: QtBot, open_studio: Open) -> Studio:
    made = open_studio(samples() / "spirals.csv")
    qtbot.waitUntil(lambda: made.document.project.table is not None, timeout=PATIENCE)
    return made


def _train(qtbot: QtBot, studio: Studio, steps: int) -> Run:
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.window.control.train(Limit(steps=steps))
    qtbot.waitUntil(lambda: studio.session.status != "running", timeout=PATIENCE)
    qtbot.wait(30)
    return _run(studio)


def _run(studio: Studio) -> Run:
    run = studio.document.project.run
    assert run is not None
    return run


def _slide(qtbot: QtBot, studio: Studio, step: int) -> None:
    time = studio.window.time
    time.timeline.slider.setValue(step)
    qtbot.waitUntil(lambda: time.shown is not None and time.shown.step == step, timeout=PATIENCE)


def test_dragging_shows_an_earlier_step_and_the_end_comes_back(qtbot: QtBot, studio: Studio) -> None:
    window, timeline = studio.window, studio.window.time.timeline
    _train(qtbot, studio, 90)
    window.canvas.setFocus()
    end = window.canvas.grab().toImage()
    timeline.slider.setValue(37)
    assert window.time.shown is not None
    assert window.time.shown.step in (0, 90)
    assert "the nearest that is kept" in timeline.words
    assert not timeline.fork.isEnabled()
    qtbot.waitUntil(lambda: "trained again in" in timeline.words, timeout=PATIENCE)
    assert timeline.words.startswith("step 37 of 90")
    assert timeline.fork.isEnabled()
    assert window.canvas.grab().toImage() != end
    window.docks.show("loss")
    qtbot.waitUntil(lambda: window.loss.is_seen)
    window.loss.against.setCurrentIndex(window.loss.against.findData("step"))
    assert window.loss.marked.place == 37
    assert _run(studio).state.step == 90
    qtbot.mouseClick(timeline.end, Qt.MouseButton.LeftButton)
    assert window.time.shown is None
    assert window.loss.marked.place is None
    assert timeline.slider.value() == 90
    window.canvas.setFocus()
    assert window.canvas.grab().toImage() == end


def test_keys_walk_through_the_steps_and_the_bytes_are_those_of_the_pause(qtbot: QtBot, studio: Studio) -> None:
    half = _train(qtbot, studio, 40)
    control = studio.window.control
    changed = studio.document.project.settings.model_copy(update={"optimizer": Sgd(learning_rate=0.02)})
    control.perform(edits.set_settings(changed))
    _train(qtbot, studio, 2)
    slider = studio.window.time.timeline.slider
    slider.setFocus()
    for _ in range(2):
        qtbot.keyClick(slider, Qt.Key.Key_Left)
    shown = studio.window.time.shown
    assert shown is not None
    assert shown.state.weights.tobytes() == half.state.weights.tobytes()
    assert shown.step == 40
    _slide(qtbot, studio, 39)
    assert studio.window.time.shown is not None
    assert studio.window.time.shown.state.settings["optimizer"]["type"] != "sgd"


def test_dragging_while_it_trains_pauses_it_and_train_goes_on_from_the_end(qtbot: QtBot, studio: Studio) -> None:
    window = studio.window
    studio.actions["training.start"].trigger()
    slider = window.time.timeline.slider
    qtbot.waitUntil(lambda: slider.maximum() > 20, timeout=PATIENCE)
    slider.setValue(3)
    assert studio.session.status == "paused"
    assert "Paused to look back" in window.status.message()
    last = _run(studio).state.step
    qtbot.waitUntil(lambda: window.time.shown is not None and window.time.shown.step == 3, timeout=PATIENCE)
    qtbot.wait(50)
    assert window.time.shown is not None
    assert window.top_bar.epoch.value() == "0"
    run = _train(qtbot, studio, 1)
    assert run.state.step == last + 1
    assert window.time.shown is None


def test_continuing_from_a_step_is_a_run_of_its_own_and_both_stay(qtbot: QtBot, studio: Studio) -> None:
    first = _train(qtbot, studio, 60)
    _slide(qtbot, studio, 25)
    qtbot.mouseClick(studio.window.time.timeline.fork, Qt.MouseButton.LeftButton)
    child = _run(studio)
    assert (child.parent, child.parent_step, child.state.step) == (first.id, 25, 25)
    assert len(child.history.read("cost")) == 25
    assert child.metrics.keys() == first.metrics.keys()
    # The same settings lead to the same end, bit for bit.
    again = _train(qtbot, studio, 35)
    assert again.id == child.id
    assert again.state.weights.tobytes() == first.state.weights.tobytes()
    assert studio.document.project.runs[0] is first
    # It has its parent's past.
    _slide(qtbot, studio, 10)
    studio.window.time.leave()
    while len(studio.document.project.runs) > 1:
        studio.actions["edit.undo"].trigger()
    assert studio.document.project.run is first


def test_reset_keeps_the_run_and_a_run_can_be_shown_named_pinned_and_deleted(qtbot: QtBot, studio: Studio) -> None:
    first = _train(qtbot, studio, 5)
    studio.actions["training.reset"].trigger()
    assert studio.document.project.run is None
    second = _train(qtbot, studio, 3)
    assert second.id != first.id
    panel = studio.window.time.runs
    studio.window.docks.show("runs")
    items = panel.tree.topLevelItemCount()
    assert items == 2
    item = panel.tree.topLevelItem(0)
    assert item is not None
    panel.tree.setCurrentItem(item)
    panel.tree.itemActivated.emit(item, 0)
    assert _run(studio).id == first.id
    item = panel.tree.topLevelItem(0)
    assert item is not None
    item.setText(0, "the first")
    assert _run(studio).name == "the first"
    panel._pin()
    assert _run(studio).pinned
    # It goes on where it was.
    assert _train(qtbot, studio, 2).state.step == 7
    assert _run(studio).name == "the first"
    last = panel.tree.topLevelItem(1)
    assert last is not None
    panel.tree.setCurrentItem(last)
    qtbot.keyClick(panel, Qt.Key.Key_Delete)
    assert [run.id for run in studio.document.project.runs] == [first.id]
    studio.actions["edit.undo"].trigger()
    assert len(studio.document.project.runs) == 2


def test_runs_are_saved_and_the_oldest_go_unless_they_are_pinned(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    _train(qtbot, studio, 1)
    studio.document.apply(edits.pin_run("run_1", True))
    for _ in range(MOST_RUNS + 1):
        studio.window.control.reset()
        _train(qtbot, studio, 1)
    project = studio.document.project
    assert len(project.runs) == MOST_RUNS + 1
    assert [run.id for run in project.runs[:2]] == ["run_1", "run_3"]
    save_project(project, tmp_path / "a.nns")
    opened = open_project(tmp_path / "a.nns")
    assert opened.runs == project.runs


def test_one_undo_takes_a_whole_training_back(qtbot: QtBot, studio: Studio) -> None:
    half = _train(qtbot, studio, 10)
    studio.actions["training.start"].trigger()
    studio.session.mailbox.take()
    qtbot.waitUntil(lambda: not studio.session.mailbox.empty, timeout=PATIENCE)
    qtbot.keyClick(studio.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.wait(50)
    assert _run(studio) is half
    assert studio.window.time.timeline.slider.value() == 10
    assert len(_run(studio).history.read("cost")) == 10


def test_a_rate_of_dropout_changes_while_it_trains_and_stands_in_the_journal(qtbot: QtBot, studio: Studio) -> None:
    document, control = studio.document, studio.window.control
    node = next(node.id for node in document.project.network.nodes if node.layer.key == "dense")
    target = document.project.network.targets(node)[0]
    control.perform(edits.insert_between(node, target, Dropout(rate=0.2)))
    dropout = next(node.id for node in document.project.network.nodes if node.layer.key == "dropout")
    studio.actions["training.start"].trigger()
    studio.session.mailbox.take()
    qtbot.waitUntil(lambda: not studio.session.mailbox.empty, timeout=PATIENCE)
    control.perform(edits.set_layer(dropout, Dropout(rate=0.5)))
    assert studio.session.status == "running"
    qtbot.waitUntil(lambda: "goes on with the new values" in studio.window.status.message(), timeout=PATIENCE)
    control.pause()
    qtbot.waitUntil(lambda: studio.session.status == "paused" and document.project.run is not None, timeout=PATIENCE)
    run = _run(studio)
    assert [(change.name, change.value[dropout]["rate"]) for change in run.journal] == [("layers", 0.5)]
    assert run.network == document.project.network
    assert not document.project.moved_on()
    # While it stands still too: the next step takes it over, in the same run.
    control.perform(edits.set_layer(dropout, Dropout(rate=0.7)))
    assert not document.project.moved_on()
    later = _train(qtbot, studio, 1)
    assert later.id == run.id
    assert len(later.journal) == 2
    assert later.state.step == run.state.step + 1
    _slide(qtbot, studio, max(1, run.state.step // 2))


def test_running_to_an_epoch_raises_the_epochs_where_they_end_before(qtbot: QtBot, studio: Studio) -> None:
    settings = studio.document.project.settings.model_copy(update={"epochs": 2})
    studio.window.control.perform(edits.set_settings(settings))
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.window.time.run_to_epoch(4)
    assert _run(studio).state.epoch == 4
    assert studio.document.project.settings.epochs == 4


def test_what_of_an_optimizers_memory_is_kept_is_told(qtbot: QtBot, studio: Studio) -> None:
    _train(qtbot, studio, 2)
    settings = studio.document.project.settings
    slower = settings.model_copy(update={"optimizer": settings.optimizer.replace(learning_rate=0.001)})
    studio.window.control.perform(edits.set_settings(slower))
    _train(qtbot, studio, 1)
    assert "goes on with all that it remembers" in studio.window.status.message()
    other = settings.model_copy(update={"optimizer": Sgd()})
    studio.window.control.perform(edits.set_settings(other))
    _train(qtbot, studio, 1)
    assert "begins with fresh memory" in studio.window.status.message()


def test_running_until_a_cost_is_asked_for_in_a_dialog(qtbot: QtBot, studio: Studio) -> None:
    def answer() -> None:
        dialog = studio.window.findChild(QInputDialog)
        assert dialog is not None
        dialog.setDoubleValue(0.6)
        dialog.accept()

    QTimer.singleShot(100, answer)
    studio.actions["training.untilCost"].trigger()
    qtbot.waitUntil(lambda: studio.document.project.run is not None, timeout=PATIENCE)
    costs = _run(studio).history.read("epoch_cost").mean
    assert costs[-1] <= 0.6
    assert (costs[:-1] > 0.6).all()
    assert studio.session.status == "paused"


def _reopen(qtbot: QtBot, studio: Studio, path: Path) -> None:
    studio.document.mark_saved(studio.document.project, path)
    with qtbot.waitSignal(studio.window.files.opened, timeout=PATIENCE):
        studio.window.files.open(path)
    qtbot.waitUntil(lambda: not studio.window.background.busy, timeout=PATIENCE)


def test_an_opened_run_can_be_looked_back_at_from_its_first_step_with_the_same_bytes(
    qtbot: QtBot, studio: Studio, tmp_path: Path
) -> None:
    control, timeline, path = studio.window.control, studio.window.time.timeline, tmp_path / "a.nns"
    _train(qtbot, studio, 20)
    slower = studio.document.project.settings.model_copy(update={"optimizer": Sgd(learning_rate=0.02)})
    control.perform(edits.set_settings(slower))
    _train(qtbot, studio, 20)
    _slide(qtbot, studio, 33)
    shown = studio.window.time.shown
    assert shown is not None
    then = shown.state
    studio.window.time.leave()
    studio.document.path = path
    with qtbot.waitSignal(studio.window.files.saved, timeout=PATIENCE):
        studio.window.files.save()
    _reopen(qtbot, studio, path)
    assert (timeline.slider.minimum(), timeline.slider.maximum()) == (0, 40)
    _slide(qtbot, studio, 33)
    assert studio.window.time.shown is not None
    assert studio.window.time.shown.state == then
    _slide(qtbot, studio, 27)
    qtbot.waitUntil(lambda: "the same bytes as then" in timeline.words, timeout=PATIENCE)
    assert _train(qtbot, studio, 5).state.step == 45
    assert (timeline.slider.minimum(), timeline.slider.maximum()) == (0, 45)
    _slide(qtbot, studio, 7)
    _slide(qtbot, studio, 43)


def test_a_run_of_which_nothing_was_kept_is_trained_again_and_believed_when_it_ends_where_it_did(
    qtbot: QtBot, studio: Studio, tmp_path: Path
) -> None:
    timeline = studio.window.time.timeline
    _train(qtbot, studio, 30)
    save_project(studio.document.project, tmp_path / "a.nns")
    _reopen(qtbot, studio, tmp_path / "a.nns")
    assert (timeline.slider.minimum(), timeline.slider.maximum()) == (0, 30)
    timeline.slider.setValue(0)
    assert not timeline.fork.isEnabled()  # nobody knows yet whether it began so
    _slide(qtbot, studio, 12)
    qtbot.waitUntil(lambda: "the same bytes as then" in timeline.words, timeout=PATIENCE)
    assert timeline.fork.isEnabled()
    qtbot.mouseClick(timeline.fork, Qt.MouseButton.LeftButton)
    assert _run(studio).parent_step == 12


def test_a_run_that_ends_elsewhere_when_it_is_trained_again_has_no_past(
    qtbot: QtBot, studio: Studio, tmp_path: Path
) -> None:
    timeline = studio.window.time.timeline
    _train(qtbot, studio, 20)
    studio.window.control.stop()
    qtbot.waitUntil(lambda: studio.session.status == "idle", timeout=PATIENCE)
    _train(qtbot, studio, 10)  # with fresh memory of the optimizer, of which the file does not tell
    save_project(studio.document.project, tmp_path / "a.nns")
    _reopen(qtbot, studio, tmp_path / "a.nns")
    timeline.slider.setValue(25)
    qtbot.waitUntil(lambda: "ends elsewhere" in timeline.words, timeout=PATIENCE)
    assert studio.window.time.shown is None
    assert not timeline.slider.isEnabled()


def test_what_another_computer_calculated_otherwise_is_told(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    timeline = studio.window.time.timeline
    run = _train(qtbot, studio, 30)
    ladder = studio.window.control.timelines.of(run.id, run.state)
    assert ladder is not None
    first = ladder.rungs[0]
    middle = replay(first, run.journal, 20)
    assert middle is not None
    weights = middle.state.weights * np.float32(1 + 1e-6)
    other = Rung(State.from_arrays({**middle.state.to_arrays(), "weights": weights}), 0, middle.plan)
    save_project(studio.document.project, tmp_path / "a.nns", {run.id: [first, other]})
    _reopen(qtbot, studio, tmp_path / "a.nns")
    _slide(qtbot, studio, 10)
    qtbot.waitUntil(lambda: "not quite as then" in timeline.words, timeout=PATIENCE)
    assert timeline.fork.isEnabled()
    _slide(qtbot, studio, 20)
    assert studio.window.time.shown is not None
    assert studio.window.time.shown.state == other.state
    _slide(qtbot, studio, 11)
    assert "not quite as then" in timeline.words


def test_a_past_that_cannot_be_read_is_told_and_the_run_opens(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    run, path = _train(qtbot, studio, 10), tmp_path / "a.nns"
    save_project(studio.document.project, path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"runs/{run.id}/past.json", "{")
    _reopen(qtbot, studio, path)
    assert "earlier steps is damaged" in studio.window.status.message()
    assert _run(studio) == run
    assert not studio.window.time.timeline.slider.isEnabled()


def test_a_fork_from_before_a_change_of_rates_has_the_rates_of_then_and_surgery_follows_a_change(
    qtbot: QtBot, studio: Studio
) -> None:
    document, control = studio.document, studio.window.control
    first = next(node for node in document.project.network.nodes if node.layer.key == "dense")
    _train(qtbot, studio, 10)
    charged = first.layer.replace(kernel_regularizer=L2(strength=0.1))
    control.perform(edits.set_layer(first.id, charged))
    later = _train(qtbot, studio, 10)
    assert later.network.node(first.id).layer == charged
    control.operate(lambda _: surgery_edits.widen(first.id, 2))
    assert _train(qtbot, studio, 2).state.step == 22
    control.undo()
    assert studio.window.time.timeline.words == "step 20 · the end"
    control.undo()
    assert _run(studio) is later
    assert studio.window.time.timeline.words.endswith("the end")
    control.release()
    studio.window.control.reset()
    control.perform(edits.set_layer(first.id, first.layer))
    _train(qtbot, studio, 10)
    control.perform(edits.set_layer(first.id, charged))
    _train(qtbot, studio, 10)
    _slide(qtbot, studio, 5)
    qtbot.mouseClick(studio.window.time.timeline.fork, Qt.MouseButton.LeftButton)
    child = _run(studio)
    assert child.network.node(first.id).layer == first.layer
    assert document.project.network.node(first.id).layer == first.layer
    assert child.journal == ()
    again = _train(qtbot, studio, 2)
    assert (again.id, again.state.step, again.journal) == (child.id, 7, ())


def test_the_curves_of_other_runs_stay(qtbot: QtBot, studio: Studio) -> None:
    studio.window.docks.show("loss")
    _train(qtbot, studio, 40)
    assert not studio.window.loss.runs.isVisible()
    studio.actions["training.reset"].trigger()
    _train(qtbot, studio, 3)
    assert studio.window.loss.runs.words() == ["Run 1"]
    assert studio.window.loss.runs.isVisible()
