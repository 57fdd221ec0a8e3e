"""Neurons as circles in columns, weights as lines, all other layers as boxes. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from nnstudio.engine import Array, Network, shape_in_words
from nnstudio.gui.pictures.columns import arrow_between, by_sources, columns_of, edges_between, short, wires_over
from nnstudio.gui.pictures.marks import Box, Circle, Line, Mark, Measure, Point, Words
from nnstudio.gui.pictures.operations import operation_of
from nnstudio.i18n import tr

RADIUS = 11.0
_STEP = 34.0
_GAP = 130.0
_BESIDE = 30.0
_BETWEEN = 30.0
_BELOW = 44.0
_MOST = 12
_FIRST, _LAST = 6, 4
_BOX = (76.0, 62.0)
_PLAIN, _FAINTEST, _THICKEST = 0.6, 0.3, 2.9


@dataclass(frozen=True)
class Neuron:
    """A circle: which unit it is, where, and its name if it is an input or a class."""

    unit: int
    x: float
    y: float
    name: str = ""


@dataclass(frozen=True)
class Neurons:
    """A network as circles and boxes.

    Attributes
    ----------
    neurons : dict of str to tuple of Neuron
        The circles of each flat layer.
    boxes : dict of str to Box
        All other layers.
    marks : tuple of Mark
        All that is painted, in this order.
    """

    neurons: dict[str, tuple[Neuron, ...]]
    boxes: dict[str, Box]
    marks: tuple[Mark, ...]


def lay_out_neurons(
    network: Network, measure: Measure, weights: Mapping[str, Array], names: Mapping[str, tuple[str, ...]]
) -> Neurons:
    """Return the circles and boxes of a network and all their marks.

    Parameters
    ----------
    network : Network
        Any, also one whose shapes are not all known.
    measure : callable
        How wide a text is, and whether it is strong.
    weights : mapping of str to Array
        By ``node/weight``; lines then have the colour of their sign and the width of their size.
    names : mapping of str to tuple of str
        What the units of a node are called.
    """
    columns, edges = columns_of(network), edges_between(network)
    column_of = {id: number for number, column in enumerate(columns) for id in column}
    neurons: dict[str, tuple[Neuron, ...]] = {}
    boxes: dict[str, Box] = {}
    heights: dict[str, float] = {}
    x, half_before = 0.0, 0.0
    for number, column in enumerate(columns):
        columns[number] = column = by_sources(network, column, heights)
        half = max(_wide(network, id, measure) + (0.0 if _units(network, id) else 16.0) for id in column) / 2
        x += max(_GAP, half_before + half + _BESIDE) if number else 0.0
        half_before = half
        tall = {id: _height(_units(network, id)) for id in column}
        top = -(sum(tall.values()) + (_BETWEEN + _BELOW) * (len(column) - 1)) / 2
        for id in column:
            units = _units(network, id)
            if units:
                neurons[id] = tuple(_column(units, x, top, names.get(id, ())))
            else:
                wide = max(_BOX[0], _wide(network, id, measure) + 16)
                boxes[id] = Box(x - wide / 2, top, wide, _BOX[1], round=6, dashed=network.shapes()[id] is None)
            heights[id] = top + tall[id] / 2
            top += tall[id] + _BETWEEN + _BELOW
    places = boxes | {id: _place(units) for id, units in neurons.items()}
    marks: list[Mark] = list(wires_over(columns, [(a, b) for a, b in edges if column_of[b] > column_of[a] + 1], places))
    shown = Neurons(neurons, boxes, ())
    for a, b in edges:
        if column_of[b] == column_of[a] + 1:
            marks += _lines(network, shown, (a, b), weights.get(f"{b}/kernel"))
    ends = {id for id in neurons if not any(target in column_of for target in network.targets(id))}
    bottom = max((neuron.y for units in neurons.values() for neuron in units), default=0.0)
    for id, circles in neurons.items():
        alone = len(columns[column_of[id]]) == 1
        marks += _circles(circles, names_right=id in ends)
        marks += _below(network, id, circles[-1].x, (bottom if alone else circles[-1].y) + RADIUS)
    for id, box in boxes.items():
        marks += [box, *_inside(network, id, box)]
    return Neurons(neurons, boxes, (*marks, *_legend(marks)))


def _units(network: Network, id: str) -> tuple[int, ...]:
    shape = network.shapes()[id]
    if shape is None or len(shape) != 1:
        return ()
    count = shape[0]
    return tuple(range(count)) if count <= _MOST else (*range(_FIRST), *range(count - _LAST, count))


def _height(units: tuple[int, ...]) -> float:
    folded = bool(units) and units[-1] >= len(units)
    return _STEP * (len(units) + folded - 1) + 2 * RADIUS if units else _BOX[1]


def _words(network: Network, id: str) -> tuple[str, str]:
    """Return what stands below a column: its name, and its units with their activation."""
    node, shape = network.node(id), network.shapes()[id]
    words = [tr("1 unit") if shape == (1,) else tr("{count} units").format(count=shape_in_words(shape))]
    activation = node.layer.last_activation()
    if activation is not None and activation.key != "linear":
        words.append(tr(activation.title))
    return short(node.name), ", ".join(words)


def _box_words(network: Network, id: str) -> tuple[str, str, str]:
    """Return what stands in a box: its name, what it does, and its shape."""
    node = network.node(id)
    title, detail = operation_of(node.layer)
    does = "" if node.layer.key == "input" else f"{title} {detail}".rstrip()
    return short(node.name), does, shape_in_words(network.shapes()[id])


def _wide(network: Network, id: str, measure: Measure) -> float:
    texts = _words(network, id) if _units(network, id) else _box_words(network, id)
    return max(measure(text, number == 0) for number, text in enumerate(texts))


def _column(units: tuple[int, ...], x: float, top: float, names: tuple[str, ...]) -> Iterator[Neuron]:
    y = top + RADIUS
    for before, unit in zip((-1, *units), units, strict=False):
        y += _STEP if unit != before + 1 else 0.0
        yield Neuron(unit, x, y, short(names[unit]) if unit < len(names) else "")
        y += _STEP


def _place(neurons: tuple[Neuron, ...]) -> Box:
    first, last = neurons[0], neurons[-1]
    return Box(first.x - RADIUS, first.y - RADIUS - 4, 2 * RADIUS, last.y - first.y + 2 * RADIUS + 8)


def _lines(network: Network, shown: Neurons, edge: tuple[str, str], kernel: Array | None) -> list[Mark]:
    a, b = edge
    if a in shown.boxes and b in shown.boxes:
        box = shown.boxes[a]
        return [arrow_between(box, shown.boxes[b], box.right + _BESIDE / 2)]
    if a in shown.boxes or b in shown.boxes:
        return [Line((begin, end), _PLAIN) for begin in _ends(shown, a, 1) for end in _ends(shown, b, -1)]
    flat = kernel is not None and kernel.ndim == 2
    largest = float(np.abs(kernel).max(initial=1e-9)) if kernel is not None else 1.0
    lines: list[Mark] = []
    for first, second in _pairs(network, shown, edge):
        width, sign = _PLAIN, 0
        if kernel is not None and flat and first.unit < kernel.shape[0] and second.unit < kernel.shape[1]:
            weight = float(kernel[first.unit, second.unit])
            width = _FAINTEST + (_THICKEST - _FAINTEST) * abs(weight) / largest
            sign = 1 if weight >= 0 else -1
        lines.append(Line(((first.x + RADIUS, first.y), (second.x - RADIUS, second.y)), width, sign))
    return lines


def _pairs(network: Network, shown: Neurons, edge: tuple[str, str]) -> Iterator[tuple[Neuron, Neuron]]:
    """Return which circles are joined: all with all, or, where a layer keeps its units apart, each with its own."""
    a, b = edge
    shapes, before = network.shapes(), 0
    if len(network.sources(b)) > 1 and network.node(b).layer.key == "concatenate":
        others = network.sources(b)
        before = sum((shapes[other] or (0,))[0] for other in others[: others.index(a)])
        apart = True
    else:
        apart = shapes[a] == shapes[b] and f"{b}/kernel" not in network.weight_shapes()
    for first in shown.neurons[a]:
        for second in shown.neurons[b]:
            if not apart or second.unit == first.unit + before:
                yield first, second


def _ends(shown: Neurons, id: str, side: int) -> list[Point]:
    if id in shown.boxes:
        box = shown.boxes[id]
        return [(box.right if side > 0 else box.left, box.middle[1])]
    return [(neuron.x + side * RADIUS, neuron.y) for neuron in shown.neurons[id]]


def _circles(neurons: tuple[Neuron, ...], *, names_right: bool) -> list[Mark]:
    marks: list[Mark] = []
    for neuron in neurons:
        marks.append(Circle(neuron.x, neuron.y, RADIUS))
        if neuron.name:
            away = RADIUS + 7
            marks.append(
                Words(neuron.name, neuron.x + away, neuron.y, "left")
                if names_right
                else Words(neuron.name, neuron.x - away, neuron.y, "right")
            )
    for upper, lower in pairwise(neurons):
        if lower.unit != upper.unit + 1:
            way = lower.y - upper.y
            marks += [Circle(upper.x, upper.y + way * share, 1.7, filled=True) for share in (0.39, 0.5, 0.61)]
    return marks


def _below(network: Network, id: str, x: float, y: float) -> list[Mark]:
    name, units = _words(network, id)
    return [Words(name, x, y + 17, strong=True), Words(units, x, y + 33, dim=True)]


def _inside(network: Network, id: str, box: Box) -> list[Mark]:
    x, y = box.middle
    texts = [text for text in dict.fromkeys(_box_words(network, id)) if text]
    top = y - 8.5 * (len(texts) - 1)
    return [Words(text, x, top + 17 * n, strong=n == 0, dim=n > 0) for n, text in enumerate(texts)]


def _legend(marks: list[Mark]) -> list[Mark]:
    """Return what the colours of lines mean, where lines have colours."""
    lines = [mark for mark in marks if isinstance(mark, Line)]
    if not any(line.sign for line in lines):
        return []
    circles = [mark for mark in marks if isinstance(mark, Circle)]
    left = min(circle.x for circle in circles) - RADIUS
    bottom = max(circle.y for circle in circles) + RADIUS + _BELOW + 26
    legend: list[Mark] = []
    for number, (sign, words) in enumerate(((1, tr("positive weight")), (-1, tr("negative weight")))):
        x = left + 150 * number
        legend += [Line(((x, bottom), (x + 26, bottom)), 2.0, sign), Words(words, x + 34, bottom, "left", dim=True)]
    return legend
