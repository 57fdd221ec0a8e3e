"""Circles stand for units and lines for weights."""

from itertools import pairwise

import numpy as np
import pytest

from nnstudio.engine import Array, Network
from nnstudio.gui.pictures.marks import Circle, Line, Words
from nnstudio.gui.pictures.neuron_layout import Neurons, lay_out_neurons
from tests.gui.pictures import networks


def _measure(text: str, strong: bool) -> float:
    return len(text) * (7.5 if strong else 7.0)


def _drawn(
    network: Network, weights: dict[str, Array] | None = None, names: dict[str, tuple[str, ...]] | None = None
) -> Neurons:
    return lay_out_neurons(network, _measure, weights or {}, names or {})


def _lines(drawn: Neurons) -> list[Line]:
    return [mark for mark in drawn.marks if isinstance(mark, Line)]


def _texts(drawn: Neurons) -> dict[str, Words]:
    return {mark.text: mark for mark in drawn.marks if isinstance(mark, Words)}


SMALL = networks.chain(("input", {"type": "input", "shape": [2]}), ("answer", {"type": "dense", "units": 3}))


def test_wide_layers_are_folded_and_dots_stand_for_the_rest() -> None:
    drawn = _drawn(networks.pictures())
    units = [neuron.unit for neuron in drawn.neurons["answer"]]
    assert units == [0, 1, 2, 3, 4, 5, 16, 17, 18, 19]
    heights = [neuron.y for neuron in drawn.neurons["answer"]]
    assert heights == sorted(set(heights))
    assert heights[6] - heights[5] > 1.5 * (heights[1] - heights[0])
    assert sum(isinstance(mark, Circle) and mark.filled for mark in drawn.marks) == 2 * 3


def test_layers_that_are_not_flat_are_boxes() -> None:
    drawn = _drawn(networks.pictures())
    assert set(drawn.boxes) == {"input", "conv", "pool"}
    assert "Convolution 5 × 5, ReLU" in _texts(drawn)


def test_every_weight_is_a_line_as_thick_as_it_is_large() -> None:
    kernel = np.array([[1.0, -0.5, 0.0], [0.25, 0.5, -1.0]])
    lines = [
        line for line in _lines(_drawn(SMALL, {"answer/kernel": kernel})) if line.points[0][1] != line.points[1][1]
    ]
    drawn = _drawn(SMALL, {"answer/kernel": kernel})
    for first in drawn.neurons["input"]:
        for second in drawn.neurons["answer"]:
            line = next(one for one in lines if (one.points[0][1], one.points[1][1]) == (first.y, second.y))
            weight = kernel[first.unit, second.unit]
            assert line.sign == (1 if weight >= 0 else -1)
            assert line.width == pytest.approx(0.3 + 2.6 * abs(weight))
    assert {"positive weight", "negative weight"} <= set(_texts(drawn))


def test_without_a_run_lines_have_no_colour() -> None:
    drawn = _drawn(SMALL)
    assert len(_lines(drawn)) == 2 * 3
    assert {line.sign for line in _lines(drawn)} == {0}
    assert "positive weight" not in _texts(drawn)


def test_inputs_are_named_at_the_left_and_classes_at_the_right() -> None:
    drawn = _drawn(SMALL, names={"input": ("width", "height"), "answer": ("cat", "dog", "cow")})
    texts = _texts(drawn)
    assert texts["width"].side == "right"
    assert texts["width"].x < drawn.neurons["input"][0].x
    assert texts["cow"].side == "left"
    assert texts["cow"].x > drawn.neurons["answer"][2].x


def test_layers_that_keep_units_apart_join_each_with_its_own() -> None:
    drawn = _drawn(networks.joined())
    at = {neuron.unit: neuron.y for neuron in drawn.neurons["join"]}
    into = {line.points for line in _lines(drawn) if line.points[-1][0] == drawn.neurons["join"][0].x - 11}
    ends = [(points[0][1], points[-1][1]) for points in into]
    expected = [(neuron.y, at[neuron.unit]) for neuron in drawn.neurons["hidden"]]
    expected += [(neuron.y, at[neuron.unit + 5]) for neuron in drawn.neurons["memory"]]
    assert sorted(ends) == sorted(expected)


def test_columns_follow_each_other_and_words_have_room() -> None:
    for network in (networks.pictures(), networks.residual(), networks.joined(), networks.lost()):
        below = [mark.box(_measure) for mark in _texts(_drawn(network)).values() if mark.strong]
        below.sort(key=lambda box: (box.top, box.left))
        for first, second in pairwise(below):
            assert first.top != second.top or first.right < second.left


def test_what_nobody_knows_is_a_dashed_box_with_a_question_mark() -> None:
    drawn = _drawn(networks.lost())
    assert drawn.boxes["lost"].dashed
    assert "?" in _texts(drawn)
