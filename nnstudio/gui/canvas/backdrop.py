"""What does not change while training, painted once and kept as a picture that moves and grows with the view."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QFont, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.gui.canvas.painting import Still, paint_background, paint_still
from nnstudio.gui.canvas.viewport import Viewport
from nnstudio.gui.look.text_size import card_font

_MOST_PLACES = 6


class Backdrop:
    """Keeps the picture of background, wires, cards and words.

    When the view moves, the picture moves and only the uncovered border is painted, in haste. While it is zoomed the
    last picture is scaled. When a few cards are lifted out or put back, only their places are painted again.
    """

    def __init__(self) -> None:
        self._picture = QPixmap()
        self._geometry: Geometry | None = None
        self._still: Still | None = None
        self._view = Viewport()
        self._size = (0, 0, 0.0)
        self._font = QFont()
        self._hasty = False

    def paint(
        self, painter: QPainter, widget: QWidget, view: Viewport, geometry: Geometry, still: Still, *, zooming: bool
    ) -> None:
        """Paint the picture on a widget; while zooming the last one serves, larger or smaller."""
        size = (widget.width(), widget.height(), widget.devicePixelRatioF())
        same = size == self._size and geometry is self._geometry and card_font(widget) == self._font
        if same and zooming and view.scale != self._view.scale and self._differs_little(still):
            self._paint_scaled(painter, widget, view, still)
            return
        settled = self._hasty and not still.hasty
        if not same or settled or view.scale != self._view.scale or not self._follow(view, geometry, still):
            self._hasty = False
            self._begin(size)
            self._font = card_font(widget)
            self._draw(view, geometry, replace(still, hasty=False), [widget.rect()])
        self._geometry, self._still = geometry, still
        self._view.scale, self._view.offset = view.scale, QPointF(view.offset)
        painter.drawPixmap(0, 0, self._picture)

    def _differs_little(self, still: Still) -> bool:
        return self._still is not None and self._still.theme == still.theme

    def _paint_scaled(self, painter: QPainter, widget: QWidget, view: Viewport, still: Still) -> None:
        factor = view.scale / self._view.scale
        painter.fillRect(widget.rect(), still.theme.color("canvas"))
        painter.save()
        painter.translate(view.offset - self._view.offset * factor)
        painter.scale(factor, factor)
        painter.drawPixmap(0, 0, self._picture)
        painter.restore()

    def _begin(self, size: tuple[int, int, float]) -> None:
        if size != self._size:
            self._size = size
            self._picture = QPixmap(round(size[0] * size[2]), round(size[1] * size[2]))
            self._picture.setDevicePixelRatio(size[2])

    def _follow(self, view: Viewport, geometry: Geometry, still: Still) -> bool:
        """Bring the picture in step by painting only what is new; return whether that could be done."""
        old, ratio = self._still, self._size[2]
        if old is None or (old.problems, old.theme, old.living) != (still.problems, still.theme, still.living):
            return False
        shift = view.offset - self._view.offset
        whole = QPoint(round(shift.x()), round(shift.y()))
        if not whole.isNull() or not shift.isNull():
            if (QPointF(whole) - shift).manhattanLength() > 1e-6 or ratio != int(ratio):
                return False
            self._picture.scroll(whole.x() * int(ratio), whole.y() * int(ratio), self._picture.rect())
        places = _uncovered(whole, self._size)
        self._hasty |= bool(places)
        for key in old.hidden ^ still.hidden:
            for box in geometry.touched_by(key):
                seen = QRectF(view.to_widget(box.topLeft()), view.to_widget(box.bottomRight()))
                places.append(seen.toAlignedRect().adjusted(-3, -3, 3, 3))
        self._draw(view, geometry, still, places)
        return True

    def _draw(self, view: Viewport, geometry: Geometry, still: Still, places: list[QRect]) -> None:
        """Paint some places of the widget anew; many of them as the one around them."""
        if len(places) > _MOST_PLACES:
            around = QRect()
            for place in places:
                around = around.united(place)
            places = [around]
        painter = QPainter(self._picture)
        painter.setFont(self._font)
        for place in places:
            rect = place.intersected(QRect(0, 0, self._size[0], self._size[1]))
            if rect.isEmpty():
                continue
            painter.resetTransform()
            painter.setClipRect(rect)
            paint_background(painter, QRectF(rect), view.scale, view.offset, still.theme)
            painter.setTransform(view.transform())
            corner = QPointF(rect.right() + 1, rect.bottom() + 1)
            area = QRectF(view.to_scene(QPointF(rect.topLeft())), view.to_scene(corner))
            paint_still(painter, geometry, area, still, view.scale)
        painter.end()


def _uncovered(shift: QPoint, size: tuple[int, int, float]) -> list[QRect]:
    """Return the borders that come into sight when a picture moves."""
    width, height, _ = size
    x, y = shift.x(), shift.y()
    found = []
    if y:
        found.append(QRect(0, 0, width, y) if y > 0 else QRect(0, height + y, width, -y))
    if x:
        found.append(QRect(0, 0, x, height) if x > 0 else QRect(width + x, 0, -x, height))
    return found
