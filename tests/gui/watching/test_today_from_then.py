"""What a person does while the network of another time is shown happens to that of today, and never goes wrong."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.paths import samples
from nnstudio.project import Edit, edits
from nnstudio.project.edits import surgery_edits
from nnstudio.project.edits.hold_edits import silence_unit, zero_weight
from nnstudio.project.edits.weight_edits import set_weight
from tests.gui.conftest import Open
from tests.gui.watching.in_time import hidden_of, look_back, run_of, train


@pytest.fixture
def studio(open_studio: Open) -> Studio:
    return open_studio(samples() / "spirals.nns")


def _operate(studio: Studio, edit: Edit) -> None:
    studio.window.control.operate(lambda _: edit)


def _shows_today(studio: Studio) -> bool:
    """Return whether timeline, canvas and inspector show the drawing and the run as they stand."""
    window, project = studio.window, studio.document.project
    is_drawn = window.canvas.scene.project is project and window.canvas.scene.geometry.network == project.network
    frame = window.canvas.frame()
    is_lit = project.run is None or (frame is not None and frame.step == project.run.state.step)
    return window.time.shown is None and is_drawn and is_lit and window.inspector.form.isEnabled()


@pytest.mark.parametrize("kind", ["units", "weight"])
def test_what_was_taken_back_is_no_part_of_the_past_of_a_run_that_goes_on(
    qtbot: QtBot, studio: Studio, kind: str
) -> None:
    hidden, states = hidden_of(studio), {}
    for steps in (7, 7):
        run = train(qtbot, studio, steps)
        states[run.state.step] = run.state
    _operate(studio, surgery_edits.widen(hidden, 2) if kind == "units" else set_weight(f"{hidden}/kernel", (0, 0), 2.0))
    studio.window.control.undo()
    for steps in (3, 3, 7):
        run = train(qtbot, studio, steps)
        states[run.state.step] = run.state
    for step in (17, 20, 14, 7):
        assert look_back(qtbot, studio, step).state.weights.tobytes() == states[step].weights.tobytes(), step


def test_a_weight_that_was_set_to_zero_and_frozen_leaves_the_past_before_it(qtbot: QtBot, studio: Studio) -> None:
    timeline = studio.window.time.timeline
    before = train(qtbot, studio, 10)
    _operate(studio, zero_weight(f"{hidden_of(studio)}/kernel", (0, 0)))
    assert timeline.words == "step 10 · the end"
    changed = run_of(studio)
    train(qtbot, studio, 10)
    assert timeline.slider.minimum() == 0
    assert look_back(qtbot, studio, 10).state.weights.tobytes() == changed.state.weights.tobytes()
    look_back(qtbot, studio, 4)
    studio.window.time.leave()
    studio.window.control.undo()
    studio.window.control.undo()
    assert run_of(studio) is before
    assert timeline.slider.isEnabled()


@pytest.mark.parametrize("action", ["training.start", "training.step", "training.epoch"])
def test_training_begins_with_the_network_of_today_whatever_is_shown(qtbot: QtBot, studio: Studio, action: str) -> None:
    train(qtbot, studio, 10)
    _operate(studio, surgery_edits.widen(hidden_of(studio), 2))
    train(qtbot, studio, 10)
    look_back(qtbot, studio, 5)
    studio.window.actions_by_id[action].trigger()
    assert studio.window.time.shown is None
    assert studio.window.canvas.scene.project is studio.document.project
    qtbot.waitUntil(lambda: (frame := studio.window.canvas.frame()) is not None and frame.step > 20, timeout=20_000)
    studio.window.control.pause()
    qtbot.waitUntil(lambda: _shows_today(studio), timeout=20_000)


def test_what_is_silenced_today_spoke_then(qtbot: QtBot, studio: Studio) -> None:
    hidden, canvas = hidden_of(studio), studio.window.canvas
    train(qtbot, studio, 10)
    _operate(studio, silence_unit(hidden, 0))
    train(qtbot, studio, 10)
    frame = canvas.frame()
    assert frame is not None
    assert not frame.maps[hidden][0].any()
    look_back(qtbot, studio, 5)
    frame = canvas.frame()
    assert frame is not None
    assert frame.maps[hidden][0].any()
    look_back(qtbot, studio, 15)
    frame = canvas.frame()
    assert frame is not None
    assert not frame.maps[hidden][0].any()


@pytest.mark.parametrize("step", [5, 15])
def test_what_looks_otherwise_by_a_change_is_that_of_today(qtbot: QtBot, studio: Studio, step: int) -> None:
    window, document = studio.window, studio.document
    train(qtbot, studio, 10)
    _operate(studio, surgery_edits.widen(hidden_of(studio), 2))
    train(qtbot, studio, 10)
    split, settings = document.project.split, document.project.settings
    for edit in (
        edits.set_activation(hidden_of(studio), "relu"),
        edits.set_split(split.model_copy(update={"seed": split.seed + 1})),
        edits.set_settings(settings.model_copy(update={"seed": settings.seed + 1})),
    ):
        look_back(qtbot, studio, step)
        window.perform(edit)
        assert window.time.shown is None
        assert window.canvas.scene.project is document.project
        assert not window.time.timeline.fork.isVisible()
        window.control.undo()
        assert _shows_today(studio)


def test_a_title_of_then_that_nobody_touched_renames_nothing(qtbot: QtBot, studio: Studio) -> None:
    hidden, window = hidden_of(studio), studio.window
    train(qtbot, studio, 10)
    _operate(studio, surgery_edits.widen(hidden, 2))
    train(qtbot, studio, 10)
    window.perform(edits.rename(hidden, "first"))
    window.canvas.select([hidden])
    look_back(qtbot, studio, 5)
    title = next(field for field in window.inspector.findChildren(QLineEdit) if field.property("kind") == "title")
    assert title.text() == "hidden 1"
    qtbot.keyClick(title, Qt.Key.Key_Return)
    assert studio.document.project.network.node(hidden).name == "first"
    assert window.time.shown is not None


def test_a_copy_and_a_layer_that_are_added_while_looking_back_come_to_the_drawing_of_today(
    qtbot: QtBot, studio: Studio
) -> None:
    document, canvas = studio.document, studio.window.canvas
    train(qtbot, studio, 10)
    first = document.project.network
    _operate(studio, surgery_edits.insert_layer(first.order[1], first.order[2]))
    train(qtbot, studio, 10)
    for add in (
        canvas.scene.duplicate,
        lambda: canvas.scene.add_component("dense", canvas.middle),
        lambda: canvas.scene.paste(canvas.scene.copy(), canvas.middle),
    ):
        known = {node.id for node in document.project.network.nodes}
        look_back(qtbot, studio, 5)
        canvas.select([first.order[1]])
        add()
        (new,) = {node.id for node in document.project.network.nodes} - known
        assert canvas.selection() == (new,)
        cards = canvas.scene.geometry.cards
        assert not [key for key in known if cards[key].rect.intersects(cards[new].rect)]
        studio.window.control.undo()


def test_a_wire_of_then_that_is_no_more_cannot_be_taken_away_and_that_is_said(qtbot: QtBot, studio: Studio) -> None:
    document, scene = studio.document, studio.window.canvas.scene
    train(qtbot, studio, 10)
    edge = (document.project.network.order[1], document.project.network.order[2])
    _operate(studio, surgery_edits.insert_layer(*edge))
    train(qtbot, studio, 10)
    look_back(qtbot, studio, 5)
    project = document.project
    scene.select_wire(edge)
    with qtbot.waitSignal(scene.told) as told:
        scene.delete()
    assert "as it was" in told.args[0]
    assert document.project is project
    scene.select_wire((document.project.network.order[0], edge[0]))
    scene.delete()
    assert document.project is not project


def test_the_menu_of_a_unit_of_then_offers_nothing_that_would_happen_to_another_today(
    qtbot: QtBot, studio: Studio
) -> None:
    hidden, window = hidden_of(studio), studio.window
    train(qtbot, studio, 10)
    _operate(studio, surgery_edits.remove(hidden, (0,)))
    train(qtbot, studio, 10)
    look_back(qtbot, studio, 5)
    window.canvas.select([hidden])
    menu = window.canvas_actions.menu()
    words = [action.text() for action in menu.actions() if action.isEnabled()]
    assert not [text for text in words if "unit" in text.lower() or "learn" in text or "Freeze" in text]
    project = studio.document.project
    with qtbot.waitSignal(window.weights.told):
        window.weights.ask(f"{hidden}/kernel", 0, 0)
    assert studio.document.project is project
    window.time.leave()
    again = window.canvas_actions.menu()
    assert [action.text() for action in again.actions() if "learn" in action.text()]
