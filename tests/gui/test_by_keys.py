"""A network is built, trained and exported with keys alone, and everything on the way has a name."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.search_popup import SearchPopup
from nnstudio.paths import samples
from tests.gui.conftest import Open

PATIENCE = 20_000


def _name(widget: QWidget) -> str:
    """Return what a screen reader calls a widget."""
    interface = QAccessible.queryAccessibleInterface(widget)
    assert interface is not None
    return interface.text(QAccessible.Text.Name)


def _add(qtbot: QtBot, canvas: QWidget, words: str, passed: list[str]) -> None:
    qtbot.keyClick(canvas, words[0])
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, SearchPopup)
    passed += [_name(popup), _name(popup.line), _name(popup.list)]
    qtbot.keyClicks(popup.line, words[1:])
    qtbot.keyClick(popup.line, Qt.Key.Key_Return)


def test_a_network_is_built_trained_and_exported_with_keys_alone(
    qtbot: QtBot, open_studio: Open, tmp_path: Path
) -> None:
    studio = open_studio(samples() / "iris.csv")
    window, document, canvas = studio.window, studio.document, studio.window.canvas
    passed: list[str] = []
    with qtbot.waitActive(window):
        window.activateWindow()
    canvas.setFocus()
    passed.append(_name(canvas))
    qtbot.keyClick(canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert not document.project.network.nodes
    for words in ("input", "dense 8 tanh", "dense 3 softmax", "output"):
        _add(qtbot, canvas, words, passed)
    network = document.project.network
    assert network.edges == (("input", "hidden_1"), ("hidden_1", "hidden_2"), ("hidden_2", "output"))
    for _ in range(12):
        cures = [problem for problem in document.project.problems() if problem.severity == "error" and problem.fixes]
        if not cures:
            break
        window.docks.show("problems")
        button = window.problems.findChild(QPushButton)
        assert button is not None
        button.setFocus()
        passed.append(_name(button))
        qtbot.keyClick(button, Qt.Key.Key_Space)
        qtbot.wait(1)
    assert not [problem for problem in document.project.problems() if problem.severity == "error"]
    with qtbot.waitActive(window):  # no window manager gives it back the keys here, when a search has closed
        window.activateWindow()
    canvas.setFocus()
    with qtbot.waitSignal(window.control.committed, timeout=PATIENCE):
        qtbot.keyClick(canvas, Qt.Key.Key_F11)
    qtbot.waitUntil(lambda: studio.session.status == "paused", timeout=PATIENCE)
    qtbot.keyClick(canvas, Qt.Key.Key_F5)
    qtbot.waitUntil(lambda: int(window.top_bar.epoch.value().replace(",", "")) >= 40, timeout=PATIENCE)
    with qtbot.waitSignal(window.control.committed, timeout=PATIENCE):
        qtbot.keyClick(canvas, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    path = tmp_path / "weights.npz"

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QFileDialog)
        line = dialog.findChild(QLineEdit)
        assert line is not None
        passed.append(_name(dialog))
        line.selectAll()
        QTest.keyClicks(line, str(path))
        QTest.keyClick(line, Qt.Key.Key_Return)

    QTimer.singleShot(400, answer)
    qtbot.keyClick(canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(path.exists, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not window.background.busy, timeout=PATIENCE)
    with np.load(path, allow_pickle=False) as arrays:
        assert arrays["hidden_2/kernel"].shape == (8, 3)
    assert len(passed) > 12
    assert all(passed), passed
