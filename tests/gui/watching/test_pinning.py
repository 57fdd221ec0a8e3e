"""A person pins neurons and weights, and sees what they are, were, and say of the rows."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.dialogs.pin import PinDialog
from nnstudio.gui.moments.pin import Pin
from nnstudio.gui.watching.pinning import DOCK, MOST_PINS
from nnstudio.paths import samples
from nnstudio.project import edits
from nnstudio.project.edits.surgery_edits import remove
from tests.gui.conftest import Open

PATIENCE = 20_000


@pytest.fixture
def studio(open_studio: Open) -> Studio:
    return open_studio(samples() / "iris.nns")


def _train(qtbot: QtBot, studio: Studio, epochs: int) -> None:
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.window.train_epochs(epochs)
    qtbot.waitUntil(lambda: studio.session.status != "running", timeout=PATIENCE)
    _settle(qtbot, studio)


def _settle(qtbot: QtBot, studio: Studio) -> None:
    pins = studio.window.pins
    qtbot.wait(30)
    qtbot.waitUntil(lambda: not pins.is_computing, timeout=PATIENCE)


def _tile(canvas: Canvas, node: str, unit: int) -> QPoint:
    tile = next(tile for tile in canvas.scene.geometry.cards[node].tiles if tile.unit == unit)
    return canvas.view.to_widget(tile.rect.center()).toPoint()


def _step(canvas: Canvas) -> int:
    frame = canvas.frame()
    return frame.step if frame is not None else 0


def _click(qtbot: QtBot, studio: Studio, place: QPoint) -> None:
    with qtbot.waitSignal(studio.window.canvas.pins.clicked, timeout=PATIENCE):
        qtbot.mouseClick(studio.window.canvas, Qt.MouseButton.LeftButton, pos=place)
    _settle(qtbot, studio)


def _pin(qtbot: QtBot, studio: Studio, *pins: Pin) -> None:
    for pin in pins:
        studio.window.pins.pin(pin)
        _settle(qtbot, studio)


def test_a_click_on_a_neuron_pins_it_and_another_lets_it_go(qtbot: QtBot, studio: Studio) -> None:
    window = studio.window
    assert not window.docks.is_open(DOCK)
    before = window.canvas.grab().toImage()
    place = _tile(window.canvas, "hidden_1", 1)
    _click(qtbot, studio, place)
    assert window.pins.pins == (Pin("hidden_1", (1,)),)
    assert window.docks.is_open(DOCK)
    (card,) = window.pins.panel.cards
    assert card.title.text() == "hidden 1, neuron 2"
    assert window.canvas.pins.pins == window.pins.pins
    window.canvas.scene.select(())
    assert window.canvas.grab().toImage() != before
    # The canvas may have become smaller for the panel.
    _click(qtbot, studio, _tile(window.canvas, "hidden_1", 1))
    assert window.pins.panel.cards == []
    assert not window.pins.pins


def test_a_drag_a_double_click_and_a_click_with_shift_pin_nothing(qtbot: QtBot, studio: Studio) -> None:
    canvas = studio.window.canvas
    place = _tile(canvas, "hidden_1", 1)
    left = Qt.MouseButton.LeftButton
    with qtbot.assertNotEmitted(canvas.pins.clicked, wait=2 * QApplication.doubleClickInterval()):
        qtbot.mousePress(canvas, left, pos=place)
        qtbot.mouseMove(canvas, place + QPoint(30, 40))
        qtbot.mouseRelease(canvas, left, pos=place + QPoint(30, 40))
        place = _tile(canvas, "hidden_1", 1)
        qtbot.mouseClick(canvas, left, pos=place)
        qtbot.mouseDClick(canvas, left, pos=place)
        qtbot.mouseRelease(canvas, left, pos=place)
        qtbot.mouseClick(canvas, left, Qt.KeyboardModifier.ShiftModifier, place)


def test_where_a_port_is_meant_nothing_is_pinned_however_small_the_drawing(open_studio: Open) -> None:
    canvas = open_studio(samples() / "iris.nns").window.canvas
    middle = canvas.scene.geometry.cards["answer"].tiles[1].rect
    point = QPointF(middle.right() - 4, middle.center().y())
    canvas.zoom(1 / canvas.view.scale)
    assert canvas.pins.pin_at(canvas.view.to_widget(point)) == Pin("answer", (1,))
    canvas.zoom(0.4)
    assert canvas.pointing.port_at(point) == ("answer", True)
    assert canvas.pins.pin_at(canvas.view.to_widget(point)) is None


def test_a_click_on_an_edge_pins_its_weight(qtbot: QtBot, studio: Studio) -> None:
    window, canvas = studio.window, studio.window.canvas
    bundle = next(bundle for bundle in canvas.scene.synapses.bundles if bundle.kernel == "hidden_1/kernel")
    third = bundle.points.shape[1] // 3
    places = [canvas.view.to_widget(QPointF(*points[third].tolist())).toPoint() for points in bundle.points]
    free = next(place for place in places if (canvas.pins.pin_at(place.toPointF()) or Pin("", ())).weight)
    _click(qtbot, studio, free)
    (pin,) = window.pins.pins
    (card,) = window.pins.panel.cards
    frame = canvas.frame()
    assert frame is not None
    source, target = pin.index
    assert pin.name == "hidden_1/kernel"
    assert card.value.text() == f"{float(frame.weights[pin.name][source, target]):.4g}"
    pipeline = frame.surroundings.pipeline
    assert card.title.text() == f"weight {pipeline.features[source]} → hidden 1 · {target + 1}"
    assert not any(button.isVisible() for button in card.rows)
    added = frame.surroundings.inputs[:, source] * frame.weights[pin.name][source, target]
    assert card.facts is not None
    assert card.facts.values is not None
    np.testing.assert_allclose(card.facts.values, added, atol=1e-6)
    assert card.spread.low == pytest.approx(min(added.tolist()), abs=1e-6)
    assert card.spread.high == pytest.approx(max(added.tolist()), abs=1e-6)
    assert card.spread.counts.sum() == 150
    # Its mark is a click away from letting it go.
    _click(qtbot, studio, canvas.view.to_widget(QPointF(*_points(canvas, pin)[third])).toPoint())
    assert not window.pins.pins


def _points(canvas: Canvas, pin: Pin) -> list[list[float]]:
    bundle = next(bundle for bundle in canvas.scene.synapses.bundles if bundle.kernel == pin.name)
    (at,) = np.flatnonzero((bundle.sources == pin.index[0]) & (bundle.targets == pin.index[1])).tolist()
    points: list[list[float]] = bundle.points[at].tolist()
    return points


def test_a_card_tells_what_loops_over_the_rows_find_and_a_row_can_be_chosen(qtbot: QtBot, studio: Studio) -> None:
    window = studio.window
    _train(qtbot, studio, 5)
    pin = Pin("hidden_1", (3,))
    _pin(qtbot, studio, pin)
    (card,) = window.pins.panel.cards
    frame, table = window.canvas.frame(), studio.document.project.table
    assert frame is not None
    assert table is not None
    around = frame.surroundings
    kernel, bias = frame.weights["hidden_1/kernel"], frame.weights["hidden_1/bias"]
    said = []
    for row in around.inputs:
        z = sum(float(a) * float(b) for a, b in zip(row, kernel[:, 3], strict=True)) + float(bias[3])
        said.append(max(0.0, z))
    assert card.value.text() == f"mean {sum(said) / len(said):.4g}"
    assert card.about.text() == "over all 150 rows"
    order = sorted(range(len(said)), key=lambda place: -said[place])[:5]
    facts = card.facts
    assert facts is not None
    assert [float(row.value) for row in facts.top] == pytest.approx([said[place] for place in order], rel=5e-3)
    lines = {table.file_row(int(row)): place for place, row in enumerate(around.rows)}
    for row in facts.top:
        assert float(row.value) == pytest.approx(said[lines[row.line]], rel=5e-3)
        assert row.truth == table.words("species")[int(around.rows[lines[row.line]])]
    per_class = [sum(1 for label in around.labels if label == one) for one in range(3)]
    assert card.spread.counts.sum(axis=1).tolist() == per_class
    assert tuple(card.spread.names) == around.pipeline.class_names
    qtbot.mouseClick(card.rows[1], Qt.MouseButton.LeftButton)
    assert int(around.rows[window.stage.row]) == int(around.rows[lines[facts.top[1].line]])


def test_the_history_reaches_back_before_the_pin_and_follows_the_run(qtbot: QtBot, studio: Studio) -> None:
    window = studio.window
    _train(qtbot, studio, 5)
    run = studio.document.project.run
    assert run is not None
    ladder = window.control.timelines.of(run.id, run.state)
    assert ladder is not None
    weight, neuron = Pin("hidden_1", (0, 0), "kernel"), Pin("hidden_1", (0,))
    _pin(qtbot, studio, weight, neuron)
    trace = window.pins.history(weight)
    assert set(trace.steps) >= {rung.step for rung in ladder.rungs}
    known = dict(zip(trace.steps, trace.values, strict=True))
    for rung in ladder.rungs:
        assert known[rung.step] == float(rung.state.answer[0])
    assert window.pins.history(neuron).steps[0] == 0
    first = run.state.step
    _train(qtbot, studio, 5)
    run = studio.document.project.run
    assert run is not None
    assert trace.steps[-1] == run.state.step > first
    assert trace.values[-1] == float(run.weights["hidden_1/kernel"][0, 0])
    assert window.pins.history(neuron).steps[-1] == run.state.step
    studio.actions["edit.undo"].trigger()
    _settle(qtbot, studio)
    assert studio.document.project.run is None
    assert trace.steps == [0]
    studio.actions["edit.redo"].trigger()
    _settle(qtbot, studio)
    assert (trace.steps[0], trace.steps[-1]) == (0, run.state.step)


def test_a_pin_that_is_set_while_training_has_a_past_and_goes_on(qtbot: QtBot, studio: Studio) -> None:
    window, weight, neuron = studio.window, Pin("answer", (0, 0), "kernel"), Pin("answer", (1,))
    window.control.train()
    qtbot.waitUntil(lambda: _step(window.canvas) > 100, timeout=PATIENCE)
    window.pins.pin(weight)
    window.pins.pin(neuron)
    traces = [window.pins.history(pin) for pin in (weight, neuron)]
    qtbot.waitUntil(lambda: all(trace.steps[:1] == [0] and len(trace.steps) > 2 for trace in traces), timeout=PATIENCE)
    before = [trace.steps[-1] for trace in traces]
    qtbot.waitUntil(lambda: all(t.steps[-1] > b for t, b in zip(traces, before, strict=True)), timeout=PATIENCE)
    window.control.pause()
    qtbot.waitUntil(lambda: studio.session.status != "running", timeout=PATIENCE)
    _settle(qtbot, studio)
    run = studio.document.project.run
    assert run is not None
    assert [trace.steps[-1] for trace in traces] == 2 * [run.state.step]
    assert traces[0].values[-1] == float(run.weights["answer/kernel"][0, 0])


def test_a_moment_of_the_past_is_marked_in_the_history_and_its_value_shown(qtbot: QtBot, studio: Studio) -> None:
    window = studio.window
    _train(qtbot, studio, 5)
    weight = Pin("hidden_1", (0, 0), "kernel")
    _pin(qtbot, studio, weight)
    (card,) = window.pins.panel.cards
    end = tuple(card.curve.steps)
    window.time.timeline.slider.setValue(7)
    qtbot.waitUntil(lambda: window.time.shown is not None and window.time.shown.step == 7, timeout=PATIENCE)
    _settle(qtbot, studio)
    assert card.curve.mark == 7
    frame = window.canvas.frame()
    assert frame is not None
    assert card.value.text() == f"{float(frame.weights[weight.name][0, 0]):.4g}"
    assert card.curve.steps[-1] == end[-1]
    window.time.leave()
    _settle(qtbot, studio)
    assert card.curve.mark is None


def test_a_hidden_panel_computes_nothing_and_catches_up_when_it_is_seen(qtbot: QtBot, studio: Studio) -> None:
    window = studio.window
    weight = Pin("hidden_1", (0, 0), "kernel")
    _pin(qtbot, studio, weight)
    window.docks.raise_("problems")
    qtbot.waitUntil(lambda: not window.pins.panel.is_seen, timeout=PATIENCE)
    trace = window.pins.history(weight)
    known = len(trace.steps)
    _train(qtbot, studio, 5)
    assert len(trace.steps) <= known
    window.docks.show(DOCK)
    run = studio.document.project.run
    assert run is not None
    qtbot.waitUntil(lambda: trace.steps[:1] == [0] and trace.steps[-1] == run.state.step, timeout=PATIENCE)


def test_pins_go_with_their_neuron_and_stay_otherwise(qtbot: QtBot, studio: Studio) -> None:
    window = studio.window
    stays, goes, weight = Pin("hidden_1", (1,)), Pin("hidden_1", (15,)), Pin("hidden_1", (0, 15), "kernel")
    _pin(qtbot, studio, stays, goes, weight)
    window.perform(edits.set_units("hidden_1", 12))
    assert window.pins.pins == (stays,)
    _settle(qtbot, studio)
    assert [card.title.text() for card in window.pins.panel.cards] == ["hidden 1, neuron 2"]
    window.canvas.select(["hidden_1"])
    studio.actions["edit.delete"].trigger()
    assert not window.pins.pins


def test_while_the_drawing_is_unfinished_pins_tell_of_the_network_that_was_trained(
    qtbot: QtBot, studio: Studio
) -> None:
    window = studio.window
    _train(qtbot, studio, 2)
    _pin(qtbot, studio, Pin("hidden_1", (0, 0), "kernel"))
    (card,) = window.pins.panel.cards
    first = window.control.kept()[0]

    def facts() -> tuple[str, str]:
        _settle(qtbot, studio)
        assert card.facts is not None
        return card.facts.value, card.facts.rows

    now = facts()
    window.time.show_step(first.step)
    then = facts()
    window.time.leave()
    window.control.perform(edits.disconnect(*studio.document.project.network.edges[-1]))
    assert studio.document.project.hindrance
    assert facts() == now
    window.time.show_step(first.step)
    assert facts() == then != now


def test_pins_go_when_another_project_is_opened(qtbot: QtBot, studio: Studio) -> None:
    window = studio.window
    _pin(qtbot, studio, Pin("hidden_1", (1,)))
    with qtbot.waitSignal(window.files.opened, timeout=PATIENCE):
        window.files.open(samples() / "wine.nns")
    assert "hidden_1" in studio.document.project.network
    assert not window.pins.pins
    assert not window.canvas.pins.pins


def test_a_pin_may_go_before_its_card_is_shown(qtbot: QtBot, studio: Studio) -> None:
    window, pin = studio.window, Pin("hidden_1", (1,))
    window.pins.pin(pin)
    window.pins.unpin(pin)
    qtbot.wait(100)  # a card would have its place by then
    assert window.pins.panel.cards == []


def test_delete_lets_a_pin_go_and_leaves_the_layer(qtbot: QtBot, studio: Studio) -> None:
    window = studio.window
    first, second = Pin("hidden_1", (0,)), Pin("answer", (2,))
    _pin(qtbot, studio, first, second)
    window.canvas.select(["hidden_1"])
    card = window.pins.panel.cards[0]
    card.setFocus()
    qtbot.keyClick(card, Qt.Key.Key_Delete)
    assert window.pins.pins == (second,)
    assert "hidden_1" in studio.document.project.network
    window.pins.pin(first)
    _settle(qtbot, studio)
    qtbot.mouseClick(window.pins.panel.cards[0].close_it, Qt.MouseButton.LeftButton)
    assert window.pins.pins == (first,)
    window.pins.panel.cards[0].rows[0].setFocus()
    qtbot.keyClick(window.pins.panel.cards[0].rows[0], Qt.Key.Key_Delete)
    assert not window.pins.pins
    assert "hidden_1" in studio.document.project.network


def test_the_oldest_pin_gives_way_and_that_is_said(qtbot: QtBot, studio: Studio) -> None:
    window = studio.window
    said: list[str] = []
    window.pins.told.connect(said.append)
    for unit in range(MOST_PINS + 1):
        window.pins.pin(Pin("hidden_1", (unit,)))
    _settle(qtbot, studio)
    assert [pin.index[0] for pin in window.pins.pins] == list(range(1, MOST_PINS + 1))
    assert any("oldest" in words for words in said)
    assert len(window.pins.panel.cards) == MOST_PINS
    qtbot.mouseClick(window.pins.panel.clear, Qt.MouseButton.LeftButton)
    assert not window.pins.pins


def test_a_weight_is_pinned_by_keys(qtbot: QtBot, studio: Studio) -> None:
    window = studio.window
    window.canvas.select(["answer"])

    def choose() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, PinDialog)
        assert dialog.layer.currentText() == "answer"
        dialog.unit.setFocus()
        qtbot.keyClick(dialog.unit, Qt.Key.Key_Down)
        dialog.what.setFocus()
        qtbot.keyClick(dialog.what, Qt.Key.Key_Down)
        qtbot.keyClick(dialog, Qt.Key.Key_Return)

    QTimer.singleShot(200, choose)
    studio.actions["view.pin"].trigger()
    _settle(qtbot, studio)
    assert window.pins.pins == (Pin("answer", (0, 1), "kernel"),)
    assert window.pins.panel.cards[0].title.text() == "weight hidden 1 · 1 → answer · versicolor"


def test_without_a_network_it_says_what_to_do(open_studio: Open) -> None:
    studio = open_studio()
    said: list[str] = []
    studio.window.pins.told.connect(said.append)
    studio.actions["view.pin"].trigger()
    assert any("Load data" in words for words in said)


def test_a_map_of_a_convolution_is_pinned(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "digits.nns")
    window, canvas = studio.window, studio.window.canvas
    studio.document.apply(edits.use_template("lenet"))
    conv = next(node.id for node in studio.document.project.network.nodes if node.layer.key == "conv2d")
    _click(qtbot, studio, _tile(canvas, conv, 2))
    assert window.pins.pins == (Pin(conv, (2,)),)
    (card,) = window.pins.panel.cards
    assert card.title.text().endswith(", map 3")
    assert card.about.text() == "over all 1,797 rows"
    assert card.value.text().startswith("mean ")


def test_pins_stay_with_their_neurons_and_weights_when_units_get_other_numbers(qtbot: QtBot, studio: Studio) -> None:
    _train(qtbot, studio, 3)
    window, document = studio.window, studio.document
    network = document.project.network
    hidden = network.targets(network.input_ids[0])[0]
    behind = network.targets(hidden)[0]
    stays, gone = Pin(hidden, (4,)), Pin(hidden, (1,))
    into, out = Pin(hidden, (0, 4), "kernel"), Pin(behind, (4, 0), "kernel")
    _pin(qtbot, studio, stays, gone, into, out)
    run = document.project.run
    assert run is not None
    values = [float(run.weights[pin.name][pin.index]) for pin in (into, out)]
    window.surgery.operate(lambda _: remove(hidden, (1, 2)))
    qtbot.waitUntil(lambda: not window.surgery.busy, timeout=PATIENCE)
    assert window.pins.pins == (Pin(hidden, (2,)), Pin(hidden, (0, 2), "kernel"), Pin(behind, (2, 0), "kernel"))
    now = document.project.run
    assert now is not None
    assert [float(now.weights[pin.name][pin.index]) for pin in window.pins.pins[1:]] == values
    studio.actions["edit.undo"].trigger()
    assert window.pins.pins == (stays, into, out)
    window.surgery.split(hidden, 0)
    qtbot.waitUntil(lambda: not window.surgery.busy, timeout=PATIENCE)
    assert window.pins.pins == (stays, into, out)


@pytest.mark.parametrize("is_running", [True, False])
def test_when_an_operation_removes_what_is_pinned_its_card_goes_at_once_and_that_is_said(
    qtbot: QtBot, studio: Studio, is_running: bool
) -> None:
    window = studio.window
    _train(qtbot, studio, 3)
    hidden = studio.document.project.network.order[1]
    _pin(qtbot, studio, Pin(hidden, (1,)))
    assert len(window.pins.panel.cards) == 1
    if is_running:
        window.control.train()
    window.surgery.operate(lambda _: remove(hidden, (1,)))
    qtbot.waitUntil(lambda: not window.surgery.busy, timeout=PATIENCE)
    assert window.control.running == is_running
    assert window.pins.pins == ()
    assert window.pins.panel.cards == []
    qtbot.waitUntil(lambda: "its pin is gone" in window.status.message(), timeout=PATIENCE)
    window.control.hold()


def test_what_was_pinned_in_a_file_is_pinned_again_when_it_is_opened(
    qtbot: QtBot, open_studio: Open, tmp_path: Path
) -> None:
    studio = open_studio(samples() / "iris.nns")
    neuron, weight = Pin("hidden_1", (3,)), Pin("hidden_1", (2, 1), "kernel")
    _pin(qtbot, studio, neuron, weight)
    path = tmp_path / "mine.nns"
    with qtbot.waitSignal(studio.window.files.saved, timeout=PATIENCE):
        studio.window.files._save(path, None)
    again = open_studio(path)
    assert again.window.pins.pins == (neuron, weight)
    again.window.pins.unpin(neuron)
    assert open_studio(path).window.pins.pins == (weight,)
    assert open_studio(samples() / "spirals.nns").window.pins.pins == ()
