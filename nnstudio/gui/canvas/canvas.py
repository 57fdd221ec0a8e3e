"""The widget on which the network is drawn and lives."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
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
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from nnstudio.components import Problem, find
from nnstudio.engine import Array, Layer
from nnstudio.gui.canvas.geometry import Card, Edge, Geometry
from nnstudio.gui.canvas.gestures import DrawWire, Gesture, MoveNodes, Pan, RubberBand
from nnstudio.gui.canvas.hover import describe
from nnstudio.gui.canvas.painting import (
    Highlights,
    badge_rect,
    paint_background,
    paint_living,
    paint_note,
    paint_still,
)
from nnstudio.gui.canvas.synapses import Bundle, Synapses
from nnstudio.gui.canvas.viewport import Viewport
from nnstudio.gui.living import LivingFrame
from nnstudio.gui.theme import Theme, theme, theme_signals
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.i18n import tr
from nnstudio.project import Document, Edit, Project, edits

MIME = "application/x-nnstudio-component"
COLUMN = 200.0
_PORT_REACH = 13.0
_WIRE_REACH = 8.0
_EDGE_REACH = 4.0
_NUDGE = 8.0
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


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
    file_dropped = Signal(str)
    open_file_requested = Signal()
    open_sample_requested = Signal()

    def __init__(self, document: Document, perform: Callable[[Edit], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Canvas"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAcceptDrops(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 200)
        self._document = document
        self._perform = perform
        self._view = Viewport()
        self._opened: set[str] = set()
        self._selected: frozenset[str] = frozenset()
        self._wire: Edge | None = None
        self._drop_wire: Edge | None = None
        self._gesture: Gesture | None = None
        self._space = False
        self._frame: LivingFrame | None = None
        self._note = ""
        self._pointer = QPointF()
        self._needs_fit = True
        self._title_editor: QLineEdit | None = None
        self._still_key: tuple[object, ...] = ()
        self._still_picture = QPixmap()
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

    # What others ask

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

    def zoom_in(self) -> None:
        """Show it larger."""
        self._zoom(1.25, QPointF(self.rect().center()))

    def zoom_out(self) -> None:
        """Show it smaller."""
        self._zoom(0.8, QPointF(self.rect().center()))

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
            place = self._free_place(QPointF(centre.x() + COLUMN, centre.y()))
        else:
            place = self._free_place(self._view.to_scene(QPointF(self.rect().center())))
        self._add(edits.add_node(layer, (place.x(), place.y()), after))

    def show_frame(self, frame: LivingFrame | None) -> None:
        """Show a moment, at once."""
        self._frame = frame
        if self.isVisible():
            self.repaint()

    def frame(self) -> LivingFrame | None:
        """Return the moment that is shown."""
        return self._frame

    def card(self, id: str) -> Card:
        """Return a node's card, in scene coordinates."""
        return self._geometry.cards[id]

    def port_position(self, id: str, side: str) -> QPoint:
        """Return where a node's port is on the widget; side is ``"in"`` or ``"out"``."""
        card = self._geometry.cards[id]
        return self._view.to_widget(card.input_port if side == "in" else card.output_port).toPoint()

    def node_position(self, id: str) -> QPoint:
        """Return a place on a node's card, on the widget, where it can be grabbed."""
        return self._view.to_widget(self._geometry.cards[id].rect.topLeft() + QPointF(6, 6)).toPoint()

    def wire_position(self, source: str, target: str) -> QPoint:
        """Return the middle of a wire on the widget."""
        points = self._geometry.wires[source, target]
        x, y = points[len(points) // 2].tolist()
        return self._view.to_widget(QPointF(x, y)).toPoint()

    def neuron_rect(self, id: str, unit: int) -> QRectF:
        """Return where a unit's tile is on the widget."""
        rect = next(tile.rect for tile in self._geometry.cards[id].tiles if tile.unit == unit)
        return QRectF(self._view.to_widget(rect.topLeft()), self._view.to_widget(rect.bottomRight()))

    def bundles(self) -> tuple[Bundle, ...]:
        """Return the edges between neurons that are shown."""
        return tuple(self._synapses.bundles)

    def edge_position(self, source: str, i: int, target: str, j: int) -> QPointF:
        """Return the middle of the edge between two units on the widget."""
        for bundle in self._synapses.bundles:
            if (bundle.source, bundle.target) == (source, target):
                found = ((bundle.sources == i) & (bundle.targets == j)).nonzero()[0]
                points: Array = bundle.points[int(found[0])]
                x, y = points[len(points) // 2].tolist()
                return self._view.to_widget(QPointF(x, y))
        raise KeyError(f"No edges between {source} and {target} are shown.")

    def hover_at(self, position: QPointF) -> str:
        """Return what is said of the thing at a place on the widget."""
        point = self._view.to_scene(position)
        for id, problems in self._problems.items():
            if id in self._geometry.cards and badge_rect(self._geometry.cards[id]).contains(point):
                return "\n".join(str(problem) for problem in problems)
        return describe(self._geometry, self._synapses, self._frame, point, _EDGE_REACH / self._view.scale)

    # Following the document

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if (
            before.network is after.network
            and before.positions == after.positions
            and before.columns == after.columns
            and before.table is after.table
            and before.split == after.split
        ):
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
        self._problems: dict[str, list[Problem]] = {}
        for problem in project.problems():
            if problem.node:
                self._problems.setdefault(problem.node, []).append(problem)
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

    def _free_place(self, wanted: QPointF) -> QPointF:
        """Return the wanted place, or the next one below it where no card is."""
        place = QPointF(wanted)
        while any(card.rect.adjusted(-20, -50, 20, 20).contains(place) for card in self._geometry.cards.values()):
            place.setY(place.y() + 90)
        return place

    def _shifted(self) -> Geometry:
        """Return the geometry with what is being dragged at its place under the pointer."""
        shifts = self._gesture.shifts() if self._gesture is not None else {}
        if not shifts:
            return self._geometry
        places = dict(self._document.project.positions)
        for id, shift in shifts.items():
            x, y = places.get(id, (0.0, 0.0))
            places[id] = (x + shift.x(), y + shift.y())
        return Geometry(self._document.project.replace(positions=places), self._opened)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint background, network, gesture and note."""
        del event
        colours = theme()
        geometry = self._shifted()
        synapses = self._synapses if geometry is self._geometry else Synapses(geometry)
        highlights = Highlights(
            nodes=self._selected,
            wire=self._wire,
            drop_wire=self._drop_wire,
            targets=self._gesture.targets() if self._gesture is not None else {},
        )
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._still(geometry, highlights, colours))
        painter.setTransform(self._view.transform())
        paint_living(painter, geometry, synapses, self._problems, highlights, self._frame, colours, self._view.scale)
        if self._gesture is not None:
            self._gesture.paint(painter, colours)
        painter.resetTransform()
        if self._note and self._gesture is None:
            paint_note(painter, self._pointer + QPointF(0, -22), self._note, colours)

    def _still(self, geometry: Geometry, highlights: Highlights, colours: Theme) -> QPixmap:
        """Return the picture of what does not change from frame to frame, painted again only when it has to be."""
        ratio = self.devicePixelRatioF()
        view = (self._view.scale, self._view.offset.x(), self._view.offset.y(), self.width(), self.height(), ratio)
        key = (geometry, view, colours, frozenset(highlights.nodes), highlights.wire, highlights.drop_wire)
        if self._still_key != key:
            picture = QPixmap(round(self.width() * ratio), round(self.height() * ratio))
            picture.setDevicePixelRatio(ratio)
            painter = QPainter(picture)
            painter.setFont(self.font())
            paint_background(painter, QRectF(self.rect()), self._view.scale, self._view.offset, colours)
            painter.setTransform(self._view.transform())
            paint_still(painter, geometry, highlights, colours, self._view.scale)
            painter.end()
            self._still_key, self._still_picture = key, picture
        return self._still_picture

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the network in sight."""
        self._welcome.setGeometry(self.rect().adjusted(40, 0, -40, 0))
        old = QRectF(0, 0, event.oldSize().width(), event.oldSize().height())
        if self._needs_fit or self._view.is_fitted or not old.isValid():
            self.fit()
        super().resizeEvent(event)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin the gesture that suits what is under the pointer."""
        self._close_title_editor()
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
        menu = QMenu(self)
        if id:
            if id not in self._selected:
                self._set_selection(frozenset({id}))
            menu.addAction(tr("Rename"), lambda: self._edit_title(id))
            menu.addAction(tr("Delete"), self.delete_selection)
        else:
            wire = self._geometry.wire_at(point, _WIRE_REACH / self._view.scale)
            if wire is not None:
                menu.addAction(tr("Remove this wire"), lambda: self._perform(edits.disconnect(*wire)))
            menu.addAction(tr("Fit"), self.fit)
            menu.addAction(tr("Select all"), self.select_all)
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

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome layers and files."""
        if event.mimeData().hasFormat(MIME) or event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Light the wire into which a layer would be put."""
        if event.mimeData().hasFormat(MIME):
            self._drop_wire = self._wire_near(event.position())
            self.update()
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Forget what was over the canvas."""
        del event
        self._drop_wire = None
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        """Add the layer where it was dropped, or hand the file on."""
        data = event.mimeData()
        if data.hasFormat(MIME):
            key = bytes(data.data(MIME).data()).decode()
            layer = find("layers", key)()
            assert isinstance(layer, Layer)
            point = self._view.to_scene(event.position())
            place = (point.x(), point.y())
            edge, self._drop_wire = self._wire_near(event.position()), None
            fits_in_wire = layer.has_output and layer.most_inputs != 0
            self._add(
                edits.insert_on_edge(layer, edge, place)
                if edge is not None and fits_in_wire
                else edits.add_node(layer, place)
            )
            self.setFocus()
        elif data.hasUrls():
            self.file_dropped.emit(data.urls()[0].toLocalFile())
        event.acceptProposedAction()

    def _wire_near(self, position: QPointF) -> Edge | None:
        """Return the wire into which what is dropped here would be put."""
        return self._geometry.wire_at(self._view.to_scene(position), 2.5 * _WIRE_REACH / self._view.scale)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, nudge, cancel, and hold the space bar to pan."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            across, down = _ARROWS[key]
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
        positions = self._document.project.positions
        places = {}
        for id in self._selected:
            x, y = positions.get(id, (0.0, 0.0))
            places[id] = (x + across * _NUDGE, y + down * _NUDGE)
        if places:
            self._perform(edits.move_nodes(places, merge=f"nudge {sorted(places)}"))

    def _walk(self, across: int, down: int) -> None:
        """Select the next node along the wires, or the one above or below."""
        network = self._geometry.network
        if not self._selected:
            if network.order:
                self._set_selection(frozenset({network.order[0]}))
            return
        here = self.selection()[-1]
        if across:
            near = network.targets(here) if across > 0 else network.sources(here)
        else:
            x, y = self._document.project.positions.get(here, (0.0, 0.0))
            places = self._document.project.positions
            near = tuple(
                sorted(
                    (
                        id
                        for id, (other_x, other_y) in places.items()
                        if id in network and abs(other_x - x) < COLUMN / 2 and (other_y - y) * down > 0
                    ),
                    key=lambda id: abs(places[id][1] - y),
                )
            )
        if near:
            self._set_selection(frozenset({near[0]}))

    # Renaming in place

    def _edit_title(self, id: str) -> None:
        self._close_title_editor()
        editor = QLineEdit(self._geometry.network.node(id).name, self)
        editor.setAccessibleName(tr("Title"))
        caption = self._geometry.cards[id].caption
        top = self._view.to_widget(caption.topLeft())
        editor.setGeometry(int(top.x()), int(top.y()) - 4, max(120, int(caption.width() * self._view.scale)), 30)
        editor.setAlignment(Qt.AlignmentFlag.AlignCenter)
        editor.selectAll()
        editor.editingFinished.connect(lambda: self._on_title_edited(id))
        editor.show()
        editor.setFocus()
        self._title_editor = editor

    def _on_title_edited(self, id: str) -> None:
        editor = self._title_editor
        if editor is None:
            return
        title = editor.text()
        self._close_title_editor()
        if id in self._geometry.network and title != self._geometry.network.node(id).name:
            self._perform(edits.rename(id, title))
        self.setFocus()

    def _close_title_editor(self) -> None:
        editor, self._title_editor = self._title_editor, None
        if editor is not None:
            editor.deleteLater()
