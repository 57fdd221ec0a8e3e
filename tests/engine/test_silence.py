"""Who dropout silences in a step is known before the step is done."""

from typing import Any

import numpy as np
import pytest

from nnstudio.engine import Network, Training, TrainingPlan, rng, rows_of_next_step, silenced_in_step, silencing
from nnstudio.engine.layer import Array
from nnstudio.engine.optimizers.adam import Adam


def training_of(shape: list[int], *layers: dict[str, Any], batch_size: int | None = 4) -> Training:
    network = Network.model_validate(
        {
            "nodes": [
                {"id": "input", "layer": {"type": "input", "shape": shape}},
                *({"id": f"layer_{at}", "layer": layer} for at, layer in enumerate(layers)),
                {"id": "answer", "layer": {"type": "dense", "units": 1}},
                {"id": "output", "layer": {"type": "output", "cost": "mean_squared_error"}},
            ],
            "edges": [
                *([f"layer_{at - 1}" if at else "input", f"layer_{at}"] for at in range(len(layers))),
                [f"layer_{len(layers) - 1}", "answer"],
                ["answer", "output"],
            ],
        }
    )
    rows = np.random.default_rng(0).normal(size=(10, *shape))
    plan = TrainingPlan(
        network=network,
        inputs=rows,
        targets=np.ones((10, 1)),
        optimizer=Adam(),
        batch_size=batch_size,
        epochs=9,
        shuffle=False,
    )
    return Training(plan)


def said_in_step(training: Training, id: str, rows: int) -> Array:
    """Do a step, and return what a node said of its first row."""
    training.advance(1)
    return np.array(training.program.sweep(rows, "train").outputs[id][0])


@pytest.mark.parametrize("batch_size", [4, None])
@pytest.mark.parametrize(
    ("shape", "layers", "id"),
    [
        ([6], [{"type": "dropout", "rate": 0.5}], "layer_0"),
        (
            [5, 5, 1],
            [{"type": "conv2d", "filters": 3}, {"type": "dropout", "rate": 0.4}, {"type": "flatten"}],
            "layer_1",
        ),
    ],
    ids=["flat", "pictures"],
)
def test_the_mask_of_the_next_step_is_the_one_that_training_uses(
    shape: list[int], layers: list[dict[str, Any]], id: str, batch_size: int | None
) -> None:
    training = training_of(shape, *layers, batch_size=batch_size)
    assert silencing(training.program.network) == (id,)
    seen = []
    for _ in range(4):
        state, rows = training.state(), training.rows_of_next_step
        assert rows_of_next_step(state, 10) == rows
        silent = silenced_in_step(training.program.network, state.streams, rows, training.program.dtype, id)
        assert silent is not None
        assert np.array_equal(said_in_step(training, id, rows) == 0, silent)
        seen.append(silent)
    assert any(not np.array_equal(seen[0], other) for other in seen[1:])


def test_nobody_is_silenced_without_dropout_or_where_the_numbers_are_not_known() -> None:
    training = training_of([6], {"type": "dropout", "rate": 0.0})
    network, dtype = training.program.network, training.program.dtype
    silent = silenced_in_step(network, training.state().streams, 4, dtype, "layer_0")
    assert silent is not None
    assert not silent.any()
    assert silenced_in_step(network, training.state().streams, 4, dtype, "answer") is None
    assert silenced_in_step(network, {}, 4, dtype, "layer_0") is None


def test_looking_ahead_does_not_move_the_random_numbers() -> None:
    training = training_of([6], {"type": "dropout", "rate": 0.5})
    before = rng.pack(training.program.streams["layer_0"])
    silenced_in_step(training.program.network, {"layer_0": before}, 4, training.program.dtype, "layer_0")
    assert np.array_equal(rng.pack(training.program.streams["layer_0"]), before)
