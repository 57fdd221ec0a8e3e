"""Alignment: what is dragged falls into line with the cards around it, and a guide shows along which."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF

from nnstudio.engine import Array
from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.project.drawing import GRID

_REACH = 6.0
_BEYOND = 24.0


class Guides:
    """Finds the shift nearest to the wanted one at which a card is in line with others, else on the grid.

    Parameters
    ----------
    geometry : Geometry
        Before anything was moved.
    moving : collection of str
        The keys of what is dragged.
    grabbed : QRectF
        The card under the pointer, which is brought into line.
    """

    def __init__(self, geometry: Geometry, moving: Collection[str], grabbed: QRectF) -> None:
        self._grabbed = grabbed
        rects = [card.rect.getCoords() for key, card in geometry.cards.items() if key not in moving]
        self._others: Array = np.array(rects).reshape(-1, 4)

    def settle(self, wanted: QPointF, scale: float) -> tuple[QPointF, list[QLineF]]:
        """Return the shift to use, and the guides along which it is in line.

        Parameters
        ----------
        wanted : QPointF
            As far as the pointer went.
        scale : float
            Widget pixels for a unit of the scene.
        """
        x, along_x = self._line_up(wanted.x(), (self._grabbed.left(), self._grabbed.right()), 0, scale)
        y, along_y = self._line_up(wanted.y(), (self._grabbed.top(), self._grabbed.bottom()), 1, scale)
        moved = self._grabbed.translated(x, y)
        lines = []
        for place, other in along_x:
            top, bottom = min(moved.top(), other[1]), max(moved.bottom(), other[3])
            lines.append(QLineF(place, top - _BEYOND, place, bottom + _BEYOND))
        for place, other in along_y:
            left, right = min(moved.left(), other[0]), max(moved.right(), other[2])
            lines.append(QLineF(left - _BEYOND, place, right + _BEYOND, place))
        return QPointF(x, y), lines

    def _line_up(
        self, wanted: float, ends: tuple[float, float], axis: int, scale: float
    ) -> tuple[float, list[tuple[float, list[float]]]]:
        """Return the shift along one axis, and where a guide stands, with the card it comes from."""
        low, high = self._others[:, axis], self._others[:, axis + 2]
        best, found = _REACH / scale, None
        for mine, theirs in (((ends[0] + ends[1]) / 2, (low + high) / 2), (ends[0], low), (ends[1], high)):
            if not len(theirs):
                break
            distances = np.abs(theirs - (mine + wanted))
            index = int(distances.argmin())
            if distances[index] < best - 1e-9:
                best, found = float(distances[index]), (float(theirs[index]), mine, index)
        if found is None:
            return round(wanted / GRID) * GRID, []
        place, mine, index = found
        return place - mine, [(place, self._others[index].tolist())]
