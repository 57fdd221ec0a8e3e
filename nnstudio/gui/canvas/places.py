"""Where things of the drawing are on the widget."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF

from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.gui.canvas.synapses import Synapses
from nnstudio.gui.canvas.viewport import Viewport


class Places:
    """Tells positions on the widget, for whoever points at the drawing from outside."""

    def __init__(self, geometry: Geometry, synapses: Synapses, view: Viewport) -> None:
        self._geometry = geometry
        self._synapses = synapses
        self._view = view

    def input_port(self, id: str) -> QPoint:
        """Return where wires into a node arrive."""
        return self._view.to_widget(self._geometry.cards[id].input_port).toPoint()

    def output_port(self, id: str) -> QPoint:
        """Return where wires from a node start."""
        return self._view.to_widget(self._geometry.cards[id].output_port).toPoint()

    def grip(self, id: str) -> QPoint:
        """Return a place on a node's card where it can be grabbed."""
        return self._view.to_widget(self._geometry.cards[id].rect.topLeft() + QPointF(6, 6)).toPoint()

    def wire(self, source: str, target: str) -> QPoint:
        """Return the middle of a wire."""
        points = self._geometry.wires[source, target]
        x, y = points[len(points) // 2].tolist()
        return self._view.to_widget(QPointF(x, y)).toPoint()

    def neuron(self, id: str, unit: int) -> QRectF:
        """Return where a unit's tile is."""
        rect = next(tile.rect for tile in self._geometry.cards[id].tiles if tile.unit == unit)
        return QRectF(self._view.to_widget(rect.topLeft()), self._view.to_widget(rect.bottomRight()))

    def edge(self, source: str, i: int, target: str, j: int, along: float = 0.5) -> QPointF:
        """Return a point of the edge between two units: its middle, or what lies at another share of its way.

        Raises
        ------
        KeyError
            When no such edge is shown.
        """
        for bundle in self._synapses.bundles:
            if (bundle.source, bundle.target) == (source, target):
                found = ((bundle.sources == i) & (bundle.targets == j)).nonzero()[0]
                points = bundle.points[int(found[0])]
                x, y = points[int(along * len(points))].tolist()
                return self._view.to_widget(QPointF(x, y))
        raise KeyError(f"No edges between {source} and {target} are shown.")
