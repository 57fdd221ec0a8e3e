"""What is lit on the canvas because one sees by it what is wrong with a run: layers, and units in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from nnstudio.gui.canvas.card import Card
from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.gui.canvas.painting import RADIUS
from nnstudio.gui.look.theme import Theme

if TYPE_CHECKING:
    from nnstudio.gui.canvas.canvas import Canvas

_GLOW = ((11, 40), (6.5, 80), (2.2, 255))
"""Width and opacity of the lines of which the glow is made."""


class EvidenceMarks:
    """Remembers what is lit and paints it.

    Parameters
    ----------
    canvas : Canvas
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.lit: Mapping[str, Collection[int]] = {}

    def light(self, lit: Mapping[str, Collection[int]]) -> None:
        """Light layers by their ids, each with the units that are meant, and no others."""
        self.lit = lit
        self._canvas.update()

    def paint(self, painter: QPainter, geometry: Geometry, theme: Theme) -> None:
        """Paint a glow around the cards, and rings around the units, in scene coordinates."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for id, units in self.lit.items():
            if id in geometry.network:
                _paint(painter, geometry.cards[geometry.key_of(id)], units, theme)


def _paint(painter: QPainter, card: Card, units: Collection[int], theme: Theme) -> None:
    for width, alpha in _GLOW:
        painter.setPen(theme.pen("alarm", width, alpha=alpha))
        painter.drawRoundedRect(card.rect.adjusted(-2, -2, 2, 2), RADIUS + 2, RADIUS + 2)
    for tile in card.tiles if not card.is_block else ():
        if tile.unit in units:
            painter.drawRoundedRect(tile.rect.adjusted(-2.5, -2.5, 2.5, 2.5), 9, 9)
