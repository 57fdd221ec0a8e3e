"""Whoever does not see the window is told what is in it, and what happens."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from nnstudio.gui.frame.status_line import StatusLine
from nnstudio.gui.look.accessible import Announcer, Role
from nnstudio.gui.main_window import MainWindow
from nnstudio.gui.moments.pin import Pin
from nnstudio.paths import samples
from nnstudio.project import edits
from tests.gui.conftest import Open

PANELS = (
    "palette",
    "outline",
    "history",
    "inspector",
    "training",
    "data",
    "loss",
    "boundary",
    "predictions",
    "pins",
    "problems",
    "row",
    "runs",
    "timeline",
    "confusion",
    "histograms",
    "roc",
)
NOTHING = {Role.NoRole, Role.Client}
"""Roles that say nothing."""


def _shown(window: QMainWindow) -> Iterator[QWidget]:
    """Yield what is seen and either takes the keys or shows something itself."""
    for widget in window.findChildren(QWidget):
        inner = isinstance(widget, QHeaderView) or isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox)
        if not widget.isVisible() or inner or widget.objectName().startswith("qt_scrollarea"):
            continue
        focus = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.focusProxy() is None
        ours = type(widget).__module__.startswith("nnstudio.") and "paintEvent" in vars(type(widget))
        if focus or ours or widget.accessibleName() or (isinstance(widget, QLabel) and widget.text()):
            yield widget


def _named(widget: QWidget) -> bool:
    """Return whether a widget is named, as lists are on Linux: by a label beside them."""
    told = QAccessible.queryAccessibleInterface(widget)
    if isinstance(widget, QComboBox):
        return bool(widget.accessibleName()) and bool(told.relations(QAccessible.RelationFlag.Label))
    return bool(told.text(QAccessible.Text.Name).strip())


def _unclear(window: QMainWindow) -> list[str]:
    """Return the widgets that a screen reader could not tell of."""
    found = []
    for widget in _shown(window):
        told = QAccessible.queryAccessibleInterface(widget)
        name = f"{type(widget).__name__} {widget.objectName()!r} {widget.accessibleName()!r}"
        if told is None or not told.isValid():
            found.append(f"{name}: unknown")
            continue
        if not _named(widget):
            found.append(f"{name}: no name")
        if told.role() in NOTHING:
            found.append(f"{name}: no role")
    return found


def _look_everywhere(window: MainWindow) -> list[str]:
    found: list[str] = []
    for panel in PANELS:
        window.docks.show(panel)
        QApplication.processEvents()
        found += _unclear(window)
    return found


def test_everything_that_is_shown_of_a_trained_network_has_a_name_and_a_role(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    window = studio.window
    with qtbot.waitSignal(window.control.committed, timeout=20_000):
        window.train_epochs(2)
    window.pins.pin(Pin("hidden_1", (0,)))
    window.pins.pin(Pin("hidden_1", (0, 0), "kernel"))
    assert len(list(_shown(window))) > 40
    assert _look_everywhere(window) == []
    for node in studio.document.project.network.nodes:
        window.canvas.select((node.id,))
        window.docks.show("inspector")
        QApplication.processEvents()
        assert _unclear(window) == []


def test_problems_and_empty_panels_have_names_and_roles(open_studio: Open) -> None:
    assert _look_everywhere(open_studio().window) == []
    studio = open_studio(samples() / "iris.nns")
    hidden = next(node for node in studio.document.project.network.nodes if node.layer.key == "dense")
    studio.document.apply(edits.remove_nodes((hidden.id,)))
    studio.window.docks.show("problems")
    assert _look_everywhere(studio.window) == []


def _in_menus(menu: QWidget) -> Iterator[QAction]:
    """Yield every action of a menu and of the menus within it."""
    for action in menu.actions():
        if not action.isSeparator():
            yield action
        within = action.menu()
        if isinstance(within, QMenu):
            yield from _in_menus(within)


def test_every_action_has_words_and_a_tip(open_studio: Open) -> None:
    window = open_studio().window
    actions = [*window.actions_by_id.values(), *_in_menus(window.menuBar()), *_in_menus(window.top_bar.export.menu())]
    assert len(actions) > 60
    for action in actions:
        assert action.text().strip(), action.objectName()
        assert action.toolTip().strip(), action.text()


def _activate(qtbot: QtBot, window: MainWindow) -> None:
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus)


def test_the_tab_key_goes_through_the_whole_window_and_back_to_the_canvas(qtbot: QtBot, open_studio: Open) -> None:
    window = open_studio(samples() / "iris.nns").window
    _activate(qtbot, window)
    seen: list[QWidget] = []
    for _ in range(120):
        widget = QApplication.focusWidget()
        if widget is None or widget in seen:
            break
        seen.append(widget)
        assert not widget.visibleRegion().isEmpty(), (type(widget).__name__, widget.accessibleName())
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is window.canvas
    assert window.top_bar.train in seen
    assert window.palette_panel.search in seen
    assert any(isinstance(widget, QTabBar) for widget in seen)
    assert any(isinstance(widget, QLineEdit) and window.inspector.isAncestorOf(widget) for widget in seen)


def test_what_takes_the_keys_looks_different_from_what_does_not(qtbot: QtBot, open_studio: Open) -> None:
    for theme in ("light", "dark", "contrast"):
        window = open_studio(samples() / "iris.nns", theme=theme).window
        for panel in ("data", "training"):
            window.docks.show(panel)
        _activate(qtbot, window)
        wanted = [widget for widget in _shown(window) if widget.isEnabled() and widget is not window.canvas]
        wanted = [widget for widget in wanted if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]
        assert len(wanted) > 25
        for widget in wanted:
            widget.ensurePolished()
            before = _picture(widget)
            widget.setFocus(Qt.FocusReason.OtherFocusReason)
            assert widget.hasFocus()
            assert _picture(widget) != before, (theme, type(widget).__name__, widget.accessibleName())
            window.canvas.setFocus()


def _picture(widget: QWidget) -> QImage:
    """Return what a widget looks like; of fields only the left edge, because a cursor blinks in them."""
    QApplication.processEvents()
    picture = widget.grab().toImage()
    return picture.copy(0, 0, 3, picture.height()) if isinstance(widget, QLineEdit | QAbstractSpinBox) else picture


def test_progress_is_told_but_not_more_often_than_one_can_listen(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    announcer = Announcer(widget, 200)
    told: list[str] = []
    announcer.said.connect(told.append)
    for number in range(50):
        announcer.say(f"Epoch {number}")
    assert told == ["Epoch 0"]
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[1] == "Epoch 49"
    announcer.say("late")
    announcer.say("")
    qtbot.wait(300)
    assert told[2:] == []


def test_the_status_line_lets_errors_and_the_best_cost_be_said(qtbot: QtBot) -> None:
    status = StatusLine()
    qtbot.addWidget(status)
    said: list[str] = []
    status.news.said.connect(said.append)
    status.progress.said.connect(said.append)
    status.tell("The file is not a table.")
    status.tell_progress(1200, 0.01234567)
    assert said == ["The file is not a table.", "Epoch 1,200, best cost 0.01235"]


@pytest.mark.parametrize("sample", ["iris"])
def test_training_in_the_window_is_told(qtbot: QtBot, open_studio: Open, sample: str) -> None:
    window = open_studio(samples() / f"{sample}.nns").window
    said: list[str] = []
    window.status.progress.said.connect(said.append)
    with qtbot.waitSignal(window.control.committed, timeout=20_000):
        window.train_epochs(3)
    qtbot.waitUntil(lambda: bool(said))
    assert "best cost" in said[0]
