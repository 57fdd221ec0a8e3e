"""What the window and scripts hold to control training."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from nnstudio.engine import Training
from nnstudio.session.events import Event
from nnstudio.session.ladder import Ladder
from nnstudio.session.limit import UNLIMITED, Limit
from nnstudio.session.mailbox import Mailbox
from nnstudio.session.snapshot import Snapshot
from nnstudio.session.worker import Worker

Status = Literal["idle", "running", "paused"]


class Session:
    """Starts, pauses, steps, steers and stops one run at a time.

    Parameters
    ----------
    report : callable
        Called with every `Event`, in the training thread: hand it on to your own thread.

    Notes
    -----
    All methods return at once. What was learned is read from `training` when the run stands still, which the events
    `Paused`, `Diverged` (followed by `Paused`) and `Finished` say.
    """

    def __init__(self, report: Callable[[Event], None]) -> None:
        self.mailbox: Mailbox[Snapshot] = Mailbox()
        self._report = report
        self._worker: Worker | None = None
        self._watching = False

    def watch(self, *, wanted: bool) -> None:
        """Put gradients and changes into the snapshots, or leave them out again, which costs less."""
        self._watching = wanted
        if self._worker:
            self._worker.watching = wanted

    @property
    def status(self) -> Status:
        """What the run is doing; ``"paused"`` only once it really stands still."""
        if self._worker is None:
            return "idle"
        return "paused" if self._worker.parked else "running"

    @property
    def run(self) -> str:
        """The id of the run under control, or an empty string."""
        return self._worker.run if self._worker else ""

    @property
    def training(self) -> Training | None:
        """The run's training while it stands still, else None."""
        return self._worker.training if self._worker and self._worker.parked else None

    @property
    def seconds(self) -> float:
        """Time spent training since the run was started here, without pauses."""
        return self._worker.seconds if self._worker else 0.0

    @property
    def drawing(self) -> bool:
        """Whether a frame is being built; training stands still meanwhile."""
        return bool(self._worker and self._worker.drawing)

    @drawing.setter
    def drawing(self, value: bool) -> None:
        if self._worker:
            self._worker.drawing = value

    def start(
        self,
        run: str,
        begin: Callable[[], Training],
        limit: Limit = UNLIMITED,
        ladder: Ladder | None = None,
    ) -> None:
        """Begin a run; one that is still under control is let go first.

        Parameters
        ----------
        run : str
            The run's id.
        begin : callable
            Returns the training, at its first step or wherever it was left; called in the training thread.
        limit : Limit
            When to pause; on and on by default.
        ladder : Ladder, optional
            Where states are kept, to go back to; an own one by default.
        """
        self.release()
        self._worker = Worker(run, begin, self.mailbox, self._report, limit, ladder or Ladder())
        self._worker.watching = self._watching
        self._worker.start()

    def resume(self, limit: Limit = UNLIMITED) -> None:
        """Go on with a paused run, bit for bit where it was, until told otherwise or until a limit."""
        if self._worker:
            self._worker.resume(limit)

    def pause(self) -> None:
        """Hold the run; `Paused` is reported when it stands still."""
        if self._worker:
            self._worker.pause()

    def stop(self) -> None:
        """End the run; `Finished` is reported when it has ended."""
        if self._worker:
            self._worker.stop()

    def change(self, name: str, value: Any) -> None:
        """Use another value of a setting from the next step on."""
        if self._worker:
            self._worker.change(name, value)

    def wait(self, seconds: float | None = None) -> bool:
        """Wait until the thread has ended, and return whether it has."""
        return self._worker is None or self._worker.join(seconds)

    def release(self) -> None:
        """End the run if there is one, wait for its thread, and forget it."""
        if self._worker:
            self._worker.stop()
            self._worker.join()
            self._worker = None
        self.mailbox.take()
