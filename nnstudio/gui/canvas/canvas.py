"""The widget on which the network is drawn and lives."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QMenu, QWidget

from nnstudio.components import find
from nnstudio.engine import Layer
from nnstudio.gui.canvas.backdrop import Backdrop
from nnstudio.gui.canvas.drop_zone import DropZone
from nnstudio.gui.canvas.geometry import Edge, Geometry, places_stay, shifted
from nnstudio.gui.canvas.gestures import DrawWire, Gesture, MoveNodes, Pan, RubberBand
from nnstudio.gui.canvas.hover import describe
from nnstudio.gui.canvas.painting import Highlights, paint_living, paint_note, problems_by_node
from nnstudio.gui.canvas.places import Places
from nnstudio.gui.canvas.synapses import Synapses
from nnstudio.gui.canvas.title_editor import TitleEditor
from nnstudio.gui.canvas.viewport import Viewport
from nnstudio.gui.canvas.walking import ARROWS, next_node
from nnstudio.gui.living import LivingFrame
from nnstudio.gui.theme import theme, theme_signals
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.i18n import tr
from nnstudio.project import Document, Edit, Project, edits

COLUMN = 200.0
_PORT_REACH = 13.0
_WIRE_REACH = 8.0
_EDGE_REACH = 4.0
_NUDGE = 8.0


class Canvas(QWidget):
    """Shows the document's network and a living frame, and turns what hands do into edits.

    Parameters
    ----------
    document : Document
    perform : callable
        Does an edit.
    """

    selection_changed = Signal(tuple)
    hover_text = Signal(str)
    files_dropped = Signal(list)
    open_file_requested = Signal()
    open_sample_requested = Signal()

    def __init__(self, document: Document, perform: Callable[[Edit], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Canvas"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 200)
        self._document = document
        self._perform = perform
        self._view = Viewport()
        self._opened: set[str] = set()
        self._selected: frozenset[str] = frozenset()
        self._wire: Edge | None = None
        self._drops = DropZone(self, self._wire_near)
        self._drops.layer_dropped.connect(self._on_layer_dropped)
        self._drops.files_dropped.connect(self.files_dropped)
        self._gesture: Gesture | None = None
        self._space = False
        self._frame: LivingFrame | None = None
        self._note = ""
        self._pointer = QPointF()
        self._needs_fit = True
        self._backdrop = Backdrop()
        self._welcome = EmptyState(
            tr("Drop a CSV here, open a sample, or drag a layer from the left."),
            (
                (tr("Open a sample…"), self.open_sample_requested.emit),
                (tr("Open a CSV…"), self.open_file_requested.emit),
            ),
            self,
        )
        self._rebuild()
        document.subscribe(self._on_project_changed)
        theme_signals.changed.connect(self.update)

    def selection(self) -> tuple[str, ...]:
        """Return the ids of the selected nodes, in the order of the drawing."""
        return tuple(id for id in self._geometry.cards if id in self._selected)

    def select(self, ids: tuple[str, ...]) -> None:
        """Select nodes."""
        self._set_selection(frozenset(ids))

    def select_all(self) -> None:
        """Select every node."""
        self._set_selection(frozenset(self._geometry.cards))

    def fit(self) -> None:
        """Show the whole network."""
        self._needs_fit = False
        self._view.fit(self._geometry.bounds, QRectF(self.rect()))
        self.update()

    def zoom(self, factor: float) -> None:
        """Show it larger or smaller."""
        self._zoom(factor, QPointF(self.rect().center()))

    def delete_selection(self) -> None:
        """Remove the selected nodes, or the selected wire."""
        if self._selected:
            self._perform(edits.remove_nodes(self.selection()))
        elif self._wire is not None:
            self._perform(edits.disconnect(*self._wire))

    def add_component(self, key: str) -> None:
        """Add a layer after the selected one and wire it, or in the middle of what is seen."""
        layer = find("layers", key)()
        assert isinstance(layer, Layer)
        after = self.selection()[-1] if self._selected else None
        if after is not None:
            centre = self._geometry.cards[after].rect.center()
            place = self._geometry.free_place(QPointF(centre.x() + COLUMN, centre.y()))
        else:
            place = self._geometry.free_place(self._view.to_scene(QPointF(self.rect().center())))
        self._add(edits.add_node(layer, (place.x(), place.y()), after))

    def show_frame(self, frame: LivingFrame | None) -> None:
        """Show a moment, at once."""
        self._frame = frame
        if self.isVisible():
            self.repaint()

    def frame(self) -> LivingFrame | None:
        """Return the moment that is shown."""
        return self._frame

    @property
    def places(self) -> Places:
        """Where things are on the widget."""
        return Places(self._geometry, self._synapses, self._view)

    def hover_at(self, position: QPointF) -> str:
        """Return what is said of the thing at a place on the widget."""
        point = self._view.to_scene(position)
        reach = _EDGE_REACH / self._view.scale
        return describe(self._geometry, self._synapses, self._problems, self._frame, point, reach)

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if places_stay(before, after):
            return
        # A whole new network is brought into sight; a single layer must not move the view under the hand that adds it.
        new = {node.id for node in after.network.nodes} - {node.id for node in before.network.nodes}
        self._rebuild()
        if len(new) > 1 and not self._view.shows(self._geometry.bounds, QRectF(self.rect())):
            self.fit()
        self.update()

    def _rebuild(self) -> None:
        """Compute the places again after the drawing changed."""
        project = self._document.project
        self._geometry = Geometry(project, self._opened)
        self._synapses = Synapses(self._geometry)
        self._problems = problems_by_node(project)
        self._welcome.setVisible(not project.network.nodes)
        if self._wire not in project.network.edges:
            self._wire = None
        gone = self._selected - frozenset(self._geometry.cards)
        if gone:
            self._set_selection(self._selected - gone)

    def _set_selection(self, ids: frozenset[str]) -> None:
        if ids:
            self._wire = None
        if ids != self._selected:
            self._selected = ids
            self.selection_changed.emit(self.selection())
        self.update()

    def _add(self, edit: Edit) -> None:
        known = set(self._geometry.cards)
        self._perform(edit)
        added = set(self._geometry.cards) - known
        if added:
            self._set_selection(frozenset(added))

    def _shifted(self) -> Geometry:
        """Return the geometry with what is being dragged at its place under the pointer."""
        shifts = self._gesture.shifts() if self._gesture is not None else {}
        if not shifts:
            return self._geometry
        return Geometry(shifted(self._document.project, shifts), self._opened)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint background, network, gesture and note."""
        del event
        colours = theme()
        geometry = self._shifted()
        synapses = self._synapses if geometry is self._geometry else Synapses(geometry)
        highlights = Highlights(
            nodes=self._selected,
            wire=self._wire,
            drop_wire=self._drops.wire,
            targets=self._gesture.targets() if self._gesture is not None else {},
        )
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._backdrop.picture(self, self._view, geometry, highlights, colours))
        painter.setTransform(self._view.transform())
        paint_living(painter, geometry, synapses, self._problems, highlights, self._frame, colours, self._view.scale)
        if self._gesture is not None:
            self._gesture.paint(painter, colours)
        painter.resetTransform()
        if self._note and self._gesture is None:
            paint_note(painter, self._pointer + QPointF(0, -22), self._note, colours)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the network in sight."""
        self._welcome.setGeometry(self.rect().adjusted(40, 0, -40, 0))
        old = QRectF(0, 0, event.oldSize().width(), event.oldSize().height())
        if self._needs_fit or self._view.is_fitted or not old.isValid():
            self.fit()
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin the gesture that suits what is under the pointer."""
        self.setFocus()
        point = self._view.to_scene(event.position())
        if event.button() == Qt.MouseButton.MiddleButton or (
            event.button() == Qt.MouseButton.LeftButton and self._space
        ):
            self._gesture = Pan(point, self._pan)
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._press_left(point, event.modifiers())
        self.update()

    def _press_left(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        adds = bool(modifiers & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier))
        port = self._geometry.port_at(point, _PORT_REACH)
        id = self._geometry.card_at(point)
        if port is not None:
            self._gesture = DrawWire(
                self._geometry, port[0], from_output=port[1], reach=_PORT_REACH * 2 / self._view.scale
            )
        elif id:
            if self._toggle_fold(id, point):
                return
            if adds:
                self._set_selection(self._selected ^ {id})
            elif id not in self._selected:
                self._set_selection(frozenset({id}))
            if id in self._selected:
                self._gesture = MoveNodes(self._geometry, self._selected, point)
        else:
            wire = self._geometry.wire_at(point, _WIRE_REACH / self._view.scale)
            if not adds:
                self._set_selection(frozenset())
            self._wire = wire
            if wire is None:
                self._gesture = RubberBand(self._geometry, point, self._selected)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the gesture, or say what is under the pointer."""
        self._pointer = event.position()
        if self._gesture is not None:
            self._gesture.move(self._view.to_scene(event.position()))
            selected = self._gesture.selected()
            if selected is not None:
                self._set_selection(selected)
            self.update()
            return
        note = self.hover_at(event.position())
        if note != self._note:
            self._note = note
            self.hover_text.emit(note)
            self.update()
        near_port = self._geometry.port_at(self._view.to_scene(event.position()), _PORT_REACH) is not None
        self.setCursor(Qt.CursorShape.CrossCursor if near_port else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish the gesture."""
        del event
        gesture, self._gesture = self._gesture, None
        self.setCursor(Qt.CursorShape.ArrowCursor)
        edit = gesture.finish() if gesture is not None else None
        if edit is not None:
            self._perform(edit)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Rename the node whose title is under the pointer."""
        point = self._view.to_scene(event.position())
        id = self._geometry.card_at(point)
        if id and self._geometry.cards[id].caption.contains(point):
            self._gesture = None
            self._edit_title(id)

    def leaveEvent(self, event: object) -> None:
        """Let the note go."""
        del event
        self._note = ""
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer."""
        self._zoom(1.0015 ** event.angleDelta().y(), event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the thing under the pointer."""
        point = self._view.to_scene(QPointF(event.pos()))
        id = self._geometry.card_at(point)
        if id and id not in self._selected:
            self._set_selection(frozenset({id}))
        wire = None if id else self._geometry.wire_at(point, _WIRE_REACH / self._view.scale)
        choices: list[tuple[str, Callable[[], None]]] = [(tr("Fit"), self.fit), (tr("Select all"), self.select_all)]
        if id:
            choices = [(tr("Rename"), partial(self._edit_title, id)), (tr("Delete"), self.delete_selection)]
        elif wire is not None:
            choices.insert(0, (tr("Remove this wire"), partial(self._perform, edits.disconnect(*wire))))
        menu = QMenu(self)
        for words, call in choices:
            menu.addAction(words, call)
        menu.exec(event.globalPos())

    def _toggle_fold(self, id: str, point: QPointF) -> bool:
        card = self._geometry.cards[id]
        fold = card.portrait.fold(card.subject, card.rect)
        if fold is None or not fold.contains(point):
            return False
        self._opened ^= {id}
        self._rebuild()
        return True

    def _pan(self, shift: QPointF) -> None:
        self._view.pan(shift)
        self.update()

    def _zoom(self, factor: float, at: QPointF) -> None:
        self._view.zoom(factor, at)
        self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome layers and files."""
        self._drops.hover(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Light the wire under a layer."""
        self._drops.hover(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget what hovered."""
        del event
        self._drops.leave()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take what was dropped."""
        self._drops.drop(event)

    def _on_layer_dropped(self, key: str, position: QPointF) -> None:
        """Add a layer where it was dropped, or put it into the wire there."""
        layer = find("layers", key)()
        assert isinstance(layer, Layer)
        point, edge = self._view.to_scene(position), self._wire_near(position)
        place = (point.x(), point.y())
        fits_in_wire = layer.has_output and layer.most_inputs != 0
        self._add(
            edits.insert_on_edge(layer, edge, place)
            if edge is not None and fits_in_wire
            else edits.add_node(layer, place)
        )
        self.setFocus()

    def _wire_near(self, position: QPointF) -> Edge | None:
        """Return the wire into which what is dropped here would be put."""
        return self._geometry.wire_at(self._view.to_scene(position), 2.5 * _WIRE_REACH / self._view.scale)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, nudge, cancel, and hold the space bar to pan."""
        key = Qt.Key(event.key())
        if key in ARROWS:
            across, down = ARROWS[key]
            if event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._nudge(across, down)
            else:
                self._walk(across, down)
        elif key == Qt.Key.Key_Escape:
            self._gesture = None
            self._set_selection(frozenset())
        elif key == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = True
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.delete_selection()
        elif key == Qt.Key.Key_F2 and len(self._selected) == 1:
            self._edit_title(self.selection()[0])
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End panning by the space bar."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space = False
            self.setCursor(Qt.CursorShape.ArrowCursor)
        super().keyReleaseEvent(event)

    def _nudge(self, across: int, down: int) -> None:
        shifts = dict.fromkeys(self.selection(), QPointF(across * _NUDGE, down * _NUDGE))
        places = shifted(self._document.project, shifts).positions
        if shifts:
            self._perform(edits.move_nodes({id: places[id] for id in shifts}, merge=f"nudge {sorted(shifts)}"))

    def _walk(self, across: int, down: int) -> None:
        """Select the next node along the wires, or the one above or below."""
        network = self._geometry.network
        if not self._selected:
            if network.order:
                self._set_selection(frozenset({network.order[0]}))
            return
        places = self._document.project.positions
        found = next_node(network, places, self.selection()[-1], across, down)
        if found:
            self._set_selection(frozenset({found}))

    def _edit_title(self, id: str) -> None:
        caption = self._geometry.cards[id].caption
        place = QRectF(self._view.to_widget(caption.topLeft()), self._view.to_widget(caption.bottomRight()))
        editor = TitleEditor(id, self._geometry.network.node(id).name, place, self)
        editor.renamed.connect(self._on_renamed)

    def _on_renamed(self, id: str, title: str) -> None:
        if id in self._geometry.network and title.strip() != self._geometry.network.node(id).name:
            self._perform(edits.rename(id, title))
        self.setFocus()
