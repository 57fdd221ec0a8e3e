"""Paints what stays: wires, frames, notes, cards and their words. Only what is seen, as finely as it is seen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from pyqtgraph.functions import arrayToQPath
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from nnstudio.components import Problem
from nnstudio.engine import Array
from nnstudio.gui.canvas.card import Card
from nnstudio.gui.canvas.card_keys import note_key, note_of
from nnstudio.gui.canvas.geometry import Frame, Geometry, note_rect
from nnstudio.gui.canvas.held_marks import paint_held
from nnstudio.gui.look.colours import mark_color
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.i18n import tr
from nnstudio.project import Note

RADIUS = 12.0
PORT = 4.5
MOST_FINE_CARDS = 220
"""Of more cards in sight each is a plain box, and all of them are drawn by a few calls."""

_DOTS = 16
_FEWEST_DOTS = 7.0
_TEXT_SCALE = 0.4
_TITLE_SCALE = 0.2
_BOX_SCALE = 0.12
"""Smaller than this, the pale edges of cards and wires would not be seen."""

_THINNEST = 0.7
"""Pixels that a wire is wide at least."""

_SMALLEST_LETTERS = 9
"""Smaller than this many times, words are left out, then titles too; pixels of a title in between."""

_COARSE_STEP = 8
_HALF_PILL = 70.0
_PILL_HEIGHT = 19.0


@dataclass(frozen=True)
class Still:
    """What the painting of what stays depends on, beside the geometry.

    Attributes
    ----------
    problems : dict of str to list of Problem
        By the key of the card that wears the badge.
    theme : Theme
    living : bool
        Whether neurons and edges are painted over it, with the ports and labels that lie above them.
    hidden : frozenset of str
        The keys of cards and notes that are being moved, and painted elsewhere.
    hasty : bool
        Whether the view is on the move, so that thin wires will do.
    """

    problems: Mapping[str, list[Problem]]
    theme: Theme
    living: bool = False
    hidden: frozenset[str] = frozenset()
    hasty: bool = False


def paint_background(painter: QPainter, area: QRectF, scale: float, offset: QPointF, theme: Theme) -> None:
    """Fill an area of the widget with the canvas colour and its dots, which move and grow with the drawing."""
    painter.fillRect(area, theme.color("canvas"))
    step = _DOTS * scale
    while step < _FEWEST_DOTS * 2:
        step *= 2
    tile = QPixmap(max(1, round(step)), max(1, round(step)))
    tile.fill(theme.color("canvas"))
    dot = QPainter(tile)
    dot.setRenderHint(QPainter.RenderHint.Antialiasing)
    dot.setPen(Qt.PenStyle.NoPen)
    dot.setBrush(theme.color("dot"))
    dot.drawEllipse(QPointF(1.5, 1.5), 1.0, 1.0)
    dot.end()
    origin = QPointF((area.left() - offset.x()) % tile.width(), (area.top() - offset.y()) % tile.height())
    painter.drawTiledPixmap(area, tile, origin)


def paint_still(painter: QPainter, geometry: Geometry, area: QRectF, still: Still, scale: float) -> None:
    """Paint what does not change while training and is seen in an area, in scene coordinates."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    theme = still.theme
    cards = [card for card in geometry.inside(area.adjusted(-8, -8, 8, 8)) if card.subject.id not in still.hidden]
    fine = is_fine(len(cards))
    texts = scale > _TEXT_SCALE and fine
    for frame in geometry.frames:
        if frame.rect.intersects(area):
            _paint_frame(painter, frame, theme, texts)
    wires = geometry.wires.inside(area.adjusted(-3, -3, 3, 3))
    if still.hidden:
        gone = set(geometry.wires.at_cards(still.hidden))
        wires = np.array([number for number in wires.tolist() if number not in gone], int)
    paint_wires(
        painter,
        geometry,
        wires,
        theme.pen("faint", max(1.6, _THINNEST / scale), alpha=150),
        fine=fine and not still.hasty,
    )
    for id, note in geometry.notes.items():
        if note_key(id) not in still.hidden and note_rect(note).intersects(area):
            paint_sticker(painter, note, theme, texts)
    if texts and not still.hidden:
        # The label of a wire may lie outside the place that the wire itself takes.
        wires = geometry.labelled(area.adjusted(-_HALF_PILL, -_PILL_HEIGHT, _HALF_PILL, _PILL_HEIGHT))
    _paint_cards(painter, geometry, cards, wires, still, area, scale)


def paint_moving(
    painter: QPainter, geometry: Geometry, keys: frozenset[str], area: QRectF, still: Still, scale: float
) -> None:
    """Paint the cards and notes that are being moved and are seen in an area, with their wires, above all others."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    theme = still.theme
    cards = [geometry.cards[key] for key in keys if key in geometry.cards]
    fine = is_fine(len(cards))
    wires = np.array(geometry.wires.at_cards(keys), int)
    paint_wires(painter, geometry, wires, theme.pen("faint", max(1.6, _THINNEST / scale), alpha=150), fine=fine)
    for key in keys:
        if note_of(key) in geometry.notes:
            paint_sticker(painter, geometry.notes[note_of(key)], theme, scale > _TEXT_SCALE)
    _paint_cards(painter, geometry, cards, wires, still, area, scale)


def paint_portraits(painter: QPainter, cards: Collection[Card], frame: LivingFrame | None, theme: Theme) -> None:
    """Paint the inside of cards as they are at a moment, or asleep."""
    for card in cards:
        card.portrait.paint(painter, card.subject, card.rect, card.tiles, frame, theme)


def paint_over(
    painter: QPainter,
    geometry: Geometry,
    cards: Collection[Card],
    wires: Array,
    still: Still,
    area: QRectF,
    scale: float,
) -> None:
    """Paint what lies above neurons and edges: ports, the labels of wires, and badges."""
    paint_held(painter, geometry, cards, still.theme)
    for card in cards:
        paint_ports(painter, card, still.theme)
        if card.subject.id in still.problems:
            paint_badge(painter, card, still.problems[card.subject.id], still.theme)
    if scale > _TEXT_SCALE:
        paint_pills(painter, geometry, wires.tolist(), area, still.theme)


def is_fine(cards: int) -> bool:
    """Return whether so many cards are each painted with all that is on them."""
    return cards <= MOST_FINE_CARDS


def paint_wires(painter: QPainter, geometry: Geometry, numbers: Array, pen: QPen, *, fine: bool) -> None:
    """Paint some wires with one pen; where they are many, coarsely and by one call."""
    if not len(numbers):
        return
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if fine:
        painter.setPen(pen)
        for number in numbers.tolist():
            painter.drawPolyline(geometry.wires.line(number))
        return
    # A line of one pixel, whatever the scale, is drawn many times faster than one with a width.
    thin = QPen(pen)
    thin.setCosmetic(True)
    thin.setWidthF(1.0)
    points = geometry.wires.points[numbers][:, ::_COARSE_STEP]
    joins = np.ones(points.shape[:2], np.int32)
    joins[:, -1] = 0
    painter.setPen(thin)
    painter.drawPath(arrayToQPath(points[..., 0].ravel(), points[..., 1].ravel(), connect=joins.ravel()))


def paint_card(painter: QPainter, card: Card, theme: Theme) -> None:
    """Paint the empty card."""
    painter.setPen(Qt.PenStyle.NoPen)
    # A soft shadow of a few pale outlines: much cheaper than blurring, and it moves with the card for nothing.
    shade = QColor(20, 30, 60) if theme.name == "light" else QColor(0, 0, 0)
    sheets = ((6.0, 6.0), (0.0, 0.0)) if card.is_block else ((0.0, 0.0),)
    for reach, strength in ((6.0, 5), (4.0, 7), (2.0, 9)):
        shade.setAlpha(strength)
        painter.setBrush(shade)
        around = card.rect.adjusted(-reach, -reach + 3, reach, reach + 3)
        painter.drawRoundedRect(around, RADIUS + reach, RADIUS + reach)
    painter.setBrush(theme.color("card"))
    painter.setPen(_edge_pen(card, theme))
    for across, down in sheets:  # a folded block is a pile of cards
        painter.drawRoundedRect(card.rect.translated(across, down), RADIUS, RADIUS)


def _edge_pen(card: Card, theme: Theme) -> QPen:
    return QPen(mark_color(card.colour, theme), theme.thick(2)) if card.colour else theme.pen("line")


def paint_words(painter: QPainter, card: Card, theme: Theme) -> None:
    """Paint the lines above and below a card."""
    font = painter.font()
    strong = QFont(font)
    strong.setBold(True)
    top = QRectF(card.caption.left(), card.caption.top(), card.caption.width(), 19)
    painter.setFont(strong)
    painter.setPen(theme.color("text"))
    title = painter.fontMetrics().elidedText(card.title, Qt.TextElideMode.ElideMiddle, int(top.width()))
    painter.drawText(top, Qt.AlignmentFlag.AlignCenter, title)
    painter.setFont(font)
    painter.setPen(theme.color("dim"))
    for place, text in ((top.translated(0, 18), card.note), (card.foot, card.footer)):
        if text:
            short = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(top.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, short)


def paint_title(painter: QPainter, card: Card, theme: Theme, scale: float) -> None:
    """Paint the title alone, as small as it can be read, where the drawing is too small for all its words."""
    font = painter.font()
    small = QFont(font)
    small.setBold(True)
    small.setPixelSize(round(_SMALLEST_LETTERS / scale))
    painter.setFont(small)
    painter.setPen(theme.color("text"))
    height = painter.fontMetrics().height()
    place = QRectF(card.caption.left(), card.rect.top() - height - 4, card.caption.width(), height)
    title = painter.fontMetrics().elidedText(card.title, Qt.TextElideMode.ElideMiddle, int(place.width()))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, title)
    painter.setFont(font)


def paint_ports(painter: QPainter, card: Card, theme: Theme) -> None:
    """Paint where wires arrive and start."""
    painter.setPen(theme.pen("accent", 1.6))
    painter.setBrush(theme.color("card"))
    if card.has_output:
        painter.drawEllipse(card.output_port, PORT, PORT)
    if card.has_input:
        painter.drawEllipse(card.input_port, PORT, PORT)


def paint_badge(painter: QPainter, card: Card, problems: list[Problem], theme: Theme) -> None:
    """Paint the sign that something is wrong."""
    serious = any(problem.severity == "error" for problem in problems)
    path = QPainterPath()
    path.addEllipse(card.badge)
    painter.fillPath(path, theme.color("negative" if serious else "faint"))
    font = painter.font()
    strong = QFont(font)
    strong.setBold(True)
    painter.setFont(strong)
    painter.setPen(theme.color("on_accent"))
    painter.drawText(card.badge, Qt.AlignmentFlag.AlignCenter, "!")
    painter.setFont(font)


def paint_pills(painter: QPainter, geometry: Geometry, numbers: Collection[int], area: QRectF, theme: Theme) -> None:
    """Paint the labels of some wires that are seen in an area."""
    for pill in geometry.pills(numbers):
        if not area.adjusted(-_HALF_PILL, -_PILL_HEIGHT, _HALF_PILL, _PILL_HEIGHT).contains(pill.centre):
            continue
        metrics = painter.fontMetrics()
        wide, narrow = metrics.horizontalAdvance(pill.shape), metrics.horizontalAdvance(pill.kind)
        whole = wide + narrow + 21
        has_room = whole <= pill.room  # where cards are close, what is the same on every wire gives way
        rect = QRectF(0, 0, whole if has_room else wide + 12, _PILL_HEIGHT)
        rect.moveCenter(pill.centre)
        painter.setPen(theme.pen("line", 1))
        painter.setBrush(theme.color("panel"))
        painter.drawRoundedRect(rect, 9.5, 9.5)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(theme.color("text"))
        painter.drawText(rect.adjusted(8 if has_room else 6, 0, 0, 0), flags, pill.shape)
        if not has_room:
            continue
        painter.setPen(theme.color("faint"))
        painter.drawText(rect.adjusted(13 + wide, 0, 0, 0), flags, pill.kind)


def paint_sticker(painter: QPainter, note: Note, theme: Theme, texts: bool) -> None:
    """Paint a note."""
    rect = note_rect(note)
    colour = mark_color(note.colour or "orange", theme)
    paper = QColor(colour)
    paper.setAlpha(38)
    painter.setPen(QPen(colour, theme.thick(1)))
    painter.setBrush(theme.color("card"))
    painter.drawRoundedRect(rect, 7, 7)
    painter.setBrush(paper)
    painter.drawRoundedRect(rect, 7, 7)
    if texts:
        painter.setPen(theme.color("text" if note.text else "faint"))
        painter.drawText(*words_of_note(rect), note.text or tr("Empty note"))


def words_of_note(rect: QRectF) -> tuple[QRectF, int]:
    """Return where and how the words of a note stand on it."""
    flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
    return rect.adjusted(10, 8, -10, -8), flags.value


def _paint_frame(painter: QPainter, frame: Frame, theme: Theme, texts: bool) -> None:
    colour = mark_color(frame.block.colour, theme) if frame.block.colour else theme.color("faint")
    fill = QColor(colour)
    fill.setAlpha(22)
    painter.setPen(QPen(colour, theme.thick(1)))
    painter.setBrush(fill)
    painter.drawRoundedRect(frame.rect, RADIUS, RADIUS)
    if texts:
        font = painter.font()
        strong = QFont(font)
        strong.setBold(True)
        painter.setFont(strong)
        painter.setPen(theme.color("text"))
        place = frame.title.adjusted(12, 0, -34, 0)
        title = painter.fontMetrics().elidedText(
            frame.block.title or tr("Block"), Qt.TextElideMode.ElideRight, int(place.width())
        )
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, title)
        painter.setFont(font)
        painter.setPen(theme.pen("dim", 1.6))
        x, y = frame.title.right() - 18, frame.title.center().y()
        painter.drawPolyline(QPolygonF([QPointF(x - 4, y + 2), QPointF(x, y - 2), QPointF(x + 4, y + 2)]))


def _paint_cards(
    painter: QPainter,
    geometry: Geometry,
    cards: Collection[Card],
    wires: Array,
    still: Still,
    area: QRectF,
    scale: float,
) -> None:
    """Paint cards with their words, and what lies over them and over wires; many or tiny cards as plain boxes."""
    if scale < _BOX_SCALE or not is_fine(len(cards)):
        _paint_boxes(painter, cards, still)
        return
    for card in cards:
        paint_card(painter, card, still.theme)
        if scale > _TEXT_SCALE:
            paint_words(painter, card, still.theme)
        elif scale > _TITLE_SCALE:
            paint_title(painter, card, still.theme, scale)
    if not still.living:
        paint_portraits(painter, cards, None, still.theme)
        paint_over(painter, geometry, cards, wires, still, area, scale)


def _paint_boxes(painter: QPainter, cards: Collection[Card], still: Still) -> None:
    """Paint many cards as boxes, all of one colour by one call."""
    by_colour: dict[str, list[QRectF]] = {}
    for card in cards:
        by_colour.setdefault(card.colour, []).append(card.rect)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setBrush(still.theme.color("card"))
    for colour, rects in by_colour.items():
        pen = QPen(mark_color(colour, still.theme) if colour else still.theme.color("faint"), 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawRects(rects)
    wrong = [card.badge for card in cards if card.subject.id in still.problems]
    if wrong:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(still.theme.color("negative"))
        painter.drawRects([rect.adjusted(-10, -10, 10, 10) for rect in wrong])
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
