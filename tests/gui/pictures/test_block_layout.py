"""Blocks are as large and as many as what flows, and nothing covers anything else."""

from collections.abc import Callable
from itertools import combinations

import pytest

from nnstudio.engine import Network
from nnstudio.gui.pictures.block_layout import lay_out_blocks
from nnstudio.gui.pictures.marks import Box, Line, Words
from tests.gui.pictures import networks


def _measure(text: str, strong: bool) -> float:
    return len(text) * (7.5 if strong else 7.0)


def _overlap(a: Box, b: Box) -> bool:
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


def test_sheets_are_as_many_as_channels_and_as_large_as_maps() -> None:
    stacks = lay_out_blocks(networks.pictures(), _measure).stacks
    assert (len(stacks["input"].sheets), len(stacks["conv"].sheets)) == (1, 6)
    assert stacks["conv"].sheets[0].width / stacks["input"].sheets[0].width == pytest.approx(24 / 28)
    assert stacks["conv"].shape == "24 × 24 × 6"


def test_many_channels_are_drawn_as_few() -> None:
    network = networks.chain(
        ("input", {"type": "input", "shape": [8, 8, 1]}), ("conv", {"type": "conv2d", "filters": 512})
    )
    stack = lay_out_blocks(network, _measure).stacks["conv"]
    assert len(stack.sheets) == 12
    assert stack.shape.endswith("× 512")


def test_a_sequence_is_a_bar_for_each_step_and_a_flat_layer_one() -> None:
    stacks = lay_out_blocks(networks.joined(), _measure).stacks
    assert (len(stacks["right"].sheets), len(stacks["memory"].sheets)) == (10, 1)


def test_arrows_tell_what_happens_and_how() -> None:
    texts = [mark.text for mark in lay_out_blocks(networks.pictures(), _measure).marks if isinstance(mark, Words)]
    for words in ("Convolution", "5 × 5, ReLU", "Max pooling", "2 × 2", "Full connection", "softmax"):
        assert words in texts


@pytest.mark.parametrize("make", [networks.pictures, networks.residual, networks.joined, networks.lost])
def test_nothing_covers_anything_else(make: Callable[[], Network]) -> None:
    blocks = lay_out_blocks(make(), _measure)
    places = [stack.box for stack in blocks.stacks.values()]
    places += [mark.box(_measure) for mark in blocks.marks if isinstance(mark, Words)]
    assert len(places) >= 3 * len(blocks.stacks)
    assert [pair for pair in combinations(places, 2) if _overlap(*pair)] == []


def test_a_wire_that_skips_layers_leads_over_them() -> None:
    blocks = lay_out_blocks(networks.residual(), _measure)
    over = [mark for mark in blocks.marks if isinstance(mark, Line) and len(mark.points) == 4]
    assert len(over) == 1
    assert min(y for _, y in over[0].points) < min(stack.box.top for stack in blocks.stacks.values())


def test_every_wire_ends_at_the_layer_that_it_leads_to() -> None:
    network = networks.pictures()
    blocks = lay_out_blocks(network, _measure)
    ends = {mark.points[-1][0] for mark in blocks.marks if isinstance(mark, Line)}
    assert ends == {blocks.stacks[id].box.left - 4 for id in ("conv", "pool", "flat", "answer")}


def test_what_nobody_knows_is_a_dashed_box_with_a_question_mark() -> None:
    stack = lay_out_blocks(networks.lost(), _measure).stacks["lost"]
    assert stack.shape == "?"
    assert stack.sheets[0].dashed


def test_without_words_there_are_none() -> None:
    assert not any(isinstance(mark, Words) for mark in lay_out_blocks(networks.pictures(), _measure, words=False).marks)
