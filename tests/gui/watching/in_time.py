"""What tests of the time machine do again and again: train some steps, and look back at one."""

from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.engine import Rung
from nnstudio.project import Run
from nnstudio.session import Limit


def run_of(studio: Studio) -> Run:
    """Return the run that is shown."""
    run = studio.document.project.run
    assert run is not None
    return run


def train(qtbot: QtBot, studio: Studio, steps: int) -> Run:
    """Train so many steps, and return the run where it stands then."""
    with qtbot.waitSignal(studio.window.control.committed, timeout=20_000):
        studio.window.control.train(Limit(steps=steps))
    qtbot.waitUntil(lambda: not studio.window.control.running, timeout=20_000)
    return run_of(studio)


def look_back(qtbot: QtBot, studio: Studio, step: int) -> Rung:
    """Show the exact moment of a step."""
    studio.window.time.show_step(step)
    qtbot.waitUntil(lambda: (shown := studio.window.time.shown) is not None and shown.step == step, timeout=20_000)
    shown = studio.window.time.shown
    assert shown is not None
    return shown


def hidden_of(studio: Studio) -> str:
    """Return the first layer after the input."""
    return studio.document.project.network.order[1]


def units_drawn(studio: Studio, id: str) -> int:
    """Return how many units of a layer are on the canvas."""
    shape = studio.window.canvas.scene.geometry.network.shapes()[id]
    assert shape is not None
    return shape[-1]
