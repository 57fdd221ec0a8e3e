"""The canvas as a picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from nnstudio.gui.canvas.living_layer import is_alive, paint_living
from nnstudio.gui.canvas.painting import Still, paint_still
from nnstudio.gui.canvas.scene import Scene
from nnstudio.gui.living import LivingFrame
from nnstudio.gui.pictures.drawing import Picture
from nnstudio.gui.theme import Theme


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
        """The place of the whole drawing."""
        return self._geometry.bounds

    def paint(self, painter: QPainter) -> None:
        """Paint cards, wires, notes and, where there is a moment, what lives."""
        alive = is_alive(self._geometry, self._frame, self.bounds, 1.0)
        still = Still({}, self._theme, living=alive)
        paint_still(painter, self._geometry, self.bounds, still, 1.0)
        if alive and self._frame is not None:
            paint_living(painter, self._geometry, self._synapses, still, self._frame, self.bounds, 1.0)
