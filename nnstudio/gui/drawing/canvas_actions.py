"""What the actions of the window do on the canvas, and the menu that a right click opens there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, QPointF, Signal
from PySide6.QtGui import QAction, QColor, QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMenu

from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.canvas.card_keys import note_of
from nnstudio.gui.look.colours import MARKS
from nnstudio.gui.look.motion import duration
from nnstudio.i18n import tr
from nnstudio.project import edits

TIDY_MILLISECONDS = 280
"""How long cards glide to their new places, unless the person wants it still."""

MENU_OF_LAYERS = (
    "canvas.rename",
    "canvas.quickAdd",
    "canvas.connect",
    "",
    "edit.cut",
    "edit.copy",
    "edit.duplicate",
    "edit.delete",
    "",
    "edit.group",
    "edit.ungroup",
    "canvas.fold",
    "canvas.saveBlock",
    "colour",
    "",
    "view.fitSelection",
)
MENU_OF_WIRE = ("canvas.quickAdd", "edit.delete")
MENU_OF_CANVAS = (
    "canvas.quickAdd",
    "canvas.addNote",
    "edit.paste",
    "",
    "edit.selectAll",
    "canvas.layout",
    "view.fit",
    "canvas.find",
)
"""Ids of actions; an empty one is a line between groups, and ``colour`` is the menu of colours."""


class CanvasActions(QObject):
    """Joins actions and canvas.

    Parameters
    ----------
    canvas : Canvas
    actions : dict of str to QAction
    """

    menu_opening = Signal(QMenu)

    def __init__(self, canvas: Canvas, actions: dict[str, QAction], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._actions = actions
        scene = canvas.scene
        calls: dict[str, Callable[[], None]] = {
            "edit.delete": scene.delete,
            "edit.selectAll": scene.select_all,
            "edit.copy": self._copy,
            "edit.cut": self._cut,
            "edit.paste": self._paste,
            "edit.duplicate": self._duplicate,
            "edit.group": self._group,
            "edit.ungroup": scene.ungroup,
            "canvas.fold": scene.toggle_blocks,
            "canvas.rename": self._rename,
            "canvas.layout": self._tidy,
            "canvas.addNote": self._add_note,
            "view.fit": canvas.fit,
            "view.fitSelection": canvas.fit_selection,
            "view.wires": self._change_wires,
            "view.zoomIn": partial(canvas.zoom, 1.25),
            "view.zoomOut": partial(canvas.zoom, 0.8),
        }
        for id, call in calls.items():
            actions[id].triggered.connect(partial(self._run, call))
        canvas.menu_requested.connect(self._show_menu)
        scene.selection_changed.connect(self.refresh)
        scene.changed.connect(self.refresh)
        self.refresh()

    def refresh(self, *_: object) -> None:
        """Offer what can be done with the selection."""
        scene, actions = self._canvas.scene, self._actions
        nodes = scene.nodes
        some = bool(nodes or scene.notes)
        in_block = any(set(block.members) & set(nodes) for block in scene.project.blocks)
        for id in ("edit.copy", "edit.cut", "edit.duplicate", "canvas.saveBlock"):
            actions[id].setEnabled(some)
        actions["edit.group"].setEnabled(bool(nodes))
        actions["edit.ungroup"].setEnabled(in_block)
        actions["canvas.fold"].setEnabled(in_block)
        is_note = len(scene.notes) == len(scene.selected) == 1
        actions["canvas.rename"].setEnabled(len(scene.selected) == 1)
        actions["canvas.rename"].setText(tr("Write in the note") if is_note else tr("Rename"))
        actions["canvas.connect"].setEnabled(len(nodes) == 1)

    @staticmethod
    def _run(call: Callable[[], None], _: bool = False) -> None:
        call()

    def _copy(self) -> None:
        text = self._canvas.scene.copy()
        if text:
            QApplication.clipboard().setText(text)

    def _cut(self) -> None:
        self._copy()
        self._canvas.scene.delete()

    def _paste(self) -> None:
        canvas = self._canvas
        pointer = canvas.mapFromGlobal(canvas.cursor().pos())
        inside = canvas.underMouse() and canvas.rect().contains(pointer)
        place = canvas.view.to_scene(QPointF(pointer)) if inside else canvas.middle
        canvas.scene.paste(QApplication.clipboard().text(), place)
        canvas.reveal()
        canvas.setFocus()

    def _duplicate(self) -> None:
        self._canvas.scene.duplicate()
        self._canvas.reveal()

    def _rename(self) -> None:
        selected = self._canvas.scene.selected
        if len(selected) == 1:
            (key,) = selected
            if note_of(key):
                self._canvas.writing.note(note_of(key))
            else:
                self._canvas.writing.title(key)

    def _group(self) -> None:
        """Put the selection into a block, and let the person name it at once."""
        block = self._canvas.scene.group()
        if block:
            self._canvas.reveal()
            self._canvas.writing.block_title(block)

    def _tidy(self) -> None:
        """Lay out what is selected where that is several layers, else everything."""
        scene = self._canvas.scene
        sizes = {id: card.bounds.size().toTuple() for card in scene.geometry.cards.values() for id in card.members}
        chosen = scene.nodes if len(scene.nodes) > 1 else ()
        self._canvas.tidy(edits.tidy(sizes, chosen), duration(TIDY_MILLISECONDS))

    def _change_wires(self) -> None:
        scene = self._canvas.scene
        scene.run_wires("curved" if scene.wire_style == "orthogonal" else "orthogonal")

    def _add_note(self) -> None:
        canvas = self._canvas
        key = canvas.scene.add_note(canvas.middle)
        canvas.reveal()
        canvas.writing.note(note_of(key), is_fresh=True)

    def _show_menu(self, position: QPointF) -> None:
        self.show_menu_at(self._canvas.mapToGlobal(position.toPoint()))

    def show_menu_at(self, place: QPoint) -> None:
        """Open the menu of the selection at a place of the screen."""
        menu = self.menu()
        menu.exec(place)
        menu.deleteLater()

    def menu(self) -> QMenu:
        """Return the menu that suits the selection."""
        scene = self._canvas.scene
        ids = MENU_OF_LAYERS if scene.selected else MENU_OF_WIRE if scene.wire is not None else MENU_OF_CANVAS
        menu, pointing = QMenu(self._canvas), self._canvas.pointing
        is_inside = pointing.unit() is not None or pointing.weight() is not None
        if is_inside:  # what is meant is the neuron or the weight under the pointer more than its whole layer
            self.menu_opening.emit(menu)
            menu.addSeparator()
        for id in ids:
            if id == "colour":
                self._add_colours(menu.addMenu(tr("Colour")))
            elif id:
                menu.addAction(self._actions[id])
            else:
                menu.addSeparator()
        if not is_inside:
            self.menu_opening.emit(menu)
        return menu

    def _add_colours(self, menu: QMenu) -> None:
        menu.addAction(tr("None"), partial(self._canvas.scene.colour, ""))
        for name, colour in MARKS.items():
            swatch = QPixmap(14, 14)
            swatch.fill(QColor(colour))
            menu.addAction(QIcon(swatch), tr(name.capitalize()), partial(self._canvas.scene.colour, name))
