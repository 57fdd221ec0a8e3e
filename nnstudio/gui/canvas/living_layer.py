"""Paints what lives: the edges between neurons and the inside of cards, at every frame."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from nnstudio.engine import Network
from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.gui.canvas.painting import Still, is_fine, paint_over, paint_portraits
from nnstudio.gui.canvas.synapses import Synapses
from nnstudio.gui.moments.kept_states import same_weights
from nnstudio.gui.moments.living import LivingFrame

SMALLEST_SCALE = 0.2
"""Smaller than this, nobody sees a neuron."""


def is_alive(geometry: Geometry, frame: LivingFrame | None, area: QRectF, scale: float) -> bool:
    """Return whether there is something living to be painted in an area."""
    if frame is None or not _is_of(frame, geometry.network):
        return False
    return _is_large(geometry, area, scale)


def living_nodes(geometry: Geometry, area: QRectF, scale: float) -> frozenset[str]:
    """Return the nodes whose insides are seen in an area or near it; none where they are too small."""
    if not _is_large(geometry, area, scale):
        return frozenset()
    around = area.adjusted(-area.width() / 2, -area.height() / 2, area.width() / 2, area.height() / 2)
    return frozenset(card.subject.id for card in geometry.inside(around) if not card.is_block)


def _is_large(geometry: Geometry, area: QRectF, scale: float) -> bool:
    return scale >= SMALLEST_SCALE and is_fine(len(geometry.inside(area)))


def paint_living(
    painter: QPainter,
    geometry: Geometry,
    synapses: Synapses,
    still: Still,
    frame: LivingFrame,
    area: QRectF,
    scale: float,
) -> None:
    """Paint edges, neurons, and what lies over them, in scene coordinates."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    wires = geometry.wires.inside(area)
    seen = {geometry.wires.ends[n] for n in wires.tolist()}
    known = frame.on_drawing()
    synapses.paint(painter, known.numbers, still.theme, seen, of_weights=known.numbers is known.weights)
    cards = geometry.inside(area)
    for card in cards:
        is_known = frame.kept is None or frame.kept.issuperset(card.members)
        paint_portraits(painter, (card,), frame if is_known else None, still.theme)
    paint_over(painter, geometry, cards, wires, still, area, scale)


def _is_of(frame: LivingFrame, drawn: Network) -> bool:
    """Return whether a frame tells of a drawing, were it only of a part."""
    if frame.kept is not None:
        return all(id in drawn for id in frame.kept)
    return same_weights(frame.network, drawn)
