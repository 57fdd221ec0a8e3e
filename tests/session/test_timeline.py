"""Any step of a run can be had again, with the same bytes, within a budget of memory."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.components import find
from nnstudio.engine import Change, Network, Rung, State, Training, TrainingPlan
from nnstudio.engine.regularizers import L2
from nnstudio.engine.surgery import add_units
from nnstudio.project.files.past import Past
from nnstudio.session import Ladder, Limit, Session, Timelines, largest_difference, leads_to, replay, worth_saving
from nnstudio.session.ladder import MOST_RUNGS
from nnstudio.session.sizes import bytes_of
from tests.engine.networks import chain, dense
from tests.session.test_session import Desk, _plan, desk

__all__ = ["desk"]


def _hard_plan() -> TrainingPlan:
    """Return a plan with everything that remembers something."""
    layers: list[dict[str, Any]] = [{"type": "batch_normalization"}, {"type": "dropout", "rate": 0.3}]
    return _plan(
        network=chain(2, dense(8, "tanh"), *layers, dense(1)),
        optimizer={"type": "adam", "learning_rate": 0.01},
        schedule={"type": "cosine", "epochs": 40},
        shuffle=True,
    )


def _dropout_of(training: Training, rate: float) -> dict[str, Any]:
    network = training.program.network
    node = next(node for node in network.nodes if node.layer.key == "dropout")
    return {node.id: node.layer.replace(rate=rate)}


_NO_ROWS = _plan(inputs=np.zeros((0, 2)), targets=np.zeros((0, 1)))


def _rung(step: int, size: int = 0, *, is_anchor: bool = False) -> Rung:
    nothing: dict[str, Any] = {}
    weights = np.zeros(size, np.uint8)
    state = State(step, 0, 0, 0, weights, np.zeros(0), nothing, nothing, nothing)
    return Rung(state, 0, _NO_ROWS, is_anchor)


def test_every_step_is_replayed_with_the_same_bytes_across_changes() -> None:
    training = Training(_hard_plan())
    ladder = Ladder()
    ladder.add(Rung(training.state(), 0, training.plan, is_anchor=True))
    states = {0: training.state()}
    for step in range(1, 41):
        training.advance(1)
        states[step] = training.state()
        if step % 10 == 0:
            ladder.add(Rung(training.state(), len(training.journal), training.plan))
        if step == 13:
            training.change(learning_rate=0.05)
            training.change(batch_size=7)
        if step == 21:
            training.change(layers=_dropout_of(training, 0.6))
            training.change(optimizer=find("optimizers", "rmsprop")())
    for step, state in states.items():
        rung = ladder.below(step)
        assert rung is not None
        again = replay(rung, training.journal, step)
        assert again is not None
        assert again.state.weights.tobytes() == state.weights.tobytes(), step
        if step not in (13, 21):  # there the state was taken before the change that the journal puts behind it
            assert again.state == state
    first = replay(ladder.rungs[0], training.journal, 40)
    assert first is not None
    assert first.state == states[40]


def test_classes_that_count_more_from_a_step_on_are_replayed_with_the_same_bytes() -> None:
    network = chain(2, dense(8, "tanh"), dense(1, "sigmoid"), cost="binary_cross_entropy")
    training = Training(_plan(network=network, targets=(np.arange(60) % 6 == 0).astype(float)[:, None], shuffle=True))
    first = Rung(training.state(), 0, training.plan)
    training.advance(7)
    training.change(class_weights={1: 5.0})
    training.advance(10)
    again = replay(first, training.journal, 17)
    assert again is not None
    assert again.state == training.state()


def test_one_row_is_a_step_and_stands_in_the_journal() -> None:
    training = Training(_hard_plan())
    first = Rung(training.state(), 0, training.plan)
    training.advance(3)
    training.advance_rows(1)
    assert training.step == 4
    assert [(change.step, change.value) for change in training.journal] == [(3, 1), (4, 16)]
    training.advance(6)
    again = replay(first, training.journal, 10)
    assert again is not None
    assert again.state == training.state()


def test_layers_that_change_shapes_or_functions_are_refused_and_rates_are_put_back_by_restoring() -> None:
    training = Training(_hard_plan())
    before = training.state()
    hidden = next(node for node in training.program.network.nodes if node.layer.key == "dense")
    with pytest.raises(ValueError, match="cannot be changed while"):
        training.change(layers={hidden.id: hidden.layer.replace(units=9)})
    with pytest.raises(ValueError, match="cannot be changed while"):
        training.change(layers={hidden.id: hidden.layer.replace(activation="relu")})
    strong = L2(strength=0.5)
    training.change(layers={**_dropout_of(training, 0.9), hidden.id: hidden.layer.replace(kernel_regularizer=strong)})
    training.advance(5)
    kept = State.from_arrays(training.state().to_arrays())
    again = Training(_hard_plan())
    again.restore(kept)
    assert again.program.network == training.program.network
    training.advance(5)
    again.advance(5)
    assert again.state() == training.state()
    training.restore(before)
    assert training.program.network == training.plan.network
    assert "layers" not in training.state().settings


def test_a_replay_that_is_no_longer_wanted_ends() -> None:
    training = Training(_plan())
    assert replay(Rung(training.state(), 0, training.plan), (), 10**9, lambda: False) is None


def test_a_replay_of_long_steps_ends_in_the_middle_of_one() -> None:
    rows = np.random.default_rng(0).normal(size=(20_000, 2))
    training = Training(_plan(inputs=rows, targets=rows[:, :1], batch_size=None))
    asked: list[bool] = []

    def is_wanted() -> bool:
        asked.append(True)
        return len(asked) < 5

    assert replay(Rung(training.state(), 0, training.plan), (), 10**9, is_wanted) is None
    assert len(asked) < 20


@given(gaps=st.lists(st.integers(1, 50), min_size=3, max_size=120), room=st.integers(3, 40))
@settings(deadline=None, max_examples=60)
def test_a_ladder_keeps_its_budget_its_first_and_its_newest_rung(gaps: list[int], room: int) -> None:
    ladder = Ladder(budget=room * 10)
    step = 0
    for gap in gaps:
        ladder.add(_rung(step, 10))
        assert ladder.rungs[-1].step == step
        step += gap
    steps = [rung.step for rung in ladder.rungs]
    assert steps[0] == 0
    assert steps == sorted(set(steps))
    assert ladder.bytes <= ladder.budget
    assert len(steps) == min(room, len(gaps))


@given(count=st.integers(200, 1500), room=st.integers(12, 60))
@settings(deadline=None, max_examples=15)
def test_gaps_grow_with_age(count: int, room: int) -> None:
    ladder = Ladder(budget=room * 10)
    for step in range(count):
        ladder.add(_rung(step, 10))
    steps = np.array([rung.step for rung in ladder.rungs])
    gaps = np.diff(steps)
    third = len(gaps) // 3
    assert gaps[:third].mean() > gaps[-third:].mean()
    assert gaps[-1] <= gaps.max() / 2
    assert (gaps <= (steps[-1] - steps[:-1])).all()


def test_many_small_states_are_thinned_too_and_anchors_stay() -> None:
    ladder = Ladder()
    for step in range(MOST_RUNGS + 50):
        ladder.add(_rung(step, is_anchor=step == 7))
    assert len(ladder.rungs) == MOST_RUNGS
    assert 7 in [rung.step for rung in ladder.rungs]


@given(
    anchors=st.lists(st.booleans(), min_size=2, max_size=60),
    room=st.integers(1, 12),
)
@settings(deadline=None, max_examples=80)
def test_anchors_go_only_from_the_front_and_the_budget_holds(anchors: list[bool], room: int) -> None:
    ladder = Ladder(budget=room * 10)
    for step, is_anchor in enumerate(anchors):
        ladder.add(_rung(step, 10, is_anchor=is_anchor))
    kept = [rung.step for rung in ladder.rungs]
    assert kept[-1] == len(anchors) - 1
    assert ladder.bytes <= ladder.budget
    # A step is trained again from the rung below it: no anchor between the two may be missing.
    assert all(step in kept for step in range(kept[0], len(anchors)) if anchors[step])


def test_a_ladder_that_is_put_back_forgets_what_lay_behind() -> None:
    ladder = Ladder()
    for step in (0, 5, 10, 15):
        ladder.add(_rung(step, 10))
    ladder.add(_rung(7, 10, is_anchor=True))
    assert [rung.step for rung in ladder.rungs] == [0, 5, 7]
    assert ladder.bytes == 30
    found = [ladder.nearest(step, _rung(5, 10).state) for step in (0, 4, 9)]
    assert [rung.step for rung in found if rung is not None] == [0, 5, 5]


def _widened(rung: Rung, count: int = 2) -> tuple[Network, State]:
    """Return network and state that go on from a rung with more units in the first layer."""
    network = rung.network
    surgery = add_units(network, network.order[1], count)
    return surgery.after, surgery.carry(rung.state, rung.plan.precision, rung.plan.seed)


def test_the_past_goes_on_where_layers_were_changed_and_an_undo_brings_back_the_end_before() -> None:
    timelines, training = Timelines(), Training(_plan())
    ladder = timelines.begin("run_1", None)
    ladder.add(Rung(training.state(), 0, training.plan, is_anchor=True))
    training.advance(10)
    ladder.add(Rung(training.state(), 0, training.plan))
    stood = ladder.rungs[-1]
    network, state = _widened(stood)
    timelines.operate("run_1", stood.state, network, state, 1)
    timelines.operate("run_1", stood.state, network, state, 1)  # done again after an undo, it is known already
    assert timelines.of("run_1", state) is ladder
    assert [(rung.place, rung.network == network) for rung in ladder.rungs] == [
        ((0, 0), False),
        ((10, 0), False),
        ((10, 1), True),
    ]
    assert ladder.until(stood.state) == ladder.rungs[:2]
    assert ladder.until(state) == ladder.rungs
    journal = (Change(10, "surgery", "hidden: 8 → 10 units"),)
    assert replay(ladder.rungs[1], journal, 12) is None
    assert not leads_to(journal, ladder.rungs[0], ladder.rungs[2])
    assert leads_to(journal, ladder.rungs[0], ladder.rungs[1])
    later = replay(ladder.rungs[2], journal, 12)
    assert later is not None
    assert len(later.state.weights) == len(state.weights)
    ladder.add(Rung(stood.state, 0, training.plan))  # after an undo it trains on with the network of before
    assert [rung.place for rung in ladder.rungs] == [(0, 0), (10, 0)]


def test_many_changes_at_one_step_are_thinned_and_leave_the_ends() -> None:
    ladder = Ladder()
    ladder.add(_rung(0, is_anchor=True))
    ladder.add(_rung(5))
    for changes in range(1, MOST_RUNGS + 50):
        ladder.add(replace(_rung(5, is_anchor=True), changes=changes))
    places = [rung.place for rung in ladder.rungs]
    assert places[:2] == [(0, 0), (5, 0)]
    assert places[-1] == (5, MOST_RUNGS + 49)
    assert len(places) == MOST_RUNGS


def test_arrays_that_states_share_count_once() -> None:
    rung = _rung(3, 100)
    assert bytes_of([rung.state, _rung(4, 100).state, rung.state]) == 200


def test_a_fork_has_its_parents_past_and_old_ladders_go_first() -> None:
    timelines = Timelines(budget=100)
    ladder = timelines.begin("run_1", None)
    for step in (0, 5, 10):
        ladder.add(_rung(step, 10))
    timelines.fork("run_2", ladder, ladder.rungs[1])
    fork = timelines.of("run_2", ladder.rungs[1].state)
    assert fork is not None
    assert [rung.step for rung in fork.rungs] == [0, 5]
    assert timelines.of("run_2", _rung(6, 10).state) is None
    for step in (11, 12, 13):
        ladder.add(_rung(step, 10))
    timelines.begin("run_3", None)
    assert timelines.span("run_1") == (0, 0)
    assert timelines.span("run_2") == (0, 5)


@given(
    moves=st.lists(
        st.tuples(st.sampled_from(["begin", "add", "add", "add", "fork", "go on"]), st.integers(0, 5)), max_size=120
    )
)
@settings(deadline=None, max_examples=150)
def test_however_many_runs_there_are_and_wherever_they_part_all_ladders_keep_one_budget(
    moves: list[tuple[str, int]],
) -> None:
    timelines = Timelines(budget=100)
    ladder, current, runs = timelines.begin("run_0", None), "run_0", ["run_0"]
    ladder.add(_rung(0, 10, is_anchor=True))
    for move, pick in moves:
        rungs = ladder.rungs
        name = f"run_{len(runs)}"
        if move == "add":
            ladder.add(_rung(rungs[-1].step + 1, 10))
        elif move == "begin":
            ladder, current = timelines.begin(name, None), name
            ladder.add(_rung(0, 10, is_anchor=True))
            runs.append(name)
        elif move == "fork":
            rung = rungs[pick % len(rungs)]
            timelines.fork(name, ladder, rung)
            ladder, current = timelines.begin(name, rung.state), name
            runs.append(name)
        else:
            old = runs[pick % len(runs)]
            kept = timelines.kept(old)
            ladder, current = timelines.begin(old, kept[-1].state if kept else None), old
            ladder.add(_rung(kept[-1].step if kept else 0, 10, is_anchor=True))
        states = [rung.state for run in runs for rung in timelines.kept(run)]
        assert bytes_of(states) <= timelines.budget
        assert timelines.kept(current)[-1] is ladder.rungs[-1]


def test_a_run_that_an_undo_brings_back_has_its_past_again_until_room_is_wanted() -> None:
    timelines = Timelines(budget=200)
    first = timelines.begin("run_1", None)
    for step in range(4):
        first.add(_rung(step, 10, is_anchor=step == 0))
    stood, other = first.rungs[-1].state, _rung(3, 12).state
    second = timelines.begin("run_1", other)
    second.add(Rung(other, 0, first.rungs[0].plan, is_anchor=True))
    assert timelines.of("run_1", other) is second
    assert timelines.of("run_1", stood) is first
    assert timelines.begin("run_1", stood) is first
    assert timelines.of("run_1", other) is second
    for step in range(4, 60):
        first.add(_rung(step, 10))
    timelines.begin("run_2", None)
    assert timelines.of("run_1", other) is None


def test_what_a_fork_shares_with_its_parent_counts_once_and_stays() -> None:
    timelines = Timelines(budget=100)
    ladder = timelines.begin("run_1", None)
    for step in range(5):
        ladder.add(_rung(step, 10, is_anchor=step == 0))
    timelines.fork("run_2", ladder, ladder.rungs[-1])
    child = timelines.begin("run_2", ladder.rungs[-1].state)
    assert (child.budget, child.bytes) == (50, 0)
    for step in range(5, 40):
        child.add(_rung(step, 10))
    assert [rung.step for rung in child.rungs[:5]] == [0, 1, 2, 3, 4]
    assert bytes_of(rung.state for rung in (*ladder.rungs, *child.rungs)) == 100
    assert timelines.span("run_1") == (0, 4)


def test_rows_that_only_older_runs_need_count_and_those_of_the_run_that_begins_do_not() -> None:
    timelines = Timelines(budget=4000)
    mine, others = _plan(), _plan(inputs=np.zeros((30, 2)), targets=np.zeros((30, 1)))
    for run, plan in (("run_1", mine), ("run_2", others)):
        timelines.begin(run, None, plan).add(Rung(_rung(0, 10).state, 0, plan))
    assert timelines.begin("run_3", None, mine).budget == 4000 - 2 * 10 - 30 * 3 * 8
    assert timelines.begin("run_4", None, others).budget == 4000 - 2 * 10 - 60 * 3 * 8
    timelines.budget = 2000
    assert timelines.begin("run_5", None, others).budget == 2000 - 10
    assert timelines.kept("run_1") == ()


def test_a_run_that_is_looked_at_again_never_pushes_out_the_one_that_may_go_on() -> None:
    timelines = Timelines(budget=100)
    for run in ("run_1", "run_2"):
        ladder = timelines.begin(run, None)
        for step in range(0, 60, 10):
            ladder.add(_rung(step, 10, is_anchor=step == 0))
    assert timelines.span("run_1") == (0, 0)
    old = timelines.begin("run_1", None)
    old.add(_rung(0, 10, is_anchor=True))
    old.add(_rung(50, 10))
    again = timelines.begin("run_2", None)
    for step in range(0, 60, 10):
        again.add(_rung(step, 10, is_anchor=step == 0))
    timelines.put(old, [_rung(step, 10) for step in range(1, 30)])
    assert timelines.span("run_2") == (0, 50)
    assert timelines.span("run_1") == (0, 50)
    assert len(timelines.kept("run_1")) == 4
    timelines.go_on("run_2", again.rungs[-1].place)
    for step in range(60, 200, 10):
        again.add(_rung(step, 10))
    assert bytes_of(rung.state for run in ("run_1", "run_2") for rung in timelines.kept(run)) == 100


@given(
    anchors=st.lists(st.booleans(), min_size=1, max_size=40),
    room=st.integers(0, 12),
)
@settings(deadline=None, max_examples=80)
def test_what_a_file_holds_keeps_its_budget_and_every_anchor_behind_its_first(anchors: list[bool], room: int) -> None:
    rungs = [_rung(step, 10, is_anchor=is_anchor) for step, is_anchor in enumerate([True, *anchors])]
    saved = worth_saving(rungs, 10 * room)
    steps = [rung.step for rung in saved]
    assert rungs[-1].step not in steps
    assert bytes_of(rung.state for rung in saved if rung.step) <= 10 * room
    if steps:
        assert all(step in steps for step in range(steps[0], len(rungs) - 1) if rungs[step].is_anchor)
    if room >= len(rungs):
        assert steps == list(range(len(rungs) - 1))


def test_a_run_without_earlier_states_has_nothing_worth_saving() -> None:
    assert worth_saving([], 100) == ()
    assert worth_saving([_rung(5, 10)], 100) == ()


def test_states_that_were_trained_again_lie_among_those_that_were_kept() -> None:
    ladder = Ladder(budget=50)
    for step in (0, 10, 20):
        ladder.add(_rung(step, 10, is_anchor=step == 0))
    ladder.put([_rung(14, 10), _rung(10, 10), _rung(12, 10)])
    assert [rung.step for rung in ladder.rungs] == [0, 10, 12, 14, 20]
    ladder.put([_rung(13, 10)])
    assert ladder.bytes == 50
    above = ladder.above(14)
    assert above is not None
    assert above.step == 20
    assert ladder.above(20) is None


def test_a_long_replay_leaves_states_on_its_way_from_which_the_same_follows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnstudio.session.replaying.WAY_SECONDS", 0.0)
    monkeypatch.setattr("nnstudio.session.replaying.REPLAY_STEPS", 7)
    training = Training(_hard_plan())
    first = Rung(training.state(), 0, training.plan)
    training.advance(20)
    training.change(learning_rate=0.05)
    training.advance(30)
    way: list[Rung] = []
    replay(first, training.journal, 50, keep=way.append)
    assert [rung.step for rung in way] == [7, 14, 27, 34, 41, 48]
    for rung in way:
        again = replay(rung, training.journal, 50)
        assert again is not None
        assert again.state == training.state()


def test_states_differ_by_their_largest_weight_and_by_nothing_only_where_all_bytes_are_the_same() -> None:
    training = Training(_plan())
    state = training.state()
    assert largest_difference(state, state) == 0
    other = state.weights.copy()
    other[3] += 0.25
    moved = State.from_arrays({**state.to_arrays(), "weights": other})
    assert largest_difference(state, moved) == pytest.approx(0.25)
    negative = state.weights.copy()
    negative[state.weights == 0] = -0.0
    assert (negative == state.weights).all()
    assert largest_difference(state, State.from_arrays({**state.to_arrays(), "weights": negative})) > 0


def test_a_past_that_is_read_joins_what_was_trained_since_and_never_another_run() -> None:
    timelines = Timelines()
    rungs = tuple(_rung(step, 10, is_anchor=step == 0) for step in (0, 4, 9))
    opened = rungs[-1].state
    later = timelines.begin("run_1", opened)
    later.add(_rung(9, 10, is_anchor=True))
    later.add(_rung(12, 10))
    timelines.bring_back("run_1", Past(rungs), later.rungs[-1].state)
    assert [rung.step for rung in timelines.kept("run_1")] == [0, 4, 9, 12]
    assert later.here_from == 9
    timelines.bring_back("run_2", Past(rungs), _rung(3, 10).state)
    assert timelines.kept("run_2") == ()
    timelines.bring_back("run_2", Past(rungs, is_certain=False), opened)
    ladder = timelines.of("run_2", opened)
    assert ladder is not None
    assert not ladder.is_certain
    ladder.let_go_before(ladder.here_from)
    assert [rung.step for rung in ladder.rungs] == [9]
    assert ladder.bytes == 10


def test_a_past_that_is_read_has_what_was_there_before_the_change_with_which_it_ends() -> None:
    timelines = Timelines()
    last = replace(_rung(9, 12, is_anchor=True), changes=1)
    later = timelines.begin("run_1", last.state)
    later.add(last)
    timelines.bring_back("run_1", Past((_rung(0, 10, is_anchor=True), _rung(9, 10), last)), last.state)
    assert [rung.place for rung in later.rungs] == [(0, 0), (9, 0), (9, 1)]


def test_a_run_under_control_can_be_had_again_at_any_step(desk: Desk) -> None:
    session: Session = desk.session
    ladder = Ladder()
    session.start("r", lambda: Training(_hard_plan()), ladder=ladder)
    desk.until(lambda: len(ladder.rungs) > 2)
    session.change("learning_rate", 0.03)
    desk.until(lambda: len(ladder.rungs) > 4)
    session.pause()
    desk.until(lambda: session.training is not None)
    training = session.training
    assert training is not None
    assert ladder.rungs[0].step == 0
    assert ladder.rungs[-1].state == training.state()
    for lower, upper in ((ladder.rungs[0], ladder.rungs[1]), (ladder.rungs[-3], ladder.rungs[-1])):
        again = replay(lower, training.journal, upper.step)
        assert again is not None
        assert again.state == upper.state


def test_a_run_pauses_at_a_cost_after_a_row_and_after_an_epoch(desk: Desk) -> None:
    session = desk.session
    stream = np.random.default_rng(0)
    x = stream.normal(size=(60, 2))
    plan = _plan(inputs=x, targets=x[:, :1], optimizer={"type": "adam", "learning_rate": 0.01})
    session.start("r", lambda: Training(plan), Limit(rows=1))
    desk.until(lambda: session.training is not None)
    training = session.training
    assert training is not None
    assert training.step == 1
    session.resume(Limit(cost=0.1))
    desk.until(lambda: session.status == "paused" and training.step > 1)
    costs = training.history.read("epoch_cost").mean
    assert training.steps_left_in_epoch == training.steps_per_epoch
    assert costs[-1] <= 0.1 < costs[:-1].min()


def test_where_an_undo_leads_back_to_is_kept_again_with_all_that_lies_before_it() -> None:
    timelines, network = Timelines(), _NO_ROWS.network
    ladder = timelines.begin("run_1", None)
    for step in range(MOST_RUNGS // 2):
        ladder.add(_rung(step, 10, is_anchor=step == 0))
    stood, grown = ladder.rungs[-1].state, _rung(ladder.rungs[-1].step, 12).state
    timelines.stand("run_1", network, stood, 0)
    timelines.operate("run_1", stood, network, grown, 1)
    for step in range(stood.step + 1, stood.step + 2 * MOST_RUNGS):
        ladder.add(replace(_rung(step, 12), changes=1))
    assert timelines.of("run_1", stood) is None
    timelines.stand("run_1", network, State.from_arrays(stood.to_arrays()), 0)
    assert timelines.of("run_1", stood) is None
    timelines.stand("run_1", network, stood, 0)
    assert timelines.of("run_1", stood) is ladder
    before = ladder.until(stood)
    assert (before[0].place, before[-1].place) == ((0, 0), (stood.step, 0))
    assert len(before) > 2
    after = ladder.below(stood.step)
    assert after is not None
    assert after.state is ladder.until(grown)[-1].state
    assert len(ladder.rungs) <= MOST_RUNGS
