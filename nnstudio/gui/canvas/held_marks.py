"""Signs of what a person holds: crosses over silenced units, dots on frozen edges, a lock on a frozen layer."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from nnstudio.gui.canvas.card import Card
from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.gui.look.theme import Theme

_DOT = 4.0
_INSET = 6.0


def paint_held(painter: QPainter, geometry: Geometry, cards: Collection[Card], theme: Theme) -> None:
    """Paint what is held of some cards, over their tiles and over the edges that lead to them."""
    for card in cards:
        if card.is_block:
            continue
        holds = geometry.network.node(card.subject.id).layer.holds
        if holds.silent:
            _paint_silent(painter, card, holds.silent, theme)
        if holds.whole:
            _paint_lock(painter, card.rect.topLeft() + QPointF(1, 1), theme)
        elif "kernel" in holds.frozen:
            _paint_frozen_edges(painter, geometry, card, holds.frozen["kernel"], theme)


def _paint_silent(painter: QPainter, card: Card, silent: Collection[int], theme: Theme) -> None:
    veil = theme.color("card", 190)
    for tile in card.tiles:
        if tile.unit in silent:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(veil)
            painter.drawRoundedRect(tile.rect, 8, 8)
            painter.setPen(theme.pen("text", 1.6))
            cross = tile.rect.adjusted(_INSET, _INSET, -_INSET, -_INSET)
            painter.drawLine(cross.topLeft(), cross.bottomRight())
            painter.drawLine(cross.topRight(), cross.bottomLeft())


def _paint_lock(painter: QPainter, place: QPointF, theme: Theme) -> None:
    body = QRectF(0, 0, 11, 8)
    body.moveCenter(place + QPointF(0, 2))
    painter.setPen(theme.pen("text", 1.4))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawArc(QRectF(body.center().x() - 3.5, body.top() - 5, 7, 9), 0, 180 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("text"))
    painter.drawRoundedRect(body, 2, 2)


def _paint_frozen_edges(
    painter: QPainter, geometry: Geometry, card: Card, places: Collection[int], theme: Theme
) -> None:
    """Paint a dot in the middle of each edge whose weight is frozen; curves between tiles are even, so it is there."""
    shape = geometry.network.weight_shapes().get(f"{card.subject.id}/kernel", ())
    sources = geometry.network.sources(card.subject.id)
    before = geometry.cards.get(sources[0]) if sources else None
    if len(shape) != 2 or before is None:
        return
    painter.setPen(theme.pen("text", 1.4))
    painter.setBrush(theme.color("card"))
    for place in places:
        i, j = (int(number) for number in np.unravel_index(min(place, shape[0] * shape[1] - 1), shape))
        start, end = before.anchor(i, right=True), card.anchor(j, right=False)
        if start is not None and end is not None:
            painter.drawEllipse(QPointF((start[0] + end[0]) / 2, (start[1] + end[1]) / 2), _DOT, _DOT)
