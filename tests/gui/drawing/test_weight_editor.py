"""A double click on an edge asks for its weight; the run is changed, and one undo brings it back."""

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtWidgets import QApplication, QInputDialog
from pytestqt.qtbot import QtBot

from nnstudio.paths import samples
from tests.gui.conftest import Open


def test_a_weight_is_set_by_a_double_click_on_its_edge(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    window, canvas = studio.window, studio.window.canvas
    with qtbot.waitSignal(window.control.committed, timeout=20_000):
        window.train_epochs(2)
    bundle = next(bundle for bundle in canvas.scene.synapses.bundles if bundle.kernel == "hidden_1/kernel")
    steps = bundle.points.shape[1]

    def place_of(edge: int) -> QPoint:
        x, y = bundle.points[edge, steps // 3].tolist()
        return canvas.view.to_widget(QPointF(x, y)).toPoint()

    chosen: list[tuple[str, int, int]] = []
    canvas.edge_chosen.connect(lambda *which: chosen.append(which))

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        dialog.setDoubleValue(2.5)
        dialog.accept()

    free = next(
        place
        for place in (place_of(edge) for edge in range(len(bundle.sources)))
        if canvas.scene.geometry.wire_at(canvas.view.to_scene(place.toPointF()), 20) is None
    )
    QTimer.singleShot(300, answer)
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=free)
    ((kernel, source, target),) = chosen
    run = studio.document.project.run
    assert run is not None
    assert run.weights[kernel][source, target] == 2.5
    frame = canvas.frame()
    assert frame is not None
    assert frame.weights[kernel][source, target] == 2.5
    studio.actions["edit.undo"].trigger()
    run = studio.document.project.run
    assert run is not None
    assert run.weights[kernel][source, target] != 2.5


def test_without_a_trained_network_it_says_why(open_studio: Open) -> None:
    window = open_studio(samples() / "iris.nns").window
    said: list[str] = []
    window.weights.told.connect(said.append)
    window.weights.set("hidden_1/kernel", (0, 0), 1.0)
    assert any("Train it first" in text for text in said)
