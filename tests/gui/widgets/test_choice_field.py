"""The list of a choice shows each of its entries whole, and begins at the one that is chosen."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QPixmap
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.gui.widgets.choice_field import ChoiceField
from nnstudio.paths import samples
from tests.gui.conftest import Open


@pytest.fixture
def studio(open_studio: Open) -> Studio:
    made = open_studio(samples() / "spirals.nns")
    made.window.docks.raise_("training")
    return made


@pytest.mark.parametrize("name", ["mode", "clipping", "optimizer", "precision"])
def test_every_entry_is_seen_whole(studio: Studio, name: str) -> None:
    field = getattr(studio.window.training, name)
    choice: ChoiceField = getattr(field, "choice", field)
    choice.showPopup()
    view = choice.view()
    seen = view.viewport().rect()
    entries = [view.visualRect(choice.model().index(row, 0)) for row in range(choice.count())]
    assert all(seen.contains(entry) for entry in entries)
    assert view.viewport().width() >= view.sizeHintForColumn(0)
    choice.hidePopup()


def test_a_list_that_was_left_with_escape_opens_at_what_is_chosen(qtbot: QtBot, studio: Studio) -> None:
    choice = studio.window.training.optimizer.choice
    chosen = choice.currentIndex()
    choice.showPopup()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Escape):
        qtbot.keyClick(choice.view(), key)
    assert choice.currentIndex() == chosen
    choice.showPopup()
    assert choice.view().currentIndex().row() == chosen
    choice.hidePopup()


def test_titles_stand_in_line_where_some_have_no_picture(qtbot: QtBot) -> None:
    picture = QPixmap(8, 8)
    picture.fill(Qt.GlobalColor.red)
    field = ChoiceField([("a", "A", ""), ("b", "B", "")], {"a": QIcon(picture), "b": QIcon()})
    qtbot.addWidget(field)
    assert not field.itemIcon(1).isNull()
    field.show_icons({})
    assert field.itemIcon(0).isNull()
