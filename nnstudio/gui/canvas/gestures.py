"""What a hand does on the canvas: one class for each gesture, each with move, finish and cancel."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from nnstudio.gui.canvas.geometry import Geometry, curve
from nnstudio.gui.theme import Theme
from nnstudio.i18n import tr
from nnstudio.project import Edit, edits

GRID = 8.0


class Gesture(ABC):
    """Something that begins with a press and ends with a release or Escape."""

    @abstractmethod
    def move(self, point: QPointF) -> None:
        """Follow the pointer, in scene coordinates."""

    @abstractmethod
    def finish(self) -> Edit | None:
        """Return the edit that the gesture amounts to, if any."""

    def shifts(self) -> Mapping[str, QPointF]:
        """Return by how much nodes are shown away from their places."""
        return {}

    def selected(self) -> frozenset[str] | None:
        """Return the nodes that the gesture selects, or None where it selects none."""
        return None

    def targets(self) -> Mapping[str, str]:
        """Return where a wire may end (empty text), and why not elsewhere."""
        return {}

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paint what is seen only meanwhile, in scene coordinates."""
        del painter, theme


class MoveNodes(Gesture):
    """Drags nodes to other places."""

    def __init__(self, geometry: Geometry, ids: frozenset[str], start: QPointF) -> None:
        self._places = {id: geometry.cards[id].rect.center() for id in ids}
        self._start = start
        self._shift = QPointF()

    def move(self, point: QPointF) -> None:
        """Follow the pointer."""
        shift = point - self._start
        self._shift = QPointF(round(shift.x() / GRID) * GRID, round(shift.y() / GRID) * GRID)

    def shifts(self) -> Mapping[str, QPointF]:
        """Return the same shift for all that are dragged."""
        return dict.fromkeys(self._places, self._shift)

    def finish(self) -> Edit | None:
        """Return the edit, if anything was done."""
        if self._shift.isNull():
            return None
        places = {id: place + self._shift for id, place in self._places.items()}
        return edits.move_nodes({id: (place.x(), place.y()) for id, place in places.items()})


class DrawWire(Gesture):
    """Draws a wire from a port to another; may begin at either end."""

    def __init__(self, geometry: Geometry, id: str, *, from_output: bool, reach: float) -> None:
        self._geometry = geometry
        self._id = id
        self._from_output = from_output
        self._reach = reach
        card = geometry.cards[id]
        self._port = card.output_port if from_output else card.input_port
        self._point = self._port
        self._reasons = {other: self._reason(other) for other in geometry.cards if other != id}
        self._over = ""

    def move(self, point: QPointF) -> None:
        """Follow the pointer."""
        self._point = point
        found = self._geometry.card_at(point)
        if not found:
            port = self._geometry.port_at(point, self._reach)
            found = port[0] if port is not None else ""
        self._over = found if found != self._id else ""

    def targets(self) -> Mapping[str, str]:
        """Return where the wire may end."""
        welcome = {id: "" for id, reason in self._reasons.items() if not reason}
        refused = {self._over: self._reasons[self._over]} if self._reasons.get(self._over) else {}
        return {**welcome, **refused}

    def finish(self) -> Edit | None:
        """Return the edit, if anything was done."""
        if not self._over or self._reasons[self._over]:
            return None
        return edits.connect(*self._ends(self._over))

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paint what is drawn meanwhile."""
        start, end = (self._port, self._point) if self._from_output else (self._point, self._port)
        painter.setPen(QPen(theme.color("accent"), 2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in curve(start, end).tolist()]))

    def _ends(self, other: str) -> tuple[str, str]:
        return (self._id, other) if self._from_output else (other, self._id)

    def _reason(self, other: str) -> str:
        """Return why no wire may lead to another node, or an empty text."""
        source, target = self._ends(other)
        network = self._geometry.network
        if not network.node(source).layer.has_output:
            return tr("An output is the end: no wire starts from it.")
        if network.node(target).layer.most_inputs == 0:
            return tr("An input is the beginning: no wire leads into it.")
        if (source, target) in network.edges:
            return tr("There is a wire already.")
        if network.would_cycle(source, target):
            return tr("That would close a circle. Signals flow in one direction only.")
        return ""


class RubberBand(Gesture):
    """Selects all nodes that a rectangle touches."""

    def __init__(self, geometry: Geometry, start: QPointF, kept: frozenset[str]) -> None:
        self._geometry = geometry
        self._rect = QRectF(start, start)
        self._start = start
        self._kept = kept

    def move(self, point: QPointF) -> None:
        """Follow the pointer."""
        self._rect = QRectF(self._start, point).normalized()

    def selected(self) -> frozenset[str]:
        """Return what was selected before and what the rectangle touches."""
        touched = (id for id, card in self._geometry.cards.items() if card.rect.intersects(self._rect))
        return self._kept | frozenset(touched)

    def finish(self) -> Edit | None:
        """Return the edit, if anything was done."""
        return None

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paint what is drawn meanwhile."""
        painter.setPen(QPen(theme.color("accent"), 1))
        painter.setBrush(theme.color("accent", 28))
        painter.drawRect(self._rect)


class Pan(Gesture):
    """Moves the view."""

    def __init__(self, start: QPointF, pan: Callable[[QPointF], None]) -> None:
        self._start = start
        self._pan = pan

    def move(self, point: QPointF) -> None:
        """Follow the pointer."""
        # The view moves under the pointer, so that the point that was grabbed stays under it.
        self._pan(point - self._start)

    def finish(self) -> Edit | None:
        """Return the edit, if anything was done."""
        return None
