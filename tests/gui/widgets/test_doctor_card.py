"""What the doctor says can be read, and its buttons pressed, however narrow the canvas is."""

import pytest
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.gui.widgets.doctor_card import DoctorCard

SENTENCE = (
    "The class 'rare' is passed over: only 3 % of its rows are found, for 'often' comes 16 times as often. "
    "The first layer 'hidden 1' learns 1,000 times slower than the last."
)
CURE = "Start over with He normal start weights and ReLU in 3 layers"


@pytest.mark.parametrize("width", [240, 380, 560, 780, 1200])
def test_words_have_room_beside_the_buttons_or_above_them(qtbot: QtBot, width: int) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(width, 200)
    card = DoctorCard(over)
    over.show()
    card.say("The rate is high.", "Halve it", can_show=False, place=1, count=1)
    qtbot.waitExposed(over)
    card.say(SENTENCE, CURE, can_show=True, place=1, count=3)
    qtbot.waitUntil(lambda: card.cure.isVisible() and card.cure.width() > 100)
    (words,) = card.findChildren(QLabel)
    assert words.width() >= min(320, card.width() - 24)
    assert words.height() >= words.heightForWidth(words.width())
    buttons = [button for button in card.findChildren(QToolButton) if button.isVisible()]
    assert {button.text() for button in buttons} == {CURE, "Show", "1 of 3", "×"}
    places = [QRect(button.mapTo(card, button.rect().topLeft()), button.size()) for button in buttons]
    said = QRect(words.mapTo(card, words.rect().topLeft()), words.size())
    assert all(card.rect().contains(place) for place in (*places, said))
    assert not any(place.intersects(other) for at, place in enumerate(places) for other in (*places[:at], said))
    for button in buttons:
        assert button.width() >= min(button.sizeHint().width(), card.width() - 24)
