"""The history panel: a moment is travelled to once, and compared with now."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from pytestqt.qtbot import QtBot

from nnstudio import i18n
from nnstudio.engine.layers.dropout import Dropout
from nnstudio.gui.canvas.comparison import comparison_of
from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.gui.panels.history import HistoryPanel
from nnstudio.paths import samples
from nnstudio.project import Project, edits
from nnstudio.project.diff import Part
from tests.gui.conftest import Open
from tests.gui.trained import loaded
from tests.test_ground import write_catalogue


def _place(panel: HistoryPanel, row: int) -> QPoint:
    return panel.list.visualItemRect(panel.list.item(row)).center()


def test_a_click_travels_once_also_when_it_is_a_double_one(qtbot: QtBot) -> None:
    document = loaded("iris")
    moments = [document.project]
    for title in ("first", "second"):
        document.apply(edits.rename("answer", title))
        document.apply(edits.set_units("hidden_1", len(title)))
        moments.append(document.project)
    panel = HistoryPanel(document)
    qtbot.addWidget(panel)
    panel.resize(300, 500)
    panel.show()
    travelled: list[int] = []
    panel.travel_wanted.connect(travelled.append)
    panel.travel_wanted.connect(document.travel)
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=_place(panel, 3))
    assert travelled == [3]
    (part,) = [part for part in panel.parts() if part.id == "hidden_1"]
    assert [(change.path, change.before, change.after) for change in part.changes] == [("units", "6", "5")]
    qtbot.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=_place(panel, 3))
    assert travelled == [3]
    assert document.project == moments[1]
    assert panel.list.currentRow() == 3
    panel.list.setCurrentRow(5)
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert travelled == [3, 5]
    assert document.project == moments[2]


def test_an_arrow_key_compares_and_marks_what_is_new(qtbot: QtBot) -> None:
    document = loaded("iris")
    document.apply(edits.set_units("hidden_1", 5))
    document.apply(edits.add_note("words", (0.0, 0.0)))
    panel = HistoryPanel(document)
    qtbot.addWidget(panel)
    with qtbot.waitSignal(panel.difference_changed) as told:
        panel.list.setCurrentRow(1)
    assert comparison_of(told.args[0], told.args[1], Geometry(document.project)).marks == {"hidden_1": "changed"}
    document.apply(edits.group(("hidden_1", "answer"), "block"))
    document.apply(edits.set_collapsed("block_1", True))
    assert comparison_of(told.args[0], told.args[1], Geometry(document.project)).marks == {"block:block_1": "changed"}
    document.undo()
    document.undo()
    panel.list.setCurrentRow(1)
    (part,) = panel.parts()
    (change,) = part.changes
    assert (change.path, change.before, change.after) == ("units", "16", "5")
    panel.list.setCurrentRow(panel.list.count() - 1)
    assert not panel.parts()


def test_a_new_wire_is_shown_in_the_colour_of_what_is_new(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    window, history = studio.window, studio.window.history
    studio.document.apply(edits.insert_between("hidden_1", "answer", Dropout(rate=0.2)))
    before = window.canvas.grab().toImage()
    with qtbot.waitSignal(history.difference_changed) as told:
        history.list.setCurrentRow(history.list.count() - 2)
    new = [edge for edge in studio.document.project.network.edges if "dropout_1" in edge]
    assert comparison_of(told.args[0], told.args[1], window.canvas.scene.geometry).wires == set(new)
    assert window.canvas.grab().toImage() != before


def test_two_moments_of_the_past_are_compared_with_each_other(qtbot: QtBot) -> None:
    document = loaded("iris")
    for units in (5, 9, 12):
        document.apply(edits.set_units("hidden_1", units))
        document.apply(edits.rename("answer", f"answer {units}"))
    panel = HistoryPanel(document)
    qtbot.addWidget(panel)
    panel.resize(320, 500)
    panel.show()
    now = document.project
    travelled: list[int] = []
    panel.travel_wanted.connect(travelled.append)
    first, second = panel.list.count() - 6, panel.list.count() - 4
    panel.list.setCurrentRow(first)
    control = Qt.KeyboardModifier.ControlModifier
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, control, _place(panel, second))
    assert not travelled
    assert document.project is now
    changes = {change.path: (change.before, change.after) for part in panel.parts() for change in part.changes}
    assert changes == {"units": ("5", "9"), "title": ("answer", "answer 5")}
    (before,) = [action for action in panel.menu(first).actions() if action.text() == "Compare with the moment before"]
    before.trigger()
    changes = {change.path: (change.before, change.after) for part in panel.parts() for change in part.changes}
    assert changes == {"units": ("16", "5")}


def test_a_layer_that_is_gone_is_outlined_where_it_stood(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    window = studio.window
    place = studio.document.project.positions["hidden_1"]
    studio.document.apply(edits.remove_nodes(("hidden_1",)))
    before = window.canvas.grab().toImage()
    with qtbot.waitSignal(window.history.difference_changed) as told:
        window.history.list.setCurrentRow(0)
    ((name, where),) = comparison_of(told.args[0], told.args[1], window.canvas.scene.geometry).ghosts
    assert name == "hidden 1"
    assert where == pytest.approx(place, abs=4)  # on the grid
    assert window.canvas.grab().toImage() != before
    window.history.list.setCurrentRow(1)
    assert window.canvas.grab().toImage() == before


@pytest.mark.usefixtures("qtbot")  # cards need letters
def test_what_is_gone_is_outlined_where_no_card_hides_it() -> None:
    document = loaded("spirals")
    geometry = Geometry(document.project)
    taken = document.project.positions["hidden_1"]
    before = Project(positions={"one": taken, "two": taken, "three": (-900.0, -900.0)})
    placed = comparison_of([Part(id, id, "removed") for id in before.positions], before, geometry).ghosts
    places = [QRectF(x - 32, y - 32, 64, 64) for _, (x, y) in placed]
    assert not any(card.rect.intersects(place) for card in geometry.cards.values() for place in places)
    assert not places[0].intersects(places[1])
    assert placed[2][1] == pytest.approx((-900, -900), abs=4)  # on the grid


def test_what_was_done_is_told_in_the_language_of_the_person(qtbot: QtBot, tmp_path: Path) -> None:
    write_catalogue(tmp_path, {"Set {count} units": "{count} Einheiten", "Add a note": "Notiz"})
    document = loaded("iris")
    document.apply(edits.set_units("hidden_1", 5))
    document.apply(edits.add_note("words", (0.0, 0.0)))
    assert document.past[1:] == ("Set 5 units", "Add a note")
    try:
        i18n.use_language("de", tmp_path)
        panel = HistoryPanel(document)
        qtbot.addWidget(panel)
        assert [panel.list.item(row).text() for row in (2, 3)] == ["5 Einheiten", "Notiz"]
    finally:
        i18n.use_language("en", tmp_path)
