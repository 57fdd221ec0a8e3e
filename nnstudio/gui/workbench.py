"""Computes for several who show the same moment, one after another, in a thread beside the window."""

from __future__ import annotations

import _thread
import contextlib
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from nnstudio.gui.background import Job


class Workbench(QObject):
    """Does jobs in the order in which they come.

    What is done while the window is at work is delivered together: the window then paints once, not once for each.
    """

    _arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: deque[Job] = deque()
        self._done: list[Job] = []
        self._working = False
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)

    def run(self, op: Callable[[], Any]) -> Job:
        """Do something that does not touch the window, when all before it is done."""
        job = Job(op, "")
        with self._lock:
            self._waiting.append(job)
            begins, self._working = not self._working, True
        if begins:
            # Not a `Thread`, whose start waits until it runs: several milliseconds where others are at work.
            _thread.start_new_thread(self._work, ())
        return job

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._working = False
                    return
                job = self._waiting.popleft()
            job.work()
            with self._lock:
                is_told = bool(self._done)
                self._done.append(job)
            if not is_told:
                with contextlib.suppress(RuntimeError):  # the window may be gone, and then nobody wants to know
                    self._arrived.emit()

    @Slot()
    def _on_arrived(self) -> None:
        with self._lock:
            jobs, self._done = self._done, []
        for job in jobs:
            job.deliver()
