"""Training: the contract's words, exact bytes, references, bounded memory."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

import nnstudio.engine
from nnstudio.engine import Network, Training, TrainingPlan, bind
from nnstudio.errors import NetworkError
from tests.engine.networks import chain, dense


def _plan(**changes: Any) -> TrainingPlan:
    stream = np.random.default_rng(0)
    fields: dict[str, Any] = {
        "network": chain(2, dense(8, "tanh"), dense(1)),
        "inputs": stream.normal(size=(50, 2)),
        "targets": stream.normal(size=(50, 1)),
        "batch_size": 16,
        "precision": "float64",
    }
    return TrainingPlan(**{**fields, **changes})


def test_the_python_interface_works_as_promised() -> None:
    network = Network.model_validate(
        {
            "nodes": [
                {"id": "input", "layer": {"type": "input", "shape": [2]}},
                {
                    "id": "hidden",
                    "title": "hidden 1",
                    "layer": {"type": "dense", "units": 8, "activation": "tanh"},
                },
                {"id": "out", "layer": {"type": "dense", "units": 1}},
                {"id": "output", "layer": {"type": "output", "cost": "mean_squared_error"}},
            ],
            "edges": [["input", "hidden"], ["hidden", "out"], ["out", "output"]],
        }
    )
    x, y = np.random.default_rng(0).normal(size=(50, 2)), np.ones((50, 1))
    kernel = np.full((2, 8), 0.1)
    plan = TrainingPlan(
        network=network,
        inputs=x,
        targets=y,
        validation=(x[:10], y[:10]),
        optimizer={"type": "adam", "learning_rate": 0.01},  # type: ignore[arg-type]  # keys and objects are accepted
        batch_size=16,
        epochs=5,
        shuffle=False,
        seed=0,
        precision="float64",
        initial_weights={"hidden/kernel": kernel, "hidden/bias": np.zeros(8)},
    )
    training = Training(plan)
    assert (training.weights["hidden/kernel"] == kernel).all()
    assert training.weights["hidden/kernel"].shape == (2, 8)
    with pytest.raises(ValueError, match="read-only"):
        training.weights["hidden/kernel"][0] = 1
    assert len(training.advance(100)) == 20  # five epochs of four steps
    assert training.finished
    steps = list(Training(plan))
    assert [(step.epoch, step.batch) for step in steps[:6]] == [(0, 0), (0, 1), (0, 2), (0, 3), (1, 0), (1, 1)]
    program = bind(network, batch=32, precision="float32", weights=None, seed=0)
    assert program.predict(x).shape == (50, 1)
    cost, gradients = program.cost_and_gradients(x, y)
    assert cost > 0
    assert gradients["hidden/kernel"].shape == (2, 8)


@pytest.mark.parametrize("batch_size", [None, 7, 50, 1000])
def test_sgd_follows_the_plain_loop_of_the_textbook(batch_size: int | None) -> None:
    rate, momentum = 0.05, 0.9
    plan = _plan(
        batch_size=batch_size,
        shuffle=False,
        optimizer={"type": "sgd", "learning_rate": rate, "momentum": momentum},
        network=chain(2, dense(1)),
    )
    training = Training(plan)
    w = np.concatenate([training.weights["l0/kernel"].ravel(), training.weights["l0/bias"]])
    x = np.hstack([plan.inputs, np.ones((50, 1))])
    v = np.zeros(3)
    size = min(batch_size or 50, 50)
    costs: list[float] = []
    while len(costs) < 50:
        for start in range(0, 50, size):
            rows, t = x[start : start + size], plan.targets[start : start + size, 0]
            error = rows @ w - t
            costs.append(float((error**2).mean()))
            v = momentum * v + 2 * rows.T @ error / len(t)
            w = w - rate * v
    np.testing.assert_allclose(training.advance(len(costs)), costs, rtol=1e-9)
    np.testing.assert_allclose(training.weights["l0/kernel"].ravel(), w[:2], rtol=1e-9)


def test_adam_follows_the_plain_loop_of_its_paper() -> None:
    plan = _plan(
        batch_size=None, optimizer={"type": "adam", "learning_rate": 0.02}, network=chain(2, dense(1)), shuffle=False
    )
    training = Training(plan)
    w = np.concatenate([training.weights["l0/kernel"].ravel(), training.weights["l0/bias"]])
    x, t = np.hstack([plan.inputs, np.ones((50, 1))]), plan.targets[:, 0]
    m, v = np.zeros(3), np.zeros(3)
    for count in range(1, 51):
        g = 2 * x.T @ (x @ w - t) / 50
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        w = w - 0.02 * (m / (1 - 0.9**count)) / (np.sqrt(v / (1 - 0.999**count)) + 1e-8)
    training.advance(50)
    np.testing.assert_allclose(training.weights["l0/kernel"].ravel(), w[:2], rtol=1e-9)
    assert training.weights["l0/bias"][0] == pytest.approx(w[2], rel=1e-9)


@pytest.mark.parametrize("shuffle", [True, False])
def test_two_runs_of_the_same_plan_have_the_same_bytes(shuffle: bool) -> None:
    first, second = Training(_plan(shuffle=shuffle)), Training(_plan(shuffle=shuffle))
    # In pieces of other sizes, so that nothing depends on how often one looks.
    a = np.concatenate([first.advance(7), first.advance(33)])
    assert a.tobytes() == second.advance(40).tobytes()
    assert first.state() == second.state()


def test_adding_a_layer_does_not_move_the_first_weights_of_another() -> None:
    small, large = bind(chain(2, dense(4), dense(1))), bind(chain(2, dense(4), dense(3), dense(1)))
    assert (small.weights["l0/kernel"] == large.weights["l0/kernel"]).all()


def test_rows_gathered_batch_by_batch_train_as_rows_gathered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = Training(_plan(row_weights=np.arange(1, 51)))
    a = at_once.advance(40)
    monkeypatch.setattr(nnstudio.engine.batches, "GATHER_BYTES", 0)
    batch_by_batch = Training(_plan(row_weights=np.arange(1, 51)))
    assert batch_by_batch.advance(40).tobytes() == a.tobytes()


def test_wide_rows_that_are_read_from_where_they_lie_train_as_rows_gathered_at_once() -> None:
    stream = np.random.default_rng(0)
    narrow, wide = stream.normal(size=(50, 8)), stream.normal(size=(50, 400))
    both = np.concatenate([narrow, wide], axis=1)
    plan = _plan(inputs=both, targets=narrow[:, :1], network=chain(408, dense(4), dense(1)))
    training = Training(plan)
    costs = training.advance(12)
    gathered = Training(plan)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nnstudio.engine.batches, "_WIDE", 10**9)
        assert gathered.advance(12).tobytes() == costs.tobytes()
    assert gathered.program.flat.tobytes() == training.program.flat.tobytes()


def test_a_large_batch_is_summed_over_chunks_and_equals_the_whole() -> None:
    stream = np.random.default_rng(0)
    x, y = stream.normal(size=(5000, 2)), stream.normal(size=(5000, 1))
    plan = _plan(inputs=x, targets=y, batch_size=None, optimizer={"type": "sgd", "learning_rate": 0.1})
    training = Training(plan)
    cost, gradients = bind(plan.network, precision="float64").cost_and_gradients(x, y)
    before = training.weights["l0/kernel"].copy()
    assert training.advance(1)[0] == pytest.approx(cost, rel=1e-12)
    np.testing.assert_allclose(
        before - training.weights["l0/kernel"], 0.1 * gradients["l0/kernel"], rtol=1e-8, atol=1e-15
    )


def test_class_weights_count_a_class_as_often_as_they_say() -> None:
    x = np.array([[0.0], [1.0], [1.0], [1.0]])
    t = np.array([[0.0], [1.0], [1.0], [1.0]])
    network = chain(1, dense(1, "sigmoid"), cost="binary_cross_entropy")
    weighted = Training(_plan(network=network, inputs=x[:2], targets=t[:2], class_weights={1: 3.0}, batch_size=None))
    repeated = Training(_plan(network=network, inputs=x, targets=t, batch_size=None))
    np.testing.assert_allclose(weighted.advance(20), repeated.advance(20), rtol=1e-9)


def test_a_class_counts_the_same_whether_no_is_written_zero_or_minus_one() -> None:
    network = chain(1, dense(1, "tanh"))
    x, t = np.array([[0.5], [1.0]]), np.array([[-1.0], [1.0]])
    for place in (0, 1):
        weighted = Training(_plan(network=network, inputs=x, targets=t, class_weights={place: 3.0}, batch_size=None))
        by_row = Training(
            _plan(network=network, inputs=x, targets=t, row_weights=[3, 1][:: 1 - 2 * place], batch_size=None)
        )
        assert weighted.advance(5).tobytes() == by_row.advance(5).tobytes()


@pytest.mark.parametrize("shuffle", [True, False])
def test_classes_count_more_from_the_middle_of_an_epoch_and_restoring_keeps_it(shuffle: bool) -> None:
    network = chain(2, dense(8, "tanh"), dense(1, "sigmoid"), cost="binary_cross_entropy")
    targets = (np.arange(50) % 5 == 0).astype(float)[:, None]
    plan = _plan(network=network, targets=targets, shuffle=shuffle)
    training, plain = Training(plan), Training(plan)
    training.advance(2)
    training.change(class_weights={1: 4.0})
    state, rest = training.state(), training.advance(9)
    assert rest.tobytes() != plain.advance(11)[2:].tobytes()
    other = Training(plan)
    other.restore(state)
    assert other.advance(9).tobytes() == rest.tobytes()
    training.change(class_weights={})
    assert "class_weights" not in training.state().settings
    with pytest.raises(ValueError, match="zero or more"):
        training.change(class_weights={0: -1.0})


def test_a_batch_size_that_changed_in_the_middle_of_an_epoch_is_restored_too() -> None:
    training = Training(_plan(batch_size=16))
    training.advance(2)
    training.change(batch_size=None)
    state = training.state()
    rest = training.advance(6)
    other = Training(_plan(batch_size=16))
    other.restore(state)
    assert other.advance(6).tobytes() == rest.tobytes()


def test_settings_change_while_it_runs_and_are_noted() -> None:
    training = Training(_plan())
    training.advance(5)
    training.change(learning_rate=0.5)
    training.change(batch_size=10)
    assert training.learning_rate == 0.5
    assert [(change.step, change.name, change.value) for change in training.journal] == [
        (5, "learning_rate", 0.5),
        (5, "batch_size", 10),
    ]
    state = training.state()
    rest = training.advance(20)
    other = Training(_plan())
    other.restore(state)
    assert other.advance(20).tobytes() == rest.tobytes()
    with pytest.raises(ValueError, match="no parameter 'speed'"):
        training.change(speed=1)


def test_numbers_that_run_away_are_told_and_the_last_good_weights_put_back() -> None:
    training = Training(_plan(optimizer={"type": "sgd", "learning_rate": 90}, network=chain(2, dense(4), dense(1))))
    costs = training.advance(500)
    assert training.diverged
    assert not np.isfinite(costs[-1])
    assert "ran away at step" in training.divergence
    assert np.isfinite(training.weights["l0/kernel"]).all()
    assert len(training.advance(10)) == 0


def test_the_loop_allocates_next_to_nothing() -> None:
    training = Training(_plan(precision="float32"))
    training.advance(200)
    tracemalloc.start()
    try:
        training.advance(10)
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        training.advance(1000)
        peak = tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()
    assert peak <= 64 * 1024


def test_a_rows_answer_does_not_depend_on_its_company() -> None:
    program = bind(chain(3, dense(50, "relu"), dense(2, "softmax"), cost="categorical_cross_entropy"))
    x = np.random.default_rng(0).normal(size=(600, 3))
    together = program.predict(x)
    for row in (0, 299, 599):
        assert program.predict(x[row : row + 1]).tobytes() == together[row : row + 1].tobytes()


def test_predicting_makes_no_noise_and_dropout_keeps_the_mean_while_training() -> None:
    network = chain(1, {"type": "dropout", "rate": 0.5}, dense(1, kernel_initializer="small_normal"))
    program = bind(network)
    x = np.ones((4, 1))
    assert (program.activations(x)["l0"] == 1).all()
    sweep = program.sweep(10_000, "train")
    sweep.inputs["input"][...] = 1
    sweep.forward()
    assert set(np.unique(sweep.outputs["l0"])) == {0.0, 2.0}
    assert sweep.outputs["l0"].mean() == pytest.approx(1, abs=0.05)


def test_validation_is_looked_at_after_two_thousand_rows_and_at_the_end() -> None:
    stream = np.random.default_rng(0)
    training = Training(_plan(validation=(stream.normal(size=(9, 2)), stream.normal(size=(9, 1))), epochs=100))
    training.advance(10_000)
    seen = training.history.read("validation")
    assert seen.step.tolist() == [160, 320, 400]  # 40 epochs of 4 steps are 2,000 rows
    assert training.plan.validation
    x, t = training.plan.validation
    assert training.validation_cost == pytest.approx(training.program.cost(x, t))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"inputs": np.zeros((50, 3))}, "Input 'input' expects rows of shape"),
        ({"targets": np.zeros((50, 2))}, "expects 1 numbers a row as targets"),
        ({"inputs": np.zeros((49, 2))}, "49 rows"),
        ({"inputs": np.full((50, 2), np.nan)}, "not finite"),
        ({"inputs": np.zeros((0, 2)), "targets": np.zeros((0, 1))}, "no rows"),
        ({"row_weights": -np.ones(50)}, "Row weights"),
        ({"initial_weights": {"l9/kernel": np.zeros(1)}}, "no weight 'l9/kernel'"),
        ({"initial_weights": {"l0/kernel": np.zeros((3, 8))}}, "shape"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(NetworkError, match=words):
        Training(_plan(**changes))
