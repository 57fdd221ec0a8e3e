"""The parts of pictures that excite a filter are those that its windows cover."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from nnstudio.engine import Network, Program
from nnstudio.gui.moments.patches import peaks_of, sees_pictures, sight_of


def _program(*layers: dict[str, Any], shape: tuple[int, ...] = (9, 8, 2)) -> Program:
    nodes = [{"id": "input", "layer": {"type": "input", "shape": list(shape)}}]
    nodes += [{"id": f"n{at}", "layer": layer} for at, layer in enumerate(layers)]
    nodes += [
        {"id": "flat", "layer": {"type": "flatten"}},
        {"id": "answer", "layer": {"type": "dense", "units": 2}},
        {"id": "output", "layer": {"type": "output", "cost": "mean_squared_error"}},
    ]
    ids = [str(node["id"]) for node in nodes]
    return Program(Network.model_validate({"nodes": nodes, "edges": list(pairwise(ids))}), seed=1)


def _conv(**more: Any) -> dict[str, Any]:
    return {"type": "conv2d", "filters": 3, "kernel": [3, 3], "padding": "valid", "activation": "relu", **more}


def test_a_window_looks_at_what_it_covers() -> None:
    sight = sight_of(_program(_conv()), "n0")
    assert sight is not None
    for row in range(7):
        assert np.flatnonzero(sight.down[row]).tolist() == [row, row + 1, row + 2]
    for column in range(6):
        assert np.flatnonzero(sight.across[column]).tolist() == [column, column + 1, column + 2]


def test_windows_behind_windows_look_further() -> None:
    program = _program(_conv(), {"type": "max_pooling2d", "size": [2, 2]}, _conv(kernel=[2, 2]))
    sight = sight_of(program, "n2")
    assert sight is not None
    # Two pooled rows: each of two rows of three.
    assert np.flatnonzero(sight.down[0]).tolist() == [0, 1, 2, 3, 4, 5]
    assert np.flatnonzero(sight.down[1]).tolist() == [2, 3, 4, 5, 6, 7]


@pytest.mark.parametrize("more", [{"padding": "same"}, {"stride": [2, 2]}, {"dilation": [2, 2]}])
def test_the_place_where_a_filter_says_most_can_be_computed_from_the_part_alone(more: dict[str, Any]) -> None:
    program = _program(_conv(activation="linear", **more))
    features = np.random.default_rng(3).normal(size=(12, 9 * 8 * 2)).astype(np.float32)
    sight = sight_of(program, "n0")
    assert sight is not None
    peaks = peaks_of(program, sight, "n0", 1, features, 4)
    maps = program.activations(features.reshape(12, 9, 8, 2), ("n0",))["n0"][..., 1]
    np.testing.assert_allclose(peaks.values, maps.reshape(12, -1).max(axis=1), rtol=1e-6)
    assert peaks.rows.tolist() == np.argsort(-peaks.values, kind="stable")[:4].tolist()
    kernel, bias = program.weights["n0/kernel"], program.weights["n0/bias"]
    step = more.get("dilation", [1, 1])[0]
    row = int(peaks.rows[0])
    place = divmod(int(maps[row].argmax()), maps.shape[2])
    part = sight.part(features.reshape(12, 9, 8, 2)[row], *place)
    np.testing.assert_allclose(peaks.parts[0], part.mean(axis=2), rtol=1e-6)
    if part.shape[:2] == (2 * step + 1, 2 * step + 1):  # else it lies at the border, where zeros stand around
        answer = float((part[::step, ::step] * kernel[..., 1]).sum() + bias[1])
        assert answer == pytest.approx(float(peaks.values[row]), rel=1e-4)


def test_flat_layers_and_flat_inputs_have_no_parts() -> None:
    program = _program(_conv())
    assert sees_pictures(program.network, "n0")
    assert not sees_pictures(program.network, "flat")
    assert sight_of(_program({"type": "dense", "units": 3}, shape=(5,)), "n0") is None
