"""The canvas as a picture."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from nnstudio.gui.canvas.living_layer import is_alive, paint_living
from nnstudio.gui.canvas.painting import Still, paint_still
from nnstudio.gui.canvas.scene import Scene
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.gui.pictures.drawing import Picture, drawing_font

_PROBE = 1000.0


class CanvasPicture(Picture):
    """What the canvas shows, without what is selected and without what is wrong.

    Parameters
    ----------
    scene : Scene
    frame : LivingFrame or None
        The moment whose weights and neurons are shown.
    theme : Theme
    """

    def __init__(self, scene: Scene, frame: LivingFrame | None, theme: Theme) -> None:
        self._geometry = scene.geometry
        self._synapses = scene.synapses
        self._frame = frame
        self._theme = theme

    @property
    def bounds(self) -> QRectF:
        """The place of what is really painted."""
        return self._tight

    def paint(self, painter: QPainter) -> None:
        """Paint cards, wires, notes and, where there is a moment, what lives."""
        area = self._geometry.bounds
        alive = is_alive(self._geometry, self._frame, area, 1.0)
        still = Still({}, self._theme, living=alive)
        paint_still(painter, self._geometry, area, still, 1.0)
        if alive and self._frame is not None:
            paint_living(painter, self._geometry, self._synapses, still, self._frame, area, 1.0)

    @cached_property
    def _tight(self) -> QRectF:
        """Look where a small picture has colour: the canvas itself only knows where there may be some."""
        room = self._geometry.bounds
        if room.isEmpty():
            return room
        scale = min(1.0, _PROBE / max(room.width(), room.height()))
        size = (room.size() * scale).toSize()
        image = QImage(size.width() + 1, size.height() + 1, QImage.Format.Format_Alpha8)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.scale(scale, scale)
        painter.translate(-room.topLeft())
        painter.setFont(drawing_font())
        self.paint(painter)
        painter.end()
        rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
        down, across = np.nonzero(rows[:, : image.width()])
        if not down.size:
            return room
        left, top = across.min() / scale, down.min() / scale
        width, height = (across.max() + 1) / scale - left, (down.max() + 1) / scale - top
        return QRectF(room.left() + left, room.top() + top, width, height)
