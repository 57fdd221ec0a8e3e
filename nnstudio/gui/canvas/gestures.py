"""What a hand does on the canvas: one class for each gesture, each with move and finish."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPolygonF

from nnstudio.engine import Edge, Network
from nnstudio.gui.canvas.geometry import Geometry, note_rect
from nnstudio.gui.canvas.guides import Guides
from nnstudio.gui.canvas.scene import Scene
from nnstudio.gui.canvas.wires import curve
from nnstudio.gui.look.theme import Theme
from nnstudio.i18n import tr
from nnstudio.project import Edit, edits
from nnstudio.project.drawing import GRID
from nnstudio.project.wires import WireRules

_WIRE_REACH = 14.0
_SMALLEST_NOTE = (72.0, 40.0)


@dataclass(frozen=True)
class Landing:
    """A port where a wire may end.

    Attributes
    ----------
    port : QPointF
    fits : bool
        Whether shapes suit each other there; else something must be done when the wire is drawn.
    """

    port: QPointF
    fits: bool


class Gesture(ABC):
    """Something that begins with a press and ends with a release or Escape."""

    @abstractmethod
    def move(self, point: QPointF, *, free: bool = False) -> None:
        """Follow the pointer, in scene coordinates; free means without falling into line."""

    @abstractmethod
    def finish(self) -> Edit | None:
        """Return the edit that the gesture amounts to, if any."""

    def shifts(self) -> Mapping[str, QPointF]:
        """Return by how much cards and notes are shown away from their places."""
        return {}

    def selected(self) -> frozenset[str] | None:
        """Return what the gesture selects, or None where it selects nothing."""
        return None

    def landings(self) -> Collection[Landing]:
        """Return where a wire may end."""
        return ()

    def remark(self) -> tuple[str, str]:
        """Return the card under the pointer and what is to be said of ending there, or empty texts."""
        return "", ""

    def guides(self) -> Collection[QLineF]:
        """Return the lines along which what is dragged is in line."""
        return ()

    def wire(self) -> Edge | None:
        """Return the wire into which what is dragged would be put."""
        return None

    def refusal(self) -> str:
        """Return why nothing would come of the gesture where it is let go, in words."""
        return ""

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paint what is seen only meanwhile, in scene coordinates."""
        del painter, theme


class MoveCards(Gesture):
    """Drags cards and notes to other places; a layer without wires can be dropped into a wire."""

    def __init__(self, scene: Scene, grabbed: QRectF, start: QPointF, scale: float) -> None:
        self._scene = scene
        self._start = start
        self._scale = scale
        self._shift = QPointF()
        self._lines: list[QLineF] = []
        self._guides = Guides(scene.geometry, scene.selected, grabbed)
        self._wire: Edge | None = None
        nodes, network = scene.nodes, scene.geometry.network
        loose = len(nodes) == 1 and not scene.notes and not (network.sources(nodes[0]) or network.targets(nodes[0]))
        layer = network.node(nodes[0]).layer if loose else None
        self._loose = nodes[0] if layer is not None and layer.is_inner else ""
        self._centre = grabbed.center()

    def move(self, point: QPointF, *, free: bool = False) -> None:
        """Follow the pointer, and fall into line."""
        wanted = point - self._start
        if free:
            self._shift, self._lines = wanted, []
        else:
            self._shift, self._lines = self._guides.settle(wanted, self._scale)
        if self._loose:
            self._wire = self._scene.geometry.wire_at(self._centre + self._shift, _WIRE_REACH / self._scale)

    def shifts(self) -> Mapping[str, QPointF]:
        """Return the same shift for all that are dragged."""
        return dict.fromkeys(self._scene.selected, self._shift)

    def guides(self) -> Collection[QLineF]:
        """Return what it is in line with."""
        return self._lines

    def wire(self) -> Edge | None:
        """Return the wire under a loose layer."""
        return self._wire

    def finish(self) -> Edit | None:
        """Return the edit, if anything was done."""
        if self._shift.isNull():
            return None
        if self._wire is None:
            return self._scene.move(self.shifts())
        return edits.put_into_wire(self._loose, self._wire, (self._centre + self._shift).toTuple())


class DrawWire(Gesture):
    """Draws a wire from a port to another, or drags the end of a wire elsewhere; may begin at either end.

    Parameters
    ----------
    geometry : Geometry
    key : str
        The card at the end that stays.
    from_output : bool
        Whether the end that stays is the one where the wire starts.
    reach : float
    moved : Edge, optional
        The wire whose end is dragged.
    """

    def __init__(
        self, geometry: Geometry, key: str, *, from_output: bool, reach: float, moved: Edge | None = None
    ) -> None:
        self._geometry = geometry
        self._key = key
        self._from_output = from_output
        self._reach = reach
        self._moved = moved
        card = geometry.cards[key]
        self._port = card.output_port if from_output else card.input_port
        self._point = self._port
        network = geometry.network
        if moved is not None:
            network = Network(nodes=network.nodes, edges=tuple(edge for edge in network.edges if edge != moved))
        # The end that stays may be a node inside a folded block.
        self._fixed = key if moved is None else moved[0 if from_output else 1]
        rules = WireRules(network, self._fixed, from_output=from_output) if self._fixed in network else None
        self._reasons = {other: self._reason(rules, other) for other in geometry.cards if other != key}
        self._misfits = {
            other: rules.misfit(other) for other, reason in self._reasons.items() if rules is not None and not reason
        }
        self._over = ""
        self._began: QPointF | None = None
        self._is_dragged = False

    def move(self, point: QPointF, *, free: bool = False) -> None:
        """Follow the pointer."""
        del free
        self._point = point
        self._began = point if self._began is None else self._began
        # A hand that only clicks on the end of a wire shall not move it.
        self._is_dragged |= (point - self._began).manhattanLength() > self._reach / 5
        found = self._geometry.card_at(point)
        if not found:
            port = self._geometry.port_at(point, self._reach)
            found = port[0] if port is not None else ""
        self._over = found if found != self._key else ""

    def landings(self) -> Collection[Landing]:
        """Return the ports of the cards that may take the wire, and whether it suits them."""
        cards = self._geometry.cards
        return [
            Landing(cards[key].input_port if self._from_output else cards[key].output_port, not misfit)
            for key, misfit in self._misfits.items()
        ]

    def remark(self) -> tuple[str, str]:
        """Return why the wire may not end where the pointer is, or what must be done then."""
        misfit = self._misfits.get(self._over, "")
        doubt = tr("Shapes do not fit yet: {why}").format(why=misfit) if misfit else ""
        return self._over, self._reasons.get(self._over, "") or doubt or self._replaced()

    def refusal(self) -> str:
        """Return why the wire may not end where it is let go."""
        return self._reasons.get(self._over, "")

    def finish(self) -> Edit | None:
        """Return the edit, if anything was done; a wire's end that is let go over nothing takes the wire away."""
        if self._moved is not None and not self._is_dragged:
            return None
        if self._over and not self._reasons[self._over]:
            ends = self._ends(self._over)
            return edits.connect(*ends) if self._moved is None else edits.rewire(self._moved, ends)
        if self._moved is not None and not self._over:
            return edits.disconnect(*self._moved)
        return None

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paint the wire as far as it is drawn."""
        start, end = (self._port, self._point) if self._from_output else (self._point, self._port)
        painter.setPen(theme.pen("accent", 2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in curve(start, end).tolist()]))

    def _replaced(self) -> str:
        """Return that the wire takes the place of another, where it does."""
        network = self._geometry.network
        if self._over not in self._misfits:
            return ""
        source, target = self._ends(self._over)
        others = [edge for edge in network.edges if edge[1] == target and edge != self._moved]
        if network.node(target).layer.most_inputs != 1 or not others or others == [(source, target)]:
            return ""
        return tr("It takes the place of the wire that is there.")

    def _ends(self, other: str) -> tuple[str, str]:
        return (self._fixed, other) if self._from_output else (other, self._fixed)

    def _reason(self, rules: WireRules | None, other: str) -> str:
        """Return why no wire may lead to another card, or an empty text."""
        if rules is None or self._geometry.cards[other].is_block:
            return tr("Open the block to draw wires inside it.")
        return tr(rules.why_not(other))


class RubberBand(Gesture):
    """Selects all that a rectangle touches."""

    def __init__(self, geometry: Geometry, start: QPointF, kept: frozenset[str]) -> None:
        self._geometry = geometry
        self._rect = QRectF(start, start)
        self._start = start
        self._kept = kept

    def move(self, point: QPointF, *, free: bool = False) -> None:
        """Follow the pointer."""
        del free
        self._rect = QRectF(self._start, point).normalized()

    def selected(self) -> frozenset[str]:
        """Return what was selected before and what the rectangle touches."""
        return self._kept | self._geometry.selected_by(self._rect)

    def finish(self) -> Edit | None:
        """Return nothing: to select is no edit."""
        return None

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paint the rectangle."""
        painter.setPen(theme.pen("accent", 1))
        painter.setBrush(theme.color("accent", 28))
        painter.drawRect(self._rect)


class ResizeNote(Gesture):
    """Drags the lower right corner of a note."""

    def __init__(self, geometry: Geometry, id: str) -> None:
        self._id = id
        self._rect = note_rect(geometry.notes[id])
        self._corner = self._rect.bottomRight()

    def move(self, point: QPointF, *, free: bool = False) -> None:
        """Follow the pointer, on the grid."""
        wanted = point - self._rect.topLeft()
        step = 1.0 if free else GRID
        width = max(_SMALLEST_NOTE[0], round(wanted.x() / step) * step)
        height = max(_SMALLEST_NOTE[1], round(wanted.y() / step) * step)
        self._corner = self._rect.topLeft() + QPointF(width, height)

    def finish(self) -> Edit | None:
        """Return the edit, if anything was done."""
        now = QRectF(self._rect.topLeft(), self._corner)
        if now == self._rect:
            return None
        return edits.change_note(self._id, place=now.center().toTuple(), size=(now.width(), now.height()))

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """Paint the new outline."""
        painter.setPen(theme.pen("accent", 1.6, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self._rect.topLeft(), self._corner), 7, 7)


class Pan(Gesture):
    """Moves the view."""

    def __init__(self, start: QPointF, pan: Callable[[QPointF], None]) -> None:
        self._start = start
        self._pan = pan

    def move(self, point: QPointF, *, free: bool = False) -> None:
        """Move the view under the pointer, so that the point that was grabbed stays under it."""
        del free
        self._pan(point - self._start)

    def finish(self) -> Edit | None:
        """Return nothing: to look elsewhere is no edit."""
        return None
