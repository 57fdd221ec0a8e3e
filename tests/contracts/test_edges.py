"""Numbers stay finite at every edge, or say so: large sums, few rows, one class, nothing that varies."""

from typing import Any, cast

import numpy as np
import pytest

from nnstudio.components import members
from nnstudio.engine import Activation, Cost, Layer, Optimizer, Program, Training, TrainingPlan
from nnstudio.engine.room import Room
from tests.contracts.test_engine import targets_for
from tests.contracts.test_layers import LAYERS, layer_and_shape, rows_for, with_layer
from tests.contracts.test_optimizers import calm
from tests.engine.networks import chain, dense

ACTIVATIONS = cast(tuple[type[Activation], ...], members("activations"))
COSTS = cast(tuple[type[Cost], ...], members("costs"))
OPTIMIZERS = cast(tuple[type[Optimizer], ...], members("optimizers"))
ENDS = [(cost, end.key) for cost in COSTS for end in ACTIVATIONS if end.key in cost.fits]
"""The costs that fit some outputs only, with each of them."""


@pytest.mark.parametrize(("cost", "end"), ENDS, ids=lambda value: value if isinstance(value, str) else value.key)
def test_sums_of_ten_thousand_before_the_cost_give_finite_numbers(cost: type[Cost], end: str) -> None:
    program = Program(chain(2, dense(2, end), cost=cost.key))
    program.flat[...] = [1, 0, 0, 1, 0, 0]  # the sums are the inputs
    x = np.array([[-1e4, 1e4], [1e4, -1e4], [1e4, 1e4], [0, 0]], np.float32)
    for targets in (targets_for(cost, 4, 2), targets_for(cost, 4, 2)[::-1]):
        value, gradients = program.cost_and_gradients(x, targets)
        assert np.isfinite(value)
        assert all(np.isfinite(values).all() for values in gradients.values())
    assert np.isfinite(program.predict(x)).all()


@pytest.mark.parametrize(
    "cost",
    [cost for cost in COSTS if {"sigmoid", "softmax"} & set(cost.fits)],
    ids=lambda cost: cost.key,
)
def test_an_answer_that_is_almost_zero_is_pulled_as_double_precision_says(cost: type[Cost]) -> None:
    """A guard that bends the slope where the cost is still defined would leave such an answer where it is."""
    slopes = []
    for precision in (np.float32, np.float64):
        y = np.array([[1e-12, 1 - 1e-12]], precision)
        t, dy = np.array([[1.0, 0.0]], precision), np.empty_like(y)
        cost().evaluate(y, t, np.ones((1, 1), precision), dy, Room.like(y))
        slopes.append(float(dy[0, 0]))
    assert slopes[0] == pytest.approx(slopes[1], rel=1e-4)
    assert slopes[0] < -1e5


@pytest.mark.parametrize("cost", [cost for cost in COSTS if cost.fuses_with], ids=lambda cost: cost.key)
def test_who_is_sure_and_wrong_still_learns(cost: type[Cost]) -> None:
    program = Program(chain(2, dense(2, cost.fuses_with), cost=cost.key))
    program.flat[...] = [1, 0, 0, 1, 0, 0]
    _, gradients = program.cost_and_gradients(np.array([[-200.0, 200.0]]), np.array([[1.0, 0.0]]))
    assert (np.abs(gradients["l0/bias"]) > 0.01).all()


@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.key)
@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize("same", [False, True])
def test_every_layer_trains_on_few_rows_and_on_rows_that_are_all_alike(
    kind: type[Layer], rows: int, *, same: bool
) -> None:
    layer, shape = layer_and_shape(kind)
    written = layer.model_dump(mode="json")
    network = with_layer(shape, written, layer.fewest_inputs)
    x = rows_for(shape, written, rows)
    x = np.zeros_like(x) if same else x
    # A batch larger than the data, and one that leaves a smaller last one.
    for batch in (32, 2):
        plan = TrainingPlan(network=network, inputs=x, targets=np.ones((rows, 2)), batch_size=batch)
        training = Training(plan)
        costs = training.advance(12)
        assert len(costs) == 12
        assert training.steps_per_epoch == -(-rows // min(batch, rows))
        assert np.isfinite(costs).all()
        assert np.isfinite(training.program.flat).all()
        assert np.isfinite(training.program.memory).all()
        assert np.isfinite(training.program.predict(x)).all()


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer.key)
def test_every_optimizer_stays_finite_on_one_row_of_one_class(optimizer: type[Optimizer]) -> None:
    squares = optimizer.key == "levenberg_marquardt"
    end, cost = ("sigmoid", "mean_squared_error") if squares else ("softmax", "categorical_cross_entropy")
    plan = TrainingPlan(
        network=chain(1, dense(2, end, use_bias=False), cost=cost),
        inputs=np.zeros((1, 1)),
        targets=np.array([[1.0, 0.0]]),
        optimizer=calm(optimizer),
        batch_size=64,
    )
    training = Training(plan)
    costs = training.advance(60)
    assert len(costs)
    assert np.isfinite(costs).all()
    assert np.isfinite(training.program.flat).all()


@pytest.mark.parametrize("cost", COSTS, ids=lambda cost: cost.key)
def test_every_cost_trains_on_one_class_alone(cost: type[Cost]) -> None:
    end: Any = cost.fits[0] if cost.fits else "linear"
    targets = np.repeat(targets_for(cost, 1, 2), 5, axis=0)
    x = np.random.default_rng(0).normal(size=(5, 3))
    training = Training(TrainingPlan(network=chain(3, dense(2, end), cost=cost.key), inputs=x, targets=targets))
    before = training.program.cost(x, targets)
    costs = training.advance(200)
    assert np.isfinite(costs).all()
    assert training.program.cost(x, targets) < before
