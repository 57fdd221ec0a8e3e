"""The rows of the test are followed while a network trains, and stand as they are when it pauses."""

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.rows import RowsModel
from nnstudio.paths import samples
from nnstudio.project import edits
from tests.gui.conftest import Open
from tests.gui.watching.in_time import hidden_of, look_back, train


@pytest.mark.parametrize("name", ["iris", "cars"])
def test_while_it_trains_the_rows_that_are_seen_follow_and_a_pause_shows_them_as_they_stand(
    qtbot: QtBot, open_studio: Open, name: str
) -> None:
    studio = open_studio(samples() / f"{name}.csv")
    qtbot.waitUntil(lambda: studio.document.project.table is not None, timeout=20_000)
    window, panel = studio.window, studio.window.predictions
    assert panel.sentence.startswith("Press Train")
    window.docks.show("predictions")
    window.control.train()
    qtbot.waitUntil(lambda: "of the training" in panel.headline(), timeout=20_000)
    first = panel.headline()
    assert panel.sentence == ""
    assert window.control.running
    qtbot.waitUntil(lambda: panel.headline() != first, timeout=20_000)
    window.control.hold()
    run = studio.document.project.run
    assert run is not None
    assert "of the training" not in panel.headline()
    model = panel.table.model()
    assert isinstance(model, RowsModel)
    assert model.rowCount() == len(run.split.test)
    said = panel.headline()
    qtbot.wait(100)  # a look that was under way comes too late
    assert panel.headline() == said


def test_a_panel_that_nobody_sees_is_not_filled_while_it_trains(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    window, panel = studio.window, studio.window.predictions
    window.docks.show("boundary")
    said = panel.headline()
    window.control.train()
    qtbot.waitUntil(lambda: window.control.span()[1] > 200, timeout=20_000)
    qtbot.wait(300)
    assert panel.headline() == said
    window.control.hold()


def test_without_a_run_it_says_what_is_in_the_way(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.csv")
    qtbot.waitUntil(lambda: studio.document.project.table is not None, timeout=20_000)
    window, document = studio.window, studio.document
    window.perform(edits.remove_nodes([document.project.network.order[-1]]))
    assert window.predictions.sentence == document.project.hindrance
    assert document.project.hindrance
    window.control.undo()
    assert window.predictions.sentence.startswith("Press Train")


def test_when_a_change_of_the_drawing_is_taken_back_the_rows_are_there_again(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.csv")
    qtbot.waitUntil(lambda: studio.document.project.table is not None, timeout=20_000)
    window, panel, document = studio.window, studio.window.predictions, studio.document
    train(qtbot, studio, 50)
    said = panel.headline()
    assert "test rows right" in said
    hidden = document.project.network.node(hidden_of(studio))
    window.perform(edits.set_layer(hidden.id, hidden.layer.model_copy(update={"units": 5})))
    assert document.project.moved_on()
    assert panel.headline() == document.project.moved_on()
    look_back(qtbot, studio, 20)
    assert panel.headline() not in (said, document.project.moved_on())
    window.time.leave()
    assert panel.headline() == document.project.moved_on()
    window.control.undo()
    assert panel.headline() == said
    assert panel.table.isVisibleTo(panel)
