"""The widget on which the network is drawn and lives."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from nnstudio.gui.canvas.backdrop import Backdrop
from nnstudio.gui.canvas.comparison import Comparison, comparison_of
from nnstudio.gui.canvas.drop_zone import DropZone
from nnstudio.gui.canvas.evidence_marks import EvidenceMarks
from nnstudio.gui.canvas.gestures import Gesture
from nnstudio.gui.canvas.glide import Glide
from nnstudio.gui.canvas.hover import describe
from nnstudio.gui.canvas.keys import Keys
from nnstudio.gui.canvas.living_layer import is_alive, paint_living
from nnstudio.gui.canvas.minimap import Minimap
from nnstudio.gui.canvas.overlay import Highlights, paint_highlights, paint_note, paint_remark
from nnstudio.gui.canvas.painting import Still, paint_badge, paint_moving
from nnstudio.gui.canvas.pin_marks import PinMarks
from nnstudio.gui.canvas.places import Places
from nnstudio.gui.canvas.pointing import EDGE_REACH, WIRE_REACH, Pointing
from nnstudio.gui.canvas.scene import Scene
from nnstudio.gui.canvas.viewport import Viewport
from nnstudio.gui.canvas.writing import Writing
from nnstudio.gui.look.text_size import card_font, growth
from nnstudio.gui.look.theme import theme, theme_signals
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.i18n import tr
from nnstudio.project import Document, Edit, Project
from nnstudio.project.diff import Part

SHARPEN_MS = 80
"""So long after the view came to rest its picture is painted finely."""

_MARGIN = 16.0


class Canvas(QWidget):
    """Shows the document's network and a living frame, and turns what hands do into edits.

    Parameters
    ----------
    document : Document
    perform : callable
        Does an edit.
    """

    selection_changed = Signal(tuple)
    told = Signal(str)
    files_dropped = Signal(list)
    open_file_requested = Signal()
    open_sample_requested = Signal()
    template_requested = Signal()
    quick_add_requested = Signal(QPointF, str)
    """A place on the widget, and what was typed already."""
    inspect_requested = Signal()
    edge_chosen = Signal(str, int, int)
    menu_requested = Signal(QPointF)

    def __init__(self, document: Document, perform: Callable[[Edit], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setAccessibleName(tr("Canvas"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 200)
        self.scene = Scene(document, perform, self)
        self.view = Viewport()
        self._frame: LivingFrame | None = None
        self._note = ""
        self._comparison = Comparison()
        self._needs_fit = True
        self._taken = (0, 0)
        self._zooming = self._panning = False
        self._backdrop = Backdrop()
        self._drops = DropZone(self)
        self.pointing = Pointing(self)
        self._keys = Keys(self)
        self.pins = PinMarks(self)
        self.evidence = EvidenceMarks(self)
        self.minimap = Minimap(self)
        self.writing = Writing(self)
        self._sharpen = QTimer(self, singleShot=True, interval=SHARPEN_MS)
        self._sharpen.timeout.connect(self._on_view_settled)
        self._glide = Glide(self)
        self._glide.changed.connect(self.update)
        self._welcome = EmptyState(
            "",
            (
                (tr("Open a sample…"), self.open_sample_requested.emit),
                (tr("Open a CSV…"), self.open_file_requested.emit),
                (tr("From a template…"), self.template_requested.emit),
            ),
            self,
        )
        self._show_welcome()
        self._drops.files_dropped.connect(self.files_dropped)
        self.scene.changed.connect(self._on_scene_changed)
        self.scene.selection_changed.connect(self._on_selection_changed)
        self.scene.told.connect(self.told)
        theme_signals.changed.connect(self.update)

    # What others see of it

    def selection(self) -> tuple[str, ...]:
        """Return the ids of the selected nodes, in the order of the drawing."""
        return self.scene.nodes

    def select(self, ids: Sequence[str]) -> None:
        """Select nodes, and bring them into sight."""
        self.scene.select_nodes(ids)
        self.reveal()

    def add_component(self, key: str) -> None:
        """Add a layer after the selected one and wire it, or in the middle of what is seen."""
        self.scene.add_component(key, self.middle)
        self.reveal()

    def add_block(self, text: str) -> None:
        """Add what a text describes in the middle of what is seen."""
        self.scene.paste(text, self.middle)
        self.reveal()

    def frame(self) -> LivingFrame | None:
        """Return the moment that is shown."""
        return self._frame

    def show_frame(self, frame: LivingFrame | None) -> None:
        """Show a moment, at once."""
        self._frame = frame
        if self.isVisible():
            self.repaint()

    def show_difference(self, parts: Sequence[Part], before: Project | None) -> None:
        """Mark what differs from another moment, until told otherwise."""
        self._comparison = comparison_of(parts, before, self.scene.geometry)
        self.update()

    @property
    def places(self) -> Places:
        """Where things are on the widget."""
        return Places(self.scene.geometry, self.scene.synapses, self.view)

    @property
    def middle(self) -> QPointF:
        """The place in the scene that is in the middle of the widget."""
        return self.view.to_scene(QPointF(self.rect().center()))

    @property
    def place_of_quick_add(self) -> QPointF:
        """Where on the widget a search for a layer opens: beside the selection, else in the middle."""
        bounds = self.scene.selection_bounds()
        if bounds.isEmpty():
            return QPointF(self.width() / 2, self.height() / 3)
        return self.view.to_widget(QPointF(bounds.right() + 16, bounds.center().y()))

    @property
    def seen(self) -> QRectF:
        """The part of the scene that is seen."""
        corner = QPointF(self.width(), self.height())
        return QRectF(self.view.to_scene(QPointF(0, 0)), self.view.to_scene(corner))

    def hover_at(self, position: QPointF) -> str:
        """Return what is said of the thing at a place on the widget."""
        point, scale = self.view.to_scene(position), self.view.scale
        return describe(self.scene, self._frame, point, EDGE_REACH / scale, WIRE_REACH / scale)

    # The view

    def fit(self) -> None:
        """Show the whole drawing."""
        self._needs_fit = False
        self.view.usual = growth(self)
        self.view.fit(self.scene.geometry.bounds, self._free)
        self._view_changed()

    def leave_free(self, *, top: int | None = None, bottom: int | None = None) -> None:
        """Fit drawings between strips at both edges that something covers; what is seen already stays where it is."""
        taken = (self._taken[0] if top is None else top, self._taken[1] if bottom is None else bottom)
        if taken == self._taken:
            return
        self._taken = taken
        self.keep_in_sight()

    def keep_in_sight(self) -> None:
        """Show the whole drawing again where all of it was to be seen and is not."""
        if self.view.is_fitted and not self.view.shows(self.scene.geometry.bounds, self._free):
            self.fit()

    @property
    def _free(self) -> QRectF:
        """The part of the canvas that nothing covers; all of it where little would be left."""
        area, (top, bottom) = QRectF(self.rect()), self._taken
        return area.adjusted(0, top, 0, -bottom) if area.height() > 3 * (top + bottom) else area

    def fit_selection(self) -> None:
        """Show what is selected, as large as it fits."""
        bounds = self.scene.selection_bounds()
        if bounds.isEmpty():
            self.fit()
            return
        self.view.fit(bounds.adjusted(-40, -40, 40, 40), self._free)
        self.view.is_fitted = False
        self._view_changed()

    def reveal(self) -> None:
        """Move the view so that the selection is seen: all of the drawing where nobody has chosen another view."""
        self.keep_in_sight()
        bounds, area = self.scene.selection_bounds(), self._free
        if bounds.isEmpty() or self.view.shows(bounds, area):
            return
        seen = QRectF(self.view.to_scene(area.topLeft()), self.view.to_scene(area.bottomRight()))
        margin = _MARGIN / self.view.scale
        bounds = bounds.adjusted(-margin, -margin, margin, margin)
        if bounds.width() > seen.width() or bounds.height() > seen.height():
            self.fit_selection()
            return
        across = max(0.0, seen.left() - bounds.left()) - max(0.0, bounds.right() - seen.right())
        down = max(0.0, seen.top() - bounds.top()) - max(0.0, bounds.bottom() - seen.bottom())
        self.pan(QPointF(across, down))

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Show it larger or smaller, about a place on the widget, by default its middle."""
        self._note = ""
        self.writing.settle()
        self.view.zoom(factor, QPointF(self.rect().center()) if at is None else at)
        self._zooming = True
        self._sharpen.start()
        self._view_changed()

    def pan(self, shift: QPointF) -> None:
        """Move the view by a distance in the scene."""
        self._note = ""
        self.writing.settle()
        self.view.pan(shift)
        self._panning = True
        self._sharpen.start()
        self._view_changed()

    def tidy(self, edit: Edit, milliseconds: int) -> None:
        """Do an edit that moves cards, and let them glide to their new places."""
        before = self._centres()
        self.scene.perform(edit)
        self.fit()
        self._glide.start(before, self._centres(), milliseconds)

    def _centres(self) -> dict[str, QPointF]:
        return {key: card.rect.center() for key, card in self.scene.geometry.cards.items()}

    def _view_changed(self) -> None:
        self.minimap.refresh()
        self.update()

    def _on_view_settled(self) -> None:
        self._zooming = self._panning = False
        self.update()

    # Following the scene

    def _on_scene_changed(self, several: bool) -> None:
        self._show_welcome()
        self._glide.stop()
        self._note = ""  # what it spoke of may be gone
        # A whole new network is brought into sight; a single layer must not move the view under the hand that adds it.
        if several and (self.view.is_fitted or not self.view.shows(self.scene.geometry.bounds, QRectF(self.rect()))):
            self.fit()
        self._view_changed()

    def _show_welcome(self) -> None:
        """Say on an empty canvas how to begin, or why nothing is drawn for the data that are loaded."""
        project = self.scene.project
        invitation = tr("Drop a CSV here, open a sample, or drag a layer from the left.")
        self._welcome.set_sentence(tr(project.why_empty()) or invitation)
        self._welcome.setVisible(not project.network.nodes and not project.notes)

    def _on_selection_changed(self, ids: tuple[str, ...]) -> None:
        self.selection_changed.emit(ids)
        self.update()

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what stays, what lives, what is being moved, and what is lit."""
        del event
        gesture, scene, colours = self.pointing.gesture, self.scene, theme()
        shifts = gesture.shifts() if gesture is not None else self._glide.shifts
        moved = scene.geometry.moved(shifts) if any(not shift.isNull() for shift in shifts.values()) else None
        geometry, area, scale = moved or scene.geometry, self.seen, self.view.scale
        living = is_alive(geometry, self._frame, area, scale)
        hidden = frozenset(shifts) if moved is not None else frozenset()
        still = Still(scene.problems, colours, living, hidden, hasty=self._panning)
        painter = QPainter(self)
        self._backdrop.paint(painter, self, self.view, scene.geometry, still, zooming=self._zooming)
        painter.setTransform(self.view.transform())
        painter.setFont(card_font(self))
        if moved is not None:
            paint_moving(painter, moved, hidden, area, still, scale)
        if living and self._frame is not None and not self._zooming:
            synapses = scene.synapses if moved is None else scene.synapses.of(moved)
            paint_living(painter, geometry, synapses, still, self._frame, area, scale)
            self.pins.paint(painter, geometry, synapses, colours)
        self.evidence.paint(painter, geometry, colours)
        lit = self._highlights(gesture)
        paint_highlights(painter, geometry, lit, area, colours)
        if gesture is not None:
            gesture.paint(painter, colours)
        for key in scene.selected & scene.problems.keys():  # the frame must not hide it
            paint_badge(painter, geometry.cards[key], scene.problems[key], colours)
        painter.resetTransform()
        painter.setFont(self.font())
        if self.hasFocus():
            painter.setPen(colours.pen("accent", 1.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self.rect()).adjusted(0.7, 0.7, -0.7, -0.7))
        paint_remark(painter, geometry, lit.remark, self.view, QRectF(self.rect()), colours)
        if self._note and gesture is None:
            paint_note(painter, self.pointing.position + QPointF(0, -22), self._note, colours, QRectF(self.rect()))

    def _highlights(self, gesture: Gesture | None) -> Highlights:
        return Highlights(
            selected=self.scene.selected,
            wire=self.scene.wire,
            drop_wire=self._drops.wire or (gesture.wire() if gesture is not None else None),
            landings=gesture.landings() if gesture is not None else (),
            remark=gesture.remark() if gesture is not None else ("", ""),
            handles=self.pointing.handles() if gesture is None else (),
            comparison=self._comparison,
            guides=gesture.guides() if gesture is not None else (),
            focused=self.hasFocus(),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the drawing in sight."""
        self._welcome.setGeometry(self.rect().adjusted(40, 0, -40, 0))
        self.minimap.place()
        old = QRectF(0, 0, event.oldSize().width(), event.oldSize().height())
        if self._needs_fit or self.view.is_fitted or not old.isValid():
            self.fit()
        super().resizeEvent(event)

    # Events go to those who know them

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin the gesture that suits what is under the pointer."""
        self.setFocus()
        self.pointing.press(event, space=self._keys.holds_space)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the gesture, or say what is under the pointer."""
        if not self.pointing.move(event):
            note = self.hover_at(event.position())
            if note != self._note:
                self._note = note
                self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Finish the gesture."""
        self.pointing.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit in place what is under the pointer, or open the quick-add."""
        self.pointing.double_click(event)

    def leaveEvent(self, event: object) -> None:
        """Let the note go."""
        del event
        self._note = ""
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the pointer; two fingers on a pad, or Shift, move the view."""
        pixels = event.pixelDelta()
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.pan(QPointF(event.angleDelta().y() or event.angleDelta().x(), 0) / (2 * self.view.scale))
        elif not pixels.isNull() and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan(QPointF(pixels) / self.view.scale)
        else:
            self.zoom(1.0015 ** event.angleDelta().y(), event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the thing under the pointer."""
        position = QPointF(event.pos())
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.pointing.position = QPointF(-1, -1)  # the menu is that of the selection, wherever the pointer rests
            bounds = self.scene.selection_bounds()
            position = QPointF(self.rect().center()) if bounds.isEmpty() else self.view.to_widget(bounds.center())
        else:
            self.pointing.select_at(position)
        self.menu_requested.emit(position)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk, nudge, add, edit, cancel, and hold the space bar to pan."""
        if not self._keys.press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End panning by the space bar."""
        self._keys.release(event)
        super().keyReleaseEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where keys go."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that keys go elsewhere."""
        super().focusOutEvent(event)
        self._keys.let_go()
        self.update()

    # Drops

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome layers, blocks and files."""
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
