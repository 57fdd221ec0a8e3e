"""Feature maps as stacks of squares, sequences as rows of bars and flat layers as bars. Knows no Qt.

References
----------
Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition", 1998, figure 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from nnstudio.engine import Network, Shape, shape_in_words
from nnstudio.gui.pictures.columns import arrow_between, by_sources, columns_of, edges_between, short, wires_over
from nnstudio.gui.pictures.marks import Box, Mark, Measure, Words, union
from nnstudio.gui.pictures.operations import operation_of

_GAP = 44.0
_BETWEEN = 20.0
_WORDS = 40.0
_ABOVE = 26.0
_BARE = 6.0
_MOST_SHEETS = 12
_SHEET_STEP = 5.0
_STEP_STEP = 9.0
_LARGEST = 130.0
_SMALLEST = 14.0
_BAR = 14.0
_THIN = 6.0
_TURN = 14.0


@dataclass(frozen=True)
class Stack:
    """A layer as it is drawn.

    Attributes
    ----------
    sheets : tuple of Box
        From back to front; one for a flat layer, one for each step of a sequence.
    name, shape : str
        What is written below and above it.
    operation : tuple of str
        What the layer does and how; written at the arrow that leads to it.
    """

    sheets: tuple[Box, ...]
    name: str
    shape: str
    operation: tuple[str, str]

    @property
    def box(self) -> Box:
        """All of its sheets."""
        return union(self.sheets)


@dataclass(frozen=True)
class Blocks:
    """A network as blocks.

    Attributes
    ----------
    stacks : dict of str to Stack
    marks : tuple of Mark
        All that is painted, in this order.
    """

    stacks: dict[str, Stack]
    marks: tuple[Mark, ...]


def lay_out_blocks(network: Network, measure: Measure, *, words: bool = True) -> Blocks:
    """Return the blocks of a network and all their marks.

    Parameters
    ----------
    network : Network
        Any, also one whose shapes are not all known.
    measure : callable
        How wide a text is, and whether it is strong.
    words : bool
        Whether layers, shapes and operations are named.
    """
    shapes, columns, edges = network.shapes(), columns_of(network), edges_between(network)
    largest = max((max(shape[:2]) for shape in shapes.values() if shape and len(shape) == 3), default=1)
    column_of = {id: number for number, column in enumerate(columns) for id in column}
    steps = [edge for edge in edges if column_of[edge[1]] == column_of[edge[0]] + 1]
    sources = {id: [a for a, b in edges if b == id] for id in column_of}
    stacks: dict[str, Stack] = {}
    heights: dict[str, float] = {}
    left, slack_before, rooms = 0.0, 0.0, _WORDS if words else _BARE
    for number, column in enumerate(columns):
        columns[number] = column = by_sources(network, column, heights)
        bare = {id: _sheets(shapes[id], largest) for id in column}
        told = {id: _told(network, id, words=words) for id in column}
        widths = {id: union(bare[id]).width for id in column}
        wide = max(max(widths[id], measure(told[id][0], True), measure(told[id][1], False)) for id in column)
        at_arrow = max((_wide(told[id][2], measure) for id in column if len(sources[id]) == 1), default=0.0)
        slack = (wide - max(widths.values())) / 2
        if number:
            branches = _TURN if len(column) > 1 or len(columns[number - 1]) > 1 else 0.0
            left += max(_GAP, at_arrow + 36 + branches - slack - slack_before)
        slack_before = slack
        height = sum(union(bare[id]).height + 2 * rooms for id in column) + _BETWEEN * (len(column) - 1)
        top = -height / 2
        for id in column:
            whole = union(bare[id])
            moved = tuple(_moved(box, left + (wide - whole.width) / 2, top + rooms) for box in bare[id])
            stacks[id] = Stack(moved, *told[id])
            heights[id] = stacks[id].box.middle[1]
            top += whole.height + 2 * rooms + _BETWEEN
        left += wide
    above = _ABOVE if words else _BARE
    places = {
        id: Box(stack.box.left, stack.box.top - above, stack.box.width, stack.box.height + 2 * above)
        for id, stack in stacks.items()
    }
    marks: list[Mark] = list(wires_over(columns, [edge for edge in edges if edge not in steps], places))
    for a, b in steps:
        ends = [stacks[id].box.right for id in columns[column_of[a]]]
        marks += _arrow(stacks[a].box, stacks[b], max(ends) + _TURN, told=words and len(sources[b]) == 1)
    for id, stack in stacks.items():
        marks += stack.sheets
        if words:
            marks += _words(stack, joins=len(sources[id]) > 1)
    return Blocks(stacks, tuple(marks))


def _told(network: Network, id: str, *, words: bool) -> tuple[str, str, tuple[str, str]]:
    if not words:
        return "", "", ("", "")
    node = network.node(id)
    return short(node.name), shape_in_words(network.shapes()[id]), operation_of(node.layer)


def _wide(operation: tuple[str, str], measure: Measure) -> float:
    return max(measure(text, False) for text in operation)


def _words(stack: Stack, *, joins: bool) -> list[Mark]:
    box = stack.box
    middle = box.middle[0]
    words: list[Mark] = [
        Words(stack.shape, middle, box.top - 14, dim=True),
        Words(stack.name, middle, box.bottom + 15, strong=True),
    ]
    # Where several wires join there is no one arrow to write what happens at.
    return [*words, Words(stack.operation[0], middle, box.bottom + 31, dim=True)] if joins else words


def _arrow(source: Box, target: Stack, turn: float, *, told: bool) -> list[Mark]:
    line = arrow_between(source, target.box, turn)
    if not told:
        return [line]
    # The words stand where the arrow is level.
    (begin, y), (end, _) = line.points[-2:]
    x = (begin + end - 6) / 2
    return [line, *(Words(text, x, y + side) for text, side in zip(target.operation, (-11, 12), strict=True) if text)]


def _sheets(shape: Shape | None, largest: int) -> tuple[Box, ...]:
    if shape is None:
        return (Box(0, 0, 44, 44, dashed=True),)
    if len(shape) == 3:
        height, width = (max(_SMALLEST, _LARGEST * side / largest) for side in shape[:2])
        count = min(shape[2], _MOST_SHEETS)
        return tuple(Box(n * _SHEET_STEP, n * _SHEET_STEP, width, height) for n in range(count))
    if len(shape) == 2:
        steps, features = shape
        return tuple(Box(n * _STEP_STEP, 0, _THIN, _length(features)) for n in range(min(steps, _MOST_SHEETS)))
    return (Box(0, 0, _BAR, _length(math.prod(shape))),)


def _length(count: int) -> float:
    """Return how long a bar is that stands for so many numbers; longer for more, yet never beyond the paper."""
    return min(1.6 * _LARGEST, 18 + 24 * math.log2(1 + count))


def _moved(box: Box, x: float, y: float) -> Box:
    return Box(box.left + x, box.top + y, box.width, box.height, dashed=box.dashed)
