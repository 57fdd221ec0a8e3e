"""What the mouse does on the canvas: which gesture begins where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent

from nnstudio.engine import Edge
from nnstudio.gui.canvas.card_keys import block_of, note_key
from nnstudio.gui.canvas.geometry import note_rect
from nnstudio.gui.canvas.gestures import DrawWire, Gesture, MoveCards, Pan, ResizeNote, RubberBand

if TYPE_CHECKING:
    from nnstudio.gui.canvas.canvas import Canvas

_PORT_REACH = 13.0
_MOST_PORT_REACH = 26.0
"""In small drawings a port is taken from as many pixels away, but from no further in the scene than this."""

WIRE_REACH = 8.0
EDGE_REACH = 4.0
"""So many pixels beside it a wire, or the edge between two neurons, is still meant."""

_END_REACH = 22.0
_CORNER = 14.0


class Pointing:
    """Turns presses, moves and releases into gestures.

    Parameters
    ----------
    canvas : Canvas

    Attributes
    ----------
    gesture : Gesture or None
        What the hand is doing.
    position : QPointF
        Where the pointer was seen last, on the widget.
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self.gesture: Gesture | None = None
        self.position = QPointF()
        self._button = Qt.MouseButton.NoButton
        self._end: tuple[Edge, bool] | None = None

    def handles(self) -> list[QPointF]:
        """Return the ends of wires that can be dragged: both of the selected wire, and the one under the pointer."""
        wires, chosen = self._canvas.scene.geometry.wires, self._canvas.scene.wire
        found = [self._end] if self._end is not None else []
        if chosen is not None:
            found += [(chosen, True), (chosen, False)]
        return [
            QPointF(*wires.points[wires.number(edge)][0 if first else -1]) for edge, first in found if edge in wires
        ]

    def press(self, event: QMouseEvent, *, space: bool) -> None:
        """Begin the gesture that suits what is under the pointer."""
        canvas = self._canvas
        point = canvas.view.to_scene(event.position())
        self.position = event.position()
        if self.gesture is not None and event.button() != self._button and event.buttons() & self._button:
            return  # another button beside the one that holds the gesture
        self._button = event.button()
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and space):
            self.gesture = Pan(point, canvas.pan)
            canvas.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif left:
            self._press_left(point, event.modifiers())
        canvas.update()

    def _press_left(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        scene, scale = self._canvas.scene, self._canvas.view.scale
        geometry = scene.geometry
        adds = bool(modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
        port = self.port_at(point)
        card, note, frame = geometry.card_at(point), geometry.note_at(point), geometry.frame_at(point)
        if port is not None:
            self.gesture = self._from_port(port[0], point, is_output=port[1])
        elif card:
            if scene.toggle_units(card, point):
                return
            self._grab(card, geometry.cards[card].rect, point, adds=adds)
        elif note:
            rect = note_rect(geometry.notes[note])
            if QRectF(rect.right() - _CORNER, rect.bottom() - _CORNER, _CORNER, _CORNER).contains(point):
                scene.select({note_key(note)})
                self.gesture = ResizeNote(geometry, note)
            else:
                self._grab(note_key(note), rect, point, adds=adds)
        elif frame is not None:
            if point.x() > frame.title.right() - 32:
                scene.fold(frame.block.id)
                return
            scene.select(frame.block.members)
            self.gesture = MoveCards(scene, frame.rect, point, scale)
        else:
            wire, end = self.wire_at(point), self._end_at(point)
            if end is not None:
                scene.select_wire(end[0])
                self.gesture = self._from_end(*end, point)
            elif wire is not None:
                scene.select_wire(wire)
            elif not adds:
                scene.select_wire(None)
            if wire is None:
                self.gesture = RubberBand(geometry, point, scene.selected)

    def _grab(self, key: str, rect: QRectF, point: QPointF, *, adds: bool) -> None:
        scene = self._canvas.scene
        if adds:
            scene.select(scene.selected ^ {key})
        elif key not in scene.selected:
            scene.select({key})
        if key in scene.selected:
            self.gesture = MoveCards(scene, rect, point, self._canvas.view.scale)

    def _from_port(self, key: str, point: QPointF, *, is_output: bool) -> Gesture:
        """Draw a new wire; from an input that has the selected wire, or one only, drag that wire's end away."""
        scene = self._canvas.scene
        geometry = scene.geometry
        if not is_output:
            arriving = [
                edge for edge, (_, b) in zip(geometry.wires.edges, geometry.wires.ends, strict=True) if b == key
            ]
            chosen = scene.wire if scene.wire in arriving else arriving[0] if len(arriving) == 1 else None
            takes_more = key in geometry.network and geometry.network.node(key).layer.most_inputs != 1
            if chosen is not None and (scene.wire == chosen or not takes_more):
                return self._from_end(chosen, False, point)
        return self._moving(DrawWire(geometry, key, from_output=is_output, reach=self._landing_reach), point)

    def _from_end(self, wire: Edge, is_first: bool, point: QPointF) -> Gesture:
        """Drag an end of a wire away, the one where it starts or the other."""
        geometry = self._canvas.scene.geometry
        stays = geometry.key_of(wire[1 if is_first else 0])
        reach = self._landing_reach
        return self._moving(DrawWire(geometry, stays, from_output=not is_first, reach=reach, moved=wire), point)

    def _end_at(self, point: QPointF) -> tuple[Edge, bool] | None:
        """Return the wire whose end is near a point, and whether it is the one where it starts."""
        geometry, scale = self._canvas.scene.geometry, self._canvas.view.scale
        wire = self.wire_at(point)
        if wire is None:
            return None
        line = geometry.wires.points[geometry.wires.number(wire)]
        first, last = ((QPointF(*line[end]) - point).manhattanLength() * scale for end in (0, -1))
        return (wire, first < last) if min(first, last) <= _END_REACH else None

    def port_at(self, point: QPointF) -> tuple[str, bool] | None:
        """Return the card whose port is meant by a point of the scene, and whether it is the one where wires start."""
        reach = min(_MOST_PORT_REACH, max(_PORT_REACH, _PORT_REACH / self._canvas.view.scale))
        return self._canvas.scene.geometry.port_at(point, reach)

    def wire_at(self, point: QPointF) -> Edge | None:
        """Return the wire that is meant by a point of the scene."""
        return self._canvas.scene.geometry.wire_at(point, WIRE_REACH / self._canvas.view.scale)

    def unit_at(self, point: QPointF) -> tuple[str, int] | None:
        """Return node and number of the unit at a point of the scene, or None."""
        geometry = self._canvas.scene.geometry
        found = geometry.tile_at(point)
        return None if found is None or found[0] not in geometry.network else found

    def weight_at(self, point: QPointF) -> tuple[str, tuple[int, int]] | None:
        """Return name and place of the weight whose edge passes a point of the scene, or None."""
        canvas = self._canvas
        if canvas.frame() is None or canvas.scene.geometry.card_at(point):
            return None
        found = canvas.scene.synapses.edge_at(point, EDGE_REACH / canvas.view.scale)
        if found is None:
            return None
        bundle, index = found
        return bundle.kernel, (int(bundle.sources[index]), int(bundle.targets[index]))

    @property
    def _landing_reach(self) -> float:
        return 2 * _PORT_REACH / self._canvas.view.scale

    @staticmethod
    def _moving(gesture: DrawWire, point: QPointF) -> DrawWire:
        gesture.move(point)
        return gesture

    def move(self, event: QMouseEvent) -> bool:
        """Follow the gesture; return whether there is one."""
        canvas = self._canvas
        self.position = event.position()
        point = canvas.view.to_scene(event.position())
        if self.gesture is None:
            geometry = canvas.scene.geometry
            near_port = self.port_at(point) is not None
            covered = near_port or geometry.card_at(point) or geometry.note_at(point)
            self._point_at(None if covered else self._end_at(point))
            takes = near_port or self._end is not None
            canvas.setCursor(Qt.CursorShape.CrossCursor if takes else Qt.CursorShape.ArrowCursor)
            return False
        self.gesture.move(point, free=bool(event.modifiers() & Qt.KeyboardModifier.AltModifier))
        selected = self.gesture.selected()
        if selected is not None:
            canvas.scene.select(selected)
        canvas.update()
        return True

    def _point_at(self, end: tuple[Edge, bool] | None) -> None:
        if end != self._end:
            self._end = end
            self._canvas.update()

    def release(self, event: QMouseEvent) -> None:
        """Finish the gesture, when the button that began it is let go."""
        if event.button() != self._button:
            return
        gesture, self.gesture = self.gesture, None
        self._canvas.setCursor(Qt.CursorShape.ArrowCursor)
        if gesture is not None and gesture.refusal():
            self._canvas.told.emit(gesture.refusal())
        edit = gesture.finish() if gesture is not None else None
        if edit is not None:
            self._canvas.scene.perform(edit)
        self._canvas.update()

    def cancel(self) -> None:
        """Give up the gesture."""
        self.gesture = None
        self._canvas.setCursor(Qt.CursorShape.ArrowCursor)
        self._canvas.update()

    def unit(self) -> tuple[str, int] | None:
        """Return node and number of the unit under the pointer, or None."""
        return self.unit_at(self._canvas.view.to_scene(self.position))

    def weight(self) -> tuple[str, tuple[int, int]] | None:
        """Return name and place of the weight whose edge passes under the pointer, or None."""
        return self.weight_at(self._canvas.view.to_scene(self.position))

    def double_click(self, event: QMouseEvent) -> None:
        """Rename, write, open, or add, by what is under the pointer."""
        canvas = self._canvas
        point = canvas.view.to_scene(event.position())
        geometry = canvas.scene.geometry
        card, note, frame = geometry.card_at(point), geometry.note_at(point), geometry.frame_at(point)
        self.cancel()
        if card and geometry.cards[card].caption.contains(point):
            canvas.writing.title(card)
        elif block_of(card):
            canvas.scene.fold(block_of(card))
        elif card:
            canvas.inspect_requested.emit()
        elif note:
            canvas.writing.note(note)
        elif frame is not None:
            canvas.writing.block_title(frame.block.id)
        else:
            wire, weight = self.wire_at(point), self.weight_at(point)
            if wire is None and weight is not None:
                canvas.edge_chosen.emit(weight[0], *weight[1])
                return
            if wire is not None:
                canvas.scene.select_wire(wire)
            canvas.quick_add_requested.emit(event.position(), "")

    def select_at(self, position: QPointF) -> None:
        """Select what is under the pointer, unless it is selected already."""
        scene = self._canvas.scene
        point = self._canvas.view.to_scene(position)
        self.position = position
        card, note = scene.geometry.card_at(point), scene.geometry.note_at(point)
        key = card or (note_key(note) if note else "")
        if key:
            if key not in scene.selected:
                scene.select({key})
            return
        frame = scene.geometry.frame_at(point)
        if frame is not None:
            scene.select(frame.block.members)
        else:
            scene.select_wire(self.wire_at(point))
        self._canvas.update()
