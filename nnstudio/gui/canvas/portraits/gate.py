"""A card that shows how many are silenced while training."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen

from nnstudio.engine import Array
from nnstudio.gui.canvas.portrait import Portrait, Subject, Tile, captioned, paint_caption, place_above_caption
from nnstudio.gui.look.colours import value_color
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import GRID, LivingFrame
from nnstudio.i18n import tr

_SIDE = 72.0
MOST_UNITS = 64


class GatePortrait(Portrait):
    """For layers that silence at random: who is silent for the first row of the step that begins here."""

    key = "gate"

    def size(self, subject: Subject) -> QSizeF:
        """Return a card around the grid and the line below it."""
        del subject
        return captioned(QSizeF(_SIDE, _SIDE))

    def paint(
        self,
        painter: QPainter,
        subject: Subject,
        rect: QRectF,
        tiles: Sequence[Tile],
        frame: LivingFrame | None,
        theme: Theme,
    ) -> None:
        """Paint a square for each unit: coloured by what it says, crossed out where it is silenced."""
        del tiles
        count = min(MOST_UNITS, math.prod(subject.shape or (1,)))
        across = math.isqrt(count - 1) + 1 if count else 1
        side = _SIDE / across
        values = None if frame is None else _said(frame, subject.id)
        silenced = None if frame is None else frame.silenced(subject.id)
        crossed = [] if silenced is None else silenced.ravel()[:count].tolist()
        reach = float(np.abs(values).max(initial=0.0)) if values is not None else 0.0
        silent = QPen(theme.color("dim"), 1.2)
        grid = place_above_caption(rect, QSizeF(_SIDE, _SIDE))
        for index in range(count):
            row, column = divmod(index, across)
            place = QRectF(grid.left() + column * side, grid.top() + row * side, side, side)
            place.adjust(1, 1, -1, -1)
            painter.setPen(Qt.PenStyle.NoPen)
            if crossed and crossed[index]:
                painter.setPen(silent)
                painter.drawLine(place.topLeft(), place.bottomRight())
                painter.drawLine(place.topRight(), place.bottomLeft())
                continue
            said = float(values[index]) / max(reach, 1e-12) if values is not None and index < len(values) else 0.0
            painter.setBrush(value_color(said, theme) if said else theme.color("chip"))
            painter.drawRoundedRect(place, 2, 2)
        words = ""
        if silenced is not None:
            silent_ones = tr("{count} of {all} silent")
            words = silent_ones.format(count=f"{int(silenced.sum()):,}", all=f"{silenced.size:,}")
        paint_caption(painter, rect, words, theme)


def _said(frame: LivingFrame, id: str) -> Array | None:
    """Return what each unit says for the row that is shown; on a plane, at the point of the maps nearest to it."""
    maps = frame.maps.get(id)
    if maps is None or frame.point is None:
        return frame.said(id)
    across, down = (min(int(share * GRID), GRID - 1) for share in frame.point)
    return np.asarray(maps[:, down, across])
