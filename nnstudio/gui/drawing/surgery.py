"""What can be changed of a trained layer or wire without losing what was learned, in the menu of a right click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from nnstudio.engine import Layer
from nnstudio.engine.lanes import has_units, unit_count, units_field
from nnstudio.engine.surgery import refusal
from nnstudio.errors import StudioError
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.dialogs.ask_unit import ask_unit
from nnstudio.gui.drawing.canvas_actions import CanvasActions
from nnstudio.gui.training.training_control import TrainingControl
from nnstudio.i18n import tr
from nnstudio.project import Document, Edit, Project, edits
from nnstudio.project.edits.surgery_edits import (
    TRIED_AT_EACH_END,
    cost_without,
    dead_units,
    importance,
    insert_layer,
    remove,
    resize,
    split,
    trained_on_drawing,
    what_was_kept,
    widen,
)

ADDED = (1, 2, 4, 8, 16)


class SurgeryMenu(QObject):
    """Adds operations on trained layers to the canvas' menu, and does them; a run that trains goes on with them.

    Parameters
    ----------
    document : Document
    control : TrainingControl
    actions : CanvasActions
        Whose menu it adds to.
    canvas : Canvas
    window : QWidget
    """

    told = Signal(str)

    def __init__(
        self, document: Document, control: TrainingControl, actions: CanvasActions, canvas: Canvas, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document = document
        self._control = control
        self._canvas = canvas
        self._window = window
        self._told = ""
        actions.menu_opening.connect(self._on_menu_opening)

    def operate(self, make: Callable[[Project], Edit | None]) -> None:
        """Do the edit that is made for drawing and run as they stand, and tell what was kept."""
        self._told = ""

        def watched(project: Project) -> Edit | None:
            edit = make(project)
            if edit is None:
                return None
            after = edit.apply(project)
            self._told = what_was_kept(project, after)
            return Edit(edit.title, lambda _: after)

        try:
            self._control.operate(watched)
        except StudioError as error:
            self._told = str(error)
        if self._told:
            self.told.emit(self._told)

    def add(self, id: str, count: int) -> None:
        """Add units to a layer."""
        self.operate(lambda _: widen(id, count))

    def resize(self, id: str, layer: Layer, changed: Sequence[str]) -> None:
        """Give a layer another number of units, keeping what was learned where that can be."""
        network = self._document.project.network
        if self._is_trained() and not refusal(network, id):
            self.operate(lambda project: resize(project, id, int(getattr(layer, units_field(layer)))))
        else:
            self._control.perform(edits.set_layer(id, layer, changed))

    def split(self, id: str, unit: int | None = None) -> None:
        """Split a unit of a layer, by default the one that matters most."""
        self.operate(lambda project: split(id, importance(project, id).order[-1] if unit is None else unit))

    def remove(self, id: str, unit: int | None = None) -> None:
        """Remove a unit of a layer, by default the one that matters least, where the person wants it at its cost."""
        self.operate(partial(self._removal, id, unit))

    def remove_dead(self, id: str) -> None:
        """Remove the units of a layer that say zero for every row."""
        self.operate(partial(self._burial, id))

    def insert(self, edge: tuple[str, str]) -> None:
        """Put a layer into a wire that says what it hears."""
        self.operate(lambda _: insert_layer(*edge))

    def _removal(self, id: str, unit: int | None, project: Project) -> Edit | None:
        name = project.network.node(id).name
        if unit is None:
            found = importance(project, id)
            gone, before, after = found.order[0], found.cost, found.without[found.order[0]]
            question = tr("Unit {unit} of '{name}' matters least. Without it the cost goes from {before} to {after}.")
            if not found.is_whole:
                question = tr(
                    "Of the {quiet} units of '{name}' that say least, unit {unit} matters least. Without it the cost "
                    "goes from {before} to {after}. The layer is too wide to try every unit."
                )
        else:
            gone, (before, after) = unit, cost_without(project, id, unit)
            question = tr("Without unit {unit} of '{name}' the cost on training rows goes from {before} to {after}.")
        question = question.format(
            unit=gone + 1, name=name, before=f"{before:.4g}", after=f"{after:.4g}", quiet=TRIED_AT_EACH_END
        )
        box = QMessageBox(QMessageBox.Icon.Question, tr("Remove a unit"), question, parent=self._window)
        box.setInformativeText(tr("It can be undone."))
        box.addButton(tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        wanted = box.addButton(tr("Remove it"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(wanted)
        box.exec()
        box.deleteLater()
        return remove(id, (gone,)) if box.clickedButton() is wanted else None

    def _burial(self, id: str, project: Project) -> Edit | None:
        dead = dead_units(project, id)
        if not dead:
            name = project.network.node(id).name
            self._told = tr("No unit of '{name}' is dead: each says something for some row.").format(name=name)
            return None
        return remove(id, dead)

    def _on_menu_opening(self, menu: QMenu) -> None:
        scene = self._canvas.scene
        if scene.wire is not None:
            self._add_wire(menu, scene.wire)
        elif len(scene.nodes) == 1 and len(scene.selected) == 1:
            self._add_layer(menu, scene.nodes[0])

    def _add_wire(self, menu: QMenu, edge: tuple[str, str]) -> None:
        action = menu.addAction(tr("Insert a layer, keeping what was learned"), partial(self.insert, edge))
        action.setEnabled(self._is_trained())

    def _add_layer(self, menu: QMenu, id: str) -> None:
        if not has_units(self._document.project.network.node(id).layer):
            return
        menu.addSeparator()
        inner = menu.addMenu(tr("Keeping what was learned"))
        reason = refusal(self._document.project.network, id)
        if reason or not self._is_trained():
            inner.setEnabled(False)
            action = inner.menuAction()
            action.setToolTip(reason or tr("Train the network first."))
            menu.setToolTipsVisible(True)
            return
        more = inner.addMenu(tr("Add units"))
        for count in ADDED:
            more.addAction(f"{count}", partial(self.add, id, count))
        pointed = self._canvas.pointing.unit()
        unit = pointed[1] % unit_count(self._document.project.network, id) if pointed and pointed[0] == id else None
        inner.addAction(tr("Split the most important unit"), partial(self.split, id))
        if unit is None:
            inner.addAction(tr("Split a unit…"), partial(self._ask, id, tr("Split a unit"), self.split))
        else:
            inner.addAction(tr("Split unit {unit}").format(unit=unit + 1), partial(self.split, id, unit))
        inner.addSeparator()
        inner.addAction(tr("Remove the least important unit…"), partial(self.remove, id))
        if unit is None:
            inner.addAction(tr("Remove a unit…"), partial(self._ask, id, tr("Remove a unit"), self.remove))
        else:
            inner.addAction(tr("Remove unit {unit}…").format(unit=unit + 1), partial(self.remove, id, unit))
        inner.addAction(tr("Remove dead units"), partial(self.remove_dead, id))

    def _ask(self, id: str, title: str, do: Callable[[str, int], None]) -> None:
        """Ask for a unit of a layer, and do something with it."""
        network = self._document.project.network
        unit = ask_unit(self._window, network.node(id).name, unit_count(network, id), title)
        if unit is not None:
            do(id, unit)

    def _is_trained(self) -> bool:
        if self._control.running:
            return True
        try:
            trained_on_drawing(self._document.project)
        except StudioError:
            return False
        return True
