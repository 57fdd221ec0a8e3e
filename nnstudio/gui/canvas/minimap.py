"""The whole drawing in a corner, with the part that is seen; a press or a drag goes there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPixmap, QTransform
from PySide6.QtWidgets import QWidget

from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.gui.canvas.painting import paint_wires
from nnstudio.gui.look.theme import Theme, theme
from nnstudio.i18n import tr

if TYPE_CHECKING:
    from nnstudio.gui.canvas.canvas import Canvas

_SIZE = QSize(176, 112)
_MARGIN = 12
_INSIDE = 8.0


class Minimap(QWidget):
    """Is seen while a part of the drawing lies out of sight."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._picture = QPixmap()
        self._drawn: tuple[Geometry, Theme] | None = None
        self.setObjectName("minimap")
        self.setAccessibleName(tr("Minimap"))
        self.setToolTip(tr("The whole drawing. Drag to look elsewhere."))
        self.setFixedSize(_SIZE)
        self.hide()

    def place(self) -> None:
        """Stand in the lower right corner of the canvas."""
        self.move(self._canvas.width() - _SIZE.width() - _MARGIN, self._canvas.height() - _SIZE.height() - _MARGIN)

    def refresh(self) -> None:
        """Be seen while it is of use, and show where the view is."""
        geometry, canvas = self._canvas.scene.geometry, self._canvas
        useful = bool(geometry.cards) and canvas.width() > 3 * _SIZE.width() and canvas.height() > 2 * _SIZE.height()
        self.setVisible(useful and not canvas.view.shows(geometry.bounds, QRectF(canvas.rect())))
        self.update()

    def _transform(self) -> QTransform:
        bounds = self._canvas.scene.geometry.bounds
        inside = QRectF(self.rect()).adjusted(_INSIDE, _INSIDE, -_INSIDE, -_INSIDE)
        scale = min(inside.width() / max(1.0, bounds.width()), inside.height() / max(1.0, bounds.height()))
        shift = inside.center() - bounds.center() * scale
        return QTransform(scale, 0, 0, scale, shift.x(), shift.y())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the drawing, kept as a picture, and the part that is seen."""
        del event
        colours, geometry = theme(), self._canvas.scene.geometry
        transform = self._transform()
        if self._drawn != (geometry, colours):
            self._drawn, self._picture = (geometry, colours), self._draw(geometry, colours, transform)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        seen = transform.mapRect(self._canvas.seen).intersected(QRectF(self.rect()).adjusted(2, 2, -2, -2))
        painter.setPen(colours.pen("accent", 1.4))
        painter.setBrush(colours.color("accent", 26))
        painter.drawRect(seen)

    def _draw(self, geometry: Geometry, colours: Theme, transform: QTransform) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(_SIZE * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(colours.pen("line", 1))
        painter.setBrush(colours.color("panel", 235))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        painter.setTransform(transform, combine=True)
        every = geometry.wires.inside(geometry.bounds)
        paint_wires(painter, geometry, every, colours.pen("line", 1), fine=False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.color("faint"))
        painter.drawRects([card.rect for card in geometry.cards.values()])
        painter.end()
        return picture

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Look there."""
        self._look(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Look there."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._look(event.position())

    def _look(self, position: QPointF) -> None:
        back, _ = self._transform().inverted()
        self._canvas.pan(self._canvas.middle - back.map(position))
