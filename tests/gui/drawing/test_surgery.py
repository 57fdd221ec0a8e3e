"""A network is changed while it trains, and goes on from what it had learned."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMenu, QMessageBox
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.paths import samples
from nnstudio.project import Project, Run, edits, open_project
from nnstudio.project.edits.surgery_edits import MOST_TRIED
from tests.gui.conftest import Open

PATIENCE = 20_000


def _train_until(qtbot: QtBot, studio: Studio, epochs: int) -> None:
    studio.actions["training.start"].trigger()
    qtbot.waitUntil(lambda: int(studio.window.top_bar.epoch.value().replace(",", "")) >= epochs, timeout=PATIENCE)


def _hold(studio: Studio) -> Run:
    studio.window.control.hold()
    run = studio.document.project.run
    assert run is not None
    return run


def _let_it_come(qtbot: QtBot, studio: Studio) -> None:
    """Wait for what is found out beside the window."""
    qtbot.waitUntil(lambda: not studio.window.surgery.busy, timeout=PATIENCE)


def _hidden(studio: Studio) -> str:
    network = studio.document.project.network
    return network.targets(network.input_ids[0])[0]


def _entries(menu: QMenu) -> dict[str, bool]:
    return {action.text(): action.isEnabled() for action in menu.actions() if action.text()}


def _cost(project: Project, run: Run) -> float:
    """Return what the training rows cost under a run."""
    assert project.table is not None
    rows = list(run.split.train)
    x = run.pipeline.encode_inputs(project.table).values[rows]
    return run.program().cost(x, run.pipeline.encode_targets(project.table, rows))


def test_units_are_added_while_it_trains_and_the_cost_does_not_jump(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    id = _hidden(studio)
    _train_until(qtbot, studio, 60)
    studio.window.surgery.add(id, 4)
    _let_it_come(qtbot, studio)
    assert "Outputs stay the same" in studio.window.status.message()
    assert studio.session.status == "running"
    operated = studio.document.project.run
    assert operated is not None
    assert operated.journal[-1].name == "surgery"
    # The moment before is the same run, held and committed.
    before = studio.document.moment(len(studio.document.past) - 1)
    assert before.run is not None
    assert before.run.state.step == operated.state.step
    assert abs(_cost(before, operated) - _cost(before, before.run)) < 1e-5
    qtbot.waitUntil(
        lambda: int(studio.window.top_bar.epoch.value().replace(",", "")) > operated.state.epoch + 20, timeout=PATIENCE
    )
    assert "Outputs stay the same" in studio.window.status.message()
    run = _hold(studio)
    assert run.id == operated.id
    assert run.journal == operated.journal
    assert studio.document.project.network.shapes() == run.network.shapes()
    assert run.design == studio.document.project.design
    assert run.history.read("epoch_cost").mean[-20:].mean() < 0.5 * run.history.read("epoch_cost").mean[0]
    studio.actions["edit.undo"].trigger()
    studio.actions["edit.undo"].trigger()
    assert studio.document.project.network.node(id).layer != run.network.node(id).layer


def test_the_number_of_units_is_changed_in_the_inspector_while_it_trains(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    id, window = _hidden(studio), studio.window
    _train_until(qtbot, studio, 30)
    (units,) = studio.document.project.network.shapes()[id] or (0,)
    window.canvas.select((id,))
    field = window.inspector.findChild(NumberField, "parameter.units")
    assert field is not None
    qtbot.keyClick(field, Qt.Key.Key_Up)
    _let_it_come(qtbot, studio)
    assert studio.session.status == "running"
    assert f"{units} → {units + 1} units. Outputs stay the same" in window.status.message()
    for _ in range(2):
        qtbot.keyClick(field, Qt.Key.Key_Down)
        _let_it_come(qtbot, studio)
    assert f"{units} → {units - 1} units. Cost " in window.status.message()
    assert "outputs differ by" in window.status.message()
    run = _hold(studio)
    assert [change.name for change in run.journal] == ["surgery"] * 3
    assert run.state.epoch >= 30
    assert run.network.shapes()[id] == (units - 1,)


def test_a_unit_under_the_pointer_is_split_or_removed_by_its_menu(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    id, window = _hidden(studio), studio.window
    _train_until(qtbot, studio, 5)
    _hold(studio)
    where = window.canvas.places.neuron(id, 2).center()
    window.canvas.pointing.select_at(where)
    actions = window.canvas_actions.menu().actions()
    inner = next(action.menu() for action in actions if action.text() == "Keeping what was learned")
    assert isinstance(inner, QMenu)
    assert {"Split unit 3", "Remove unit 3…"} <= _entries(inner).keys()
    next(action for action in inner.actions() if action.text() == "Split unit 3").trigger()
    _let_it_come(qtbot, studio)
    assert "unit 3 split" in window.status.message()


@pytest.mark.parametrize("answer", ["Remove it", "Keep it"])
def test_removing_a_unit_tells_its_cost_first(qtbot: QtBot, open_studio: Open, answer: str) -> None:
    studio = open_studio(samples() / "spirals.nns")
    id = _hidden(studio)
    _train_until(qtbot, studio, 10)
    run = _hold(studio)
    before = studio.document.project
    asked: list[str] = []

    def say() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        next(button for button in box.buttons() if button.text() == answer).click()

    QTimer.singleShot(200, say)
    studio.window.surgery.remove(id)
    _let_it_come(qtbot, studio)
    assert "matters least" in asked[0]
    after = studio.document.project
    assert (after is before) is (answer == "Keep it")
    if answer == "Remove it":
        (units,) = run.network.shapes()[id] or (0,)
        assert after.network.shapes()[id] == (units - 1,)


@pytest.mark.parametrize("unit", [None, 3])
def test_removing_a_unit_of_a_wide_layer_says_which_units_were_tried(
    qtbot: QtBot, open_studio: Open, unit: int | None
) -> None:
    studio = open_studio(samples() / "spirals.nns")
    id = _hidden(studio)
    studio.document.apply(edits.set_units(id, MOST_TRIED + 1))
    _train_until(qtbot, studio, 5)
    _hold(studio)
    asked: list[str] = []

    def say() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.text())
        next(button for button in box.buttons() if button.text() == "Keep it").click()

    QTimer.singleShot(200, say)
    studio.window.surgery.remove(id, unit)
    _let_it_come(qtbot, studio)
    wanted = "Of the 12 units of " if unit is None else "Without unit 4 of "
    assert asked[0].startswith(wanted)
    assert ("too wide to try every unit" in asked[0]) is (unit is None)


def test_a_file_that_opens_while_a_removal_is_asked_about_is_not_lost(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    id = _hidden(studio)
    _train_until(qtbot, studio, 5)
    _hold(studio)
    told: list[str] = []
    studio.window.surgery.told.connect(told.append)
    opened = open_project(samples() / "iris.nns")

    def say() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        studio.document.reset(opened)
        next(button for button in box.buttons() if button.text() == "Remove it").click()

    QTimer.singleShot(200, say)
    studio.window.surgery.remove(id)
    _let_it_come(qtbot, studio)
    assert studio.document.project is opened
    assert told == ["The project changed while you were asked, so nothing was done. Do it again."]


def test_the_menu_offers_what_keeps_the_function_once_it_was_trained(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    window, id = studio.window, _hidden(studio)
    project = studio.document.project
    window.canvas.select((id,))
    assert _entries(window.canvas_actions.menu())["Keeping what was learned"] is False
    _train_until(qtbot, studio, 5)
    _hold(studio)
    window.canvas.select((id,))
    assert _entries(window.canvas_actions.menu())["Keeping what was learned"] is True
    edge = (id, project.network.targets(id)[0])
    window.canvas.scene.select_wire(edge)
    assert _entries(window.canvas_actions.menu())["Insert a layer, keeping what was learned"] is True
    window.surgery.insert(edge)
    _let_it_come(qtbot, studio)
    assert "Outputs stay the same" in window.status.message()
    assert len(studio.document.project.network.nodes) == len(project.network.nodes) + 1
