"""What was operated on can be looked back at, as far as its weights still fit, and goes on from there."""

import numpy as np
from pytestqt.qtbot import QtBot

from nnstudio.paths import samples
from nnstudio.project.edits import surgery_edits
from nnstudio.session import Limit
from tests.gui.conftest import Open


def test_a_run_that_was_widened_can_be_looked_back_at_to_the_widening(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    window, document = studio.window, studio.document
    hidden = document.project.network.order[1]

    def train(epochs: int) -> None:
        with qtbot.waitSignal(window.control.committed, timeout=20_000):
            window.train_epochs(epochs)

    train(20)
    before = document.project.run
    assert before is not None
    window.control.operate(lambda _: surgery_edits.widen(hidden, 2))
    widened = document.project.run
    assert widened is not None
    assert len(widened.state.weights) > len(before.state.weights)
    assert widened.history.latest("epoch_cost") == before.history.latest("epoch_cost")
    train(20)
    after = document.project.run
    assert after is not None
    assert after.state.step > widened.state.step
    middle = (widened.state.step + after.state.step) // 2
    window.time.show_step(middle)
    qtbot.waitUntil(lambda: (shown := window.time.shown) is not None and shown.step == middle, timeout=20_000)
    shown = window.time.shown
    assert shown is not None
    assert shown.state.weights.shape == after.state.weights.shape
    assert not np.array_equal(shown.state.weights, after.state.weights)
    window.time.fork()
    forked = document.project.run
    assert forked is not None
    assert forked.parent == after.id
    train(2)
    assert document.project.run is not None
    assert document.project.run.state.step > middle


def test_after_an_operation_while_it_trains_undo_brings_the_past_back_and_redo_that_of_the_widened_run(
    qtbot: QtBot, open_studio: Open
) -> None:
    studio = open_studio(samples() / "spirals.nns")
    window, document = studio.window, studio.document
    timeline = window.time.timeline
    hidden = document.project.network.order[1]
    window.control.train()
    qtbot.waitUntil(lambda: timeline.slider.maximum() > 20, timeout=20_000)
    window.control.operate(lambda _: surgery_edits.widen(hidden, 2))
    assert studio.session.status == "running"
    run = document.project.run
    assert run is not None
    at = run.state.step
    qtbot.waitUntil(lambda: window.control.span()[1] > at + 20, timeout=20_000)
    window.control.undo()
    assert timeline.words.startswith(f"step {at:,} · layers were changed here")
    window.control.undo()
    assert timeline.words == f"step {at:,} · the end"
    window.time.show_step(10)
    qtbot.waitUntil(lambda: (shown := window.time.shown) is not None and shown.step == 10, timeout=20_000)
    shown = window.time.shown
    assert shown is not None
    assert len(shown.state.weights) < len(run.state.weights)
    window.time.leave()
    window.control.redo()
    window.control.redo()
    assert timeline.words.endswith("the end")
    window.time.show_step(at + 5)
    qtbot.waitUntil(lambda: (shown := window.time.shown) is not None and shown.step == at + 5, timeout=20_000)
    window.control.undo()
    window.control.undo()
    with qtbot.waitSignal(window.control.committed, timeout=20_000):
        window.control.train(Limit(steps=3))
    window.time.show_step(10)
    qtbot.waitUntil(lambda: (shown := window.time.shown) is not None and shown.step == 10, timeout=20_000)
