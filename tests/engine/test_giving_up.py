"""A step that takes long can be given up in the middle, leaves no trace, and is the same when it is done after all."""

from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest

from nnstudio.components import members
from nnstudio.engine import Network, Optimizer, Training, TrainingPlan
from nnstudio.engine.batch_cost import LONG_STEP
from nnstudio.engine.optimizer import Array, Objective
from nnstudio.engine.optimizers.levenberg_marquardt import LevenbergMarquardt
from nnstudio.engine.program import CHUNK
from tests.engine.networks import chain, dense

OPTIMIZERS = cast(tuple[type[Optimizer], ...], members("optimizers"))
NOISE = ({"type": "batch_normalization"}, {"type": "dropout"})
NOISY = chain(2, dense(12, "tanh"), *NOISE, dense(12, "tanh"), dense(1))
SUITED = {"levenberg_marquardt": chain(2, dense(12, "tanh"), dense(1)), "brute_force": chain(2, dense(1))}
SEQUENCES = chain(18, {"type": "reshape", "shape": [6, 3]}, {"type": "lstm", "units": 12}, dense(1))


def _plan(network: Network, rows: int, **values: Any) -> TrainingPlan:
    stream = np.random.default_rng(0)
    shape = network.shapes()["input"] or ()
    fields = {"inputs": stream.normal(size=(rows, *shape)), "targets": stream.normal(size=(rows, 1))}
    return TrainingPlan.model_validate({"network": network, "batch_size": None, **fields, **values})


class Counter:
    """Counts how often it is asked, and says yes from the n-th time on."""

    def __init__(self, yes_at: int) -> None:
        self.asked = 0
        self._yes_at = yes_at

    def __call__(self) -> bool:
        self.asked += 1
        return self.asked >= self._yes_at


def _give_up_everywhere(plan: TrainingPlan, places: Callable[[int], list[int]]) -> int:
    """Give up a step at many places, do it after all, and return how many places there were."""
    untouched, training = Training(plan), Training(plan)
    never = Counter(10**9)
    for made in (untouched, training):
        made.advance(2)
    before = training.state()
    costs = untouched.advance(1, None, never)
    for place in places(never.asked):
        assert len(training.advance(1, None, Counter(place))) == 0
        assert training.state() == before
    assert training.advance(1).tobytes() == costs.tobytes()
    assert training.state() == untouched.state()
    for name in ("epoch_cost", "validation"):
        assert training.history.read(name).mean.tolist() == untouched.history.read(name).mean.tolist()
    return never.asked


def _some(count: int) -> list[int]:
    return sorted({*range(1, min(count, 6) + 1), *np.linspace(1, count, 12).astype(int).tolist()})


def _around(last: int) -> Callable[[int], list[int]]:
    """Return which places to try of a step whose last ones are so many."""
    return lambda count: [1, max(1, count - last), count - last + 1, count - 3, count]


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer.key)
def test_a_step_given_up_at_any_place_leaves_no_trace(optimizer: type[Optimizer]) -> None:
    network = SUITED.get(optimizer.key, NOISY)
    assert _give_up_everywhere(_plan(network, 5000, optimizer=optimizer.key), _some) > 5


@pytest.mark.parametrize("optimizer", ["adam", "averaged_sgd", "lbfgs"])
@pytest.mark.parametrize("rows", [60, 3000])
def test_the_look_at_many_validation_rows_can_be_given_up_with_the_step_before_it(optimizer: str, rows: int) -> None:
    stream = np.random.default_rng(1)
    others = stream.normal(size=(6000, 2)), stream.normal(size=(6000, 1))
    schedule, stopping = {"type": "reduce_on_plateau", "patience": 1}, {"type": "early_stopping", "patience": 50}
    watched = {"validation": others, "schedule": schedule, "early_stopping": stopping, "epochs": 3}
    chunks = -(-6000 // CHUNK)
    plan = _plan(NOISY, rows, optimizer=optimizer, **watched)
    assert _give_up_everywhere(plan, _around(chunks)) >= chunks


@pytest.mark.parametrize("optimizer", ["adam", "lbfgs"])
def test_a_step_over_sequences_can_be_given_up_between_their_steps(optimizer: str) -> None:
    layers, steps = 2, 6
    assert _give_up_everywhere(_plan(SEQUENCES, 1500, optimizer=optimizer), _some) > 2 * (layers + steps)


class Slopes(Objective):
    """Straight lines with many slopes, that count how often they are asked."""

    def __init__(self, rows: int, weights: int) -> None:
        self.weights, self.gradients = np.zeros(weights), np.zeros(weights)
        self.asked = 0
        self._slopes = np.random.default_rng(0).normal(size=(rows, weights))

    def evaluate(self) -> float:
        found = self._slopes @ self.weights - 1
        return float(found @ found)

    def residuals(self) -> tuple[Array, Array]:
        return self._slopes @ self.weights - 1, self._slopes

    def interrupt(self) -> None:
        self.asked += 1


def test_the_product_of_many_slopes_is_made_in_parts_and_solves_as_exactly() -> None:
    few, many = Slopes(20, 40), Slopes(1000, 900)
    for lines in (few, many):
        optimizer = LevenbergMarquardt(damping=1e-9)
        memory = optimizer.memory(len(lines.weights), lines.weights.dtype)
        for count in range(1, 4):
            optimizer.step(lines, memory, count, 1.0)
        best = np.linalg.lstsq(lines.residuals()[1], np.ones(len(lines.residuals()[0])))[1]
        assert lines.evaluate() == pytest.approx(float(best.sum()), abs=1e-8)
    assert few.asked == 0
    assert many.asked > 3


def test_a_short_step_is_done_without_asking() -> None:
    network = chain(2, dense(4, "tanh"), dense(1))
    rows = LONG_STEP // 100
    short, long = Counter(10**9), Counter(10**9)
    Training(_plan(network, 50, optimizer="adam")).advance(3, None, short)
    Training(_plan(network, rows, optimizer="adam")).advance(3, None, long)
    assert short.asked == 0
    assert long.asked > 3


def test_who_wants_to_stop_between_steps_has_one_step_done_however_long_it_is() -> None:
    training = Training(_plan(NOISY, 20_000))
    assert len(training.advance(5, lambda: True)) == 1
    assert training.step == 1
