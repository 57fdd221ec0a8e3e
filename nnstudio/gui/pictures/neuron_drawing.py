"""Neurons as circles and weights as lines, as textbooks draw a multilayer perceptron."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from nnstudio.engine import Array, Network
from nnstudio.gui.pictures.columns import columns_of, edges_between
from nnstudio.gui.pictures.drawing import Picture, text_width
from nnstudio.i18n import tr

_RADIUS = 11.0
_STEP = 34.0
_GAP = 120.0
_BETWEEN = 56.0
_MOST = 12
_FIRST, _LAST = 6, 4
_BOX = (96.0, 40.0)
_POSITIVE, _NEGATIVE = QColor("#2f7fe0"), QColor("#ee8a1d")


@dataclass(frozen=True)
class Neuron:
    """A circle.

    Attributes
    ----------
    unit : int
    centre : QPointF
    name : str
        Of an input or a class, where it has one.
    """

    unit: int
    centre: QPointF
    name: str = ""


class NeuronDrawing(Picture):
    """Draws flat layers as columns of circles, wide ones folded, and all others as boxes.

    Parameters
    ----------
    network : Network
    ink, paper : QColor
    weights : mapping of str to Array
        By ``node/weight``; lines then have the colour of their sign and the width of their size.
    names : mapping of str to tuple of str
        What the units of a node are called.
    """

    def __init__(
        self,
        network: Network,
        ink: QColor,
        paper: QColor,
        weights: Mapping[str, Array] | None = None,
        names: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self._network = network
        self._ink, self._paper = ink, paper
        self._weights = weights or {}
        self.neurons: dict[str, tuple[Neuron, ...]] = {}
        self.boxes: dict[str, QRectF] = {}
        left = 0.0
        for column in columns_of(network):
            heights = {id: self._height(id) for id in column}
            top = -(sum(heights.values()) + _BETWEEN * (len(column) - 1)) / 2
            for id in column:
                self._add(id, left, top, (names or {}).get(id, ()))
                top += heights[id] + _BETWEEN
            left += _GAP

    def _units(self, id: str) -> tuple[int, ...]:
        shape = self._network.shapes()[id]
        if shape is None or len(shape) != 1:
            return ()
        count = shape[0]
        return tuple(range(count)) if count <= _MOST else (*range(_FIRST), *range(count - _LAST, count))

    def _height(self, id: str) -> float:
        units = self._units(id)
        return _BOX[1] if not units else _STEP * (len(units) + (units[-1] >= len(units)) - 1) + 2 * _RADIUS

    def _add(self, id: str, x: float, top: float, names: tuple[str, ...]) -> None:
        units = self._units(id)
        if not units:
            self.boxes[id] = QRectF(x - _BOX[0] / 2, top, *_BOX)
            return
        made, y = [], top + _RADIUS
        for before, unit in zip((-1, *units), units, strict=False):
            y += _STEP if unit != before + 1 else 0.0
            name = names[unit] if unit < len(names) else ""
            made.append(Neuron(unit, QPointF(x, y), name))
            y += _STEP
        self.neurons[id] = tuple(made)

    @property
    def bounds(self) -> QRectF:
        """The place of circles, boxes and words."""
        around = QRectF()
        for neurons in self.neurons.values():
            for neuron in neurons:
                x, y = neuron.centre.toTuple()
                wide = text_width(neuron.name) + 20
                around = around.united(QRectF(x - wide - _RADIUS, y - _RADIUS, 2 * (wide + _RADIUS), 2 * _RADIUS))
        for box in self.boxes.values():
            around = around.united(box)
        return around.adjusted(-40, 0, 40, 52) if not around.isEmpty() else around

    def paint(self, painter: QPainter) -> None:
        """Paint lines, circles, boxes and words."""
        for a, b in edges_between(self._network):
            self._paint_lines(painter, a, b)
        for id, neurons in self.neurons.items():
            self._paint_neurons(painter, id, neurons)
        for id, box in self.boxes.items():
            painter.setPen(QPen(self._ink, 1.2))
            painter.setBrush(self._paper)
            painter.drawRoundedRect(box, 6, 6)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box.adjusted(4, 2, -4, -2), flags.value, self._network.node(id).layer.note())

    def _paint_lines(self, painter: QPainter, a: str, b: str) -> None:
        kernel = self._weights.get(f"{b}/kernel")
        painter.setPen(QPen(self._ink, 0.6))
        if a in self.boxes or b in self.boxes or (kernel is not None and kernel.ndim != 2):
            painter.drawLine(self._side(a, right=True), self._side(b, right=False))
            return
        dense = f"{b}/kernel" in self._network.weight_shapes()
        largest = float(np.abs(kernel).max(initial=1e-9)) if kernel is not None else 1.0
        for first in self.neurons[a]:
            for second in self.neurons[b]:
                if not dense and first.unit != second.unit:
                    continue
                if kernel is not None and first.unit < kernel.shape[0] and second.unit < kernel.shape[1]:
                    strength = float(kernel[first.unit, second.unit]) / largest
                    colour = QColor(_POSITIVE if strength >= 0 else _NEGATIVE)
                    style = Qt.PenStyle.SolidLine if strength >= 0 else Qt.PenStyle.DashLine
                    painter.setPen(QPen(colour, 0.3 + 2.6 * abs(strength), style))
                painter.drawLine(first.centre + QPointF(_RADIUS, 0), second.centre - QPointF(_RADIUS, 0))

    def _side(self, id: str, *, right: bool) -> QPointF:
        if id in self.boxes:
            box = self.boxes[id]
            return QPointF(box.right() if right else box.left(), box.center().y())
        neurons = self.neurons[id]
        middle = (neurons[0].centre + neurons[-1].centre) / 2
        return middle + QPointF(_RADIUS if right else -_RADIUS, 0)

    def _paint_neurons(self, painter: QPainter, id: str, neurons: tuple[Neuron, ...]) -> None:
        last = not any(target in self.neurons or target in self.boxes for target in self._network.targets(id))
        for neuron in neurons:
            painter.setPen(QPen(self._ink, 1.2))
            painter.setBrush(self._paper)
            painter.drawEllipse(neuron.centre, _RADIUS, _RADIUS)
            if neuron.name:
                x, y = neuron.centre.toTuple()
                place = QRectF(x + _RADIUS + 6, y - 9, 200, 18) if last else QRectF(x - _RADIUS - 206, y - 9, 200, 18)
                side = Qt.AlignmentFlag.AlignLeft if last else Qt.AlignmentFlag.AlignRight
                painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | side, neuron.name)
        for upper, lower in pairwise(neurons):
            if lower.unit != upper.unit + 1:
                painter.setBrush(self._ink)
                for share in (0.36, 0.5, 0.64):
                    painter.drawEllipse(upper.centre + (lower.centre - upper.centre) * share, 1.6, 1.6)
        x, y = neurons[-1].centre.toTuple()
        node = self._network.node(id)
        painter.setPen(self._ink)
        below = QRectF(x - 70, y + _RADIUS + 8, 140, 18)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, node.name)
        units = self._network.shapes()[id]
        words = tr("{count} units").format(count=units[0]) if units else ""
        activation = node.layer.last_activation()
        if activation is not None and activation.key != "linear":
            words = f"{words}, {activation.title}"
        painter.drawText(below.translated(0, 17), Qt.AlignmentFlag.AlignCenter, words)
