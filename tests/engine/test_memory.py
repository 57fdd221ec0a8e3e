"""Memory: the loop allocates next to nothing, training holds little beside what it needs, evaluating does not grow."""

import tracemalloc
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import nnstudio.engine.training
from nnstudio.engine import Network, Training, TrainingPlan, bind
from tests.benchmarks.footprint import measure
from tests.engine.networks import chain, dense


def _network(shape: Sequence[int], *layers: Any) -> Network:
    ids = ["input", *(f"l{index}" for index in range(len(layers))), "output"]
    layers = ({"type": "input", "shape": list(shape)}, *layers, "output")
    nodes = [{"id": id, "layer": layer} for id, layer in zip(ids, layers, strict=True)]
    return Network.model_validate({"nodes": nodes, "edges": list(pairwise(ids))})


NETWORKS = {
    "dense": _network([2], dense(8, "tanh"), dense(1)),
    "normalised, noisy": _network(
        [4],
        *(dense(8), "batch_normalization", {"type": "activation", "function": "relu"}, "dropout", "gaussian_noise"),
        *("prelu", "layer_normalization", dense(1)),
    ),
    "pictures": _network(
        [12, 12, 1],
        *({"type": "conv2d", "filters": 4, "activation": "relu"}, "max_pooling2d"),
        *({"type": "conv2d", "filters": 4, "activation": "gelu"}, "average_pooling2d", "flatten", dense(1)),
    ),
    "pictures, channel by channel": _network(
        [8, 8, 2],
        *({"type": "depthwise_conv2d", "activation": "relu"}, "zero_padding2d", "upsampling2d"),
        *("global_average_pooling2d", dense(1)),
    ),
    "sequences, windows": _network(
        [20, 3],
        *(
            {"type": "conv1d", "filters": 4, "activation": "relu"},
            "max_pooling1d",
            "global_average_pooling1d",
            dense(1),
        ),
    ),
    "LSTM": _network([10, 4], {"type": "lstm", "units": 8}, dense(1)),
    "GRU": _network([10, 4], {"type": "gru", "units": 8, "activation": "relu"}, dense(1)),
    "both ways, cut short": _network(
        [10, 4], {"type": "bidirectional", "layer": {"type": "simple_rnn", "units": 4, "truncate": 3}}, dense(1)
    ),
    "attention": _network([10, 4], {"type": "self_attention", "heads": 2}, "flatten", dense(1)),
}


def _plan(network: Network, rows: int = 50) -> TrainingPlan:
    stream = np.random.default_rng(0)
    x = stream.normal(size=(rows, *(network.shapes()["input"] or ())))
    return TrainingPlan(network=network, inputs=x, targets=stream.normal(size=(rows, 1)), batch_size=16)


def _peak(work: Callable[[], object]) -> int:
    """Return the bytes that some work takes on top of what there was."""
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        work()
        return tracemalloc.get_traced_memory()[1] - before
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("name", NETWORKS)
def test_a_thousand_steps_allocate_next_to_nothing(name: str) -> None:
    training = Training(_plan(NETWORKS[name]))
    training.advance(200)  # whole batches and the smaller last one have been met
    assert _peak(lambda: training.advance(1000)) <= 64 * 1024


def test_training_a_large_network_takes_little_more_than_it_has_to_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nnstudio.engine.training, "GOOD_STATE_STEPS", 2)
    stream = np.random.default_rng(0)
    x, t = stream.normal(size=(256, 512)).astype(np.float32), np.eye(10, dtype=np.float32)[stream.integers(0, 10, 256)]
    network = chain(
        512,
        *(dense(1024, "relu"), dense(1024, "relu"), dense(10, "softmax")),
        cost="categorical_cross_entropy",
    )
    plan = TrainingPlan(network=network, inputs=x, targets=t, batch_size=64)
    found = measure(plan, 5)  # the last good weights were written over twice
    assert found.peak <= 1.3 * found.needed


def test_answers_and_costs_of_more_rows_take_no_more_memory() -> None:
    program = bind(chain(8, dense(32, "tanh"), dense(1)))
    x = np.random.default_rng(0).normal(size=(100_000, 8)).astype(np.float32)
    program.cost(x[:1], x[:1, :1])
    program.predict(x[:1])
    few = _peak(lambda: program.cost(x[:1_000], x[:1_000, :1]))
    many = _peak(lambda: program.cost(x, x[:, :1]))
    # A share of the cost for each row is all that grows.
    assert many - few <= 100_000 * 4 + 64 * 1024
    answers = _peak(lambda: program.predict(x))
    assert answers <= 100_000 * 4 + 64 * 1024
