"""Work that is not training, done beside the window: ``run(op).then(done, failed)``."""

from __future__ import annotations

import _thread
import contextlib
import threading
import traceback
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from nnstudio.errors import StudioError


class Job:
    """One piece of work in a thread of its own.

    Attributes
    ----------
    cancelled : bool
        Whether its result is no longer wanted; a long operation may look at it.
    """

    def __init__(self, op: Callable[[], Any], kind: str) -> None:
        self.kind = kind
        self.cancelled = False
        self.result: Any = None
        self.error: Exception | None = None
        self.details = ""
        self._op = op
        self._at_work = threading.Lock()
        self._at_work.acquire()
        self._done: Callable[[Any], None] | None = None
        self._failed: Callable[[str, str], None] | None = None

    def then(self, done: Callable[[Any], None], failed: Callable[[str, str], None]) -> Job:
        """Call `done` with the result, or `failed` with a message and details, in the window thread."""
        self._done, self._failed = done, failed
        return self

    def work(self) -> None:
        """Do it; called in its thread."""
        try:
            self.result = self._op()
        except Exception as error:  # whatever goes wrong is told, not lost
            self.error = error
            self.details = traceback.format_exc()
        finally:
            self._at_work.release()

    def wait(self, seconds: float) -> bool:
        """Wait at most so long until it is over, and return whether it is."""
        is_over = self._at_work.acquire(timeout=seconds)
        if is_over:
            self._at_work.release()
        return is_over

    def deliver(self) -> None:
        """Tell what came of it; called in the window thread."""
        if self.cancelled:
            return
        if self.error is None:
            if self._done is not None:
                self._done(self.result)
        elif self._failed is not None:
            known = isinstance(self.error, StudioError)
            message = str(self.error) if known else f"{type(self.error).__name__}: {self.error}"
            self._failed(message, "" if known else self.details)


class Background(QObject):
    """Runs jobs, and delivers what comes of them in the thread in which it lives."""

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []
        self._finished.connect(self._on_finished, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether a job is at work."""
        return bool(self._jobs)

    def run(self, op: Callable[[], Any], kind: str = "") -> Job:
        """Start a job.

        Parameters
        ----------
        op : callable
            What to do; it must not touch the window.
        kind : str
            A newer job of the same kind cancels an older one; empty never does.
        """
        for older in self._jobs:
            if kind and older.kind == kind:
                older.cancelled = True
        job = Job(op, kind)
        self._jobs.append(job)
        # Not a `Thread`, whose start waits until it runs: several milliseconds where others are at work.
        _thread.start_new_thread(self._work, (job,))
        return job

    def settle(self, job: Job, seconds: float) -> bool:
        """Wait a moment for a job; where it is over by then, deliver what came of it at once and return true."""
        is_over = job.wait(seconds)
        if is_over:
            self._on_finished(job)
        return is_over

    def cancel(self) -> None:
        """Want no result of any job any more."""
        for job in self._jobs:
            job.cancelled = True

    def _work(self, job: Job) -> None:
        job.work()
        with contextlib.suppress(RuntimeError):  # the window may be gone, and then nobody wants to know
            self._finished.emit(job)

    @Slot(object)
    def _on_finished(self, job: Job) -> None:
        if job in self._jobs:  # else it was delivered already
            self._jobs.remove(job)
            job.deliver()
