"""Promises that every optimizer keeps, and each against a plain loop written from its paper."""

import io
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pytest
from numpy.typing import NDArray

from nnstudio.components import members
from nnstudio.engine import Network, Optimizer, Search, State, Training, TrainingPlan
from nnstudio.engine.layer import Array
from nnstudio.engine.optimizer import Descent, Objective
from nnstudio.errors import NetworkError
from tests.engine.networks import chain, dense

OPTIMIZERS = cast(tuple[type[Optimizer], ...], members("optimizers"))
Numbers = NDArray[np.float64]
Step = Callable[[Any, Any, dict[str, Any]], Any]


def small_net() -> Network:
    return chain(2, dense(5, "tanh"), {"type": "batch_normalization"}, {"type": "dropout", "rate": 0.1}, dense(1))


def rows(count: int = 37) -> tuple[Numbers, Numbers]:
    x = np.random.default_rng(0).normal(size=(count, 2))
    return x, np.sin(x[:, :1]) + 0.5 * x[:, 1:]


def calm(optimizer: type[Optimizer]) -> Optimizer:
    """Return an optimizer that suits a small net."""
    if optimizer.key == "brute_force":
        return optimizer.model_validate({"values_per_weight": 2, "limit": 0.7})
    if optimizer.key == "adadelta":
        return optimizer()
    return optimizer.model_validate({"learning_rate": 0.01} if "learning_rate" in optimizer.model_fields else {})


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer.key)
def test_every_optimizer_lowers_the_cost_and_continues_from_a_file_with_the_same_bytes(
    optimizer: type[Optimizer],
) -> None:
    x, y = rows()
    network = small_net()
    if optimizer.key == "brute_force":
        network = chain(2, {"type": "dropout", "rate": 0.1}, dense(2, "tanh"), dense(1))
    if optimizer.key == "levenberg_marquardt":  # looks at each row by itself
        network = chain(2, dense(5, "tanh"), {"type": "dropout", "rate": 0.1}, dense(1))
    schedule = {"type": "exponential", "decay": 0.99}
    plan = TrainingPlan(
        network=network,
        inputs=x,
        targets=y,
        validation=(x, y),
        batch_size=8,
        optimizer=calm(optimizer),
        schedule=schedule,  # type: ignore[arg-type]  # pydantic reads it
        early_stopping={"type": "early_stopping", "patience": 10_000},  # type: ignore[arg-type]  # as above
    )
    whole = Training(plan)
    before = whole.program.cost(x, y)
    whole.advance(1 if optimizer.key == "brute_force" else 13)
    state = whole.state()
    rest = whole.advance(40 if issubclass(optimizer, Search) else 200)
    assert len(rest)
    assert whole.program.cost(x, y) < before
    file = io.BytesIO()
    np.savez(file, **state.to_arrays())  # type: ignore[arg-type]  # names to arrays
    file.seek(0)
    other = Training(plan)
    other.restore(State.from_arrays(dict(np.load(file))))
    assert other.advance(len(rest)).tobytes() == rest.tobytes()
    assert other.state() == whole.state()
    assert other.state() != state


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda optimizer: optimizer.key)
def test_a_full_batch_gives_the_same_bytes_twice(optimizer: type[Optimizer]) -> None:
    x, y = rows()
    network = chain(2, dense(1)) if optimizer.key == "brute_force" else chain(2, dense(3, "tanh"), dense(1))
    plan = TrainingPlan(network=network, inputs=x, targets=y, batch_size=None, optimizer=calm(optimizer))
    first, second = Training(plan), Training(plan)
    assert first.advance(20).tobytes() == second.advance(20).tobytes()
    assert first.program.flat.tobytes() == second.program.flat.tobytes()


def sgd(w: Any, g: Any, m: dict[str, Any]) -> Any:
    g = g + 0.1 * w
    m["v"] = g if m["t"] == 1 else 0.9 * m["v"] + g
    return w - 0.05 * (g + 0.9 * m["v"])


def averaged(w: Any, g: Any, m: dict[str, Any]) -> Any:
    del m  # only the answer is averaged
    return w - 0.05 * g


def adagrad(w: Any, g: Any, m: dict[str, Any]) -> Any:
    m["s"] = m.get("s", 0) + g**2
    return w - 0.05 * g / (np.sqrt(m["s"]) + 1e-10)


def adadelta(w: Any, g: Any, m: dict[str, Any]) -> Any:
    m["s"] = 0.9 * m.get("s", 0) + 0.1 * g**2
    move = np.sqrt(m.get("a", 0) + 1e-6) / np.sqrt(m["s"] + 1e-6) * g
    m["a"] = 0.9 * m.get("a", 0) + 0.1 * move**2
    return w - 1.5 * move


def rmsprop(w: Any, g: Any, m: dict[str, Any]) -> Any:
    m["s"] = 0.9 * m.get("s", 0) + 0.1 * g**2
    m["g"] = 0.9 * m.get("g", 0) + 0.1 * g
    m["v"] = 0.5 * m.get("v", 0) + g / (np.sqrt(m["s"] - m["g"] ** 2) + 1e-8)
    return w - 0.01 * m["v"]


def moments(g: Any, m: dict[str, Any]) -> tuple[Any, Any]:
    m["m"] = 0.9 * m.get("m", 0) + 0.1 * g
    m["v"] = 0.999 * m.get("v", 0) + 0.001 * g**2
    return m["m"] / (1 - 0.9 ** m["t"]), m["v"] / (1 - 0.999 ** m["t"])


def adam(w: Any, g: Any, m: dict[str, Any]) -> Any:
    mean, square = moments(g, m)
    return w - 0.05 * mean / (np.sqrt(square) + 1e-8)


def adamw(w: Any, g: Any, m: dict[str, Any]) -> Any:
    return adam(w * (1 - 0.05 * 0.2), g, m)


def adamax(w: Any, g: Any, m: dict[str, Any]) -> Any:
    mean, _ = moments(g, m)
    m["u"] = np.maximum(0.999 * m.get("u", 0), np.abs(g) + 1e-8)
    return w - 0.05 * mean / m["u"]


def amsgrad(w: Any, g: Any, m: dict[str, Any]) -> Any:
    mean, _ = moments(g, m)
    m["top"] = np.maximum(m.get("top", 0), m["v"])
    return w - 0.05 * mean / (np.sqrt(m["top"]) / np.sqrt(1 - 0.999 ** m["t"]) + 1e-8)


def nadam(w: Any, g: Any, m: dict[str, Any]) -> Any:
    _, square = moments(g, m)
    now, following = (0.9 * (1 - 0.5 * 0.96 ** (k * 0.004)) for k in (m["t"], m["t"] + 1))
    m["p"] = m.get("p", 1) * now
    ahead = following * m["m"] / (1 - m["p"] * following) + (1 - now) * g / (1 - m["p"])
    return w - 0.05 * ahead / (np.sqrt(square) + 1e-8)


def lion(w: Any, g: Any, m: dict[str, Any]) -> Any:
    mean = m.get("m", np.zeros_like(w))
    m["m"] = 0.99 * mean + 0.01 * g
    return w - 0.01 * (np.sign(0.9 * mean + 0.1 * g) + 0.1 * w)


def rprop(w: Any, g: Any, m: dict[str, Any]) -> Any:
    before, step = m.get("b", np.zeros_like(w)), m.get("s", np.full_like(w, 0.01))
    turned = np.sign(g * before)
    step = np.clip(step * np.where(turned > 0, 1.2, np.where(turned < 0, 0.5, 1)), 1e-6, 50)
    g = np.where(turned < 0, 0, g)
    m["b"], m["s"] = g, step
    return w - np.sign(g) * step


REFERENCES: dict[str, tuple[Step, dict[str, Any]]] = {
    "sgd": (sgd, {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    "averaged_sgd": (averaged, {"learning_rate": 0.05, "start": 10}),
    "adagrad": (adagrad, {"learning_rate": 0.05}),
    "adadelta": (adadelta, {"learning_rate": 1.5}),
    "rmsprop": (rmsprop, {"momentum": 0.5, "centered": True}),
    "adam": (adam, {"learning_rate": 0.05}),
    "adamw": (adamw, {"learning_rate": 0.05, "weight_decay": 0.2}),
    "adamax": (adamax, {"learning_rate": 0.05}),
    "amsgrad": (amsgrad, {"learning_rate": 0.05}),
    "nadam": (nadam, {"learning_rate": 0.05}),
    "lion": (lion, {"learning_rate": 0.01, "weight_decay": 0.1}),
    "rprop": (rprop, {"learning_rate": 0.01}),
}


@pytest.mark.parametrize(
    "optimizer", [kind for kind in OPTIMIZERS if issubclass(kind, Descent)], ids=lambda optimizer: optimizer.key
)
def test_fifty_steps_are_those_of_a_plain_loop(optimizer: type[Descent]) -> None:
    reference, parameters = REFERENCES[optimizer.key]
    stream = np.random.default_rng(0)
    w = stream.normal(size=20)
    slopes = stream.normal(size=(50, 20))
    moved, g = w.copy(), np.empty(20)
    chosen = optimizer(**parameters)
    memory = chosen.memory(20, np.dtype(np.float64))
    update = chosen.bind(moved, g, memory)
    held: dict[str, Any] = {}
    walked = []
    for t, slope in enumerate(slopes, 1):
        g[...] = slope + 0.1 * moved
        held["t"] = t
        w = reference(w, slope + 0.1 * w, held)
        walked.append(w)
        assert chosen.rate is not None
        update.update(t, chosen.rate)
        np.testing.assert_allclose(moved, w, rtol=1e-9, atol=1e-12)
    if "answer" in memory:
        np.testing.assert_allclose(memory["answer"], np.mean(walked[10:], axis=0), rtol=1e-9)


class Bowl(Objective):
    """A function of a few numbers in place of a network's cost."""

    def __init__(self, start: Numbers, cost: Callable[[Array], float], slope: Callable[[Array], Numbers]) -> None:
        self.weights, self.gradients = start.copy(), np.zeros_like(start)
        self._cost, self._slope = cost, slope

    def evaluate(self) -> float:
        self.gradients[...] = self._slope(self.weights)
        return self._cost(self.weights)

    def residuals(self) -> tuple[Array, Array]:
        raise NotImplementedError

    def interrupt(self) -> None:
        """Nobody wants it to end early."""


def walk(search: Search, objective: Bowl, steps: int) -> None:
    memory = search.memory(len(objective.weights), np.dtype(np.float64))
    for count in range(1, steps + 1):
        search.step(objective, memory, count, 1.0 if search.rate is None else search.rate)


@pytest.mark.parametrize("key", ["lbfgs", "conjugate_gradient"])
def test_searches_find_the_end_of_the_banana_valley(key: str) -> None:
    banana = Bowl(
        np.array([-1.2, 1.0]),
        lambda w: float(100 * (w[1] - w[0] ** 2) ** 2 + (1 - w[0]) ** 2),
        lambda w: np.array([-400 * w[0] * (w[1] - w[0] ** 2) - 2 * (1 - w[0]), 200 * (w[1] - w[0] ** 2)]),
    )
    search = Optimizer.model_validate(key)
    assert isinstance(search, Search)
    walk(search, banana, 200)
    assert np.abs(banana.weights - 1).max() < 1e-8


def test_implicit_sgd_is_calm_where_sgd_explodes() -> None:
    bend = np.array([1.0, 10.0, 100.0])
    rate = 10 / bend.max()
    plain = np.ones(3)
    for _ in range(50):
        plain = plain - rate * bend * plain
    assert np.abs(plain).max() > 1e10
    bowl = Bowl(np.ones(3), lambda w: float(w @ (bend * w)) / 2, lambda w: bend * w)
    search = Optimizer.model_validate({"type": "implicit_sgd", "learning_rate": rate, "tolerance": 1e-8})
    assert isinstance(search, Search)
    walk(search, bowl, 1)
    np.testing.assert_allclose(bowl.weights, 1 / (1 + rate * bend), rtol=1e-5)
    walk(search, bowl, 200)
    assert np.abs(bowl.weights).max() < 1e-6


def test_averaging_calms_the_answer() -> None:
    stream = np.random.default_rng(0)
    x = stream.normal(size=(200, 2))
    y = x @ np.array([[1.0], [-2.0]]) + stream.normal(size=(200, 1))
    finals: dict[str, list[Numbers]] = {"sgd": [], "averaged_sgd": []}
    for key, found in finals.items():
        for seed in range(12):
            parameters = {"start": 100} if key == "averaged_sgd" else {}
            plan = TrainingPlan(
                network=chain(2, dense(1)),
                inputs=x,
                targets=y,
                batch_size=4,
                seed=seed,
                precision="float64",
                optimizer={"type": key, "learning_rate": 0.1, **parameters},  # type: ignore[arg-type]  # pydantic reads it
            )
            training = Training(plan)
            training.advance(600)
            found.append(training.answer_weights.copy())
    spread = {key: np.var(found, axis=0).sum() for key, found in finals.items()}
    assert spread["averaged_sgd"] < 0.2 * spread["sgd"]


NETS = {
    "a straight line": chain(2, dense(1)),
    "one unit of tanh": chain(2, dense(1, "tanh"), dense(1)),
    "one sigmoid, half the square": chain(2, dense(1, "sigmoid"), dense(1), cost="quadratic"),
}
"""Nets that have a lowest point for noisy rows of their own kind; larger ones may fall for ever towards infinity."""


@pytest.mark.parametrize("name", NETS)
@pytest.mark.parametrize("key", ["lbfgs", "conjugate_gradient", "levenberg_marquardt"])
def test_searches_find_flat_ground_in_small_nets(key: str, name: str) -> None:
    stream = np.random.default_rng(0)
    x = stream.normal(size=(60, 2))
    y = np.tanh(1.5 * x[:, :1] - x[:, 1:]) + 0.3 * stream.normal(size=(60, 1))
    plan = TrainingPlan(
        network=NETS[name],
        inputs=x,
        targets=y,
        batch_size=None,
        precision="float64",
        optimizer=key,  # type: ignore[arg-type]  # pydantic reads it
        seed=1,
    )
    training = Training(plan)
    training.advance(500)
    _, gradients = training.program.cost_and_gradients(x, y)
    assert np.sqrt(sum((g**2).sum() for g in gradients.values())) < 1e-8


def test_brute_force_counts_first_and_agrees_with_descent() -> None:
    stream = np.random.default_rng(0)
    x = stream.normal(size=(30, 2))
    y = x @ np.array([[0.52], [-1.23]])
    network = chain(2, dense(1, use_bias=False))
    search = {"type": "brute_force", "values_per_weight": 41, "limit": 2}
    plan = TrainingPlan(network=network, inputs=x, targets=y, optimizer=search)  # type: ignore[arg-type]  # pydantic reads it
    training = Training(plan)
    assert training.forecast.startswith("1,681 combinations")
    while not training.finished:
        training.advance(1)
    descent = Training(
        plan.model_copy(update={"optimizer": Optimizer.model_validate({"type": "sgd", "learning_rate": 0.1})})
    )
    descent.advance(500)
    np.testing.assert_allclose(training.program.flat, descent.program.flat, atol=0.051)


def test_brute_force_refuses_what_takes_longer_than_a_day() -> None:
    x, y = rows()
    network = chain(2, dense(6, "tanh"), dense(1))
    search = {"type": "brute_force", "values_per_weight": 1000}
    with pytest.raises(NetworkError, match=r"10\^75 combinations of 25 weights, which takes 10\^\d+ days"):
        Training(TrainingPlan(network=network, inputs=x, targets=y, optimizer=search))  # type: ignore[arg-type]  # pydantic reads it


def test_brute_force_refuses_more_combinations_than_a_number_holds() -> None:
    x, y = rows()
    network = chain(2, dense(2000, "tanh"), dense(1))
    with pytest.raises(NetworkError, match=r"10\^8332 combinations of 8001 weights, which takes 10\^\d+ days"):
        Training(TrainingPlan(network=network, inputs=x, targets=y, optimizer="brute_force"))  # type: ignore[arg-type]  # pydantic reads it


@pytest.mark.parametrize("key", ["brute_force", "levenberg_marquardt"])
def test_an_optimizer_that_does_not_suit_is_refused_while_training_and_changes_nothing(key: str) -> None:
    x, y = rows()
    network = chain(2, dense(8, "tanh"), {"type": "dropout"}, {"type": "batch_normalization"}, dense(1))
    trainings = [Training(TrainingPlan(network=network, inputs=x, targets=y, batch_size=5)) for _ in range(2)]
    for training in trainings:
        training.advance(7)
    with pytest.raises(NetworkError, match=r"another optimizer|an optimizer that"):
        trainings[0].change(optimizer=Optimizer.model_validate(key))
    assert trainings[0].journal == ()
    for training in trainings:
        training.advance(7)
    assert np.array_equal(trainings[0].program.flat, trainings[1].program.flat)


def test_a_search_that_needs_squares_says_which_cost_has_them() -> None:
    x, y = rows()
    network = chain(2, dense(1, "sigmoid"), cost="binary_cross_entropy")
    plan = TrainingPlan(network=network, inputs=x, targets=(y > 0).astype(float), optimizer="levenberg_marquardt")  # type: ignore[arg-type]  # pydantic reads it
    with pytest.raises(NetworkError, match="squared differences, which Binary cross-entropy is not"):
        Training(plan).advance(1)
