"""The page of shortcuts tells every action with keys under its menu, and finds one by its words or its keys."""

from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from nnstudio.gui.dialogs.shortcuts import ShortcutsDialog
from nnstudio.gui.frame.menus import MENUS
from tests.gui.conftest import Open


def test_every_action_with_keys_is_told_once_under_its_menu(qtbot: QtBot, open_studio: Open) -> None:
    actions = open_studio().actions
    dialog = ShortcutsDialog(MENUS, actions)
    qtbot.addWidget(dialog)
    rows = dialog.rows()
    native = QKeySequence.SequenceFormat.NativeText
    wanted = {
        (action.text(), action.shortcut().toString(native))
        for action in actions.values()
        if not action.shortcut().isEmpty()
    }
    told = [(action, keys) for menu, action, keys in rows if menu != "On the canvas"]
    assert set(told) == wanted
    assert len(told) == len(wanted)
    assert ("Training", "Train", "F5") in rows
    assert any(menu == "On the canvas" and "wires" in action for menu, action, _ in rows)


def test_a_search_leaves_what_is_meant(qtbot: QtBot, open_studio: Open) -> None:
    dialog = ShortcutsDialog(MENUS, open_studio().actions)
    qtbot.addWidget(dialog)
    everything = dialog.rows()
    dialog.search.setText("zoom in")
    assert ("View", "Zoom in", "Ctrl++") in dialog.rows()
    assert len(dialog.rows()) < len(everything)
    dialog.search.setText("F5")
    assert ("Training", "Train", "F5") in dialog.rows()
    dialog.search.clear()
    assert dialog.rows() == everything
    assert dialog.markdown().count("\n") == len(everything) + 2
