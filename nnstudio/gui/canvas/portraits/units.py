"""A card with a tile for each unit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPen, QTransform

from nnstudio.engine import Array
from nnstudio.gui.canvas.portrait import MOST_TILES, Portrait, Subject, Tile, flat_count, paint_fold, shown_units
from nnstudio.gui.look.colours import to_image, value_color, value_pixels
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import GRID, LivingFrame

TILE = 34.0
SMALLER_TILE = 26.0
SMALL_TILE = 22.0
_LARGE = 10
"""So many units have large tiles; up to `MOST_TILES` have smaller ones, which make the card no higher."""

_GAP = 9.0
_WIDTH = 84.0
_PADDING = 10.0
_FOLD = 24.0
_RADIUS = 8.0
_RING = 2.6


class UnitsPortrait(Portrait):
    """For flat layers: response maps over two inputs, else tiles coloured by what the unit says."""

    key = "units"

    def size(self, subject: Subject) -> QSizeF:
        """Return a card as high as its tiles."""
        count = flat_count(subject)
        shown = len(shown_units(count, opened=subject.open))
        columns = _columns(shown)
        tile = _tile(shown)
        rows = -(-shown // columns)
        height = 2 * _PADDING + rows * (tile + _GAP) - _GAP + (_FOLD if count > MOST_TILES else 0)
        return QSizeF(max(_WIDTH, 2 * _PADDING + columns * (tile + _GAP)), max(54.0, height))

    def tiles(self, subject: Subject, rect: QRectF) -> tuple[Tile, ...]:
        """Return the tiles from top to bottom, with a gap where units are folded away."""
        count = flat_count(subject)
        units = shown_units(count, opened=subject.open)
        columns, tile = _columns(len(units)), _tile(len(units))
        left = rect.center().x() - (columns * (tile + _GAP) - _GAP) / 2
        made: list[Tile] = []
        down = rect.top() + _PADDING
        for index, unit in enumerate(units):
            row, column = divmod(index, columns)
            folded = _FOLD if index and unit != units[index - 1] + 1 else 0.0
            down += folded
            made.append(Tile(unit, QRectF(left + column * (tile + _GAP), down + row * (tile + _GAP), tile, tile)))
        return tuple(made)

    def fold(self, subject: Subject, rect: QRectF) -> QRectF | None:
        """Return the line between the first and the last units, or below the opened ones."""
        if flat_count(subject) <= MOST_TILES:
            return None
        tiles = self.tiles(subject, rect)
        if subject.open:
            return QRectF(rect.left(), rect.bottom() - _FOLD - 4, rect.width(), _FOLD)
        before = max(tile.rect.bottom() for tile in tiles if tile.unit < len(tiles))
        return QRectF(rect.left(), before, rect.width(), _FOLD + _GAP)

    def paint(
        self,
        painter: QPainter,
        subject: Subject,
        rect: QRectF,
        tiles: Sequence[Tile],
        frame: LivingFrame | None,
        theme: Theme,
    ) -> None:
        """Paint the tiles, the names beside them, and how many are folded away."""
        alive = frame is not None and frame.lens == "activations"
        maps = frame.maps.get(subject.id) if alive and frame is not None else None
        values = frame.strengths(subject.id) if frame is not None else None
        image = _strip(maps, tiles, theme) if maps is not None else None
        reach = float(np.abs(values).max()) if values is not None and values.size else 1.0
        painter.setPen(QPen(theme.color("line"), 1))
        for index, tile in enumerate(tiles):
            painter.setBrush(_brush(image, index, tile, values, reach, theme))
            painter.drawRoundedRect(tile.rect, _RADIUS, _RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if maps is not None and frame is not None and frame.point is not None:
            _mark_point(painter, tiles, frame.point, theme)
        painter.setPen(theme.color("dim"))
        for tile in tiles:
            if tile.unit < len(subject.names):
                place = QRectF(rect.left() - 168, tile.rect.top(), 160, tile.rect.height())
                name = painter.fontMetrics().elidedText(
                    subject.names[tile.unit], Qt.TextElideMode.ElideMiddle, int(place.width())
                )
                painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)
        paint_fold(painter, self.fold(subject, rect), flat_count(subject) - len(tiles), theme, opened=subject.open)


def _mark_point(painter: QPainter, tiles: Sequence[Tile], point: tuple[float, float], theme: Theme) -> None:
    """Ring the place of the row that is shown on every map."""
    painter.setPen(theme.pen("text", 1.2))
    for tile in tiles:
        rect = tile.rect
        centre = QPointF(rect.left() + point[0] * rect.width(), rect.top() + point[1] * rect.height())
        painter.drawEllipse(centre, _RING, _RING)


def _columns(shown: int) -> int:
    return 1 if shown <= MOST_TILES else 4


def _tile(shown: int) -> float:
    if shown <= _LARGE:
        return TILE
    return SMALLER_TILE if shown <= MOST_TILES else SMALL_TILE


def _strip(maps: Array, tiles: Sequence[Tile], theme: Theme) -> QImage:
    """Return the maps of the shown units below each other, each brought to between -1 and 1."""
    shown = maps[[tile.unit for tile in tiles]] if tiles else maps[:0]
    reach = np.abs(shown).max(axis=(1, 2), keepdims=True) if len(shown) else np.ones((0, 1, 1))
    return to_image(value_pixels(shown / np.maximum(reach, 1e-6), theme).reshape(-1, GRID))


def _brush(image: QImage | None, index: int, tile: Tile, values: Array | None, reach: float, theme: Theme) -> QBrush:
    if image is not None:
        brush = QBrush(image)
        corner: QPointF = tile.rect.topLeft()
        scale = tile.rect.width() / GRID
        brush.setTransform(
            QTransform.fromTranslate(corner.x(), corner.y()).scale(scale, scale).translate(0, -index * GRID)
        )
        return brush
    if values is not None and tile.unit < len(values):
        return QBrush(value_color(float(values[tile.unit]) / max(reach, 1e-6), theme))
    return QBrush(theme.color("chip"))
