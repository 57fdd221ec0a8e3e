"""The window is used as a person uses it, with real events."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDropEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.components import members
from nnstudio.export.formats.npz import NpzExporter
from nnstudio.gui.canvas.synapses import edge_color, scale_of
from nnstudio.gui.dialogs.report import ReportDialog
from nnstudio.gui.dialogs.templates import TemplatesDialog
from nnstudio.gui.look.theme import theme
from nnstudio.gui.recovery import Recovery
from nnstudio.paths import samples
from nnstudio.project import edits, open_project
from tests.gui.conftest import Open

PATIENCE = 20_000


def _drop(studio: Studio, data: QMimeData, position: QPoint) -> None:
    canvas = studio.window.canvas
    event = QDropEvent(
        QPointF(position),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    canvas.dropEvent(event)


def _drop_file(qtbot: QtBot, studio: Studio, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    with qtbot.waitSignal(studio.window.files.opened, timeout=PATIENCE):
        _drop(studio, data, QPoint(200, 150))


def _train_until(qtbot: QtBot, studio: Studio, epochs: int) -> None:
    studio.actions["training.start"].trigger()
    qtbot.waitUntil(lambda: int(studio.window.top_bar.epoch.value().replace(",", "")) >= epochs, timeout=PATIENCE)


def _stop(qtbot: QtBot, studio: Studio) -> None:
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.actions["training.stop"].trigger()
    qtbot.waitUntil(lambda: studio.session.status == "idle", timeout=PATIENCE)


def test_the_first_minute(qtbot: QtBot, open_studio: Open, tmp_path: Path) -> None:
    studio = open_studio()
    window = studio.window
    _drop_file(qtbot, studio, samples() / "iris.csv")
    assert "'species' is one of 3 classes" in window.status.message()
    assert not window.problems.problems()
    _train_until(qtbot, studio, 120)
    qtbot.waitUntil(lambda: len(window.loss.points("validation")[0]) > 0, timeout=PATIENCE)
    assert len(window.loss.points("train")[0]) > 2
    _stop(qtbot, studio)
    run = studio.document.project.run
    assert run is not None
    assert run.metrics["accuracy"] >= 0.85
    shown = f"{run.metrics['accuracy']:.1%}".replace("%", "\N{NO-BREAK SPACE}%")
    assert shown in window.status.metric_text()
    assert "33.3\N{NO-BREAK SPACE}%" in window.status.metric_text()
    assert f"{round(run.metrics['accuracy'] * 30)} of 30 test rows right" in window.predictions.headline()
    with qtbot.waitSignal(window.files.told, timeout=PATIENCE) as told:
        window.files.export_weights(NpzExporter(), tmp_path / "weights.npz")
    assert "checked on 30 rows" in told.args[0]
    with np.load(tmp_path / "weights.npz", allow_pickle=False) as arrays:
        assert arrays["target/classes"].tolist() == ["setosa", "versicolor", "virginica"]


def test_train_pause_step_stop_reset_and_new_weights_mean_what_they_say(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    document = studio.document
    frame = studio.window.canvas.frame()
    assert frame is not None
    first = {name: values.copy() for name, values in frame.weights.items()}
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.actions["training.step"].trigger()
    qtbot.waitUntil(lambda: studio.session.status == "paused", timeout=PATIENCE)
    assert document.project.run is not None
    assert document.project.run.state.step == 1
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.actions["training.epoch"].trigger()
    assert document.project.run.state.epoch == 1
    assert document.project.run.state.position == 0
    _train_until(qtbot, studio, 20)
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.actions["training.pause"].trigger()
    held = document.project.run
    _train_until(qtbot, studio, held.state.epoch + 10)
    _stop(qtbot, studio)
    assert document.project.run is not None
    assert document.project.run.id == held.id
    assert document.project.run.state.step > held.state.step
    studio.actions["training.reset"].trigger()
    frame = studio.window.canvas.frame()
    assert frame is not None
    assert all((frame.weights[name] == first[name]).all() for name in first)
    studio.actions["training.newWeights"].trigger()
    frame = studio.window.canvas.frame()
    assert frame is not None
    assert (frame.weights["hidden_1/kernel"] != first["hidden_1/kernel"]).any()
    studio.actions["edit.undo"].trigger()
    studio.actions["edit.undo"].trigger()
    assert document.project.run is not None
    assert document.project.run.state.step > held.state.step


def test_the_rate_changes_while_it_runs(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    _train_until(qtbot, studio, 5)
    editor = studio.window.training.form.editor("learning_rate")
    editor.setValue(0.005)  # type: ignore[attr-defined]  # the form gives a number field
    _stop(qtbot, studio)
    run = studio.document.project.run
    assert run is not None
    assert any(change.name == "optimizer" for change in run.journal)
    assert run.settings.optimizer.rate == 0.005


def test_undo_and_redo_while_it_trains_take_the_training_back_and_bring_it_again(
    qtbot: QtBot, open_studio: Open
) -> None:
    studio = open_studio(samples() / "spirals.nns")
    before = studio.document.project
    _train_until(qtbot, studio, 5)
    studio.actions["edit.undo"].trigger()
    qtbot.wait(100)  # what the training thread still had to tell has arrived
    assert studio.document.project is before
    assert studio.window.top_bar.epoch.value() == "0"
    studio.actions["edit.redo"].trigger()
    assert studio.document.project.run is not None
    assert studio.document.project.run.state.epoch >= 5
    held = studio.document.project.run
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.actions["training.step"].trigger()
    assert studio.document.project.run.state.step == held.state.step + 1


def test_an_edit_of_structure_pauses_and_keeps_what_was_learned(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    _train_until(qtbot, studio, 5)
    canvas = studio.window.canvas
    canvas.select(("hidden_2",))
    studio.actions["edit.delete"].trigger()
    assert studio.session.status == "paused"
    assert ("hidden_1", "answer") in studio.document.project.network.edges
    assert studio.document.project.run is not None
    assert studio.document.past[-2].startswith("Train to")
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.window.train_epochs(5)
    assert "hidden_2/kernel" not in studio.document.project.run.weights


def test_layers_are_dragged_in_wired_moved_renamed_and_deleted(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio()
    canvas, document = studio.window.canvas, studio.document
    for key, place in (("input", QPoint(150, 200)), ("dense", QPoint(350, 200)), ("output", QPoint(550, 200))):
        data = QMimeData()
        data.setData("application/x-nnstudio-component", key.encode())
        _drop(studio, data, place)
    assert [node.id for node in document.project.network.nodes] == ["input", "hidden_1", "output"]
    _drag(qtbot, studio, canvas.places.output_port("input"), canvas.places.input_port("hidden_1"))
    _drag(qtbot, studio, canvas.places.output_port("hidden_1"), canvas.places.input_port("output"))
    assert document.project.network.edges == (("input", "hidden_1"), ("hidden_1", "output"))
    data = QMimeData()
    data.setData("application/x-nnstudio-component", b"dropout")
    _drop(studio, data, canvas.places.wire("input", "hidden_1"))
    assert ("dropout_1", "hidden_1") in document.project.network.edges
    before = document.project.positions["hidden_1"]
    start = canvas.places.grip("hidden_1")
    _drag(qtbot, studio, start, start + QPoint(0, 96))
    assert document.project.positions["hidden_1"] != before
    count = len(document.past)
    studio.actions["edit.undo"].trigger()
    assert document.project.positions["hidden_1"] == before
    assert len(document.past) == count - 1
    canvas.select(("dropout_1",))
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert ("input", "hidden_1") in document.project.network.edges
    _drag(qtbot, studio, canvas.places.output_port("hidden_1"), canvas.places.output_port("input"))
    assert ("hidden_1", "input") not in document.project.network.edges
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.places.wire("input", "hidden_1"))
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert ("input", "hidden_1") not in document.project.network.edges
    assert studio.window.problems.problems()


def _distance(first: QColor, second: QColor) -> int:
    pairs = ((first.red(), second.red()), (first.green(), second.green()), (first.blue(), second.blue()))
    return max(abs(a - b) for a, b in pairs)


def _drag(qtbot: QtBot, studio: Studio, start: QPoint, end: QPoint) -> None:
    canvas = studio.window.canvas
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.3, 0.6, 1.0):
        qtbot.mouseMove(canvas, start + (end - start) * share)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)


def test_neurons_and_edges_show_the_weights_of_the_moment(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns", size=(1800, 1000))
    canvas = studio.window.canvas
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.window.train_epochs(60)
    qtbot.wait(50)
    frame = canvas.frame()
    run = studio.document.project.run
    assert frame is not None
    assert run is not None
    kernel = run.weights["hidden_2/kernel"]
    assert (frame.weights["hidden_2/kernel"] == kernel).all()
    image = canvas.grab().toImage()
    ratio = image.devicePixelRatio()
    strong = [(i, j) for i in range(8) for j in range(8) if abs(kernel[i, j]) > 0.6 * np.abs(kernel).max()]
    assert strong
    names = [studio.document.project.network.node(id).name for id in ("hidden_1", "hidden_2")]
    for i, j in strong:
        # Not in the middle, where edges between units that mirror each other cross.
        told = canvas.hover_at(canvas.places.edge("hidden_1", i, "hidden_2", j, along=0.2))
        assert told == f"{names[0]} · {i + 1} → {names[1]} · {j + 1}: {float(kernel[i, j]):.4g}"
    # The strongest edge is painted last, so that its own colour is what is seen along it.
    strongest = max(strong, key=lambda edge: abs(kernel[edge]))
    colour = edge_color(float(kernel[strongest] / scale_of(kernel)), theme())
    middle_of_edge = canvas.places.edge("hidden_1", strongest[0], "hidden_2", strongest[1])
    near = [QPointF(dx, dy) for dx in range(-9, 10) for dy in range(-2, 3)]
    seen = [image.pixelColor(((middle_of_edge + offset) * ratio).toPoint()) for offset in near]
    assert min(_distance(pixel, colour) for pixel in seen) <= 12
    opposite = edge_color(-float(kernel[strongest] / scale_of(kernel)), theme())
    assert _distance(colour, opposite) > 100
    for unit in range(8):
        rect = canvas.places.neuron("hidden_1", unit)
        told = canvas.hover_at(rect.center())
        low, high = frame.maps["hidden_1"][unit].min(), frame.maps["hidden_1"][unit].max()
        assert f"from {low:.3g} to {high:.3g}" in told
        bias = run.weights["hidden_1/bias"][unit]
        assert f"bias {float(bias):.4g}" in told
        # The middle of the tile has the colour of the sign of what the unit says there.
        middle = frame.maps["hidden_1"][unit][16, 16] / max(abs(low), abs(high))
        if abs(middle) > 0.5:
            colour = image.pixelColor((rect.center() * ratio).toPoint())
            assert (colour.blue() > colour.red()) == (middle > 0)


def test_bad_files_are_told_and_leave_what_was_open_untouched(qtbot: QtBot, open_studio: Open, tmp_path: Path) -> None:
    studio = open_studio(samples() / "spirals.nns")
    before = studio.document.project
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n1,2\n3\n")
    with qtbot.waitSignal(studio.window.files.failed, timeout=PATIENCE) as failed:
        studio.window.files.open(bad)
    assert "line 3" in failed.args[0]
    assert studio.document.project is before
    dialog = studio.window.findChild(ReportDialog)
    assert isinstance(dialog, ReportDialog)
    assert "line 3" in dialog.text()
    dialog.close()


def test_data_that_cannot_be_trained_load_and_train_says_why(qtbot: QtBot, open_studio: Open, tmp_path: Path) -> None:
    studio = open_studio()
    one_class = tmp_path / "one.csv"
    one_class.write_text("a,b,class\n" + "\n".join(f"{i / 7},{i / 3},same" for i in range(40)))
    with qtbot.waitSignal(studio.window.files.opened, timeout=PATIENCE):
        studio.window.files.open(one_class)
    assert studio.document.project.table is not None
    with qtbot.waitSignal(studio.window.control.refused, timeout=PATIENCE) as refused:
        studio.actions["training.start"].trigger()
    assert refused.args[0]
    assert studio.window.problems.problems()


def test_a_saved_project_opens_with_its_weights_and_predicts_as_the_command_line_does(
    qtbot: QtBot, open_studio: Open, tmp_path: Path
) -> None:
    studio = open_studio(samples() / "iris.nns")
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.window.train_epochs(50)
    path = tmp_path / "iris.nns"
    studio.document.path = path
    with qtbot.waitSignal(studio.window.files.told, timeout=PATIENCE):
        studio.actions["file.save"].trigger()
    assert studio.document.saved
    assert open_project(path) == studio.document.project
    with qtbot.waitSignal(studio.window.files.predicted, timeout=PATIENCE) as predicted:
        studio.window.files.predict(samples() / "iris.csv")
    command = [sys.executable, "-m", "nnstudio", "predict", str(path), "--data", str(samples() / "iris.csv")]
    ran = subprocess.run(command, capture_output=True, check=True)
    assert ran.stdout == predicted.args[0].to_csv()
    assert "150 rows" in studio.window.predictions.headline()


def test_closing_while_it_trains_is_safe(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "digits.nns")
    studio.actions["training.start"].trigger()
    qtbot.waitUntil(lambda: studio.session.status == "running", timeout=PATIENCE)
    studio.window.close()
    assert studio.session.status == "idle"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("sample", ["xor", "circles", "iris", "wine", "digits", "cars"])
def test_every_sample_opens_trains_and_is_drawn(qtbot: QtBot, open_studio: Open, sample: str, theme: str) -> None:
    studio = open_studio(samples() / f"{sample}.nns", theme=theme, size=(1280, 800))
    assert studio.window.width() == 1280
    before = studio.window.canvas.grab().toImage()
    assert before == studio.window.canvas.grab().toImage()
    with qtbot.waitSignal(studio.window.control.committed, timeout=PATIENCE):
        studio.window.train_epochs(3)
    assert studio.window.canvas.frame() is not None
    # Nothing but the weights has changed, so it is they that are seen.
    assert studio.window.canvas.grab().toImage() != before


PANELS = """
palette canvas inspector problems lossPlot dataPanel trainingPanel predictionsPanel boundaryPlot
"""
ACTIONS = """
file.new file.open file.save file.saveAs file.sample data.import edit.undo edit.redo edit.delete edit.selectAll
view.fit view.zoomIn view.zoomOut view.pin training.start training.pause training.step training.epoch training.stop
training.row training.toEpoch training.untilCost
training.reset training.newWeights export.weights help.shortcuts help.commands edit.cut edit.copy edit.paste
edit.duplicate edit.group edit.ungroup canvas.fold canvas.rename canvas.quickAdd canvas.connect canvas.addNote
canvas.find canvas.layout view.fitSelection view.wires export.picture file.template canvas.saveBlock
training.findRate training.nextWrong view.activations view.weights view.gradients view.changes
view.toCanvas view.nextRegion view.previousRegion
"""


def test_the_promised_names_are_there(open_studio: Open) -> None:
    studio = open_studio()
    for name in PANELS.split():
        assert studio.window.findChild(QWidget, name) is not None, name
    assert set(ACTIONS.split()) == set(studio.actions)
    assert all(action.objectName() == id for id, action in studio.actions.items())


def test_unsaved_work_is_kept_when_the_window_closes(open_studio: Open, tmp_path: Path) -> None:
    studio = open_studio()
    studio.window.files.recovery = Recovery(tmp_path / "kept")
    studio.window.canvas.add_component("dense")
    studio.window.close()
    assert open_project(tmp_path / "kept" / "unsaved.nns") == studio.document.project


def test_a_template_is_drawn_from_the_gallery_and_fits_the_data(open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.csv")
    dialog = TemplatesDialog(studio.document.project)
    assert set(dialog.keys()) == {member.key for member in members("templates")}
    assert "square number of columns" in dialog.words("lenet")
    assert dialog.keys().index("two_inputs") < dialog.keys().index("lenet")
    studio.window.perform(edits.use_template("two_inputs"))
    assert not studio.window.problems.problems()
    assert len(studio.document.project.network.input_ids) == 2
    assert studio.window.canvas.frame() is not None
    studio.actions["edit.undo"].trigger()
    assert len(studio.document.project.network.input_ids) == 1
