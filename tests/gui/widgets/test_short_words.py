"""A choice ends words for which it has no room with an ellipsis, and is painted as ever where there is room."""

import pytest
from PySide6.QtWidgets import QComboBox
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.short_words import shorten_words


@pytest.mark.parametrize(("width", "has_room"), [(110, False), (420, True)])
def test_only_words_without_room_are_painted_otherwise(qtbot: QtBot, width: int, has_room: bool) -> None:
    pictures = []
    for shorten in (False, True):
        choice = QComboBox()
        choice.addItem("Mean squared logarithmic error")
        qtbot.addWidget(choice)
        choice.resize(width, 32)
        if shorten:
            shorten_words(choice)
        pictures.append(choice.grab().toImage())
    assert (pictures[0] == pictures[1]) is has_room
