"""Ctrl+Z in a field undoes what is being typed, and in the document once that was taken over."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.paths import samples
from tests.gui.conftest import Open

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def studio(qtbot: QtBot, open_studio: Open) -> Studio:
    made = open_studio(samples() / "iris.csv")
    with qtbot.waitActive(made.window):
        made.window.activateWindow()
    made.window.canvas.select(("hidden_1",))
    return made


def _units_field(studio: Studio) -> NumberField:
    field = studio.window.inspector.form.editor("units")
    assert isinstance(field, NumberField)
    field.setFocus()
    field.selectAll()
    return field


def _units(studio: Studio) -> object:
    return studio.document.project.network.shapes()["hidden_1"]


def test_a_number_that_was_taken_over_is_undone_in_the_document(qtbot: QtBot, studio: Studio) -> None:
    before, field = _units(studio), _units_field(studio)
    qtbot.keyClicks(field, "21")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert _units(studio) == (21,)
    qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert (_units(studio), field.text()) == (before, str(round(field.value())))
    assert field.lineEdit().selectedText() == field.text()
    qtbot.keyClick(field, Qt.Key.Key_Y, CONTROL)
    assert (_units(studio), field.text()) == ((21,), "21")
    for _ in range(2):  # once more than there is to undo
        qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert _units(studio) == before


def test_a_step_of_the_field_is_undone_in_the_document(qtbot: QtBot, studio: Studio) -> None:
    before, field = _units(studio), _units_field(studio)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert _units(studio) != before
    qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert _units(studio) == before


def test_while_a_number_is_typed_the_field_undoes_the_typing(qtbot: QtBot, studio: Studio) -> None:
    field = _units_field(studio)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    taken, text = _units(studio), field.text()
    qtbot.keyClicks(field, "77")
    qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert (_units(studio), field.text()) == (taken, text)


def test_a_title_that_was_taken_over_is_undone_in_the_document(qtbot: QtBot, studio: Studio) -> None:
    title = next(line for line in studio.window.inspector.findChildren(QLineEdit) if line.accessibleName() == "Title")
    before = title.text()
    title.setFocus()
    title.selectAll()
    qtbot.keyClicks(title, "first")
    qtbot.keyClick(title, Qt.Key.Key_Z, CONTROL)
    assert title.text() == before
    qtbot.keyClick(title, Qt.Key.Key_Y, CONTROL)
    assert title.text() == "first"
    qtbot.keyClick(title, Qt.Key.Key_Return)
    assert studio.document.project.network.node("hidden_1").name == "first"
    qtbot.keyClick(title, Qt.Key.Key_Z, CONTROL)
    assert studio.document.project.network.node("hidden_1").name == before
    assert title.text() == before


def test_the_learning_rate_is_undone_in_the_document(qtbot: QtBot, studio: Studio) -> None:
    before = studio.document.project.settings.optimizer.rate
    studio.window.docks.raise_("training")
    field = studio.window.training.form.editor("learning_rate")
    assert isinstance(field, NumberField)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.050")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert studio.document.project.settings.optimizer.rate == 0.05
    qtbot.keyClick(field, Qt.Key.Key_Z, CONTROL)
    assert studio.document.project.settings.optimizer.rate == before


def test_the_bar_shows_all_rows_for_an_optimizer_that_needs_them(studio: Studio) -> None:
    bar, choice = studio.window.top_bar, studio.window.training.optimizer.choice
    assert bar.batch.value() == "16"
    choice.setCurrentIndex(choice.findData("lbfgs"))
    choice.activated.emit(choice.currentIndex())
    assert bar.batch.value() == "all"
