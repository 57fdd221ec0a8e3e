"""Where numbers ran away first: the layer and the row, found after it has happened."""

from typing import Any

import numpy as np
import pytest

from nnstudio.engine import Origin, Training, TrainingPlan
from nnstudio.errors import NetworkError
from tests.engine.networks import chain, dense

SICK = 17
"""The row with a number that is too large."""


def _training(size: float, **changes: Any) -> Training:
    stream = np.random.default_rng(0)
    x = stream.normal(size=(40, 2))
    x[SICK, 0] = size
    fields: dict[str, Any] = {
        "network": chain(2, dense(4, "relu"), dense(1)),
        "inputs": x,
        "targets": stream.normal(size=(40, 1)),
        "lines": np.arange(40) + 2,
        "batch_size": 8,
        "optimizer": {"type": "sgd", "learning_rate": 0.01},
        "initial_weights": {"l0/kernel": np.full((2, 4), 2.0), "l1/kernel": np.ones((4, 1))},
        "precision": "float32",
    }
    return Training(TrainingPlan(**{**fields, **changes}))


@pytest.mark.parametrize("batch", [1, 8, None])
def test_the_layer_and_the_row_that_are_too_large_are_named(batch: int | None) -> None:
    training = _training(3e38, batch_size=batch)
    training.advance(100)
    assert training.origin == Origin("l0", SICK)
    assert "first in Dense 'l0' at line 19 of the data" in training.divergence


def test_a_row_whose_cost_alone_is_too_large_is_named_with_the_output() -> None:
    training = _training(1e30)
    training.advance(100)
    assert training.origin == Origin("output", SICK)


def test_a_row_whose_slope_spoilt_the_weights_at_an_earlier_step_is_named() -> None:
    tiny = {"l0/kernel": np.full((2, 1), 1e-14)}
    training = _training(1e28, network=chain(2, dense(1)), initial_weights=tiny, batch_size=20, shuffle=False)
    costs = training.advance(100)
    assert np.isfinite(costs[:-1]).all()
    assert training.origin == Origin("l0", SICK)
    assert np.isfinite(training.weights["l0/kernel"]).all()


def test_steps_that_are_too_large_by_themselves_are_told_with_their_layer() -> None:
    training = _training(1.0, optimizer={"type": "sgd", "learning_rate": 90})
    training.advance(500)
    assert training.origin is not None
    assert training.origin.node in training.program.network.order
    assert training.origin.row is not None


def test_a_row_of_a_large_batch_is_found_in_its_chunk() -> None:
    x, t = np.zeros((5_000, 1)), np.zeros((5_000, 1))
    x[4_900] = 3e38
    weights = {"l0/kernel": np.full((1, 1), 2.0)}
    training = _training(
        0, network=chain(1, dense(1)), inputs=x, targets=t, lines=None, batch_size=None, initial_weights=weights
    )
    training.advance(1)
    assert training.origin == Origin("l0", 4_900)
    assert "line" not in training.divergence


def test_a_number_that_is_too_large_for_the_precision_is_told_with_its_line() -> None:
    with pytest.raises(NetworkError, match="line 19 of the data is the first"):
        _training(1e39)
    assert _training(1e39, precision="float64").origin is None
