"""A card with a picture for each channel."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen

from nnstudio.engine import Array
from nnstudio.gui.canvas.portrait import Portrait, Subject, Tile, paint_fold
from nnstudio.gui.look.colours import value_strip
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import LivingFrame

MOST_MAPS = 16
MOST_OPEN_MAPS = 64
_PADDING = 10.0
_GAP = 5.0
_FOLD = 22.0
_SIDES = ((1, 92.0), (4, 54.0), (16, 34.0), (64, 26.0))
"""The side of a map where there are at most so many."""


class MapsPortrait(Portrait):
    """For layers that say pictures: what each channel sees in the current row, or the filter it looks with."""

    key = "maps"

    def size(self, subject: Subject) -> QSizeF:
        """Return a card around its maps."""
        shown = _shown(subject)
        across, side = _grid(shown)
        rows = -(-shown // across)
        height = 2 * _PADDING + rows * (side + _GAP) - _GAP + (_FOLD if _count(subject) > MOST_MAPS else 0)
        return QSizeF(2 * _PADDING + across * (side + _GAP) - _GAP, height)

    def tiles(self, subject: Subject, rect: QRectF) -> tuple[Tile, ...]:
        """Return a tile for each channel that is shown."""
        shown = _shown(subject)
        across, side = _grid(shown)
        left, top = rect.left() + _PADDING, rect.top() + _PADDING
        return tuple(
            Tile(unit, QRectF(left + unit % across * (side + _GAP), top + unit // across * (side + _GAP), side, side))
            for unit in range(shown)
        )

    def fold(self, subject: Subject, rect: QRectF) -> QRectF | None:
        """Return the line below the maps."""
        if _count(subject) <= MOST_MAPS:
            return None
        return QRectF(rect.left(), rect.bottom() - _FOLD - 4, rect.width(), _FOLD)

    def paint(
        self,
        painter: QPainter,
        subject: Subject,
        rect: QRectF,
        tiles: Sequence[Tile],
        frame: LivingFrame | None,
        theme: Theme,
    ) -> None:
        """Paint the maps, and how many are folded away."""
        pictures = None if frame is None else _pictures(frame, subject.id, _count(subject))
        if pictures is None or pictures.shape[2] < len(tiles):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("chip"))
            painter.drawRects([tile.rect for tile in tiles])
        else:
            _paint_pictures(painter, pictures, tiles, theme)
        paint_fold(painter, self.fold(subject, rect), _count(subject) - len(tiles), theme, opened=subject.open)


def _paint_pictures(painter: QPainter, pictures: Array, tiles: Sequence[Tile], theme: Theme) -> None:
    """Paint a picture on each tile, cut out of one image of all of them, which is much quicker than many images."""
    height, width, _ = pictures.shape
    strip = value_strip(pictures[:, :, [tile.unit for tile in tiles]], theme)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, on=False)
    for index, tile in enumerate(tiles):
        painter.drawImage(tile.rect, strip, QRectF(0, index * height, width, height))
    painter.setPen(QPen(theme.color("line"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRects([tile.rect for tile in tiles])


def _pictures(frame: LivingFrame, id: str, count: int) -> Array | None:
    """Return the pictures of all channels, of shape (height, width, channels)."""
    learned = frame.learned(id)
    if learned is not None:
        kernel = learned.get("kernel")
        if kernel is None or kernel.ndim != 4:
            return None
        # A filter that looks at many channels is shown as their mean; depthwise filters look at one each.
        return np.asarray(kernel.mean(axis=2)) if kernel.shape[3] == count else kernel.reshape(*kernel.shape[:2], -1)
    values = frame.outputs.get(id)
    return values if values is not None and values.ndim == 3 else None


def _count(subject: Subject) -> int:
    return subject.shape[2] if subject.shape is not None and len(subject.shape) == 3 else 0


def _shown(subject: Subject) -> int:
    return max(1, min(_count(subject), MOST_OPEN_MAPS if subject.open else MOST_MAPS))


def _grid(shown: int) -> tuple[int, float]:
    """Return how many maps stand in a line, and the side of one."""
    side = next(side for most, side in _SIDES if shown <= most)
    across = 1 if shown == 1 else 2 if shown <= 4 else 4 if shown <= MOST_MAPS else 8
    return across, side
