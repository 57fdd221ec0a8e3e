"""Which part of the drawing is seen, and how large."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform

SMALLEST, LARGEST = 0.05, 4.0
LARGEST_FIT = 1.25
_MARGIN = 26.0


class Viewport:
    """Moves and scales between the scene and the widget.

    Attributes
    ----------
    scale : float
        Widget pixels for a unit of the scene.
    offset : QPointF
        Where the scene's origin is on the widget.
    usual : float
        The scale at which the words of cards are as large as those of the window.
    is_fitted : bool
        Whether nobody has moved or scaled since the last fit.
    """

    def __init__(self) -> None:
        self.usual = 1.0
        self.scale = 1.0
        self.offset = QPointF(0, 0)
        self.is_fitted = True

    def to_scene(self, position: QPointF) -> QPointF:
        """Return the place in the scene that is at a place on the widget."""
        return (position - self.offset) / self.scale

    def to_widget(self, point: QPointF) -> QPointF:
        """Return the place on the widget where a place in the scene is."""
        return point * self.scale + self.offset

    def transform(self) -> QTransform:
        """Return the transform from scene to widget."""
        return QTransform.fromTranslate(self.offset.x(), self.offset.y()).scale(self.scale, self.scale)

    def pan(self, shift: QPointF) -> None:
        """Move by a distance in the scene."""
        moved = self.offset + shift * self.scale
        # Whole pixels, so that a picture of the scene can be moved instead of painted again.
        self.offset = QPointF(round(moved.x()), round(moved.y()))
        self.is_fitted = False

    def zoom(self, factor: float, at: QPointF) -> None:
        """Scale about a place on the widget, within bounds."""
        wanted = min(max(self.scale * factor, SMALLEST), LARGEST)
        self.offset = at - (at - self.offset) * (wanted / self.scale)
        self.scale = wanted
        self.is_fitted = False

    def fit(self, bounds: QRectF, area: QRectF) -> None:
        """Show all of a part of the scene in the middle of an area."""
        self.is_fitted = True
        if bounds.isEmpty() or area.width() < 2 * _MARGIN or area.height() < 2 * _MARGIN:
            self.scale = self.usual
            self.offset = area.center()
            return
        across = (area.width() - 2 * _MARGIN) / bounds.width()
        down = (area.height() - 2 * _MARGIN) / bounds.height()
        self.scale = min(max(min(across, down), SMALLEST), min(LARGEST_FIT * self.usual, LARGEST))
        self.offset = area.center() - bounds.center() * self.scale

    def shows(self, bounds: QRectF, area: QRectF) -> bool:
        """Return whether all of a part of the scene is inside an area."""
        seen = QRectF(self.to_widget(bounds.topLeft()), self.to_widget(bounds.bottomRight()))
        return area.adjusted(-2, -2, 2, 2).contains(seen)
