"""Trains steps between two kept states again beside the window, and finds out whether that leads to the same bytes."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from nnstudio.engine import Rung
from nnstudio.gui.background import Background
from nnstudio.i18n import tr
from nnstudio.project import Run
from nnstudio.session import Ladder, Timelines, largest_difference, leads_to, replay

_KIND = "time machine"

_TELL_MILLISECONDS = 200


class Replays(QObject):
    """One replay at a time; the newest cancels the one before.

    States on the way are put on the ladder, so that the next replay near there is short. Where a run was trained at
    another time or on another computer, the first replay goes on to the next state that is known, and looks whether it
    arrives at the same bytes; until then nothing that was trained again is kept.

    Parameters
    ----------
    background : Background
    timelines : Timelines
        Where states are kept.
    """

    arrived = Signal(object, float)
    """The `Rung` that was asked for, and after how many seconds it was there."""

    advanced = Signal(int)
    """The step that a replay has come to, a few times a second."""

    compared = Signal(bool)
    """Whether training again leads to the same bytes as then."""

    failed = Signal(str)

    def __init__(self, background: Background, timelines: Timelines, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background, self._timelines = background, timelines
        self._asked = 0
        self._way: list[Rung] = []
        self._tell = QTimer(self, interval=_TELL_MILLISECONDS)
        self._tell.timeout.connect(self._on_tell)

    @property
    def busy(self) -> bool:
        """Whether steps are being trained again."""
        return self._tell.isActive()

    def go(self, run: Run, step: int) -> None:
        """Train again to a step of a run, which must not train meanwhile, from the newest state before it."""
        ladder = self._timelines.of(run.id, run.state)
        rung = ladder.below(step) if ladder is not None else None
        if ladder is not None and rung is not None:
            self.cancel()
            self._way = []
            done = partial(self._on_arrived, run, ladder, rung, time.perf_counter())
            self._train(rung, run, step, done)

    def cancel(self) -> None:
        """Want nothing any more of what is under way."""
        self._asked += 1
        self._tell.stop()

    def _train(self, rung: Rung, run: Run, step: int, done: Callable[[Rung], None]) -> None:
        asked = self._asked
        self._tell.start()
        work = partial(replay, rung, run.journal, step, lambda: asked == self._asked, self._way.append)
        self._background.run(work, _KIND).then(partial(self._if_wanted, asked, done), self._on_failed)

    def _on_arrived(self, run: Run, ladder: Ladder, start: Rung, began: float, found: Rung) -> None:
        self._tell.stop()
        self._way.append(found)
        goal = ladder.above(found.step)
        can_be_compared = goal is not None and leads_to(run.journal, found, goal)
        is_doubtful = start.step < ladder.here_from and can_be_compared
        if not is_doubtful:
            self._timelines.put(ladder, self._way)
        self.arrived.emit(found, time.perf_counter() - began)
        if is_doubtful and goal is not None and not ladder.difference:
            self._train(found, run, goal.step, partial(self._on_compared, ladder, goal))

    def _on_compared(self, ladder: Ladder, goal: Rung, found: Rung) -> None:
        self._tell.stop()
        ladder.difference = largest_difference(found.state, goal.state)
        if not ladder.difference:
            ladder.here_from, ladder.is_certain = 0, True
            self._timelines.put(ladder, self._way)
        self.compared.emit(not ladder.difference)

    def _if_wanted(self, asked: int, done: Callable[[Rung], None], found: Rung | None) -> None:
        if asked != self._asked:
            return
        if found is not None:
            done(found)
        else:
            self._on_failed(tr("This step cannot be trained again: by its settings the run ended before it."), "")

    @Slot(str, str)
    def _on_failed(self, message: str, details: str) -> None:
        del details
        self._tell.stop()
        self.failed.emit(message)

    @Slot()
    def _on_tell(self) -> None:
        if self._way:
            self.advanced.emit(self._way[-1].step)
