"""Takes what is dropped on the canvas: layers and blocks from the palette, and files."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from nnstudio.gui import mime
from nnstudio.gui.canvas.wires import Edge


class DropZone(QObject):
    """What hovers over a widget and is dropped on it; the widget hands its events on.

    Parameters
    ----------
    widget : QWidget
    wire_at : callable
        Returns the wire near a place on the widget.

    Attributes
    ----------
    wire : edge or None
        The wire into which the layer that hovers would be put.
    """

    layer_dropped = Signal(str, QPointF)
    text_dropped = Signal(str, QPointF)
    files_dropped = Signal(list)

    def __init__(self, widget: QWidget, wire_at: Callable[[QPointF], Edge | None]) -> None:
        super().__init__(widget)
        self.wire: Edge | None = None
        self._widget = widget
        self._wire_at = wire_at
        widget.setAcceptDrops(True)

    def hover(self, event: QDragMoveEvent) -> None:
        """Welcome layers and files, and light the wire under a layer."""
        if event.mimeData().hasFormat(mime.COMPONENT):
            self._light(self._wire_at(event.position()))
        elif not (event.mimeData().hasUrls() or event.mimeData().hasFormat(mime.FRAGMENT)):
            return
        event.acceptProposedAction()

    def leave(self) -> None:
        """Forget what hovered."""
        self._light(None)

    def drop(self, event: QDropEvent) -> None:
        """Tell what was dropped, and where."""
        data = event.mimeData()
        self._light(None)
        if data.hasFormat(mime.COMPONENT):
            self.layer_dropped.emit(bytes(data.data(mime.COMPONENT).data()).decode(errors="replace"), event.position())
        elif data.hasFormat(mime.FRAGMENT):
            self.text_dropped.emit(bytes(data.data(mime.FRAGMENT).data()).decode(errors="replace"), event.position())
        elif data.hasUrls():
            self.files_dropped.emit([url.toLocalFile() for url in data.urls()])
        else:
            return
        event.acceptProposedAction()

    def _light(self, wire: Edge | None) -> None:
        self.wire = wire
        self._widget.update()
