"""Frames go on as long as something trains."""

import numpy as np
from pytestqt.qtbot import QtBot

from nnstudio.engine import History
from nnstudio.gui.training.frame_clock import FrameClock
from nnstudio.session import Session, Snapshot


def _snapshot(step: int) -> Snapshot:
    return Snapshot("run_1", step, 0, np.zeros(1), np.zeros(0), 0.0, History())


def test_a_fault_in_one_frame_is_not_the_end_of_all(qtbot: QtBot) -> None:
    session, drawn = Session(lambda _: None), list[int]()

    def draw(snapshot: Snapshot) -> None:
        drawn.append(snapshot.step)
        if snapshot.step == 1:
            raise ValueError("This frame cannot be drawn.")

    clock = FrameClock(session, draw)
    with qtbot.captureExceptions() as faults:
        session.mailbox.put(_snapshot(1))
        clock.start()
        qtbot.waitUntil(lambda: drawn == [1])
        session.mailbox.put(_snapshot(2))
        qtbot.waitUntil(lambda: drawn == [1, 2])
    clock.stop()
    assert [kind for kind, _, _ in faults] == [ValueError]


def test_what_is_left_is_drawn_when_frames_end(qtbot: QtBot) -> None:
    session, drawn = Session(lambda _: None), list[int]()
    clock = FrameClock(session, lambda snapshot: drawn.append(snapshot.step))
    clock.start()
    session.mailbox.put(_snapshot(3))
    clock.stop()
    assert drawn == [3]
    session.mailbox.put(_snapshot(4))
    qtbot.wait(60)
    assert drawn == [3]
