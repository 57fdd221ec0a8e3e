"""The training thread: polite, obedient, and never waiting for who looks on."""

from __future__ import annotations

import contextlib
import threading
import time
import traceback
from collections import deque
from collections.abc import Callable
from typing import Any, Literal

from pydantic import ValidationError

from nnstudio.components import Component
from nnstudio.engine import Array, Rung, Training, rng, silencing
from nnstudio.engine.state import frozen
from nnstudio.errors import StudioError
from nnstudio.session.events import Changed, Diverged, Event, Failed, Finished, Paused, Refused, Resumed, Started
from nnstudio.session.ladder import Ladder
from nnstudio.session.limit import Limit
from nnstudio.session.mailbox import Mailbox
from nnstudio.session.snapshot import Snapshot

Wish = Literal["run", "pause", "stop"]

SLICE_SECONDS = 0.002
"""How long steps are done before the interpreter lock is offered; a frame that begins is given way to at once."""

STRETCH_SECONDS = 0.006
"""How long steps are done before costs are recorded and a snapshot may be left; flags are looked at between any two."""

MOST_STEPS = 4_096
"""Steps in a stretch at most."""

REST_SECONDS = 0.00005
"""Sleep after a slice, so that another thread can have the interpreter lock."""

SNAPSHOT_SECONDS = 0.008
"""No two snapshots are closer together than this."""

SNAPSHOT_SHARE = 0.015
"""The largest share of the time that copying weights for views may use."""

RUNG_SECONDS = 0.1
"""No two states are kept closer together than this."""

RUNG_SHARE = 0.005
"""The largest share of the time that keeping states may use."""

SPEED_SECONDS = 0.5
"""Steps per second are measured over stretches of this length."""


class Worker:
    """One thread that owns one `Training` and obeys flags.

    Parameters
    ----------
    run : str
        The id under which snapshots and events speak.
    begin : callable
        Returns the training; called in the thread, because binding a large network takes time.
    mailbox : Mailbox of Snapshot
        Where the newest picture is left.
    report : callable
        Called in this thread with every `Event`.
    limit : Limit
        When to pause.
    ladder : Ladder
        Where states are kept, to go back to.

    Notes
    -----
    `training` may be read by another thread only while `parked` is true; nothing touches it then, and settings that are
    changed meanwhile wait until it goes on.
    """

    def __init__(
        self,
        run: str,
        begin: Callable[[], Training],
        mailbox: Mailbox[Snapshot],
        report: Callable[[Event], None],
        limit: Limit,
        ladder: Ladder,
    ) -> None:
        self.run = run
        self.training: Training | None = None
        self.parked = False
        self.watching = False
        self._seen: tuple[int, Array, Array | None] | None = None
        self._silencing: tuple[str, ...] = ()
        self._drawing = False
        self._begin = begin
        self._mailbox = mailbox
        self._report = report
        self._wish: Wish = "run"
        self._limit: Limit | None = limit
        self._ladder = ladder
        self._rung_due = 0.0
        self._kept_at: tuple[int, int] | None = None
        self._last_step: int | None = None
        self._last_cost: float | None = None
        self._changes: deque[tuple[str, Any]] = deque()
        self._wake = threading.Condition()
        self.seconds = 0.0
        self._speed = 0.0
        self._speed_mark = (0.0, 0)
        self._snapshot_due = 0.0
        self._slice_began = 0.0
        self._stretch_ends = 0.0
        self._thread = threading.Thread(target=self._live, name=f"training {run}", daemon=True)

    @property
    def drawing(self) -> bool:
        """Whether a frame is being built; nothing is trained meanwhile."""
        return self._drawing

    @drawing.setter
    def drawing(self, value: bool) -> None:
        with self._wake:
            self._drawing = value
            self._wake.notify()

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread.start()

    def resume(self, limit: Limit) -> None:
        """Go on, until told otherwise or until a limit."""
        with self._wake:
            if self._wish == "stop":
                return
            self._limit = limit
            self._wish = "run"
            self.parked = False
            self._wake.notify()

    def pause(self) -> None:
        """Stand still after the step being done, and hold everything."""
        with self._wake:
            if self._wish == "run":
                self._wish = "pause"
                self._wake.notify()

    def stop(self) -> None:
        """End after the step being done."""
        with self._wake:
            if self._wish != "stop":
                self._wish = "stop"
                self.parked = False
                self._wake.notify()

    def change(self, name: str, value: Any) -> None:
        """Use another value of a setting from the next step on."""
        with self._wake:
            self._changes.append((name, value))
            self._wake.notify()

    def join(self, seconds: float | None = None) -> bool:
        """Wait for the thread to end, and return whether it has."""
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _live(self) -> None:
        try:
            self.training = training = self._begin()
            self._silencing = silencing(training.program.network)
            self._keep_rung(training, is_anchor=True)
            self._report(Started(self.run, training.forecast))
            while self._wish != "stop":
                if self._wish == "run":
                    self._train(training)
                else:
                    self._park(training)
            self._apply_changes(training)
            self._leave_snapshot(training)
            self._keep_rung(training)
            self.parked = True
            self._report(Finished(self.run, "epochs" if training.finished else "stopped"))
        except StudioError as error:
            self._fail(str(error))
        except MemoryError:
            self._fail("There is not enough memory to train this network. Use a smaller batch or fewer units.")
        except Exception as error:  # the window must learn of it, whatever it is
            self._fail(f"Training ended because of a fault in the studio ({type(error).__name__}: {error}).")

    def _fail(self, message: str) -> None:
        """Say that the run cannot go on; called while the error is handled."""
        with self._wake:
            self._wish = "stop"
            self.parked = True
        self._report(Failed(self.run, message, traceback.format_exc()))

    def _train(self, training: Training) -> None:
        """Do stretches of steps until a flag, a limit, the end or a fault of the numbers."""
        self._speed_mark = (time.perf_counter(), training.step)
        while self._wish == "run":
            self._apply_changes(training)
            self._take_limit(training)
            began = self._slice_began = time.perf_counter()
            self._stretch_ends = began + STRETCH_SECONDS
            left = MOST_STEPS if self._last_step is None else min(MOST_STEPS, self._last_step - training.step)
            if self._last_cost is not None:
                left = min(left, training.steps_left_in_epoch)
            if left > 0:
                training.advance(left, self._rest_or_interrupt, self._rest_or_give_up)
            now = time.perf_counter()
            self.seconds += now - began
            if training.diverged:
                self._keep_rung(training, is_anchor=True)
                self._hold()
                self._leave_snapshot(training)
                self._report(Diverged(self.run, training.divergence))
                return
            if training.finished:
                with self._wake:
                    self._wish = "stop"
                return
            if self._is_at_limit(training):
                self._hold(unless_told_anew=True)
            self._measure_speed(training, now)
            if now >= self._snapshot_due and self._mailbox.empty:
                self._leave_snapshot(training)
            if now >= self._rung_due:
                self._keep_rung(training)

    def _rest_or_interrupt(self) -> bool:
        """Be polite between two steps; return whether the stretch is to end."""
        return self._rest_or_give_up() or time.perf_counter() >= self._stretch_ends or bool(self._changes)

    def _rest_or_give_up(self) -> bool:
        """Be polite; return whether a step is not to be done to its end. That a stretch is over is no reason for that.

        After a slice another thread gets the interpreter lock, and while a frame is drawn nothing is done at all.
        """
        now = time.perf_counter()
        if self._drawing:
            with self._wake:
                while self._drawing and self._wish == "run":
                    self._wake.wait()
            self._slice_began = time.perf_counter()
        elif now - self._slice_began >= SLICE_SECONDS:
            time.sleep(REST_SECONDS)
            self._slice_began = time.perf_counter()
        return self._wish != "run" or self._limit is not None

    def _park(self, training: Training) -> None:
        """Stand still until told to go on, and say so."""
        self._apply_changes(training)
        self._leave_snapshot(training)
        self._keep_rung(training)
        with self._wake:
            parked = self.parked = self._wish == "pause"
        if parked:
            self._report(Paused(self.run))
            with self._wake:
                # Told to go on and at once to pause again, it leaves, parks anew and says so.
                while self._wish == "pause" and self.parked:
                    self._wake.wait()
                self.parked = False
        if self._wish == "run":
            training.recover()
            if parked:
                self._report(Resumed(self.run))

    def _hold(self, *, unless_told_anew: bool = False) -> None:
        with self._wake:
            if self._wish == "run" and not (unless_told_anew and self._limit is not None):
                self._wish = "pause"

    def _is_at_limit(self, training: Training) -> bool:
        if self._last_step is not None and training.step >= self._last_step:
            return True
        if self._last_cost is None or training.steps_left_in_epoch != training.steps_per_epoch:
            return False
        latest = training.history.latest("epoch_cost")
        return latest is not None and latest <= self._last_cost

    def _take_limit(self, training: Training) -> None:
        """Count the steps or epochs that were last asked for from where the training stands."""
        with self._wake:
            limit, self._limit = self._limit, None
        if limit is None:
            return
        self._last_cost = limit.cost
        if limit.rows is not None:
            training.advance_rows(limit.rows)
            self._last_step = training.step
        elif limit.steps is not None:
            self._last_step = training.step + limit.steps
        elif limit.epochs is not None:
            more = (limit.epochs - 1) * training.steps_per_epoch
            self._last_step = training.step + training.steps_left_in_epoch + more
        else:
            self._last_step = None

    def _apply_changes(self, training: Training) -> None:
        while self._changes:
            name, value = self._changes.popleft()
            try:
                training.change(**{name: value})
            except (ValueError, StudioError) as error:  # the run itself is sound, so it goes on as it was
                self._report(Refused(self.run, _refusal(name, value, error)))
            else:
                self._report(Changed(self.run, training.journal[-1]))

    def _measure_speed(self, training: Training, now: float) -> None:
        began, step = self._speed_mark
        if now - began >= SPEED_SECONDS or (not self._speed and now > began and training.step > step):
            self._speed = (training.step - step) / (now - began)
            if now - began >= SPEED_SECONDS:
                self._speed_mark = (now, training.step)

    def _watched(self, training: Training) -> tuple[Array, Array | None]:
        """Return the last gradient, and the mean change of a step since this was last asked."""
        step, now, change = training.step, frozen(training.program.flat), None
        if self._seen is not None and step >= self._seen[0]:
            before, weights, change = self._seen
            if step > before:  # else nothing was trained since, and the change before is still the last
                change = (now - weights) / (step - before)
        self._seen = step, now, change
        return frozen(training.program.flat_gradients), change

    def _leave_snapshot(self, training: Training) -> None:
        began = time.perf_counter()
        weights, memory = frozen(training.answer_weights), frozen(training.program.memory)
        gradients, change = self._watched(training) if self.watching else (None, None)
        if not self.watching:
            self._seen = None
        self._mailbox.put(
            Snapshot(
                run=self.run,
                step=training.step,
                epoch=training.epoch,
                weights=weights,
                memory=memory,
                steps_per_second=self._speed,
                history=training.history,
                gradients=gradients,
                change=change,
                streams={id: rng.pack(training.program.streams[id]) for id in self._silencing},
                next_rows=training.rows_of_next_step,
            )
        )
        now = time.perf_counter()
        self._snapshot_due = now + max(SNAPSHOT_SECONDS, (now - began) / SNAPSHOT_SHARE)

    def _keep_rung(self, training: Training, *, is_anchor: bool = False) -> None:
        """Keep the whole state, to go back to; not so soon again where that takes long.

        What is kept already stays as it is: an operation on the run that stands still may have gone on from there.
        """
        here = training.step, len(training.journal)
        if here == self._kept_at and not is_anchor:
            return
        began = time.perf_counter()
        with contextlib.suppress(MemoryError):  # then there is less to go back to, and training goes on
            self._ladder.add(Rung(training.state(), len(training.journal), training.plan, is_anchor))
            self._kept_at = here
        now = time.perf_counter()
        self._rung_due = now + max(RUNG_SECONDS, (now - began) / RUNG_SHARE)


def _refusal(name: str, value: Any, error: Exception) -> str:
    words, said = name.replace("_", " "), value.title if isinstance(value, Component) else repr(value)
    why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error).rstrip(".")
    return f"The {words} cannot be {said} ({why}); training goes on with the one it had. Choose another value."
