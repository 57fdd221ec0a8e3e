"""The session obeys from another thread and loses nothing."""

import queue
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from nnstudio.engine import Training, TrainingPlan
from nnstudio.errors import NetworkError
from nnstudio.session import (
    Changed,
    Diverged,
    Event,
    Failed,
    Finished,
    Limit,
    Mailbox,
    Paused,
    Refused,
    Resumed,
    Session,
    Started,
)
from tests.engine.networks import chain, dense

PATIENCE = 20


class Desk:
    """A session and the events it reported."""

    def __init__(self) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.session = Session(self.events.put)

    def expect(self, kind: type[Event]) -> Any:
        event = self.events.get(timeout=PATIENCE)
        assert isinstance(event, kind), event
        return event

    def until(self, condition: Callable[[], object]) -> None:
        end = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < end
            time.sleep(0.001)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.session.release()


def _plan(**changes: Any) -> TrainingPlan:
    stream = np.random.default_rng(0)
    fields: dict[str, Any] = {
        "network": chain(2, dense(8, "tanh"), dense(1)),
        "inputs": stream.normal(size=(60, 2)),
        "targets": stream.normal(size=(60, 1)),
        "batch_size": 16,
    }
    return TrainingPlan(**{**fields, **changes})


def test_a_search_that_tries_everything_says_before_it_starts_how_long_that_takes(desk: Desk) -> None:
    search = {"type": "brute_force", "values_per_weight": 5}
    plan = _plan(network=chain(2, dense(1)), optimizer=search, batch_size=None)
    desk.session.start("r", lambda: Training(plan))
    assert desk.expect(Started).forecast.startswith("125 combinations, about ")
    desk.expect(Finished)
    desk.session.start("s", lambda: Training(_plan()))
    assert desk.expect(Started).forecast == ""


def test_a_paused_run_goes_on_with_the_bytes_of_one_that_never_stopped(desk: Desk) -> None:
    session = desk.session
    session.start("r", lambda: Training(_plan(epochs=300)))
    desk.expect(Started)
    for _ in range(3):
        desk.until(lambda: session.mailbox.take())
        session.pause()
        desk.expect(Paused)
        assert session.status == "paused"
        session.resume()
        desk.expect(Resumed)
    assert desk.expect(Finished).reason == "epochs"
    whole = Training(_plan(epochs=300))
    whole.advance(10**6)
    assert session.training is not None
    assert session.training.state() == whole.state()


def test_one_step_and_one_epoch_pause_by_themselves(desk: Desk) -> None:
    desk.session.start("r", lambda: Training(_plan()), Limit(steps=1))
    desk.expect(Started)
    desk.expect(Paused)
    assert desk.session.training is not None
    assert desk.session.training.step == 1
    desk.session.resume(Limit(epochs=1))
    desk.expect(Resumed)
    desk.expect(Paused)
    assert (desk.session.training.epoch, desk.session.training.step) == (1, 4)


def test_stop_ends_the_run_and_its_weights_can_be_read(desk: Desk) -> None:
    desk.session.start("r", lambda: Training(_plan()))
    desk.expect(Started)
    desk.until(lambda: desk.session.mailbox.take())
    desk.session.stop()
    assert desk.expect(Finished).reason == "stopped"
    assert desk.session.wait(PATIENCE)
    assert desk.session.training is not None
    assert desk.session.training.step > 0


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_steps_that_take_longer_than_a_stretch_are_done_and_can_be_given_up(desk: Desk, optimizer: str) -> None:
    stream = np.random.default_rng(0)
    network = chain(2, dense(64, "tanh"), dense(64, "tanh"), dense(1))
    rows = {"inputs": stream.normal(size=(20_000, 2)), "targets": stream.normal(size=(20_000, 1))}
    plan = _plan(network=network, batch_size=None, optimizer=optimizer, **rows)
    desk.session.start("r", lambda: Training(plan))
    desk.expect(Started)
    desk.until(lambda: (seen := desk.session.mailbox.take()) is not None and seen.step >= 2)
    desk.session.stop()
    desk.expect(Finished)


def test_stop_obeys_also_while_paused(desk: Desk) -> None:
    desk.session.start("r", lambda: Training(_plan()), Limit(steps=1))
    desk.expect(Started)
    desk.expect(Paused)
    desk.session.stop()
    assert desk.expect(Finished).reason == "stopped"


def test_the_rate_changes_while_it_runs(desk: Desk) -> None:
    desk.session.start("r", lambda: Training(_plan()))
    desk.expect(Started)
    desk.session.change("learning_rate", 0.25)
    assert desk.expect(Changed).change.value == 0.25
    desk.session.pause()
    desk.expect(Paused)
    assert desk.session.training is not None
    assert desk.session.training.learning_rate == 0.25


def test_who_goes_on_and_pauses_again_at_once_stands_still(desk: Desk) -> None:
    desk.session.start("r", lambda: Training(_plan()))
    desk.expect(Started)
    desk.session.pause()
    desk.expect(Paused)
    for _ in range(20):
        desk.session.resume()
        desk.session.pause()
        event = desk.events.get(timeout=PATIENCE)
        if isinstance(event, Resumed):  # where it had woken in between
            desk.expect(Paused)
        else:
            assert isinstance(event, Paused), event
        assert desk.session.status == "paused"


def test_nothing_touches_a_paused_run(desk: Desk) -> None:
    desk.session.start("r", lambda: Training(_plan()), Limit(steps=3))
    desk.expect(Started)
    desk.expect(Paused)
    training = desk.session.training
    assert training is not None
    rate = training.learning_rate
    desk.session.change("learning_rate", 0.25)
    with pytest.raises(queue.Empty):
        desk.events.get(timeout=0.1)
    assert training.learning_rate == rate
    assert training.journal == ()
    desk.session.stop()
    assert desk.expect(Changed).change.value == 0.25
    desk.expect(Finished)
    assert training.learning_rate == 0.25


def test_a_value_that_is_not_allowed_is_told_and_the_run_goes_on(desk: Desk) -> None:
    desk.session.start("r", lambda: Training(_plan()))
    desk.expect(Started)
    desk.session.change("learning_rate", -1)
    assert desk.expect(Refused).message.startswith("The learning rate cannot be -1")
    desk.session.change("batch_size", 0)
    assert "at least one row" in desk.expect(Refused).message
    desk.session.resume(Limit(steps=1))
    desk.expect(Paused)
    assert desk.session.training is not None
    assert desk.session.training.journal == ()


@pytest.mark.parametrize("pauses", [False, True])
def test_steps_that_are_asked_for_before_the_run_stands_still_are_counted(desk: Desk, pauses: bool) -> None:
    desk.session.start("r", lambda: Training(_plan()))
    desk.expect(Started)
    desk.until(lambda: desk.session.mailbox.take())
    if pauses:
        desk.session.pause()
    desk.session.resume(Limit(steps=5))
    desk.until(lambda: desk.session.status == "paused")
    assert desk.session.training is not None
    step = desk.session.training.step
    desk.session.resume(Limit(steps=2))
    desk.until(lambda: desk.session.status == "paused")
    assert desk.session.training.step == step + 2


def test_a_run_that_has_ended_does_not_seem_to_go_on(desk: Desk) -> None:
    desk.session.start("r", lambda: Training(_plan(epochs=2)))
    desk.expect(Started)
    desk.expect(Finished)
    desk.session.resume()
    desk.session.stop()
    assert desk.session.status == "paused"


def test_snapshots_are_frozen_copies_of_a_moment(desk: Desk) -> None:
    desk.session.start("r", lambda: Training(_plan()))
    desk.expect(Started)
    snapshots: list[Any] = []
    while len(snapshots) < 2:
        found = desk.session.mailbox.take()
        if found is not None:
            snapshots.append(found)
    first, second = snapshots
    assert second.step > first.step
    assert (first.weights != second.weights).any()
    with pytest.raises(ValueError, match="read-only"):
        first.weights[0] = 1


def test_training_stands_still_while_a_frame_is_drawn(desk: Desk) -> None:
    desk.session.start("r", lambda: Training(_plan()))
    desk.expect(Started)
    desk.until(lambda: desk.session.mailbox.take())
    desk.session.drawing = True
    time.sleep(0.05)  # whatever slice was under way has ended
    desk.session.mailbox.take()
    time.sleep(0.1)
    assert desk.session.mailbox.take() is None
    desk.session.drawing = False
    desk.until(lambda: desk.session.mailbox.take())


def test_numbers_that_run_away_are_told_and_the_run_can_go_on(desk: Desk) -> None:
    plan = _plan(network=chain(2, dense(4), dense(1)), optimizer={"type": "sgd", "learning_rate": 90})
    desk.session.start("r", lambda: Training(plan))
    desk.expect(Started)
    assert "ran away" in desk.expect(Diverged).message
    desk.expect(Paused)
    desk.session.change("learning_rate", 0.001)
    desk.session.resume(Limit(steps=5))
    desk.expect(Resumed)
    desk.expect(Changed)
    desk.expect(Paused)
    assert desk.session.training is not None
    assert not desk.session.training.diverged


def test_a_run_that_cannot_begin_is_told(desk: Desk) -> None:
    desk.session.start("r", lambda: Training(_plan(inputs=np.zeros((60, 3)))))
    failed = desk.expect(Failed)
    assert "expects rows of shape" in failed.message
    assert NetworkError.__name__ in failed.details


def test_a_mailbox_holds_the_newest_letter_only() -> None:
    box: Mailbox[int] = Mailbox()
    assert box.take() is None
    box.put(1)
    box.put(2)
    assert box.take() == 2
    assert box.empty
