"""A card with a bar for each unit, for layers whose answers are shares of one whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from nnstudio.gui.canvas.portrait import (
    MOST_TILES,
    Portrait,
    Subject,
    Tile,
    flat_count,
    paint_bar,
    paint_fold,
    paint_named_value,
    shown_units,
)
from nnstudio.gui.look.colours import class_color
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import LivingFrame

_WIDTH = 128.0
_PADDING = 10.0
_ROW = 24.0
_FOLD = 22.0


class SharesPortrait(Portrait):
    """For softmax: the name of each class, how likely it is for the row that is shown, and a bar as long."""

    key = "shares"

    def size(self, subject: Subject) -> QSizeF:
        """Return a card as high as its bars."""
        shown = len(shown_units(flat_count(subject), opened=subject.open))
        fold = _FOLD if flat_count(subject) > MOST_TILES else 0
        return QSizeF(_WIDTH, max(54.0, 2 * _PADDING + shown * _ROW + fold))

    def tiles(self, subject: Subject, rect: QRectF) -> tuple[Tile, ...]:
        """Return a row for each unit, with a gap where units are folded away."""
        units = shown_units(flat_count(subject), opened=subject.open)
        made: list[Tile] = []
        down = rect.top() + _PADDING
        for index, unit in enumerate(units):
            if index and unit != units[index - 1] + 1:
                down += _FOLD
            made.append(Tile(unit, QRectF(rect.left() + _PADDING, down, rect.width() - 2 * _PADDING, _ROW - 3)))
            down += _ROW
        return tuple(made)

    def fold(self, subject: Subject, rect: QRectF) -> QRectF | None:
        """Return the line between the first and the last units, or below the opened ones."""
        if flat_count(subject) <= MOST_TILES:
            return None
        if subject.open:
            return QRectF(rect.left(), rect.bottom() - _FOLD - 4, rect.width(), _FOLD)
        tiles = self.tiles(subject, rect)
        before = max(tile.rect.bottom() for tile in tiles if tile.unit < len(tiles))
        return QRectF(rect.left(), before, rect.width(), _FOLD)

    def paint(
        self,
        painter: QPainter,
        subject: Subject,
        rect: QRectF,
        tiles: Sequence[Tile],
        frame: LivingFrame | None,
        theme: Theme,
    ) -> None:
        """Paint names, shares and bars, and how many are folded away."""
        values = frame.strengths(subject.id) if frame is not None else None
        is_share = frame is None or frame.lens == "activations"
        reach = 1.0 if is_share or values is None else max(float(np.abs(values).max(initial=0)), 1e-30)
        for tile in tiles:
            value = float(values[tile.unit]) if values is not None and tile.unit < len(values) else None
            name = subject.names[tile.unit] if tile.unit < len(subject.names) else f"{tile.unit + 1}"
            _paint_row(painter, tile, name, value, value is not None and is_share, reach, theme)
        paint_fold(painter, self.fold(subject, rect), flat_count(subject) - len(tiles), theme, opened=subject.open)


def _paint_row(
    painter: QPainter, tile: Tile, name: str, value: float | None, is_share: bool, reach: float, theme: Theme
) -> None:
    words = "" if value is None else f"{value:.0%}" if is_share else f"{value:.2g}"
    paint_named_value(painter, tile.rect, name, words, theme)
    paint_bar(painter, tile.rect, min(1.0, abs(value or 0.0) / reach), class_color(tile.unit), theme)
