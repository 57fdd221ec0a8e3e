"""A small card with a thumbnail of what the layer says."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter

from nnstudio.engine import Array
from nnstudio.gui.canvas.portrait import Portrait, Subject, Tile, paint_icon, paint_values
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import LivingFrame

_SIDE = 64.0
_THUMBNAIL = 48.0


class GlancePortrait(Portrait):
    """For layers that pass on what others say, such as an activation or a sum: all numbers in one small picture."""

    key = "glance"

    def size(self, subject: Subject) -> QSizeF:
        """Return a small card."""
        del subject
        return QSizeF(_SIDE, _SIDE)

    def paint(
        self,
        painter: QPainter,
        subject: Subject,
        rect: QRectF,
        tiles: Sequence[Tile],
        frame: LivingFrame | None,
        theme: Theme,
    ) -> None:
        """Paint the thumbnail, or the icon while there is nothing to show."""
        del tiles
        picture = None if frame is None else _picture(frame, subject.id)
        if picture is None:
            paint_icon(painter, subject.icon, rect)
            return
        place = QRectF(0, 0, _THUMBNAIL, _THUMBNAIL)
        place.moveCenter(rect.center())
        paint_values(painter, place, picture, theme)


def _picture(frame: LivingFrame, id: str) -> Array | None:
    """Return all that a layer says as numbers of shape (height, width)."""
    learned = frame.learned(id)
    if learned is not None:
        return _square(next(iter(learned.values()))) if learned else None
    maps = frame.maps.get(id)
    if maps is not None:
        return np.asarray(maps.mean(axis=0))
    values = frame.outputs.get(id)
    return None if values is None else _square(values)


def _square(values: Array) -> Array | None:
    """Return numbers of any shape as those of a picture of shape (height, width)."""
    if not values.size:
        return None
    if values.ndim == 3:
        return np.asarray(values.mean(axis=2))
    if values.ndim == 2:
        return np.asarray(values.T)
    wide = math.isqrt(values.size - 1) + 1
    padded = np.zeros(wide * -(-values.size // wide), values.dtype)
    padded[: values.size] = values.ravel()
    return padded.reshape(-1, wide)
