"""The card of the answer, the timeline and the list of runs tell the same cost of the same moment."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.paths import samples
from tests.gui.conftest import Open
from tests.gui.watching.in_time import look_back, run_of, train


@pytest.fixture
def studio(open_studio: Open) -> Studio:
    return open_studio(samples() / "iris.csv")


def _cost_on_card(studio: Studio) -> str:
    frame = studio.window.canvas.frame()
    assert frame is not None
    return "–" if frame.cost is None else f"{frame.cost:.4g}"


@pytest.mark.parametrize("step", [3, 60, 63])
def test_an_earlier_step_costs_the_same_on_the_card_and_the_timeline_before_and_after_saving(
    qtbot: QtBot, studio: Studio, tmp_path: Path, step: int
) -> None:
    window, path = studio.window, tmp_path / "a.nns"
    run = train(qtbot, studio, 200)
    end = _cost_on_card(studio)
    look_back(qtbot, studio, step)
    then = _cost_on_card(studio)
    assert then != end
    assert f"cost {then}" in window.time.timeline.words
    window.time.leave()
    studio.document.path = path
    with qtbot.waitSignal(window.files.saved, timeout=20_000):
        window.files.save()
    with qtbot.waitSignal(window.files.opened, timeout=20_000):
        window.files.open(path)
    qtbot.waitUntil(lambda: run_of(studio) is not run and not window.background.busy, timeout=20_000)
    assert _cost_on_card(studio) == end
    look_back(qtbot, studio, step)
    assert _cost_on_card(studio) == then
    assert f"cost {then}" in window.time.timeline.words
    qtbot.waitUntil(window.time.timeline.fork.isEnabled, timeout=20_000)
    window.time.fork()
    assert run_of(studio).parent == run.id
    assert _cost_on_card(studio) == then
