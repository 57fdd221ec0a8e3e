"""Beyond changes of layers and weights set by hand lies the past too: with the network that there was then."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.engine.optimizers.adam import Adam
from nnstudio.paths import samples
from nnstudio.project import edits, save_project
from nnstudio.project.edits import surgery_edits
from nnstudio.project.edits.weight_edits import set_weight
from tests.gui.conftest import Open
from tests.gui.watching.in_time import hidden_of, look_back, run_of, train, units_drawn


@pytest.fixture
def studio(open_studio: Open) -> Studio:
    return open_studio(samples() / "spirals.nns")


def test_every_step_before_and_after_a_widening_is_had_with_its_own_bytes_and_network(
    qtbot: QtBot, studio: Studio
) -> None:
    hidden, states = hidden_of(studio), {}
    units = units_drawn(studio, hidden)
    for _ in range(3):
        run = train(qtbot, studio, 7)
        states[run.state.step] = run.state
    studio.window.control.operate(lambda _: surgery_edits.widen(hidden, 2))
    states[21] = run_of(studio).state
    for _ in range(3):
        run = train(qtbot, studio, 7)
        states[run.state.step] = run.state
    canvas, wide = studio.window.canvas, run.network
    for step in (35, 14, 28, 7, 21):
        shown = look_back(qtbot, studio, step)
        assert shown.state.weights.tobytes() == states[step].weights.tobytes(), step
        frame = canvas.frame()
        assert frame is not None
        assert frame.step == step
        assert frame.weights[f"{hidden}/kernel"].shape[-1] == units_drawn(studio, hidden)
        assert units_drawn(studio, hidden) == (units if step < 21 else units + 2)
    studio.window.time.leave()
    assert canvas.scene.geometry.network == wide
    assert studio.document.project.network == wide


def test_the_timeline_says_before_which_change_a_moment_lies(qtbot: QtBot, studio: Studio) -> None:
    train(qtbot, studio, 10)
    studio.window.control.operate(lambda _: surgery_edits.widen(hidden_of(studio), 2))
    train(qtbot, studio, 10)
    look_back(qtbot, studio, 5)
    assert "before hidden 1: 12 → 14 units" in studio.window.time.timeline.words
    look_back(qtbot, studio, 15)
    assert "before" not in studio.window.time.timeline.words


def test_right_after_a_weight_was_set_by_hand_the_past_is_there_and_replayed_beyond_it(
    qtbot: QtBot, studio: Studio
) -> None:
    name = f"{hidden_of(studio)}/kernel"
    before = train(qtbot, studio, 10)
    studio.window.control.perform(set_weight(name, (0, 0), 3.0))
    assert studio.window.time.timeline.slider.isEnabled()
    assert studio.window.time.timeline.words == "step 10 · the end"
    assert look_back(qtbot, studio, 4).state.weights.shape == before.state.weights.shape
    studio.window.time.leave()
    after = train(qtbot, studio, 10)
    half = train(qtbot, studio, 10)
    assert look_back(qtbot, studio, 20).state.weights.tobytes() == after.state.weights.tobytes()
    shown = look_back(qtbot, studio, 10)
    frame = studio.window.canvas.frame()
    assert frame is not None
    assert frame.weights[name][0, 0] == 3.0
    assert shown.state.weights.tobytes() != before.state.weights.tobytes()
    studio.window.time.leave()
    assert run_of(studio) is half


def test_a_layer_that_was_inserted_is_not_drawn_before_it_was_there_and_a_fork_goes_on_without_it(
    qtbot: QtBot, studio: Studio
) -> None:
    document, canvas = studio.document, studio.window.canvas
    first = document.project.network
    train(qtbot, studio, 10)
    edge = (first.order[1], first.order[2])
    studio.window.control.operate(lambda _: surgery_edits.insert_layer(*edge))
    parent = train(qtbot, studio, 10)
    (new,) = set(document.project.network.order) - set(first.order)
    canvas.select([new])
    look_back(qtbot, studio, 5)
    assert new not in canvas.scene.geometry.cards
    assert canvas.selection() == ()
    look_back(qtbot, studio, 15)
    assert new in canvas.scene.geometry.cards
    look_back(qtbot, studio, 5)
    qtbot.mouseClick(studio.window.time.timeline.fork, Qt.MouseButton.LeftButton)
    assert document.project.network == first
    assert new not in document.project.positions
    child = train(qtbot, studio, 5)
    assert (child.parent, child.state.step, child.journal) == (parent.id, 10, ())
    assert studio.window.time.timeline.slider.minimum() == 0
    look_back(qtbot, studio, 2)


def test_who_changes_the_drawing_while_looking_at_another_is_brought_back_to_that_of_today(
    qtbot: QtBot, studio: Studio
) -> None:
    hidden = hidden_of(studio)
    train(qtbot, studio, 10)
    studio.window.control.operate(lambda _: surgery_edits.widen(hidden, 2))
    train(qtbot, studio, 10)
    look_back(qtbot, studio, 5)
    studio.window.canvas.select([hidden])
    studio.window.canvas.scene.nudge(1, 0)
    assert studio.window.time.shown is None
    assert studio.window.canvas.scene.geometry.network == studio.document.project.network
    assert studio.window.status.message().startswith("The end of the run is shown again")
    frame = studio.window.canvas.frame()
    assert frame is not None
    assert frame.step == 20


def test_the_inspector_shows_the_layer_of_then_and_nothing_of_it_can_be_changed(qtbot: QtBot, studio: Studio) -> None:
    hidden, inspector = hidden_of(studio), studio.window.inspector
    units = units_drawn(studio, hidden)
    train(qtbot, studio, 10)
    studio.window.control.operate(lambda _: surgery_edits.widen(hidden, 2))
    train(qtbot, studio, 10)
    studio.window.canvas.select([hidden])
    look_back(qtbot, studio, 5)
    form = inspector.form
    assert not form.isEnabled()
    assert form.component is not None
    assert getattr(form.component, "units", 0) == units
    studio.window.time.leave()
    assert form.isEnabled()
    assert getattr(form.component, "units", 0) == units + 2


def test_after_an_operation_while_it_trains_undo_and_redo_lead_along_the_same_past(
    qtbot: QtBot, studio: Studio
) -> None:
    window, document = studio.window, studio.document
    timeline = window.time.timeline
    window.control.train()
    qtbot.waitUntil(lambda: timeline.slider.maximum() > 20, timeout=20_000)
    window.control.operate(lambda _: surgery_edits.widen(hidden_of(studio), 2))
    assert studio.session.status == "running"
    at, widened = run_of(studio).state.step, len(run_of(studio).state.weights)
    qtbot.waitUntil(lambda: window.control.span()[1] > at + 20, timeout=20_000)
    assert window.control.span()[0] == 0
    window.control.undo()
    assert timeline.words == f"step {at:,} · the end"
    assert len(look_back(qtbot, studio, 10).state.weights) < widened
    window.control.undo()
    assert timeline.words == f"step {at:,} · the end"
    assert len(look_back(qtbot, studio, 10).state.weights) < widened
    window.control.redo()
    window.control.redo()
    assert len(look_back(qtbot, studio, at + 5).state.weights) == widened
    window.control.undo()
    window.control.undo()
    train(qtbot, studio, 3)
    assert len(document.project.run.state.weights if document.project.run else []) < widened
    look_back(qtbot, studio, at + 1)
    look_back(qtbot, studio, 10)


def test_a_file_brings_back_what_lies_before_a_change_of_layers(
    qtbot: QtBot, studio: Studio, tmp_path: Path, open_studio: Open
) -> None:
    hidden, path = hidden_of(studio), tmp_path / "operated.nns"
    train(qtbot, studio, 10)
    studio.window.control.operate(lambda _: surgery_edits.widen(hidden, 2))
    train(qtbot, studio, 10)
    early, late = (look_back(qtbot, studio, step).state for step in (6, 16))
    studio.window.time.leave()
    studio.document.mark_saved(studio.document.project, path)
    studio.window.files.save()
    qtbot.waitUntil(path.is_file, timeout=20_000)
    again = open_studio(path)
    timeline = again.window.time.timeline
    qtbot.waitUntil(timeline.slider.isEnabled, timeout=20_000)
    assert timeline.slider.minimum() == 0
    look_back(qtbot, again, 4)
    qtbot.waitUntil(lambda: "the same bytes as then" in timeline.words, timeout=20_000)
    for state in (early, late):
        shown = look_back(qtbot, again, state.step)
        assert np.array_equal(shown.state.weights, state.weights)


def test_a_past_that_is_read_leads_on_to_what_was_changed_by_hand_meanwhile(
    qtbot: QtBot, studio: Studio, tmp_path: Path
) -> None:
    path, control = tmp_path / "opened.nns", studio.window.control
    opened = train(qtbot, studio, 10)
    early = look_back(qtbot, studio, 6).state
    studio.window.time.leave()
    save_project(studio.document.project, path, control.pasts()())
    control.forget()
    studio.window.time.read_past(path)
    control.operate(lambda _: surgery_edits.widen(hidden_of(studio), 2))
    timeline = studio.window.time.timeline
    qtbot.waitUntil(lambda: timeline.slider.isEnabled() and timeline.slider.minimum() == 0, timeout=20_000)
    assert look_back(qtbot, studio, 6).state.weights.tobytes() == early.weights.tobytes()
    control.undo()
    assert run_of(studio) is opened
    assert look_back(qtbot, studio, 6).state.weights.tobytes() == early.weights.tobytes()


def test_the_timeline_marks_where_something_was_changed_by_hand(qtbot: QtBot, studio: Studio) -> None:
    slider, hidden = studio.window.time.timeline.slider, hidden_of(studio)
    train(qtbot, studio, 10)
    studio.window.control.operate(lambda _: surgery_edits.widen(hidden, 2))
    train(qtbot, studio, 10)
    assert [step for step, _ in slider.marks] == [10]
    assert "12 → 14 units" in slider.words_at(slider.place_of(10))
    assert slider.words_at(slider.place_of(3)) == ""
    slower = studio.document.project.settings.model_copy(update={"optimizer": Adam(learning_rate=0.002)})
    studio.window.control.perform(edits.set_settings(slower))
    train(qtbot, studio, 10)
    assert slider.words_at(slider.place_of(20)) == "step 20: Adam with learning rate 0.002"
    studio.window.control.new_weights()
    studio.window.control.train()
    qtbot.waitUntil(lambda: slider.maximum() > 20, timeout=20_000)
    assert list(slider.marks) == []


def test_a_click_on_the_timeline_leads_to_its_place(qtbot: QtBot, studio: Studio) -> None:
    slider = studio.window.time.timeline.slider
    train(qtbot, studio, 40)
    qtbot.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(round(slider.place_of(10)), slider.height() // 2))
    assert slider.value() == pytest.approx(10, abs=1)


def test_a_larger_network_of_then_is_brought_into_sight(qtbot: QtBot, studio: Studio) -> None:
    studio.window.resize(1900, 720)
    hidden, canvas = hidden_of(studio), studio.window.canvas
    train(qtbot, studio, 10)
    studio.window.control.operate(lambda _: surgery_edits.remove(hidden, range(2, 12)))
    studio.window.control.operate(lambda _: surgery_edits.remove(studio.document.project.network.order[2], range(2, 8)))
    train(qtbot, studio, 10)
    canvas.fit()
    small = canvas.scene.geometry.bounds
    look_back(qtbot, studio, 5)
    large = canvas.scene.geometry.bounds
    assert large.height() > small.height()
    assert canvas.view.shows(large, QRectF(canvas.rect()))


def test_when_the_drawing_has_moved_on_the_past_is_shown_with_the_network_that_was_trained(
    qtbot: QtBot, studio: Studio
) -> None:
    document, canvas, window = studio.document, studio.window.canvas, studio.window
    trained = train(qtbot, studio, 10).network
    window.control.perform(edits.remove_nodes([trained.order[2]]))
    assert "keeps the weights that still fit" in window.status.message()
    window.control.perform(edits.connect(trained.order[1], trained.order[3]))
    drawn = document.project.network
    look_back(qtbot, studio, 5)
    assert canvas.scene.geometry.network == trained
    frame = canvas.frame()
    assert frame is not None
    assert frame.network == trained
    boxes = [card.rect for card in canvas.scene.geometry.cards.values()]
    assert not any(a.intersects(b) for n, a in enumerate(boxes) for b in boxes[:n])
    assert "right" in window.predictions.headline()
    window.time.leave()
    assert canvas.scene.geometry.network == drawn
    look_back(qtbot, studio, 5)
    qtbot.mouseClick(window.time.timeline.fork, Qt.MouseButton.LeftButton)
    assert document.project.network == trained
    assert document.project.goes_on
    assert train(qtbot, studio, 3).state.step == 8
    window.control.undo()
    window.control.undo()
    assert document.project.network == drawn


def test_train_while_looking_back_says_that_it_goes_on_from_the_end(qtbot: QtBot, studio: Studio) -> None:
    train(qtbot, studio, 10)
    look_back(qtbot, studio, 5)
    assert train(qtbot, studio, 10).state.step == 20
    assert "goes on from the end of the run" in studio.window.status.message()


def test_a_change_while_it_trains_is_marked_before_the_run_is_held(qtbot: QtBot, studio: Studio) -> None:
    slider, control = studio.window.time.timeline.slider, studio.window.control
    control.train()
    qtbot.waitUntil(lambda: slider.maximum() > 20, timeout=20_000)
    slower = studio.document.project.settings.model_copy(update={"optimizer": Adam(learning_rate=0.002)})
    control.perform(edits.set_settings(slower))
    qtbot.waitUntil(lambda: len(slider.marks) == 1, timeout=20_000)
    assert control.running
    assert slider.marks[0][1] == "Adam with learning rate 0.002"
    control.hold()
    qtbot.waitUntil(lambda: not control.running, timeout=20_000)
    assert len(slider.marks) == 1
    control.train()
    qtbot.wait(600)
    assert len(slider.marks) == 1
