"""Paints what is lit at this moment, above everything else: selection, targets, guides and words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from nnstudio.engine import Edge
from nnstudio.gui.canvas.card import Card
from nnstudio.gui.canvas.card_keys import note_of
from nnstudio.gui.canvas.comparison import GHOST, GHOST_NAME, Comparison
from nnstudio.gui.canvas.geometry import Geometry, note_rect
from nnstudio.gui.canvas.gestures import Landing
from nnstudio.gui.canvas.painting import PORT, RADIUS, paint_wires
from nnstudio.gui.canvas.viewport import Viewport
from nnstudio.gui.look.theme import Theme


@dataclass(frozen=True)
class Highlights:
    """What is lit at this moment.

    Attributes
    ----------
    selected : collection of str
        Keys of cards and notes.
    wire : Edge or None
        The selected wire.
    drop_wire : Edge or None
        The wire into which what is dragged would be put.
    landings : collection of Landing
        While a wire is drawn: the ports where it may end.
    remark : (str, str)
        The card under the end of that wire, and what is to be said of it.
    handles : collection of QPointF
        Ends of wires that can be dragged elsewhere.
    guides : collection of QLineF
        Along which what is dragged is in line with other cards.
    comparison : Comparison
        What differs from another moment.
    focused : bool
        Whether keys go to the canvas.
    """

    selected: Collection[str] = ()
    wire: Edge | None = None
    drop_wire: Edge | None = None
    landings: Collection[Landing] = ()
    remark: tuple[str, str] = ("", "")
    handles: Collection[QPointF] = ()
    guides: Collection[QLineF] = ()
    comparison: Comparison = field(default_factory=Comparison)
    focused: bool = True


def paint_highlights(painter: QPainter, geometry: Geometry, lit: Highlights, area: QRectF, theme: Theme) -> None:
    """Paint what is lit, in scene coordinates."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_new_wires(painter, geometry, lit.comparison.wires, area, theme)
    for edge in (lit.wire, lit.drop_wire):
        if edge is not None and edge in geometry.wires:
            number = np.array([geometry.wires.number(edge)])
            paint_wires(painter, geometry, number, theme.pen("accent", 3), fine=True)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for key, kind in lit.comparison.marks.items():
        if key in geometry.cards:
            _paint_mark(painter, geometry.cards[key], kind, theme)
    for name, place in lit.comparison.ghosts:
        _paint_ghost(painter, name, QPointF(*place), theme)
    painter.setPen(theme.pen("accent", 2.4 if lit.focused else 1.6))
    for key in lit.selected:
        if key in geometry.cards:
            painter.drawRoundedRect(geometry.cards[key].rect, RADIUS, RADIUS)
        elif note_of(key) in geometry.notes:
            painter.drawRoundedRect(note_rect(geometry.notes[note_of(key)]), 7, 7)
    _paint_landings(painter, lit.landings, area, theme)
    painter.setPen(theme.pen("card", 1.5))
    painter.setBrush(theme.color("accent"))
    for handle in lit.handles:
        painter.drawEllipse(handle, PORT + 1.5, PORT + 1.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if lit.guides:
        pen = theme.pen("negative", 1, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawLines(list(lit.guides))


def paint_note(painter: QPainter, place: QPointF, text: str, theme: Theme, area: QRectF) -> None:
    """Paint a small label centred on a place, as far as it stays within an area."""
    metrics = painter.fontMetrics()
    width = min(420, metrics.horizontalAdvance(text) + 4) + 18
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    height = metrics.boundingRect(0, 0, width - 18, 400, flags.value, text).height() + 10
    left = min(max(place.x() - width / 2, area.left() + 2), area.right() - 2 - width)
    top = min(max(place.y() - height / 2, area.top() + 2), area.bottom() - 2 - height)
    rect = QRectF(left, top, width, height)
    painter.setPen(theme.pen("line", 1))
    painter.setBrush(theme.color("panel"))
    painter.drawRoundedRect(rect, 7, 7)
    painter.setPen(theme.color("text"))
    painter.drawText(rect.adjusted(9, 5, -9, -5), flags, text)


def _paint_mark(painter: QPainter, card: Card, kind: str, theme: Theme) -> None:
    """Paint a second outline around a card, and a sign beside it, so that colour is not all that tells."""
    colour = theme.color("good" if kind == "added" else "accent")
    painter.setPen(QPen(colour, theme.thick(2), Qt.PenStyle.SolidLine if kind == "added" else Qt.PenStyle.DashLine))
    painter.drawRoundedRect(card.rect.adjusted(-5, -5, 5, 5), RADIUS + 5, RADIUS + 5)
    sign = QRectF(card.rect.left() - 14, card.rect.top() - 12, 18, 18)
    painter.setPen(colour)
    painter.drawText(sign, Qt.AlignmentFlag.AlignCenter, "+" if kind == "added" else "~")


def _paint_ghost(painter: QPainter, name: str, place: QPointF, theme: Theme) -> None:
    """Paint the outline of a layer that is gone, with its name and a sign."""
    rect = QRectF(0, 0, GHOST, GHOST)
    rect.moveCenter(place)
    painter.setPen(theme.pen("negative", 1.6, Qt.PenStyle.DotLine))
    painter.drawRoundedRect(rect, RADIUS, RADIUS)
    painter.setPen(theme.color("negative"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "−")
    painter.drawText(rect.adjusted(-60, -GHOST_NAME, 60, -GHOST), Qt.AlignmentFlag.AlignCenter, name)


def _paint_new_wires(
    painter: QPainter, geometry: Geometry, wires: Collection[Edge], area: QRectF, theme: Theme
) -> None:
    """Paint wires that another moment did not have, all by one call."""
    numbers = [geometry.wires.number(edge) for edge in wires if edge in geometry.wires]
    if numbers:
        seen = geometry.wires.inside(area)
        paint_wires(painter, geometry, np.intersect1d(numbers, seen), theme.pen("good", 2.2), fine=len(seen) < 400)


def _paint_landings(painter: QPainter, landings: Collection[Landing], area: QRectF, theme: Theme) -> None:
    """Paint a disc on each port where a wire may end, a ring where shapes do not fit yet."""
    reach = PORT + 3
    seen = [one for one in landings if area.adjusted(-reach, -reach, reach, reach).contains(one.port)]
    painter.setPen(theme.pen("accent", 1.8))
    for fits in (True, False):
        painter.setBrush(theme.color("accent" if fits else "card"))
        for landing in seen:
            if landing.fits is fits:
                painter.drawEllipse(landing.port, reach, reach)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_remark(
    painter: QPainter, geometry: Geometry, remark: tuple[str, str], view: Viewport, area: QRectF, theme: Theme
) -> None:
    """Say over a card what is to be said of a wire to it, above everything and as large as other words."""
    key, words = remark
    if words and key in geometry.cards:
        card = geometry.cards[key]
        paint_note(painter, view.to_widget(card.rect.center()) + QPointF(0, -26), words, theme, area)
