"""Feature maps as stacks of squares and flat layers as bars, as papers draw convolutional networks.

References
----------
Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document recognition", 1998, figure 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF

from nnstudio.engine import Network, Shape
from nnstudio.gui.pictures.columns import columns_of, edges_between
from nnstudio.gui.pictures.drawing import Picture, text_width

_GAP = 64.0
_BETWEEN = 46.0
_WORDS = 34.0
_MOST_SHEETS = 12
_SHEET_STEP = 5.0
_LARGEST = 130.0
_SMALLEST = 14.0
_BAR = 14.0
_ARC = 56.0


@dataclass(frozen=True)
class Stack:
    """A layer as it is drawn.

    Attributes
    ----------
    id : str
    sheets : tuple of QRectF
        From back to front; one for a flat layer.
    title, shape : str
        What is written below and above it.
    """

    id: str
    sheets: tuple[QRectF, ...]
    title: str
    shape: str

    @property
    def rect(self) -> QRectF:
        """All of its sheets."""
        around = QRectF()
        for sheet in self.sheets:
            around = around.united(sheet)
        return around


class BlockDrawing(Picture):
    """Draws what flows between layers as blocks.

    Parameters
    ----------
    network : Network
    ink, paper : QColor
        Of lines and words, and of what they enclose.
    words : bool
        Whether layers and shapes are named.
    """

    def __init__(self, network: Network, ink: QColor, paper: QColor, *, words: bool = True) -> None:
        self._network = network
        self._ink, self._paper = ink, paper
        self._with_words = words
        self.stacks: dict[str, Stack] = {}
        largest = max((max(shape[:2]) for shape in network.shapes().values() if shape and len(shape) == 3), default=1)
        columns = columns_of(network)
        neighbours = {(a, b) for first, second in pairwise(columns) for a in first for b in second}
        self._skips = bool(set(edges_between(network)) - neighbours)
        left = 0.0
        for column in columns_of(network):
            made = [(id, *_sizes(network.shapes()[id], largest)) for id in column]
            named = [self._words(id) for id in column]
            widths = [
                max(_total(size, count)[0], *map(text_width, pair))
                for (_, size, count), pair in zip(made, named, strict=True)
            ]
            height = sum(_total(size, count)[1] + 2 * _WORDS for _, size, count in made) + _BETWEEN * (len(made) - 1)
            top = -height / 2
            for (id, size, count), (title, shape) in zip(made, named, strict=True):
                across, down = _total(size, count)
                x, y = left + (max(widths) - across) / 2, top + _WORDS
                step = _SHEET_STEP
                sheets = tuple(QRectF(x + n * step, y + n * step, *size) for n in range(count))
                self.stacks[id] = Stack(id, sheets, title, shape)
                top += down + 2 * _WORDS + _BETWEEN
            left += max(widths) + _GAP

    def _words(self, id: str) -> tuple[str, str]:
        if not self._with_words:
            return "", ""
        shape = self._network.shapes()[id]
        return self._network.node(id).layer.note(), "?" if shape is None else " × ".join(map(str, shape))

    @property
    def bounds(self) -> QRectF:
        """The place of all stacks and their words."""
        around = QRectF()
        for stack in self.stacks.values():
            wide = max(text_width(stack.title), text_width(stack.shape), stack.rect.width())
            words = QRectF(stack.rect.center().x() - wide / 2, stack.rect.top() - _WORDS, wide, 0)
            around = around.united(words.adjusted(0, 0, 0, stack.rect.height() + 2 * _WORDS))
        return around.adjusted(0, -_ARC, 0, 0) if self._skips else around

    def paint(self, painter: QPainter) -> None:
        """Paint arrows, then stacks, then words."""
        column_of = {id: number for number, column in enumerate(columns_of(self._network)) for id in column}
        for a, b in edges_between(self._network):
            if column_of[b] == column_of[a] + 1:
                self._arrow(painter, self.stacks[a].rect, self.stacks[b].rect)
            else:
                self._arc(painter, self.stacks[a].rect, self.stacks[b].rect)
        for stack in self.stacks.values():
            painter.setPen(QPen(self._ink, 1))
            painter.setBrush(self._paper)
            for sheet in stack.sheets:
                painter.drawRect(sheet)
            middle = stack.rect.center().x()
            above = QRectF(middle - 150, stack.rect.top() - 22, 300, 18)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, stack.shape)
            painter.drawText(
                QRectF(middle - 150, stack.rect.bottom() + 6, 300, 18), Qt.AlignmentFlag.AlignCenter, stack.title
            )

    def _arc(self, painter: QPainter, source: QRectF, target: QRectF) -> None:
        """Lead a wire that skips layers over them."""
        start, end = (QPointF(rect.center().x(), rect.top() - _WORDS / 1.5) for rect in (source, target))
        top = min(start.y(), end.y()) - _ARC
        path = QPainterPath(start)
        path.cubicTo(QPointF(start.x(), top), QPointF(end.x(), top), end)
        painter.setPen(QPen(self._ink, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        self._tip(painter, end, math.pi / 2)

    def _tip(self, painter: QPainter, end: QPointF, angle: float) -> None:
        tips = [end - QPointF(math.cos(angle + turn), math.sin(angle + turn)) * 8 for turn in (0.4, -0.4)]
        painter.setBrush(self._ink)
        painter.drawPolygon(QPolygonF([end, *tips]))

    def _arrow(self, painter: QPainter, source: QRectF, target: QRectF) -> None:
        start = QPointF(source.right() + 5, source.center().y())
        end = QPointF(target.left() - 5, target.center().y())
        painter.setPen(QPen(self._ink, 1))
        painter.drawLine(start, end)
        self._tip(painter, end, math.atan2(end.y() - start.y(), end.x() - start.x()))


def _sizes(shape: Shape | None, largest: int) -> tuple[tuple[float, float], int]:
    """Return how large each sheet of a layer is, and how many there are."""
    if shape is None:
        return (40.0, 40.0), 1
    if len(shape) == 3:
        height, width = (max(_SMALLEST, _LARGEST * side / largest) for side in shape[:2])
        return (width, height), min(shape[2], _MOST_SHEETS)
    if len(shape) == 2:
        steps, features = shape
        return (_length(steps), _length(features) / 2 + _BAR), 1
    return (_BAR, _length(math.prod(shape))), 1


def _length(count: int) -> float:
    return min(1.6 * _LARGEST, 18 + 24 * math.log2(1 + count))


def _total(size: tuple[float, float], count: int) -> tuple[float, float]:
    more = (count - 1) * _SHEET_STEP
    return size[0] + more, size[1] + more
