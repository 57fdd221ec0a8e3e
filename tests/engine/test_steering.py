"""What steers training besides the optimizer: schedules, clipping, penalties, early stopping, the range test."""

from typing import Any, cast

import numpy as np
import pytest

from nnstudio.components import members
from nnstudio.engine import Clipping, Network, Schedule, Training, TrainingPlan, find_learning_rate
from nnstudio.engine.clippings import ByNorm, ByValue
from nnstudio.engine.optimizers.sgd import Sgd
from nnstudio.engine.regularizers import MaxNorm, Regularizer
from nnstudio.engine.schedules import ReduceOnPlateau, curve
from nnstudio.errors import NetworkError
from tests.engine.networks import chain, dense

SCHEDULES = cast(tuple[type[Schedule], ...], members("schedules"))
REGULARIZERS = cast(tuple[type[Regularizer], ...], members("regularizers"))


def plan(network: Network, rows: int = 60, **values: Any) -> TrainingPlan:
    x = np.random.default_rng(0).normal(size=(rows, 2))
    y = np.sin(x[:, :1]) + 0.3 * x[:, 1:]
    return TrainingPlan.model_validate({"network": network, "inputs": x, "targets": y, "batch_size": 10, **values})


EXPECTED: dict[str, list[tuple[dict[str, Any], float, float]]] = {
    "constant": [({}, 7.3, 1)],
    "step": [({"every": 4, "factor_each": 0.5}, 3.9, 1), ({"every": 4, "factor_each": 0.5}, 8.0, 0.25)],
    "exponential": [({"decay": 0.9}, 2.5, 0.9**2.5)],
    "inverse_time": [({"decay": 0.5}, 4, 1 / 3)],
    "polynomial": [({"epochs": 10, "power": 2, "last": 0.1}, 5, 0.1 + 0.9 * 0.25), ({"epochs": 10}, 20, 0)],
    "cosine": [({"epochs": 10}, 5, 0.5), ({"epochs": 10, "last": 0.2}, 30, 0.2)],
    "cosine_restarts": [({"first": 10, "growth": 2}, 10, 1), ({"first": 10, "growth": 2}, 20, 0.5)],
    "one_cycle": [({"epochs": 10, "climb": 0.5, "first": 0.1}, 0, 0.1), ({"epochs": 10, "climb": 0.5}, 5, 1)],
    "linear_warmup": [({"epochs": 4, "first": 0.2}, 2, 0.6), ({"epochs": 4}, 9, 1)],
    "reduce_on_plateau": [({}, 3, 1)],
}


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: schedule.key)
def test_every_schedule_is_its_formula(schedule: type[Schedule]) -> None:
    for parameters, epoch, factor in EXPECTED[schedule.key]:
        chosen = schedule(**parameters)
        assert chosen.factor(epoch, chosen.fresh_memory()) == pytest.approx(factor)
    _, factors = curve(schedule())
    assert ((factors >= 0) & (factors <= 1)).all()


@pytest.mark.parametrize("schedule", SCHEDULES, ids=lambda schedule: schedule.key)
def test_the_curve_of_every_schedule_shows_what_it_does(schedule: type[Schedule]) -> None:
    at, factors = curve(schedule())
    assert len(at) == len(factors)
    assert (np.ptp(factors) > 0) == (schedule.key != "constant")


@pytest.mark.parametrize(
    ("kind", "parameter", "epochs"),
    [
        ("step", "every", 700),
        ("cosine_restarts", "first", 500),
        ("linear_warmup", "epochs", 900),
        ("reduce_on_plateau", "patience", 400),
        ("reduce_on_plateau", "patience", 1_000_000),
    ],
)
def test_a_slow_schedule_is_drawn_over_as_many_epochs_as_it_needs(kind: str, parameter: str, epochs: int) -> None:
    _, factors = curve(Schedule.model_validate({"type": kind, parameter: epochs}))
    assert np.ptp(factors) > 0.5


@pytest.mark.parametrize("patience", [1, 3, 10])
def test_the_staircase_of_a_plateau_is_what_a_run_does_whose_cost_stays(patience: int) -> None:
    schedule = ReduceOnPlateau(patience=patience, factor_each=0.5)
    memory, done = schedule.fresh_memory(), []
    for epoch in range(40):
        done.append(schedule.factor(epoch, memory))
        schedule.observe(0.7, memory)
    np.testing.assert_array_equal(schedule.example(np.arange(40.0)), done)
    assert len(set(done)) > 3


def test_a_schedule_moves_the_rate_of_the_steps() -> None:
    schedule = {"type": "step", "every": 1, "factor_each": 0.5}
    training = Training(plan(chain(2, dense(1)), optimizer={"type": "sgd", "learning_rate": 0.1}, schedule=schedule))
    rates = []
    for _ in range(3):
        rates.append(training.learning_rate)
        before = training.program.flat.copy()
        training.advance(1)
        moved = np.linalg.norm(training.program.flat - before)
        assert moved == pytest.approx(rates[-1] * np.linalg.norm(training.program.flat_gradients), rel=1e-4)
        training.advance(5)
    assert rates == pytest.approx([0.1, 0.05, 0.025])


def test_the_history_notes_the_rate_at_the_step_at_which_it_became_another() -> None:
    schedule = {"type": "step", "every": 1, "factor_each": 0.5}
    training = Training(plan(chain(2, dense(1)), optimizer={"type": "sgd", "learning_rate": 0.1}, schedule=schedule))
    training.advance(8)
    held = training.state()
    training.advance(7)
    noted = training.history.read("learning_rate")
    # An epoch has six steps: the first of each epoch is the first with its rate.
    assert noted.step.tolist() == [1, 7, 13]
    assert noted.mean == pytest.approx([0.1, 0.05, 0.025])
    training.restore(held)
    training.advance(1)
    training.change(learning_rate=0.4)
    training.advance(1)
    noted = training.history.read("learning_rate")
    assert noted.step.tolist() == [1, 7, 10]
    assert noted.mean == pytest.approx([0.1, 0.05, 0.2])


def test_a_plateau_lowers_the_rate() -> None:
    schedule = {"type": "reduce_on_plateau", "patience": 2, "factor_each": 0.1, "least": 0.5}
    training = Training(plan(chain(2, dense(1)), optimizer={"type": "sgd", "learning_rate": 1e-6}, schedule=schedule))
    training.advance(6 * 6)
    assert training.learning_rate == pytest.approx(1e-8)


@pytest.mark.parametrize("clipping", [ByValue(limit=0.5), ByNorm(limit=0.5)], ids=lambda clipping: clipping.key)
def test_gradients_are_clipped(clipping: Clipping) -> None:
    gradients = np.array([3.0, -4.0, 0.1])
    clipping.apply(gradients)
    if isinstance(clipping, ByValue):
        assert gradients.tolist() == [0.5, -0.5, 0.1]
    else:
        assert np.linalg.norm(gradients) == pytest.approx(0.5)
        assert gradients[0] / gradients[1] == pytest.approx(-0.75)
    small = np.array([0.01, 0.02])
    clipping.apply(small)
    assert small.tolist() == [0.01, 0.02]


@pytest.mark.parametrize("regularizer", REGULARIZERS, ids=lambda regularizer: regularizer.key)
def test_the_gradient_of_every_penalty_matches_differences(regularizer: type[Regularizer]) -> None:
    w = np.random.default_rng(0).normal(size=(4, 3))
    g, work = np.zeros_like(w), np.empty_like(w)
    regularizer().add_gradient(w, g, work)
    for index in np.ndindex(w.shape):
        moved = [w.copy(), w.copy()]
        moved[0][index] += 1e-6
        moved[1][index] -= 1e-6
        difference = (regularizer().penalty(moved[0], work) - regularizer().penalty(moved[1], work)) / 2e-6
        assert g[index] == pytest.approx(difference, rel=1e-6)


def test_penalties_shrink_weights_and_are_a_series_of_their_own() -> None:
    strong, sgd = {"type": "l2", "strength": 0.5}, {"type": "sgd", "learning_rate": 0.05}
    plain, charged = (
        Training(plan(chain(2, dense(4, "tanh", kernel_regularizer=kind), dense(1)), epochs=60, optimizer=sgd))
        for kind in (None, strong)
    )
    for training in (plain, charged):
        training.advance(10_000)
    size = {training: float(np.abs(training.weights["l0/kernel"]).max()) for training in (plain, charged)}
    assert size[charged] < 0.5 * size[plain]
    assert plain.history.latest("penalty") is None
    penalty = charged.history.latest("penalty")
    assert penalty is not None
    cost = charged.history.latest("epoch_cost")
    assert cost is not None
    x, y = charged.plan.inputs, charged.plan.targets
    assert charged.program.cost(x, y) == pytest.approx(cost, rel=0.3)  # without the penalty


def test_max_norm_bounds_the_weights_of_each_unit() -> None:
    limit = {"type": "max_norm", "limit": 0.2}
    training = Training(plan(chain(2, dense(4, "tanh", kernel_constraint=limit), dense(1))))
    training.advance(50)
    lengths = np.linalg.norm(training.weights["l0/kernel"], axis=0)
    assert (lengths <= 0.2 + 1e-6).all()
    w = np.array([[3.0, 0.1], [4.0, 0.1]])
    MaxNorm(limit=1).apply(w, np.empty_like(w), np.empty((1, 2)))
    np.testing.assert_allclose(w, [[0.6, 0.1], [0.8, 0.1]])


def test_early_stopping_ends_and_brings_the_best_weights_back() -> None:
    stream = np.random.default_rng(1)
    x, noise = stream.normal(size=(12, 2)), stream.normal(size=(12, 1))
    seen, hidden = (x, noise), (x + 0.1, -noise)  # what is learned is wrong for the validation rows
    training = Training(
        TrainingPlan.model_validate(
            {
                "network": chain(2, dense(8, "tanh"), dense(1)),
                "inputs": seen[0],
                "targets": seen[1],
                "validation": hidden,
                "batch_size": None,
                "optimizer": {"type": "adam", "learning_rate": 0.05},
                "early_stopping": {"type": "early_stopping", "patience": 2},
                "epochs": 100_000,
            }
        )
    )
    training.advance(100_000)
    assert training.stopped_early
    assert training.finished
    costs = training.history.read("validation").mean
    assert len(costs) >= 3
    assert training.program.cost(*hidden) == pytest.approx(costs.min(), rel=1e-5)
    assert costs[-1] > costs.min()


def test_the_range_test_finds_a_rate_that_works() -> None:
    wanted = plan(chain(2, dense(8, "tanh"), dense(1)), optimizer={"type": "sgd", "learning_rate": 0.01})
    found = find_learning_rate(wanted)
    assert len(found.rates) == len(found.costs) > 50
    assert (np.diff(found.rates) > 0).all()
    assert 1e-2 < found.suggestion < 1
    rate = found.suggestion
    training = Training(wanted.model_copy(update={"optimizer": wanted.optimizer.replace(learning_rate=rate)}))
    costs = training.advance(300)
    assert not training.diverged
    assert costs[-30:].mean() < 0.3 * costs[:6].mean()
    with pytest.raises(NetworkError, match="has no learning rate"):
        find_learning_rate(plan(chain(2, dense(1)), optimizer="lbfgs"))


def test_another_rate_keeps_what_the_optimizer_remembers_and_another_kind_does_not() -> None:
    training = Training(plan(chain(2, dense(4, "tanh"), dense(1)), optimizer={"type": "adam", "learning_rate": 0.01}))
    training.advance(20)
    before = training.state()
    training.change(optimizer=training.optimizer.replace(learning_rate=0.5))
    assert all((training.state().optimizer[name] == values).all() for name, values in before.optimizer.items())
    training.change(optimizer=type(training.optimizer).model_validate("adam"))
    assert training.state().updates == before.updates
    rmsprop = next(kind for kind in members("optimizers") if kind.key == "rmsprop")()
    training.change(optimizer=rmsprop)
    assert training.state().updates == 0
    training.advance(5)
    assert not training.diverged


def test_a_schedule_holds_for_an_optimizer_that_is_chosen_later_as_if_it_had_been_there_at_first() -> None:
    network, schedule = chain(2, dense(1)), {"type": "step", "every": 1, "factor_each": 0.5}
    training = Training(plan(network, optimizer={"type": "lbfgs"}, schedule=schedule, batch_size=None))
    training.advance(1)
    assert training.learning_rate == 1
    training.change(optimizer=Sgd(learning_rate=0.1))
    again = Training(plan(network, optimizer={"type": "sgd", "learning_rate": 0.1}, schedule=schedule, batch_size=None))
    again.restore(training.state())
    for _ in range(3):
        assert training.learning_rate == again.learning_rate == pytest.approx(0.1 * 0.5**training.epoch)
        training.advance(1)
        again.advance(1)
    assert training.state() == again.state()


def test_a_rate_lowered_after_running_away_stays_lowered() -> None:
    training = Training(plan(chain(2, dense(4), dense(1)), optimizer={"type": "sgd", "learning_rate": 0.01}))
    training.advance(10)
    training.change(learning_rate=99.0)
    training.advance(500)
    assert training.diverged
    training.change(learning_rate=0.02)
    training.recover()
    training.advance(50)
    assert training.learning_rate == 0.02
    assert not training.diverged


@pytest.mark.parametrize("layer", ["conv2d", "lstm", "batch_normalization", "self_attention", "add"])
def test_no_memory_is_asked_for_while_training(layer: str) -> None:
    import tracemalloc

    from tests.contracts.test_layers import with_layer

    shape = {"conv2d": (6, 5, 2), "lstm": (6, 3), "self_attention": (6, 4)}.get(layer, (4,))
    network = with_layer(shape, {"type": layer}, 2 if layer == "add" else 1)
    stream = np.random.default_rng(0)
    training = Training(
        TrainingPlan(network=network, inputs=stream.normal(size=(64, *shape)), targets=stream.normal(size=(64, 2)))
    )
    training.advance(300)
    tracemalloc.start()
    training.advance(1000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak <= 64 * 1024
