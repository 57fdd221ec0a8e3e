"""Units are silenced and weights frozen by a right click, while a run stands still and while it trains."""

from PySide6.QtCore import QPoint, QPointF, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.paths import samples
from nnstudio.project import Run
from tests.gui.conftest import Open

PATIENCE = 20_000


def _choose(studio: Studio, place: QPoint, begins: str, *, by_key: bool = False) -> list[str]:
    """Open the menu at a place of the canvas, press an entry, and return all entries."""
    canvas, found = studio.window.canvas, list[str]()

    def press() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        found.extend(action.text() for action in menu.actions())
        wanted = [action for action in menu.actions() if begins and action.text().startswith(begins)]
        menu.close()
        for action in wanted:
            QTimer.singleShot(0, action.trigger)

    QTimer.singleShot(0, press)
    reason = QContextMenuEvent.Reason.Keyboard if by_key else QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(canvas, QContextMenuEvent(reason, place, canvas.mapToGlobal(place)))
    QApplication.processEvents()
    return found


def _unit(studio: Studio, node: str, unit: int) -> QPoint:
    canvas = studio.window.canvas
    tile = next(tile for tile in canvas.scene.geometry.cards[node].tiles if tile.unit == unit)
    return canvas.view.to_widget(tile.rect.center()).toPoint()


def _edge(studio: Studio, kernel: str) -> tuple[QPoint, tuple[int, int]]:
    """Return a place where an edge passes alone, away from wires and cards, and which weight it is."""
    canvas = studio.window.canvas
    for bundle in canvas.scene.synapses.bundles:
        for edge in range(len(bundle.sources)) if bundle.kernel == kernel else ():
            point = QPointF(*bundle.points[edge, bundle.points.shape[1] // 3].tolist())
            if canvas.scene.geometry.wire_at(point, 20) is None and not canvas.scene.geometry.card_at(point):
                canvas.pointing.position = canvas.view.to_widget(point)
                found = canvas.pointing.weight()
                assert found is not None
                return canvas.view.to_widget(point).toPoint(), found[1]
    raise AssertionError("no edge stands free")


def _run(studio: Studio) -> Run:
    run = studio.document.project.run
    assert run is not None
    return run


def _step(studio: Studio) -> int:
    frame = studio.window.canvas.frame()
    return 0 if frame is None else frame.step


def _trained(qtbot: QtBot, open_studio: Open) -> Studio:
    studio = open_studio(samples() / "iris.nns")
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.window.train_epochs(2)
    return studio


def test_a_unit_is_silenced_and_woken_by_a_right_click_on_its_tile(qtbot: QtBot, open_studio: Open) -> None:
    studio = _trained(qtbot, open_studio)
    before = studio.document.project
    picture = studio.window.canvas.grab().toImage()
    _choose(studio, _unit(studio, "hidden_1", 2), "Silence unit 3")
    qtbot.waitUntil(lambda: studio.document.project is not before)
    assert studio.document.project.network.node("hidden_1").layer.holds.silent == (2,)
    assert _run(studio).network == studio.document.project.network
    frame = studio.window.canvas.frame()
    assert frame is not None
    assert frame.outputs["hidden_1"].ravel()[2] == 0
    assert studio.window.canvas.grab().toImage() != picture
    assert any("Unit 3 is silenced." in line for line in studio.window.outline.lines())
    assert studio.document.past[-1] == "Silence unit 3 of 'hidden 1'"
    studio.actions["edit.undo"].trigger()
    assert studio.document.project is before
    studio.actions["edit.redo"].trigger()
    entries = _choose(studio, _unit(studio, "hidden_1", 2), "Wake unit 3")
    assert entries.index("Wake unit 3") < entries.index("Rename")
    assert "Let go of everything here" in entries
    qtbot.waitUntil(lambda: not studio.document.project.network.node("hidden_1").layer.holds)


def test_a_weight_is_set_to_zero_and_frozen_while_it_trains_on(qtbot: QtBot, open_studio: Open) -> None:
    studio = _trained(qtbot, open_studio)
    kernel = "hidden_1/kernel"
    place, index = _edge(studio, kernel)
    studio.actions["training.start"].trigger()
    qtbot.waitUntil(lambda: studio.session.status == "running", timeout=PATIENCE)
    _choose(studio, place, "Set to 0 and freeze")
    qtbot.waitUntil(lambda: bool(studio.document.project.network.node("hidden_1").layer.holds), timeout=PATIENCE)
    assert studio.session.status == "running"
    at = _run(studio).state.step
    qtbot.waitUntil(lambda: _step(studio) > at + 50, timeout=PATIENCE)
    studio.window.control.hold()
    assert _run(studio).weights[kernel][index] == 0.0
    entries = _choose(studio, place, "Let the weight learn")
    assert "Freeze the weight" not in entries
    qtbot.waitUntil(lambda: not studio.document.project.network.node("hidden_1").layer.holds)


def test_by_keys_the_unit_is_asked_for_and_a_layer_is_frozen(qtbot: QtBot, open_studio: Open) -> None:
    studio = _trained(qtbot, open_studio)
    studio.window.canvas.scene.select(("hidden_1",))

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        dialog.setIntValue(4)
        dialog.accept()

    QTimer.singleShot(400, answer)
    _choose(studio, QPoint(5, 5), "Silence a unit…", by_key=True)
    qtbot.waitUntil(lambda: studio.document.project.network.node("hidden_1").layer.holds.silent == (3,))
    _choose(studio, QPoint(5, 5), "Freeze the layer", by_key=True)
    qtbot.waitUntil(lambda: studio.document.project.network.node("hidden_1").layer.holds.whole)
    kept = _run(studio).weights["hidden_1/kernel"].copy()
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.window.train_epochs(2)
    assert (_run(studio).weights["hidden_1/kernel"] == kept).all()
    answer_entries = _choose(studio, _unit(studio, "answer", 0), "")
    assert not any(entry.startswith("Silence") for entry in answer_entries)
    assert "Freeze the layer" in answer_entries
