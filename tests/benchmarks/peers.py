"""The same training on every side of the benchmark: one process measures one side on one task.

python -m tests.benchmarks.peers SIDE TASK THREADS SECONDS
"""

from __future__ import annotations

import json
import math
import sys
import time
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from nnstudio.engine import TrainingPlan


@dataclass(frozen=True)
class Task:
    """What is trained: `sizes` of plain dense layers, or a network of its own, and how."""

    shape: tuple[int, ...]
    classes: int
    sizes: tuple[int, ...]
    activation: str
    optimizer: str
    batch: int
    rows: int
    kind: str = "dense"


TASKS = {
    "T1": Task((2,), 0, (8, 8, 1), "tanh", "sgd", 10, 1000),
    "T2": Task((4,), 3, (16, 3), "relu", "adam", 16, 160),
    "T3": Task((784,), 10, (128, 64, 10), "relu", "adam", 64, 2048),
    "T4": Task((1024,), 10, (1024, 1024, 10), "relu", "adam", 256, 2048),
    "T5": Task((28, 28, 1), 10, (), "relu", "sgd", 64, 1024, "convolution"),
    "T6": Task((50, 8), 10, (), "tanh", "adam", 32, 512, "recurrent"),
    "T7": Task((64,), 10, (64,) * 10, "relu", "adam", 128, 1280, "residual"),
}
RATE = 0.001


def data(task: Task) -> tuple[Any, Any]:
    """Return inputs and one-hot or real targets."""
    stream = np.random.default_rng(0)
    x = stream.normal(size=(task.rows, *task.shape)).astype(np.float32)
    if not task.classes:
        return x, np.sin(x.sum(axis=1, keepdims=True)).astype(np.float32)
    return x, np.eye(task.classes, dtype=np.float32)[stream.integers(0, task.classes, task.rows)]


def measure(run: Callable[[int], None], seconds: float) -> float:
    """Return microseconds a step, after a warm-up; `run` does so many steps."""
    run(3)
    steps = 4
    while True:
        began = time.perf_counter()
        run(steps)
        spent = time.perf_counter() - began
        if spent > seconds / 4:
            break
        steps *= 2
    steps = max(1, int(steps * seconds / spent))
    began = time.perf_counter()
    run(steps)
    return (time.perf_counter() - began) / steps * 1e6


def studio_plan(task: Task) -> TrainingPlan:
    """Return what the studio's own engine trains."""
    from nnstudio.engine import Network, TrainingPlan

    nodes: list[dict[str, Any]] = [{"id": "input", "layer": {"type": "input", "shape": list(task.shape)}}]
    edges: list[tuple[str, str]] = []

    def add(id: str, layer: Any, *sources: str) -> str:
        nodes.append({"id": id, "layer": layer})
        edges.extend((source, id) for source in sources)
        return id

    def dense(units: int, activation: str = "linear") -> dict[str, Any]:
        return {"type": "dense", "units": units, "activation": activation}

    last = "input"
    if task.kind == "dense":
        for index, units in enumerate(task.sizes[:-1]):
            last = add(f"hidden{index}", dense(units, task.activation), last)
        last = add("answer", dense(task.sizes[-1], "softmax" if task.classes else "linear"), last)
    elif task.kind == "convolution":
        for index, filters in enumerate((8, 16)):
            last = add(f"conv{index}", {"type": "conv2d", "filters": filters, "activation": "relu"}, last)
            last = add(f"pool{index}", "max_pooling2d", last)
        last = add("hidden", dense(64, "relu"), add("flat", "flatten", last))
        last = add("answer", dense(10, "softmax"), last)
    elif task.kind == "recurrent":
        last = add("answer", dense(10, "softmax"), add("memory", {"type": "lstm", "units": 64}, last))
    else:
        for index, units in enumerate(task.sizes):
            normal = add(f"normal{index}", "batch_normalization", add(f"dense{index}", dense(units), last))
            bent = add(f"bent{index}", {"type": "activation", "function": "relu"}, normal)
            last = add(f"sum{index}", "add", last, bent)
        last = add("answer", dense(10, "softmax"), last)
    cost = "categorical_cross_entropy" if task.classes else "mean_squared_error"
    add("output", {"type": "output", "cost": cost}, last)
    x, y = data(task)
    network = Network.model_validate({"nodes": nodes, "edges": edges})
    optimizer = {"type": task.optimizer, "learning_rate": RATE}
    return TrainingPlan(network=network, inputs=x, targets=y, optimizer=optimizer, batch_size=task.batch)  # type: ignore[arg-type]  # pydantic reads it


def studio(task: Task, seconds: float) -> tuple[float, str]:
    """Measure the studio's own engine."""
    from threadpoolctl import threadpool_info

    from nnstudio.engine import Training

    training = Training(studio_plan(task))
    found = measure(lambda steps: void(training.advance(steps)), seconds)
    kernel = next((pool["architecture"] for pool in threadpool_info() if pool["user_api"] == "blas"), "?")
    return found, f"NumPy {np.__version__}, kernel {kernel}, {training.program.threads} threads"


def torch(task: Task, seconds: float, threads: int) -> tuple[float, str]:
    """Measure PyTorch, eager."""
    import torch as library
    from torch import nn

    library.set_num_threads(threads)
    library.manual_seed(0)
    bent = {"tanh": nn.Tanh, "relu": nn.ReLU}[task.activation]

    class Residual(nn.Module):  # type: ignore[misc]  # torch is not typed here
        def __init__(self) -> None:
            super().__init__()
            self.dense = nn.ModuleList(nn.Linear(64, 64) for _ in range(10))
            self.normal = nn.ModuleList(nn.BatchNorm1d(64) for _ in range(10))
            self.answer = nn.Linear(64, 10)

        def forward(self, x: Any) -> Any:
            for dense, normal in zip(self.dense, self.normal, strict=True):
                x = x + library.relu(normal(dense(x)))
            return self.answer(x)

    class Recurrent(nn.Module):  # type: ignore[misc]  # torch is not typed here
        def __init__(self) -> None:
            super().__init__()
            self.memory = nn.LSTM(8, 64, batch_first=True)
            self.answer = nn.Linear(64, 10)

        def forward(self, x: Any) -> Any:
            return self.answer(self.memory(x)[0][:, -1])

    x, y = (library.from_numpy(values) for values in data(task))
    if task.kind == "dense":
        parts: list[Any] = []
        before = task.shape[0]
        for units in task.sizes:
            parts += [nn.Linear(before, units), bent()]
            before = units
        model = nn.Sequential(*parts[:-1])
    elif task.kind == "convolution":
        x = x.permute(0, 3, 1, 2).contiguous()
        model = nn.Sequential(
            *(nn.Conv2d(1, 8, 3, padding=1), bent(), nn.MaxPool2d(2), nn.Conv2d(8, 16, 3, padding=1), bent()),
            *(nn.MaxPool2d(2), nn.Flatten(), nn.Linear(784, 64), bent(), nn.Linear(64, 10)),
        )
    else:
        model = Recurrent() if task.kind == "recurrent" else Residual()
    cost = nn.CrossEntropyLoss() if task.classes else nn.MSELoss()
    make = {"sgd": library.optim.SGD, "adam": library.optim.Adam}[task.optimizer]
    optimizer = make(model.parameters(), lr=RATE)
    targets = y.argmax(dim=1) if task.classes else y

    def run(steps: int) -> None:
        place, order = task.rows, library.arange(task.rows)
        for _ in range(steps):
            if place >= task.rows:
                place, order = 0, library.randperm(task.rows)
            chosen = order[place : place + task.batch]
            place += task.batch
            optimizer.zero_grad(set_to_none=True)
            cost(model(x[chosen]), targets[chosen]).backward()
            optimizer.step()

    return measure(run, seconds), f"PyTorch {library.__version__}, {library.get_num_threads()} threads"


def sklearn(task: Task, seconds: float, threads: int) -> tuple[float, str]:
    """Measure scikit-learn's MLP."""
    import sklearn as library
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    warnings.simplefilter("ignore")
    x, y = data(task)
    kind = MLPClassifier if task.classes else MLPRegressor
    target = y.argmax(axis=1) if task.classes else y[:, 0]
    steps_per_epoch = math.ceil(task.rows / task.batch)

    def run(steps: int) -> None:
        model = kind(
            hidden_layer_sizes=task.sizes[:-1],
            activation=task.activation,
            solver=task.optimizer,
            batch_size=task.batch,
            alpha=0,
            momentum=0,
            learning_rate_init=RATE,
            max_iter=max(1, round(steps / steps_per_epoch)),
            tol=0,
            n_iter_no_change=10**9,
        )
        model.fit(x, target)

    # Whole epochs only: as many as fill the time.
    began = time.perf_counter()
    run(steps_per_epoch)
    spent = time.perf_counter() - began
    epochs = max(1, int(seconds / spent))
    began = time.perf_counter()
    run(epochs * steps_per_epoch)
    spent = time.perf_counter() - began
    return spent / (epochs * steps_per_epoch) * 1e6, f"scikit-learn {library.__version__}, {threads} threads"


def jax(task: Task, seconds: float, threads: int) -> tuple[float, str]:
    """Measure JAX, a whole epoch inside `lax.scan`."""
    import jax as library
    import jax.numpy as jnp

    stream = np.random.default_rng(1)
    sizes = (task.shape[0], *task.sizes)
    weights = [
        (jnp.asarray(stream.normal(size=(a, b)) / math.sqrt(a), jnp.float32), jnp.zeros(b, jnp.float32))
        for a, b in pairwise(sizes)
    ]
    bent = {"tanh": jnp.tanh, "relu": library.nn.relu}[task.activation]
    x, y = (jnp.asarray(values) for values in data(task))
    batches = task.rows // task.batch

    def cost(weights: Any, x: Any, y: Any) -> Any:
        for kernel, bias in weights[:-1]:
            x = bent(x @ kernel + bias)
        z = x @ weights[-1][0] + weights[-1][1]
        return -(y * library.nn.log_softmax(z)).sum(axis=1).mean() if task.classes else ((z - y) ** 2).mean()

    slope = library.value_and_grad(cost)

    def step(state: Any, chosen: Any) -> Any:
        weights, mean, square, count = state
        value, g = slope(weights, x[chosen], y[chosen])
        tree = library.tree_util.tree_map
        if task.optimizer == "sgd":
            return (tree(lambda w, g: w - RATE * g, weights, g), mean, square, count), value
        count = count + 1
        mean = tree(lambda m, g: 0.9 * m + 0.1 * g, mean, g)
        square = tree(lambda v, g: 0.999 * v + 0.001 * g * g, square, g)
        weights = tree(
            lambda w, m, v: w - RATE * (m / (1 - 0.9**count)) / (jnp.sqrt(v / (1 - 0.999**count)) + 1e-8),
            weights,
            mean,
            square,
        )
        return (weights, mean, square, count), value

    @library.jit  # type: ignore[untyped-decorator]  # jax is not typed here
    def epoch(state: Any, key: Any) -> Any:
        order = library.random.permutation(key, task.rows)[: batches * task.batch].reshape(batches, task.batch)
        return library.lax.scan(step, state, order)

    zeros = library.tree_util.tree_map(jnp.zeros_like, weights)
    held = [(weights, zeros, zeros, jnp.float32(0))]
    keys = [library.random.PRNGKey(0)]

    def run(steps: int) -> None:
        for _ in range(max(1, round(steps / batches))):
            keys[0], key = library.random.split(keys[0])
            held[0], values = epoch(held[0], key)
        values.block_until_ready()

    run(batches)
    began = time.perf_counter()
    run(batches)
    epochs = max(1, int(seconds / (time.perf_counter() - began)))
    began = time.perf_counter()
    run(epochs * batches)
    spent = time.perf_counter() - began
    return spent / (epochs * batches) * 1e6, f"JAX {library.__version__}, {threads} threads"


def void(_: object) -> None:
    """Drop a result."""


def main() -> None:
    """Measure one side on one task and print what was found as JSON."""
    side, name, threads, seconds = sys.argv[1:]
    task = TASKS[name]
    if side == "studio":
        found, told = studio(task, float(seconds))
    else:
        found, told = {"torch": torch, "sklearn": sklearn, "jax": jax}[side](task, float(seconds), int(threads))
    print(json.dumps({"microseconds": found, "told": told}))


if __name__ == "__main__":
    main()
