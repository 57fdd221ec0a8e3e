"""Takes what is dropped on the canvas: layers and blocks from the palette, and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QDragMoveEvent, QDropEvent

from nnstudio.engine import Edge
from nnstudio.gui import mime

if TYPE_CHECKING:
    from nnstudio.gui.canvas.canvas import Canvas

_REACH = 20.0
"""Pixels around a wire in which a layer is put into it."""


class DropZone(QObject):
    """What hovers over the canvas and is dropped on it; the canvas hands its events on.

    Parameters
    ----------
    canvas : Canvas

    Attributes
    ----------
    wire : edge or None
        The wire into which the layer that hovers would be put.
    """

    files_dropped = Signal(list)

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self.wire: Edge | None = None
        self._canvas = canvas
        canvas.setAcceptDrops(True)

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
        """Add a layer or a block where it was dropped; tell of files."""
        data, scene = event.mimeData(), self._canvas.scene
        place = self._canvas.view.to_scene(event.position())
        self._light(None)
        if data.hasFormat(mime.COMPONENT):
            key = bytes(data.data(mime.COMPONENT).data()).decode(errors="replace")
            scene.drop_component(key, place, self._wire_at(event.position()))
            self._canvas.reveal()
            self._canvas.setFocus()
        elif data.hasFormat(mime.FRAGMENT):
            scene.paste(bytes(data.data(mime.FRAGMENT).data()).decode(errors="replace"), place)
            self._canvas.reveal()
            self._canvas.setFocus()
        elif data.hasUrls():
            self.files_dropped.emit([url.toLocalFile() for url in data.urls()])
        else:
            return
        event.acceptProposedAction()

    def _light(self, wire: Edge | None) -> None:
        self.wire = wire
        self._canvas.update()

    def _wire_at(self, position: QPointF) -> Edge | None:
        """Return the wire into which what is dropped here would be put."""
        view = self._canvas.view
        return self._canvas.scene.geometry.wire_at(view.to_scene(position), _REACH / view.scale)
