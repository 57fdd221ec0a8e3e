"""The panel of runs."""

from pytestqt.qtbot import QtBot

from tests.gui.conftest import Open


def test_before_the_first_run_the_panel_says_how_one_comes_to_be(open_studio: Open, qtbot: QtBot) -> None:
    window = open_studio("samples/iris.nns").window
    runs = window.time.runs
    window.docks.show("runs")
    qtbot.waitUntil(lambda: runs.isVisible())
    assert not runs.tree.isVisible()
    window.train_epochs(2)
    qtbot.waitUntil(lambda: runs.tree.isVisible(), timeout=20_000)
    assert runs.tree.topLevelItemCount() == 1
    window.actions_by_id["edit.undo"].trigger()
    assert not runs.tree.isVisible()
