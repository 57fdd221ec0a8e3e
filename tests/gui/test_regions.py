"""Keys lead from the canvas through the panels that are seen, and back to the canvas from each of them."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.gui.widgets.search_popup import SearchPopup
from nnstudio.paths import samples
from tests.gui.conftest import Open

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def studio(qtbot: QtBot, open_studio: Open) -> Studio:
    studio = open_studio(samples() / "iris.csv")
    with qtbot.waitActive(studio.window):
        studio.window.activateWindow()
    return studio


def _focused() -> QWidget:
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def test_one_key_leads_from_the_fields_of_every_panel_to_the_canvas(studio: Studio) -> None:
    window = studio.window
    for field in (window.palette_panel.search, window.palette_panel.list, window.outline.list):
        window.docks.show("outline" if window.outline.isAncestorOf(field) else "palette")
        field.setFocus()
        QTest.keyClick(_focused(), Qt.Key.Key_F7)
        assert window.canvas.hasFocus()


def test_one_key_leads_through_the_canvas_and_every_panel_that_is_seen_and_another_back(studio: Studio) -> None:
    window = studio.window
    seen = [window.docks.dock(name) for name in ("palette", "inspector", "data")]
    window.canvas.setFocus()
    passed: list[QWidget] = []
    for _ in range(40):
        QTest.keyClick(_focused(), Qt.Key.Key_F6, CONTROL)
        passed.append(_focused())
        if window.canvas.hasFocus():
            break
    assert passed[-1] is window.canvas
    assert all(any(dock.isAncestorOf(widget) for widget in passed) for dock in seen)
    assert all(widget.isVisible() and not window.docks.covers(widget) for widget in passed)
    back: list[QWidget] = []
    for _ in passed:
        QTest.keyClick(_focused(), Qt.Key.Key_F6, CONTROL | SHIFT)
        back.append(_focused())
    assert back == [*passed[-2::-1], window.canvas]


def test_the_canvas_is_reached_by_the_search_over_all_commands(studio: Studio) -> None:
    window = studio.window
    window.palette_panel.search.setFocus()
    QTest.keyClick(window.palette_panel.search, Qt.Key.Key_K, CONTROL)
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, SearchPopup)
    QTest.keyClicks(popup.line, "go to the canvas")
    QTest.keyClick(popup.line, Qt.Key.Key_Return)
    assert window.canvas.hasFocus()
