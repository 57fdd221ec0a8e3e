"""The line that says which colour is which class."""

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.class_key import ClassKey

NAMES = ("cultivar 1", "cultivar 2", "cultivar 3", "cultivar 4")


def _key(qtbot: QtBot, room: int, names: tuple[str, ...] = NAMES) -> ClassKey:
    key = ClassKey()
    qtbot.addWidget(key)
    key.show_classes([(name, QColor("red")) for name in names], room)
    return key


def test_no_name_is_cut_off_where_there_is_little_room(qtbot: QtBot) -> None:
    whole = _key(qtbot, 10_000)
    wide = QLabel.sizeHint(whole).width()
    assert all(name in whole.text() for name in NAMES)
    assert "more" not in whole.text()
    for room in range(wide - 1, wide // 2, -20):
        key = _key(qtbot, room)
        assert QLabel.sizeHint(key).width() <= room
        assert "more" in key.text()
        assert NAMES[0] in key.text()
        assert key.names == NAMES


def test_of_many_classes_the_first_few_are_named(qtbot: QtBot) -> None:
    key = _key(qtbot, 10_000, tuple(f"digit {digit}" for digit in range(10)))
    assert "digit 5" in key.text()
    assert "digit 6" not in key.text()
    assert key.text().endswith("… 4 more")
