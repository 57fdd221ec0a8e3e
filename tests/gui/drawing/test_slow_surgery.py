"""What takes long to find out of a trained network is found out beside the window."""

import threading

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.paths import samples
from nnstudio.project import Edit, Project, edits
from nnstudio.project.edits.surgery_edits import widen
from tests.gui.conftest import Open

PATIENCE = 20_000


class Slow:
    """An operation that adds units, and is found out only when the gate is opened."""

    def __init__(self, studio: Studio, count: int) -> None:
        network = studio.document.project.network
        self.id = network.targets(network.input_ids[0])[0]
        self.units = (network.shapes()[self.id] or (0,))[0]
        self.gate = threading.Event()
        self._count = count

    def __call__(self, _: Project) -> Edit:
        assert self.gate.wait(PATIENCE / 1000)
        return widen(self.id, self._count)


@pytest.fixture
def studio(qtbot: QtBot, open_studio: Open) -> Studio:
    """The spirals in training."""
    studio = open_studio(samples() / "spirals.nns")
    studio.actions["training.start"].trigger()
    qtbot.waitUntil(lambda: studio.window.top_bar.epoch.value() not in ("", "0"), timeout=PATIENCE)
    return studio


def _trains(studio: Studio) -> bool:
    return studio.session.status == "running"


def _units(studio: Studio, slow: Slow) -> int:
    return (studio.document.project.network.shapes()[slow.id] or (0,))[0]


def test_meanwhile_the_run_stands_still_and_the_window_says_what_is_under_way(qtbot: QtBot, studio: Studio) -> None:
    surgery, slow = studio.window.surgery, Slow(studio, 2)
    surgery.operate(slow)
    assert surgery.busy
    assert studio.window.status.message() == "Changing the network… Train or any edit gives it up."
    assert not _trains(studio)
    assert _units(studio, slow) == slow.units
    slow.gate.set()
    qtbot.waitUntil(lambda: not surgery.busy, timeout=PATIENCE)
    assert "Outputs stay the same" in studio.window.status.message()
    assert _units(studio, slow) == slow.units + 2
    assert _trains(studio)


def test_an_edit_gives_it_up_and_nothing_begins_to_train(qtbot: QtBot, studio: Studio) -> None:
    surgery, slow = studio.window.surgery, Slow(studio, 2)
    surgery.operate(slow)
    studio.window.perform(edits.rename(slow.id, "another name"))
    slow.gate.set()
    qtbot.waitUntil(lambda: not surgery.busy, timeout=PATIENCE)
    assert studio.window.status.message() == "The project changed meanwhile, so nothing was done. Do it again."
    assert _units(studio, slow) == slow.units
    assert not _trains(studio)


def test_train_gives_it_up_and_trains(qtbot: QtBot, studio: Studio) -> None:
    surgery, slow = studio.window.surgery, Slow(studio, 2)
    surgery.operate(slow)
    studio.actions["training.start"].trigger()
    slow.gate.set()
    qtbot.waitUntil(lambda: not surgery.busy, timeout=PATIENCE)
    assert _units(studio, slow) == slow.units
    assert _trains(studio)


def test_a_newer_operation_takes_its_place_and_training_goes_on_behind_it(qtbot: QtBot, studio: Studio) -> None:
    surgery, first, second = studio.window.surgery, Slow(studio, 2), Slow(studio, 5)
    surgery.operate(first)
    surgery.operate(second)
    for slow in (second, first):
        slow.gate.set()
    qtbot.waitUntil(lambda: not surgery.busy and not studio.window.background.busy, timeout=PATIENCE)
    assert _units(studio, first) == first.units + 5
    assert _trains(studio)
