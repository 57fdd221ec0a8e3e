"""What is held keeps its bytes under every optimizer, and a silenced unit says 0 in every layer that has units."""

from typing import Any, cast

import numpy as np
import pytest

from nnstudio.components import members
from nnstudio.engine import Network, Optimizer, Program, Training, TrainingPlan
from nnstudio.engine.holds import Holds
from nnstudio.engine.layer import Layer

OPTIMIZERS = [cast(type[Optimizer], member) for member in members("optimizers")]
SEED = np.random.default_rng(4)
X = SEED.normal(size=(24, 3))
T = SEED.normal(size=(24, 2))


def _network(hidden: dict[str, Any], cost: str = "mean_squared_error") -> Network:
    return Network.model_validate(
        {
            "nodes": [
                {"id": "input", "layer": {"type": "input", "shape": [3]}},
                {"id": "hidden", "layer": hidden},
                {"id": "answer", "layer": {"type": "dense", "units": 2}},
                {"id": "output", "layer": {"type": "output", "cost": cost}},
            ],
            "edges": [("input", "hidden"), ("hidden", "answer"), ("answer", "output")],
        }
    )


def _small(optimizer: type[Optimizer]) -> bool:
    """A search that tries everything has time for a few weights only."""
    return optimizer.key == "brute_force"


def _plan(optimizer: type[Optimizer], holds: Holds, precision: Any = "float64") -> TrainingPlan:
    hidden = {
        "type": "dense",
        "units": 1 if _small(optimizer) else 4,
        "activation": "tanh",
        "use_bias": not _small(optimizer),
        "kernel_regularizer": {"type": "l2", "strength": 0.01},
        "kernel_constraint": {"type": "max_norm", "limit": 0.9},
        "holds": holds.model_dump(),
    }
    network = _network(hidden)
    if _small(optimizer):
        network = Network.model_validate(
            {
                "nodes": [
                    {"id": "input", "layer": {"type": "input", "shape": [2]}},
                    {"id": "hidden", "layer": {**hidden, "activation": "linear"}},
                    {"id": "output", "layer": {"type": "output", "cost": "mean_squared_error"}},
                ],
                "edges": [("input", "hidden"), ("hidden", "output")],
            }
        )
    x, t = (X[:, :2], T[:, :1]) if _small(optimizer) else (X, T)
    made = optimizer.model_validate({"learning_rate": 0.05} if "learning_rate" in optimizer.model_fields else {})
    batch = None if made.full_batch_only else 8
    return TrainingPlan(
        network=network, inputs=x, targets=t, optimizer=made, batch_size=batch, precision=precision, seed=3
    )


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda kind: kind.key)
def test_a_frozen_weight_keeps_its_bytes_and_the_others_learn(optimizer: type[Optimizer]) -> None:
    training = Training(_plan(optimizer, Holds(frozen={"kernel": (1,)})))
    before = training.program.flat.copy()
    place = int(training.program.network.held_places()[0])
    steps = 12
    training.advance(steps)
    assert training.step
    assert training.program.flat[place].tobytes() == before[place].tobytes()
    assert training.answer_weights[place].tobytes() == before[place].tobytes()
    assert np.isfinite(training.program.flat).all()
    others = np.delete(training.program.flat, place)
    assert not np.array_equal(others, np.delete(before, place))


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda kind: kind.key)
def test_a_weight_that_is_frozen_on_the_way_stays_from_then_on(optimizer: type[Optimizer]) -> None:
    training = Training(_plan(optimizer, Holds()))
    training.advance(5)
    layer = training.program.network.node("hidden").layer
    training.change(layers={"hidden": layer.replace(holds=Holds(frozen={"kernel": (0,)}))})
    place = int(training.program.network.held_places()[0])
    before = training.program.flat[place].tobytes()
    state = training.state()
    training.advance(6)
    after = training.program.flat.tobytes()
    assert training.program.flat[place].tobytes() == before
    # A state knows what was held: who goes on from it goes on alike.
    again = Training(_plan(optimizer, Holds()))
    again.restore(state)
    again.advance(6)
    assert again.program.flat.tobytes() == after


def test_a_frozen_layer_keeps_all_its_bytes() -> None:
    training = Training(_plan(next(kind for kind in OPTIMIZERS if kind.key == "adam"), Holds(whole=True)))
    before = {name: values.copy() for name, values in training.weights.items()}
    training.advance(20)
    for name, values in training.weights.items():
        assert np.array_equal(values, before[name]) == name.startswith("hidden/")


@pytest.mark.parametrize("mode", ["one", "two"])
def test_a_silenced_unit_is_one_whose_weights_behind_are_zero(mode: str) -> None:
    silent = (2,) if mode == "one" else (0, 3)
    hidden = {"type": "dense", "units": 4, "activation": "sigmoid"}
    free = Program(_network(hidden), "float64", seed=5)
    held = Program(_network({**hidden, "holds": {"silent": list(silent)}}), "float64", seed=5)
    whole = free.predict(X)
    assert not np.allclose(held.predict(X), whole)
    weights = {name: values.copy() for name, values in free.weights.items()}
    weights["answer/kernel"][list(silent)] = 0
    free.set_weights(weights)
    assert np.allclose(held.predict(X), free.predict(X), atol=1e-12)
    cost, gradients = held.cost_and_gradients(X, T)
    same, expected = free.cost_and_gradients(X, T)
    assert cost == pytest.approx(same, abs=1e-12)
    assert not gradients["hidden/kernel"][:, list(silent)].any()
    assert np.allclose(gradients["hidden/kernel"], expected["hidden/kernel"], atol=1e-12)


@pytest.mark.parametrize(
    ("shape", "layer"),
    [
        ((6, 6, 2), {"type": "conv2d", "filters": 3}),
        ((9, 2), {"type": "conv1d", "filters": 3}),
        ((7, 2), {"type": "lstm", "units": 3}),
        ((7, 2), {"type": "gru", "units": 3, "return_sequences": True}),
        ((5,), {"type": "batch_normalization"}),
    ],
    ids=lambda value: str(value),
)
def test_silenced_channels_say_zero_in_every_mode_and_gradients_match(
    shape: tuple[int, ...], layer: dict[str, Any]
) -> None:
    network = Network.model_validate(
        {
            "nodes": [
                {"id": "input", "layer": {"type": "input", "shape": list(shape)}},
                {"id": "held", "layer": {**layer, "holds": {"silent": [1]}}},
                {"id": "flat", "layer": {"type": "flatten"}},
                {"id": "answer", "layer": {"type": "dense", "units": 2}},
                {"id": "output", "layer": {"type": "output", "cost": "mean_squared_error"}},
            ],
            "edges": [("input", "held"), ("held", "flat"), ("flat", "answer"), ("answer", "output")],
        }
    )
    program = Program(network, "float64", seed=1)
    x = np.random.default_rng(2).normal(size=(6, *shape))
    t = np.random.default_rng(3).normal(size=(6, 2))
    said = program.activations(x, ("held",))["held"]
    assert not said[..., 1].any()
    assert said[..., 0].any()
    _, gradients = program.cost_and_gradients(x, t)
    for name, values in program.weights.items():
        flat = {other: other_values.copy() for other, other_values in program.weights.items()}
        place = tuple(0 for _ in values.shape)
        costs = []
        for shift in (1e-6, -1e-6):
            moved = {**flat, name: flat[name].copy()}
            moved[name][place] += shift
            program.set_weights(moved)
            costs.append(program.cost_and_gradients(x, t)[0])
        program.set_weights(flat)
        assert (costs[0] - costs[1]) / 2e-6 == pytest.approx(float(gradients[name][place]), rel=1e-5, abs=1e-8)


def test_a_file_without_holds_is_what_it_was_and_one_with_holds_comes_back() -> None:
    for member in members("layers"):
        layer = cast(type[Layer], member)
        assert "holds" not in {parameter.name for parameter in layer.parameters()}
    network = _network({"type": "dense", "units": 4})
    assert "holds" not in network.model_dump_json()
    held = _network({"type": "dense", "units": 4, "holds": {"silent": [1], "frozen": {"kernel": [0, 2]}}})
    assert Network.model_validate_json(held.model_dump_json()) == held
    assert held.held_places().tolist() == [0, 2]
    assert held.node("hidden").layer.holds.in_words() == "2 weights are frozen. Unit 2 is silenced."
