"""Promises that every registered component of the engine keeps, also one that is written tomorrow."""

import math
from typing import Any, cast

import numpy as np
import pytest

from nnstudio.components import Component, families, members
from nnstudio.engine import Activation, Cost, Initializer, Network, Program, Training, TrainingPlan
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.activations.steps import Threshold
from nnstudio.engine.layers.output import Output
from nnstudio.engine.network import Node
from nnstudio.engine.room import Room
from nnstudio.engine.special_functions import cumulative
from nnstudio.export import Exporter
from tests.engine.networks import chain, dense

ACTIVATIONS = cast(tuple[type[Activation], ...], members("activations"))
COSTS = cast(tuple[type[Cost], ...], members("costs"))
INITIALIZERS = cast(tuple[type[Initializer], ...], members("initializers"))
SMOOTH = [member for member in ACTIVATIONS if member is not Threshold]


assert Exporter.family in families()  # importing it brings in every family


def targets_for(cost: type[Cost], rows: int, units: int) -> Any:
    """Return targets of the kind that a cost wants."""
    stream = np.random.default_rng(1)
    if cost.wants in ("one_hot", "distribution"):
        return np.eye(units)[stream.integers(0, units, rows)]
    if cost.wants == "zero_one":
        return stream.integers(0, 2, (rows, units)).astype(float)
    if cost.wants == "minus_plus_one":
        return 2.0 * stream.integers(0, 2, (rows, units)) - 1
    return stream.normal(size=(rows, units)) if cost.domain == "any" else stream.uniform(0.2, 2, (rows, units))


def distance_from_kinks(slope: Any, at: Any, reach: float = 1e-3) -> float:
    """Return how far the nearest of some points is from where a slope jumps, at most `reach`.

    A slope that jumps does so however near both sides are to each other; one that bends does not.
    """
    near, nearer = (np.abs(slope(at + step) - slope(at - step)) for step in (reach, reach * 1e-2))
    jumps = (near > 0.05 * (1 + np.abs(slope(at)))) & (near > 1e3 * nearer)
    on_it = nearer > 0.05 * (1 + np.abs(slope(at)))
    return 0.0 if (jumps | on_it).any() else reach


def is_near_a_kink(program: Program, x: Any, y: Any) -> bool:
    """Return whether a sum of an elementwise activation, or an answer of the network, is nearer than 1e-3 to a kink."""
    network = program.network

    def any_end(node: Node) -> Node:
        return node.model_copy(update={"layer": Output()}) if node.id in network.output_ids else node

    for node in network.nodes:
        activation = node.layer.last_activation()
        name = "activation" if "activation" in type(node.layer).model_fields else "function"
        if activation is None or not activation.elementwise or name not in type(node.layer).model_fields:
            continue
        plain = node.model_copy(update={"layer": node.layer.replace(**{name: Linear()})})
        bare = Network(nodes=tuple(plain if n is node else any_end(n) for n in network.nodes), edges=network.edges)
        sums = Program(bare, "float64", weights=program.weights).activations(x, [node.id])[node.id]
        if distance_from_kinks(activation.derivative, sums) < 1e-3:
            return True
    cost = network.output.cost
    answers = program.predict(x)
    one = np.ones((len(answers), 1))

    def slope(at: Any) -> Any:
        dy = np.empty_like(at)
        cost.evaluate(at, np.asarray(y, np.float64), one, dy, Room.like(at))
        return dy

    # The other costs have no kink.
    may_have = cost.domain == "any" and cost.wants in ("values", "minus_plus_one")
    return may_have and distance_from_kinks(slope, answers) < 1e-3


def move_away_from_kinks(program: Program, x: Any, y: Any) -> None:
    """Move the weights a little, biases off zero, until no point is near a kink."""
    first = program.flat.copy()
    for seed in range(5, 25):
        program.load(first + 0.05 * np.random.default_rng(seed).normal(size=first.shape))
        if not is_near_a_kink(program, x, y):
            return
    raise AssertionError("All points that were tried are too near a kink.")


def assert_gradients_match(network: Network, x: Any, y: Any, row_weights: Any = None) -> None:
    """Compare with central differences at points away from kinks, relative error at most 1e-6."""
    program = Program(network, "float64", seed=3)
    move_away_from_kinks(program, x, y)
    start = program.flat.copy()
    _, gradients = program.cost_and_gradients(x, y, row_weights)
    exact = np.concatenate([gradients[name].ravel() for name in program.weights])
    numeric = np.empty_like(exact)
    for index in range(len(start)):
        costs = []
        for step in (1e-6, -1e-6):
            moved = start.copy()
            moved[index] += step
            program.load(moved)
            costs.append(program.cost_and_gradients(x, y, row_weights)[0])
        numeric[index] = (costs[0] - costs[1]) / 2e-6
    scale = np.linalg.norm(exact) + np.linalg.norm(numeric)
    assert scale > 0
    assert np.linalg.norm(exact - numeric) / scale <= 1e-6


@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: cost.key)
@pytest.mark.parametrize("activation", SMOOTH, ids=lambda activation: activation.key)
def test_gradients_of_every_activation_in_a_hidden_layer_match_differences(
    activation: type[Activation], cost: type[Cost]
) -> None:
    end = cost.fits[0] if cost.fits else "linear"
    network = chain(3, dense(4, activation.key), dense(2, end), cost=cost.key)
    x = np.random.default_rng(0).normal(size=(6, 3))
    assert_gradients_match(network, x, targets_for(cost, 6, 2), np.arange(1, 7))


@pytest.mark.parametrize(
    ("cost", "end"),
    [(cost, end.key) for cost in COSTS for end in SMOOTH if not cost.fits or end.key in cost.fits],
    ids=lambda value: value if isinstance(value, str) else value.key,
)
def test_gradients_match_through_every_output_that_a_cost_fits(cost: type[Cost], end: str) -> None:
    network = chain(3, dense(3, "tanh"), dense(2, end), cost=cost.key)
    x = np.random.default_rng(0).normal(size=(5, 3))
    assert_gradients_match(network, x, targets_for(cost, 5, 2))


@pytest.mark.parametrize(
    "cost",
    [
        {"type": "categorical_cross_entropy", "label_smoothing": 0.1},
        {"type": "focal", "gamma": 0.5, "alpha": 0.7},
        {"type": "huber", "delta": 0.3},
        {"type": "quantile", "q": 0.9},
        {"type": "exponential", "tau": 3.0},
    ],
    ids=lambda cost: cost["type"],
)
def test_gradients_match_with_other_parameters_of_a_cost(cost: dict[str, Any]) -> None:
    kind = Cost.model_validate(cost)
    end = kind.fits[0] if kind.fits else "linear"
    network = chain(3, dense(3, "tanh"), dense(2, end), cost=cost)
    x = np.random.default_rng(0).normal(size=(5, 3))
    assert_gradients_match(network, x, targets_for(type(kind), 5, 2))


@pytest.mark.parametrize(
    "activation",
    [
        {"type": "leaky_relu", "slope": 0.3},
        {"type": "elu", "alpha": 0.4},
        {"type": "gelu", "approximate": True},
        {"type": "softplus", "beta": 3.0},
    ],
    ids=lambda activation: activation["type"],
)
def test_gradients_match_with_other_parameters_of_an_activation(activation: dict[str, Any]) -> None:
    network = chain(3, {"type": "dense", "units": 4, "activation": activation}, dense(2))
    stream = np.random.default_rng(0)
    assert_gradients_match(network, stream.normal(size=(6, 3)), stream.normal(size=(6, 2)))


def test_the_normal_distribution_agrees_with_the_library_of_c() -> None:
    z = np.linspace(-12, 12, 2001)
    exact = np.array([0.5 * math.erfc(-value / math.sqrt(2)) for value in z])
    for dtype, error in ((np.float64, 1e-14), (np.float32, 3e-7)):
        out, work = np.empty((2, len(z)), dtype)
        cumulative(z.astype(dtype), out, work)
        assert np.abs(out - exact).max() < error


def test_gradients_match_with_noise_held_fixed_without_bias_and_through_fan_out() -> None:
    network = Network.model_validate(
        {
            "nodes": [
                {"id": "input", "layer": {"type": "input", "shape": [3]}},
                {"id": "a", "layer": dense(4, "tanh", use_bias=False)},
                {"id": "drop", "layer": {"type": "dropout", "rate": 0.4}},
                {"id": "dead_end", "layer": dense(2, "tanh")},
                {"id": "b", "layer": dense(3, "sigmoid")},
                {"id": "c", "layer": dense(2)},
                {"id": "output", "layer": {"type": "output"}},
            ],
            "edges": [
                ["input", "a"],
                ["a", "dead_end"],
                ["a", "drop"],
                ["drop", "b"],
                ["b", "c"],
                ["c", "output"],
            ],
        }
    )
    stream = np.random.default_rng(0)
    assert_gradients_match(network, stream.normal(size=(6, 3)), stream.normal(size=(6, 2)))


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.key)
def test_every_activation_stays_finite_for_large_sums(activation: type[Activation]) -> None:
    z = np.array([[-1e4, -1.0, 0.0, 1.0, 1e4]], np.float32)
    assert np.isfinite(activation().value(z)).all()
    if activation.elementwise:
        assert np.isfinite(activation().derivative(z)).all()


@pytest.mark.parametrize("surrogate", ["straight_through", "sigmoid", "none"])
def test_the_threshold_passes_the_stated_stand_in(surrogate: Any) -> None:
    z = np.linspace(-3, 3, 31).reshape(1, -1)
    s = 1 / (1 + np.exp(-z))
    expected = {"straight_through": (np.abs(z) <= 1).astype(float), "sigmoid": s * (1 - s), "none": np.zeros_like(z)}
    np.testing.assert_allclose(Threshold(surrogate=surrogate).derivative(z), expected[surrogate], atol=1e-12)


@pytest.mark.parametrize("cost", [cost for cost in COSTS if cost.fuses_with], ids=lambda cost: cost.key)
def test_a_fused_cost_equals_the_plain_path(cost: type[Cost]) -> None:
    activation = next(member for member in ACTIVATIONS if member.key == cost.fuses_with)()
    z = np.random.default_rng(2).normal(size=(5, 3)) * 3
    t, share = targets_for(cost, 5, 3), np.full((5, 1), 0.2)
    room = Room.like(z)
    dz, dy, unfused = np.empty_like(z), np.empty_like(z), np.empty_like(z)
    fused_cost = cost().evaluate_fused(z, t, share, dz, room)
    y = activation.value(z)
    plain_cost = cost().evaluate(y, t, share, dy, room)
    activation.backward(z, y, dy, unfused, room)
    assert fused_cost == pytest.approx(plain_cost, rel=1e-12)
    np.testing.assert_allclose(dz, unfused, atol=1e-12)


@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: cost.key)
def test_every_cost_is_finite_at_the_edge_of_its_domain(cost: type[Cost]) -> None:
    y = np.array([[0.0, 1.0], [1.0, 0.0]], np.float32)
    t = y[::-1].copy()
    dy = np.empty_like(y)
    assert np.isfinite(cost().evaluate(y, t, np.full((2, 1), 0.5, np.float32), dy, Room.like(y)))
    assert np.isfinite(dy).all()


@pytest.mark.parametrize("initializer", INITIALIZERS, ids=lambda initializer: initializer.key)
def test_every_initializer_draws_the_same_from_the_same_stream(initializer: type[Initializer]) -> None:
    first, second = (initializer().draw((5, 4), np.random.default_rng(7)) for _ in range(2))
    assert first.shape == (5, 4)
    assert (first == second).all()


@pytest.mark.parametrize(
    "member",
    [member for family in families() if not family.startswith("test ") for member in members(family)],
    ids=lambda member: f"{member.family}/{member.key}",
)
def test_every_component_tells_what_it_is_and_survives_being_written(member: type[Component]) -> None:
    assert member.title
    assert member.summary().endswith(".")
    value = member()
    assert member.model_validate(value.model_dump(mode="json")) == value
    for parameter in member.parameters():
        assert parameter.title
        assert parameter.help


def test_points_near_a_kink_are_noticed() -> None:
    relu = Activation.model_validate("relu")
    assert distance_from_kinks(relu.derivative, np.array([[-0.5, 0.002]])) == 1e-3
    assert distance_from_kinks(relu.derivative, np.array([[-0.5, 0.0009]])) == 0
    assert distance_from_kinks(relu.derivative, np.array([[-0.000001]])) == 0
    bend = np.linspace(-3, 3, 61)[None]
    assert distance_from_kinks(Activation.model_validate("gelu").derivative, bend) == 1e-3


TOLD = ("activations", "costs", "layers", "initializers", "optimizers", "schedules", "regularizers", "clippings")


@pytest.mark.parametrize(
    "member",
    [member for family in TOLD for member in members(family)],
    ids=lambda member: f"{member.family}/{member.key}",
)
def test_every_component_of_the_engine_tells_its_formula_and_its_source(member: type[Component]) -> None:
    words = member.__doc__ or ""
    assert getattr(member, "formula", "") or "``" in words
    assert words.partition("    References\n    ----------\n")[2].strip().endswith((".", "computes"))


def test_validation_counts_rows_alike_whatever_classes_count() -> None:
    network = chain(1, dense(1, "sigmoid"), cost="binary_cross_entropy")
    x, t = np.array([[0.0], [1.0], [2.0]]), np.array([[0.0], [1.0], [1.0]])
    plan = TrainingPlan(network=network, inputs=x, targets=t, validation=(x, t), class_weights={1: 9.0}, epochs=1)
    training = Training(plan)
    training.advance(1)
    assert training.validation_cost == pytest.approx(training.program.cost(x, t))
    assert training.validation_cost != pytest.approx(training.program.cost(x, t, [1, 9, 9]))
