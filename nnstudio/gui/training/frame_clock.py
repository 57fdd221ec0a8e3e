"""The pulse of the living window: one frame after another, never two at once."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from itertools import islice

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from nnstudio.session import Session, Snapshot

REST_MILLISECONDS = 19
"""Between the end of one frame and the beginning of the next at least: some 40 frames a second."""

REST_SHARE = 7
"""How many times as long as drawing lasts the rest is at least, so that training keeps most of the time."""

REMEMBERED_FRAMES = 2048
"""How many frame costs are kept for whoever measures the window."""

_LATELY = 8
"""Frames by which the rest is measured."""


class FrameClock(QObject):
    """Takes the newest snapshot at a steady pace and has it drawn while training stands still.

    The timer is armed again only after a frame is drawn, so that a slow screen means fewer frames and no queue.

    Parameters
    ----------
    session : Session
        Whose snapshots are drawn.
    draw : callable
        Shows a snapshot on everything that is visible, and returns when it is on the screen.
    """

    def __init__(self, session: Session, draw: Callable[[Snapshot], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.costs: deque[float] = deque(maxlen=REMEMBERED_FRAMES)
        self._session = session
        self._draw = draw
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_timeout)

    def start(self) -> None:
        """Beat from now on."""
        if not self._timer.isActive():
            self._timer.start(REST_MILLISECONDS)

    def stop(self) -> None:
        """Beat no more; what is left in the mailbox is drawn first."""
        self._timer.stop()
        self.beat()

    def beat(self) -> None:
        """Draw the newest snapshot, if there is one that was not drawn."""
        snapshot = self._session.mailbox.take()
        if snapshot is None:
            return
        began = time.perf_counter()
        self._session.drawing = True
        try:
            self._draw(snapshot)
        finally:
            self._session.drawing = False
        self.costs.append(time.perf_counter() - began)

    @Slot()
    def _on_timeout(self) -> None:
        try:
            self.beat()
        finally:  # a fault in one frame must not be the end of all
            lately = list(islice(reversed(self.costs), _LATELY))
            usual = 1000 * sum(lately) / max(1, len(lately))
            self._timer.start(max(REST_MILLISECONDS, round(REST_SHARE * usual)))
