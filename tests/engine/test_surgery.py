"""A network is changed while it learns, and goes on from what it had learned."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.components import members
from nnstudio.engine import Network, Optimizer, Program, Search, Training, TrainingPlan, weight_views
from nnstudio.engine.holds import Holds
from nnstudio.engine.lanes import unit_count
from nnstudio.engine.surgery import (
    Surgery,
    add_units,
    identity_for,
    insert_identity,
    keeps_optimizer,
    loudness,
    refusal,
    removal_costs,
    remove_units,
    silent_units,
    split_unit,
)
from nnstudio.errors import NetworkError
from tests.engine.networks import chain, dense

ROWS = np.random.default_rng(0).normal(size=(40, 3)).astype(np.float32)
ANSWERS = np.tanh(ROWS[:, :2])
ACTIVATIONS = sorted(member.key for member in members("activations") if getattr(member, "elementwise", False))
OPTIMIZERS = sorted(member.key for member in members("optimizers"))


def _plan(network: Network, x: Any = ROWS, **settings: Any) -> TrainingPlan:
    return TrainingPlan(network=network, inputs=x, targets=ANSWERS[: len(x)], batch_size=16, **settings)


def _trained(network: Network, x: Any = ROWS, **settings: Any) -> Training:
    training = Training(_plan(network, x, **settings))
    training.advance(7)
    return training


def _after(training: Training, surgery: Surgery) -> Training:
    plan = training.plan.model_copy(update={"network": surgery.after})
    going_on = Training(plan)
    going_on.restore(surgery.carry(training.state(), "float32", 0))
    return going_on


def _difference(before: Training, after: Training, x: Any = ROWS) -> float:
    return float(np.abs(before.program.predict(x) - after.program.predict(x)).max())


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_outputs_stay_when_units_are_added_or_split(activation: str) -> None:
    network = chain(3, dense(5, activation), dense(4, activation), dense(2))
    before = _trained(network)
    for id in ("l0", "l1"):
        for surgery in (add_units(network, id, 3), split_unit(network, id, 2)):
            after = _after(before, surgery)
            assert _difference(before, after) <= 1e-5
            assert np.isfinite(after.advance(6)).all()


def test_outputs_stay_behind_a_picture_with_all_that_treats_channels_alone() -> None:
    x = np.random.default_rng(1).normal(size=(24, 6, 6, 2)).astype(np.float32)
    layers: list[dict[str, Any]] = [
        {"type": "conv2d", "filters": 3, "activation": "relu"},
        {"type": "batch_normalization"},
        {"type": "prelu"},
        {"type": "max_pooling2d"},
        {"type": "dropout"},
        {"type": "conv2d", "filters": 4},
        {"type": "activation", "function": "tanh"},
        {"type": "flatten"},
        dense(2),
    ]
    nodes = chain(1, *layers).model_dump(mode="json")
    nodes["nodes"][0]["layer"]["shape"] = [6, 6, 2]
    network = Network.model_validate(nodes)
    before = _trained(network, x)
    for id in ("l0", "l5"):
        for surgery in (add_units(network, id, 2), split_unit(network, id, 1)):
            after = _after(before, surgery)
            assert _difference(before, after, x) <= 1e-5
            assert np.isfinite(after.advance(4)).all()
    drawn = network.model_dump(mode="json")
    drawn["nodes"].append({"id": "new", "layer": identity_for(network, ("l3", "l4")).model_dump(mode="json")})
    drawn["edges"] = [edge for edge in drawn["edges"] if tuple(edge) != ("l3", "l4")] + [["l3", "new"], ["new", "l4"]]
    inserted = insert_identity(network, Network.model_validate(drawn), "new")
    assert _difference(before, _after(before, inserted), x) <= 1e-5


@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_a_layer_that_is_put_in_says_what_it_hears(activation: str) -> None:
    network = chain(3, dense(5, activation), dense(2))
    drawn = network.model_dump(mode="json")
    drawn["nodes"].append({"id": "new", "layer": identity_for(network, ("l0", "l1")).model_dump(mode="json")})
    drawn["edges"] = [["input", "l0"], ["l0", "new"], ["new", "l1"], ["l1", "output"]]
    before = _trained(network)
    after = _after(before, insert_identity(network, Network.model_validate(drawn), "new"))
    assert _difference(before, after) <= 1e-5
    first = after.program.weights["new/kernel"].copy()
    assert np.isfinite(after.advance(3)).all()
    assert not np.array_equal(first, after.program.weights["new/kernel"])


def test_a_layer_can_be_put_between_sequences_but_not_before_words() -> None:
    layers = [{"type": "embedding", "words": 5, "units": 3}, {"type": "lstm", "units": 4}, dense(1)]
    network = chain(6, *layers)
    nodes = network.model_dump(mode="json")
    nodes["nodes"][0]["layer"]["kind"] = "codes"
    network = Network.model_validate(nodes)
    rows = np.random.default_rng(0).integers(0, 5, (20, 6)).astype(np.float64)
    before = Training(TrainingPlan(network=network, inputs=rows, targets=np.ones((20, 1)), epochs=9))
    before.advance(3)
    drawn = network.model_dump(mode="json")
    drawn["nodes"].append({"id": "new", "layer": identity_for(network, ("l0", "l1")).model_dump(mode="json")})
    drawn["edges"] = [edge for edge in drawn["edges"] if tuple(edge) != ("l0", "l1")] + [["l0", "new"], ["new", "l1"]]
    surgery = insert_identity(network, Network.model_validate(drawn), "new")
    state = surgery.carry(before.state(), "float32", 0)
    after = Program(surgery.after)
    after.load(state.weights, state.memory)
    assert np.abs(after.predict(rows) - before.program.predict(rows)).max() <= 1e-5
    with pytest.raises(NetworkError, match="Choose another wire"):
        identity_for(network, ("input", "l0"))


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_what_an_optimizer_remembers_stays_with_its_weight(key: str) -> None:
    network = chain(3, dense(3, "relu"), dense(2))
    optimizer = next(member for member in members("optimizers") if member.key == key)()
    assert isinstance(optimizer, Optimizer)
    surgery = add_units(network, "l0", 2)
    if isinstance(optimizer, Search):
        state = _trained(network).state()
        state = replace(state, settings={**state.settings, "optimizer": optimizer.model_dump(mode="json")})
        assert not keeps_optimizer(state)
        carried = surgery.carry(state, "float32", 0)
        assert (dict(carried.optimizer), carried.updates) == ({}, 0)
        return
    state = _trained(network, optimizer=optimizer).state()
    size = len(state.weights)
    marks = np.arange(1, size + 1, dtype=np.float32)
    slots = {name: marks if len(values) == size else values for name, values in state.optimizer.items()}
    carried = surgery.carry(replace(state, optimizer=slots), "float32", 0)
    assert carried.updates == state.updates
    old = weight_views(network, marks)
    for name, values in carried.optimizer.items():
        if len(values) != len(carried.weights):
            assert np.array_equal(values, slots[name])
            continue
        new = weight_views(surgery.after, values)
        assert np.array_equal(new["l0/kernel"][:, :3], old["l0/kernel"])
        assert np.array_equal(new["l0/bias"][:3], old["l0/bias"])
        assert np.array_equal(new["l1/kernel"][:3], old["l1/kernel"])
        assert np.array_equal(new["l1/bias"], old["l1/bias"])


def test_a_unit_that_nobody_listens_to_costs_nothing_to_remove() -> None:
    network = chain(3, dense(4, "relu"), dense(2))
    training = _trained(network)
    flat = training.program.flat.copy()
    weight_views(network, flat, writeable=True)["l1/kernel"][2] = 0
    program = Program(network)
    program.load(flat)
    costs = removal_costs(network, "l0", program, ROWS, ANSWERS, (0, 2))
    assert costs[1] == pytest.approx(program.cost(ROWS, ANSWERS), rel=1e-5)


def test_removing_dead_units_keeps_the_outputs() -> None:
    network = chain(3, dense(4, "relu"), dense(2))
    training = _trained(network)
    weight_views(network, training.program.flat, writeable=True)["l0/bias"][1] = -1e3
    dead = silent_units(training.program, "l0", ROWS)
    assert 1 in dead
    after = _after(training, remove_units(network, "l0", dead))
    assert _difference(training, after) <= 1e-5


SEQUENCES = np.random.default_rng(2).normal(size=(24, 5, 3)).astype(np.float32)


def _over_steps(*layers: dict[str, Any]) -> Network:
    """Return a chain whose input are sequences of five steps of three features."""
    drawn = chain(3, *layers).model_dump(mode="json")
    drawn["nodes"][0]["layer"]["shape"] = [5, 3]
    return Network.model_validate(drawn)


def _check_all(network: Network, id: str, x: Any, unit: int = 1) -> None:
    """Check that outputs stay, that training goes on, and that what was added can go again."""
    before = _trained(network, x)
    wider = add_units(network, id, 2)
    for surgery in (wider, split_unit(network, id, unit)):
        after = _after(before, surgery)
        assert _difference(before, after, x) <= 1e-5
        assert np.isfinite(after.advance(4)).all()
    units = unit_count(network, id)
    assert loudness(before.program, id, x).shape == (units,)
    narrow = remove_units(wider.after, id, (units, units + 1))
    assert narrow.carry(wider.carry(before.state(), "float32", 0), "float32", 0) == before.state()


@pytest.mark.parametrize("kind", ["simple_rnn", "gru", "lstm"])
def test_recurrent_layers_keep_what_they_say(kind: str) -> None:
    network = _over_steps({"type": kind, "units": 4, "return_sequences": True}, {"type": kind, "units": 3}, dense(2))
    for id in ("l0", "l1"):
        _check_all(network, id, SEQUENCES)


@pytest.mark.parametrize("merge", ["concatenate", "add", "average", "multiply"])
def test_layers_that_read_in_both_directions_keep_what_they_say(merge: str) -> None:
    both = {"type": "bidirectional", "layer": {"type": "gru", "units": 3, "return_sequences": True}, "merge": merge}
    network = _over_steps(both, {"type": "lstm", "units": 3}, dense(2))
    for id in ("l0", "l1"):
        _check_all(network, id, SEQUENCES)


def test_words_can_get_more_numbers_each() -> None:
    words = np.random.default_rng(3).integers(0, 7, size=(24, 5))
    drawn = chain(5, {"type": "embedding", "words": 7, "units": 3}, {"type": "lstm", "units": 3}, dense(2))
    _check_all(drawn, "l0", words)


def test_each_channel_by_itself_goes_along() -> None:
    x = np.random.default_rng(1).normal(size=(24, 6, 6, 2)).astype(np.float32)
    drawn = chain(
        1,
        {"type": "conv2d", "filters": 3, "activation": "relu"},
        {"type": "depthwise_conv2d"},
        {"type": "flatten"},
        dense(2),
    ).model_dump(mode="json")
    drawn["nodes"][0]["layer"]["shape"] = [6, 6, 2]
    _check_all(Network.model_validate(drawn), "l0", x)


@pytest.mark.parametrize("join", ["add", "average", "maximum", "multiply"])
def test_layers_whose_units_meet_change_together(join: str) -> None:
    drawn = chain(3, dense(4, "relu"), dense(4, "tanh"), {"type": join}, dense(2)).model_dump(mode="json")
    drawn["edges"].append(["l0", "l2"])
    network = Network.model_validate(drawn)
    for id in ("l0", "l1"):
        _check_all(network, id, ROWS)
        made = add_units(network, id, 2)
        assert [unit_count(made.after, other) for other in ("l0", "l1")] == [6, 6]
        assert "whose units meet its own" in made.text


def test_units_that_meet_the_inputs_are_refused() -> None:
    drawn = chain(3, dense(3, "relu"), {"type": "add"}, dense(2)).model_dump(mode="json")
    drawn["edges"].append(["input", "l1"])
    assert "whose number is fixed" in refusal(Network.model_validate(drawn), "l0")


def test_what_is_held_is_held_where_it_stands_now() -> None:
    network = chain(3, dense(4, "tanh"), dense(3, "tanh"), dense(2))
    places = tuple(int(np.ravel_multi_index(place, (4, 3))) for place in ((0, 1), (1, 1), (3, 2)))
    held = {"l0": Holds(silent=(0, 2)), "l1": Holds(frozen={"kernel": places}), "l2": Holds(whole=True)}
    network = Network(nodes=tuple(node.held(held.get(node.id, Holds())) for node in network.nodes), edges=network.edges)
    fewer = remove_units(network, "l0", (1,)).after
    assert fewer.node("l0").layer.holds.silent == (0, 1)
    kept = fewer.node("l1").layer.holds.frozen["kernel"]
    assert [divmod(place, 3) for place in kept] == [(0, 1), (2, 2)]
    assert fewer.node("l2").layer.holds.whole
    more = split_unit(network, "l0", 2).after
    assert more.node("l0").layer.holds.silent == (0, 2, 4)


def test_what_cannot_be_kept_is_refused_with_the_reason() -> None:
    network = chain(3, dense(4, "relu"), dense(2))
    assert "needs the units it gets as they are" in refusal(network, "l1")
    assert "no units" in refusal(network, "input")
    assert "softmax" in refusal(chain(3, dense(4, "softmax"), dense(2)), "l0")
    with pytest.raises(NetworkError, match="no units left"):
        remove_units(network, "l0", range(4))


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_networks_with_branches_keep_what_they_say(data: st.DataObject) -> None:
    count = data.draw(st.integers(2, 4))
    widths = [data.draw(st.integers(1, 5)) for _ in range(count)]
    nodes: list[dict[str, Any]] = [{"id": "input", "layer": {"type": "input", "shape": [3]}}]
    edges: list[list[str]] = []
    for index, width in enumerate(widths):
        activation = data.draw(st.sampled_from(["linear", "relu", "tanh"]))
        nodes.append({"id": f"d{index}", "layer": dense(width, activation)})
        edges.append([data.draw(st.sampled_from(["input", *(f"d{i}" for i in range(index))])), f"d{index}"])
    nodes += [
        {"id": "join", "layer": {"type": "concatenate"}},
        {"id": "last", "layer": dense(2)},
        {"id": "output", "layer": {"type": "output", "cost": "mean_squared_error"}},
    ]
    edges += [[f"d{index}", "join"] for index in range(count)] + [["join", "last"], ["last", "output"]]
    network = Network.model_validate({"nodes": nodes, "edges": edges})
    before = _trained(network)
    chosen = data.draw(st.integers(0, count - 1))
    id = f"d{chosen}"
    many = data.draw(st.integers(1, 4))
    wider = add_units(network, id, many)
    for surgery in (wider, split_unit(network, id, data.draw(st.integers(0, widths[chosen] - 1)))):
        after = _after(before, surgery)
        assert _difference(before, after) <= 1e-5
        assert np.isfinite(after.advance(5)).all()
    narrow = remove_units(wider.after, id, range(widths[chosen], widths[chosen] + many))
    back = narrow.carry(wider.carry(before.state(), "float32", 0), "float32", 0)
    assert back == before.state()
