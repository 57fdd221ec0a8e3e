"""What pins, plots and the inspector show of a moment at which the network had other layers."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.gui.moments.pin import Pin
from nnstudio.paths import samples
from nnstudio.project import edits
from nnstudio.project.edits import surgery_edits
from tests.gui.conftest import Open
from tests.gui.watching.in_time import hidden_of, look_back, train


@pytest.fixture
def studio(open_studio: Open) -> Studio:
    return open_studio(samples() / "spirals.nns")


def test_no_pin_is_told_of_marked_or_set_while_layers_are_shown_that_were_others(qtbot: QtBot, studio: Studio) -> None:
    hidden, window = hidden_of(studio), studio.window
    train(qtbot, studio, 10)
    window.control.operate(lambda _: surgery_edits.remove(hidden, (0,)))
    train(qtbot, studio, 10)
    pin = Pin(hidden, (0, 0), "kernel")
    window.pins.pin(pin)
    qtbot.waitUntil(lambda: len(window.pins.history(pin).steps) > 1, timeout=20_000)
    known = list(window.pins.history(pin).steps)
    told: list[str] = []
    window.pins.told.connect(told.append)
    look_back(qtbot, studio, 5)
    (card,) = window.pins.panel.cards
    assert card.facts is not None
    assert (card.facts.value, card.facts.rows) == ("", "The network had other layers at this step.")
    assert list(window.pins.history(pin).steps) == known
    window.pins.toggle(Pin(hidden, (11,)))
    window.pins.choose()
    assert told == ["The network had other layers at this step. Go to the end to pin something."] * 2
    assert (window.pins.pins, tuple(window.canvas.pins.pins)) == ((pin,), ())
    window.time.leave()
    assert tuple(window.canvas.pins.pins) == (pin,)


def test_the_title_of_a_layer_of_then_names_no_layer_of_today(qtbot: QtBot, studio: Studio) -> None:
    hidden, fields = hidden_of(studio), studio.window.inspector.findChildren(QLineEdit)
    title = next(field for field in fields if field.accessibleName() == "Title")
    train(qtbot, studio, 10)
    studio.window.control.operate(lambda _: surgery_edits.widen(hidden, 2))
    studio.window.control.perform(edits.rename(hidden, "wide"))
    train(qtbot, studio, 10)
    studio.window.canvas.select([hidden])
    assert title.text() == "wide"
    look_back(qtbot, studio, 5)
    assert title.text() == "hidden 1"
    qtbot.keyClick(title, Qt.Key.Key_Return)
    assert studio.document.project.network.node(hidden).name == "wide"


@pytest.mark.parametrize("key", ["gradients", "updates", "histograms"])
def test_plots_over_the_steps_show_all_that_is_kept_of_the_network_of_then(
    qtbot: QtBot, studio: Studio, key: str
) -> None:
    window = studio.window
    for _ in range(4):
        train(qtbot, studio, 10)
    window.control.operate(lambda _: surgery_edits.widen(hidden_of(studio), 2))
    train(qtbot, studio, 10)
    window.docks.show(key)
    plot = window.plots.plots[key]
    first = {"gradients": 0, "updates": 10, "histograms": 0}[key]

    def steps() -> set[int]:
        qtbot.waitUntil(lambda: plot.is_seen and not plot.sentence and not plot.is_computing, timeout=20_000)
        return set(plot.table()["step"])

    assert min(steps()) >= 40
    for step in (10, 20):
        look_back(qtbot, studio, step)
        assert steps() >= set(range(first, 41, 10))
        assert max(steps()) == 40
    window.time.leave()
    assert min(steps()) >= 40
