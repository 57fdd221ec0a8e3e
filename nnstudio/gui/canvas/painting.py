"""Paints the canvas from values: background, wires, cards, living edges, pills and badges."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from nnstudio.components import Problem
from nnstudio.engine import Network
from nnstudio.gui.canvas.geometry import Card, Edge, Geometry
from nnstudio.gui.canvas.synapses import Synapses
from nnstudio.gui.living import LivingFrame
from nnstudio.gui.theme import Theme
from nnstudio.i18n import tr
from nnstudio.project import Project

RADIUS = 12.0
PORT = 4.5
_DOTS = 16
_FEWEST_DOTS = 7.0
_TEXT_SCALE = 0.4


@dataclass
class Highlights:
    """What is lit at this moment.

    Attributes
    ----------
    nodes : collection of str
        Selected nodes.
    wire : edge or None
        The selected wire.
    drop_wire : edge or None
        The wire into which what is dragged would be put.
    targets : dict of str to str
        While a wire is drawn: the nodes it may lead to (empty text), and why it may not lead to others.
    """

    nodes: Collection[str] = ()
    wire: Edge | None = None
    drop_wire: Edge | None = None
    targets: Mapping[str, str] = field(default_factory=dict)


def paint_background(painter: QPainter, area: QRectF, scale: float, offset: QPointF, theme: Theme) -> None:
    """Fill with the canvas colour and its dots, which move and grow with the drawing."""
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
    painter.drawTiledPixmap(area, tile, QPointF(-offset.x() % tile.width(), -offset.y() % tile.height()))


def paint_still(painter: QPainter, geometry: Geometry, highlights: Highlights, theme: Theme, scale: float) -> None:
    """Paint what does not change while training, in scene coordinates: wires, cards and the words above them."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_wires(painter, geometry, highlights, theme)
    for id, card in geometry.cards.items():
        _paint_card(painter, card, id in highlights.nodes, theme)
        if scale > _TEXT_SCALE:
            _paint_caption(painter, card, geometry.network, theme)


def paint_living(
    painter: QPainter,
    geometry: Geometry,
    synapses: Synapses,
    problems: Mapping[str, list[Problem]],
    highlights: Highlights,
    frame: LivingFrame | None,
    theme: Theme,
    scale: float,
) -> None:
    """Paint what lives, and what lies over it, in scene coordinates: edges, neurons, ports, pills and badges."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    live = frame if frame is not None and _same_weights(frame.network, geometry.network) else None
    if live is not None:
        synapses.paint(painter, dict(live.weights), theme)
    for id, card in geometry.cards.items():
        card.portrait.paint(painter, card.subject, card.rect, card.tiles, live, theme)
        _paint_ports(painter, geometry, card, highlights, theme)
        if id in problems:
            _paint_badge(painter, card, problems[id], theme)
    if scale > _TEXT_SCALE:
        _paint_pills(painter, geometry, theme)
    for id, reason in highlights.targets.items():
        if reason and id in geometry.cards:
            paint_note(painter, geometry.cards[id].rect.center() + QPointF(0, 6), reason, theme)


def paint_note(painter: QPainter, place: QPointF, text: str, theme: Theme) -> None:
    """Paint a small label centred on a place."""
    metrics = painter.fontMetrics()
    width = min(420, metrics.horizontalAdvance(text) + 4) + 18
    flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    height = metrics.boundingRect(0, 0, width - 18, 400, flags.value, text).height() + 10
    rect = QRectF(place.x() - width / 2, place.y() - height / 2, width, height)
    painter.setPen(QPen(theme.color("line"), 1))
    painter.setBrush(theme.color("panel"))
    painter.drawRoundedRect(rect, 7, 7)
    painter.setPen(theme.color("text"))
    painter.drawText(rect.adjusted(9, 5, -9, -5), flags, text)


def _same_weights(first: Network, second: Network) -> bool:
    return first is second or (first.weight_shapes() == second.weight_shapes() and first.edges == second.edges)


def _paint_wires(painter: QPainter, geometry: Geometry, highlights: Highlights, theme: Theme) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    plain = QPen(theme.color("faint", 150), 1.6)
    lit = QPen(theme.color("accent"), 3)
    for edge, points in geometry.wires.items():
        painter.setPen(lit if edge in (highlights.wire, highlights.drop_wire) else plain)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in points.tolist()]))


def _paint_card(painter: QPainter, card: Card, selected: bool, theme: Theme) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    # A soft shadow of a few pale outlines: much cheaper than blurring, and it moves with the card for nothing.
    shade = QColor(20, 30, 60) if theme.name == "light" else QColor(0, 0, 0)
    for reach, strength in ((6.0, 5), (4.0, 7), (2.0, 9)):
        shade.setAlpha(strength)
        painter.setBrush(shade)
        around = card.rect.adjusted(-reach, -reach + 3, reach, reach + 3)
        painter.drawRoundedRect(around, RADIUS + reach, RADIUS + reach)
    painter.setBrush(theme.color("card"))
    painter.setPen(QPen(theme.color("accent" if selected else "line"), 2 if selected else 1))
    painter.drawRoundedRect(card.rect, RADIUS, RADIUS)


def _paint_caption(painter: QPainter, card: Card, network: Network, theme: Theme) -> None:
    node = network.node(card.subject.id)
    font = painter.font()
    strong = QFont(font)
    strong.setBold(True)
    top = QRectF(card.caption.left(), card.caption.top(), card.caption.width(), 19)
    painter.setFont(strong)
    painter.setPen(theme.color("text"))
    title = painter.fontMetrics().elidedText(node.name, Qt.TextElideMode.ElideMiddle, int(top.width()))
    painter.drawText(top, Qt.AlignmentFlag.AlignCenter, title)
    painter.setFont(font)
    painter.setPen(theme.color("dim"))
    note = painter.fontMetrics().elidedText(node.layer.note(), Qt.TextElideMode.ElideRight, int(top.width()))
    painter.drawText(top.translated(0, 18), Qt.AlignmentFlag.AlignCenter, note)


def _paint_ports(painter: QPainter, geometry: Geometry, card: Card, highlights: Highlights, theme: Theme) -> None:
    layer = geometry.network.node(card.subject.id).layer
    painter.setPen(QPen(theme.color("accent"), 1.6))
    painter.setBrush(theme.color("card"))
    if layer.has_output:
        painter.drawEllipse(card.output_port, PORT, PORT)
    if layer.most_inputs != 0:
        welcomes = highlights.targets.get(card.subject.id) == ""
        if welcomes:
            painter.setBrush(theme.color("accent"))
        painter.drawEllipse(card.input_port, PORT + 3 * welcomes, PORT + 3 * welcomes)


def _paint_badge(painter: QPainter, card: Card, problems: list[Problem], theme: Theme) -> None:
    rect = badge_rect(card)
    serious = any(problem.severity == "error" for problem in problems)
    path = QPainterPath()
    path.addEllipse(rect)
    painter.fillPath(path, theme.color("negative" if serious else "faint"))
    font = painter.font()
    strong = QFont(font)
    strong.setBold(True)
    painter.setFont(strong)
    painter.setPen(theme.color("on_accent"))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, "!")
    painter.setFont(font)


def problems_by_node(project: Project) -> dict[str, list[Problem]]:
    """Return what each node's badge has to tell."""
    found: dict[str, list[Problem]] = {}
    for problem in project.problems():
        if problem.node:
            found.setdefault(problem.node, []).append(problem)
    return found


def badge_rect(card: Card) -> QRectF:
    """Return where a card wears its badge."""
    return QRectF(card.rect.right() - 11, card.rect.top() - 9, 20, 20)


def _paint_pills(painter: QPainter, geometry: Geometry, theme: Theme) -> None:
    shapes = geometry.network.shapes()
    for edge in geometry.network.edges:
        shape = shapes[edge[0]]
        text = " × ".join(map(str, shape)) if shape is not None else tr("?")
        centre = geometry.pill(edge)
        width = painter.fontMetrics().horizontalAdvance(text) + 16
        rect = QRectF(centre.x() - width / 2, centre.y() - 9.5, width, 19)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.setBrush(theme.color("panel"))
        painter.drawRoundedRect(rect, 9.5, 9.5)
        painter.setPen(theme.color("dim"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
