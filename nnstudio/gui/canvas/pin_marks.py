"""Pins on the canvas: a click on a neuron or on an edge between two asks for one, and each is marked by its number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPolygonF
from PySide6.QtWidgets import QApplication

from nnstudio.gui.canvas.synapses import Synapses
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.pin import Pin
from nnstudio.gui.widgets.pin_disc import paint_disc

if TYPE_CHECKING:
    from nnstudio.gui.canvas.canvas import Canvas
    from nnstudio.gui.canvas.geometry import Geometry

_STILL = 3
"""A hand that moves no further than this clicks; it drags otherwise."""

_DISC = 15.0
_ALONG = 0.36
"""Where on an edge its number is: not in the middle, where the words of the wire stand."""


class PinMarks(QObject):
    """Listens to clicks on a canvas and paints the marks of what is pinned.

    Parameters
    ----------
    canvas : Canvas
    """

    clicked = Signal(object)
    """The `Pin` that a click meant; not that of a double click, which means something else."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._pins: Sequence[Pin] = ()
        self._pressed: QPointF | None = None
        self._meant: Pin | None = None
        self._wait = QTimer(self, singleShot=True)
        self._wait.timeout.connect(self._on_waited)
        canvas.installEventFilter(self)

    @property
    def pins(self) -> Sequence[Pin]:
        """What is marked."""
        return self._pins

    def show_pins(self, pins: Sequence[Pin]) -> None:
        """Mark these by their numbers, from 1."""
        if pins != self._pins:
            self._pins = pins
            self._canvas.update()

    def pin_at(self, position: QPointF) -> Pin | None:
        """Return the neuron or the weight at a place on the widget."""
        pointing, frame, point = self._canvas.pointing, self._canvas.frame(), self._canvas.view.to_scene(position)
        if frame is None or pointing.port_at(point) is not None:
            return None
        found: Pin | None = None
        if (unit := pointing.unit_at(point)) is not None:
            found = Pin(unit[0], (unit[1],))
        elif pointing.wire_at(point) is None and (weight := pointing.weight_at(point)):
            name, index = weight
            node, _, own = name.rpartition("/")
            found = Pin(node, index, own)
        return found if found is not None and found.fits(frame.network) else None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Find clicks among what happens on the canvas, which does with them what it always does."""
        if isinstance(event, QMouseEvent):
            kind, plain = event.type(), event.modifiers() == Qt.KeyboardModifier.NoModifier
            if kind == QEvent.Type.MouseButtonPress:
                left = event.button() == Qt.MouseButton.LeftButton and plain
                self._pressed = event.position() if left else None
            elif kind == QEvent.Type.MouseButtonDblClick:
                self._wait.stop()
                self._pressed = None
            elif kind == QEvent.Type.MouseButtonRelease and self._pressed is not None:
                pressed, self._pressed = self._pressed, None
                if (event.position() - pressed).manhattanLength() <= _STILL:
                    self._meant = self.pin_at(pressed)
                    if self._meant is not None:
                        self._wait.start(QApplication.doubleClickInterval())
        return super().eventFilter(watched, event)

    def paint(self, painter: QPainter, geometry: Geometry, synapses: Synapses, theme: Theme) -> None:
        """Paint the marks of the pins that are seen, in scene coordinates."""
        # The number can be read also where the view is far away.
        side = max(_DISC, _DISC / max(0.1, painter.transform().m11()))
        for number, pin in enumerate(self._pins, 1):
            place = (
                _mark_edge(painter, synapses, pin, theme) if pin.weight else _mark_tile(painter, geometry, pin, theme)
            )
            if place is not None:
                paint_disc(painter, place, side, number, theme)

    @Slot()
    def _on_waited(self) -> None:
        if self._meant is not None:
            self.clicked.emit(self._meant)


def _mark_tile(painter: QPainter, geometry: Geometry, pin: Pin, theme: Theme) -> QPointF | None:
    """Outline the tile of a neuron; return where its number stands, or None where it is not seen."""
    card = geometry.cards.get(pin.node)
    tile = next((tile for tile in card.tiles if tile.unit == pin.index[0]), None) if card is not None else None
    if tile is None:
        return None
    painter.setPen(theme.pen("accent", 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(tile.rect.adjusted(-1.5, -1.5, 1.5, 1.5), 8, 8)
    return tile.rect.topRight() + QPointF(-1, 1)


def _mark_edge(painter: QPainter, synapses: Synapses, pin: Pin, theme: Theme) -> QPointF | None:
    """Lay a band over the edge of a weight; return where its number stands, or None where it is not seen."""
    for bundle in synapses.into(pin.node):
        found = np.flatnonzero((bundle.sources == pin.index[0]) & (bundle.targets == pin.index[1]))
        if bundle.kernel == pin.name and len(found):
            line = QPolygonF([QPointF(x, y) for x, y in bundle.points[int(found[0])].tolist()])
            # Seen through, because the edge itself tells the sign and the size.
            painter.setPen(theme.pen("accent", 7, alpha=90))
            painter.drawPolyline(line)
            return line.at(round(_ALONG * (line.size() - 1)))
    return None
