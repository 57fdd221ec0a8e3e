"""The inspector tells of what is selected on the canvas: a layer, several, a wire, or the whole network."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.input import Input
from nnstudio.gui.panels.inspector import InspectorPanel
from nnstudio.paths import samples
from nnstudio.project import Settings, edits
from tests.gui.conftest import Open


def _words(inspector: InspectorPanel) -> str:
    return "\n".join(label.text() for label in inspector.findChildren(QLabel) if label.isVisibleTo(inspector))


def _iris(open_studio: Open) -> Studio:
    return open_studio(samples() / "iris.csv")


def test_a_wire_that_is_clicked_tells_what_runs_along_it(qtbot: QtBot, open_studio: Open) -> None:
    studio = _iris(open_studio)
    canvas, inspector, project = studio.window.canvas, studio.window.inspector, studio.document.project
    studio.window.docks.raise_("training")
    source, target = project.network.sources("output")[0], "output"
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.places.wire(source, target))
    assert canvas.scene.wire == (source, target)
    assert studio.window.docks.is_seen("inspector")
    names = [project.network.node(id).name for id in (source, target)]
    assert f"It carries 3 numbers a row from '{names[0]}' to '{names[1]}', as float32." in _words(inspector)
    studio.document.apply(edits.set_settings(Settings(precision="float64")))
    assert "as float64." in _words(inspector)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert "It carries" not in _words(inspector)
    canvas.scene.select_wire((source, target))
    canvas.scene.select_nodes((source,))
    assert "It carries" not in _words(inspector)
    canvas.scene.select_wire((source, target))
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert "It carries" not in _words(inspector)


def test_a_wire_tells_the_shape_of_what_is_not_flat_and_that_a_shape_is_not_known(open_studio: Open) -> None:
    studio = open_studio()
    document, scene, inspector = studio.document, studio.window.canvas.scene, studio.window.inspector
    document.apply(edits.add_node(Input(shape=(8, 8, 3)), (0.0, 0.0)))
    document.apply(edits.add_node(Dense(units=1), (200.0, 0.0), "input"))
    document.apply(edits.add_node(Dense(units=1), (400.0, 0.0), "hidden_1"))
    first, second = document.project.network.edges
    scene.select_wire(first)
    assert "It carries 192 numbers (8 × 8 × 3) a row from" in _words(inspector)
    document.apply(edits.disconnect(*first))
    scene.select_wire(second)
    assert "What runs along it is known once" in _words(inspector)
