"""What does not change while training, painted once and kept as a picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.gui.canvas.painting import Highlights, paint_background, paint_still
from nnstudio.gui.canvas.viewport import Viewport
from nnstudio.gui.theme import Theme


class Backdrop:
    """Background, wires, cards and captions; painted again only when one of them, or the view, has changed."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._picture = QPixmap()

    def picture(
        self, widget: QWidget, view: Viewport, geometry: Geometry, highlights: Highlights, theme: Theme
    ) -> QPixmap:
        """Return the picture for a widget of this size and view."""
        ratio = widget.devicePixelRatioF()
        seen = (view.scale, view.offset.x(), view.offset.y(), widget.width(), widget.height(), ratio)
        key = (geometry, seen, theme, frozenset(highlights.nodes), highlights.wire, highlights.drop_wire)
        if key != self._key:
            picture = QPixmap(round(widget.width() * ratio), round(widget.height() * ratio))
            picture.setDevicePixelRatio(ratio)
            painter = QPainter(picture)
            painter.setFont(widget.font())
            paint_background(painter, QRectF(widget.rect()), view.scale, view.offset, theme)
            painter.setTransform(view.transform())
            paint_still(painter, geometry, highlights, theme, view.scale)
            painter.end()
            self._key, self._picture = key, picture
        return self._picture
