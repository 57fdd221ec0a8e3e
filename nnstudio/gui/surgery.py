"""What can be changed of a trained layer or wire without losing what was learned, in the menu of a right click."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from nnstudio.engine.surgery import refusal
from nnstudio.errors import StudioError
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.canvas_actions import CanvasActions
from nnstudio.gui.training_control import TrainingControl
from nnstudio.i18n import tr
from nnstudio.project import Document, Edit, Project
from nnstudio.project.surgery_edits import (
    dead_units,
    importance,
    insert_layer,
    remove,
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

    def split(self, id: str) -> None:
        """Split the unit of a layer that matters most."""
        self.operate(lambda project: split(id, importance(project, id).most))

    def remove_least(self, id: str) -> None:
        """Remove the unit of a layer that matters least, where the person wants it at its cost."""
        self.operate(partial(self._removal, id))

    def remove_dead(self, id: str) -> None:
        """Remove the units of a layer that say zero for every row."""
        self.operate(partial(self._burial, id))

    def insert(self, edge: tuple[str, str]) -> None:
        """Put a layer into a wire that says what it hears."""
        self.operate(lambda _: insert_layer(*edge))

    def _removal(self, id: str, project: Project) -> Edit | None:
        found = importance(project, id)
        name = project.network.node(id).name
        question = tr(
            "Unit {unit} of '{name}' matters least. Without it the cost on training rows goes from {before} to {after}."
        ).format(unit=found.least + 1, name=name, before=f"{found.cost:.4g}", after=f"{found.without_least:.4g}")
        box = QMessageBox(QMessageBox.Icon.Question, tr("Remove a unit"), question, parent=self._window)
        box.setInformativeText(tr("It can be undone."))
        box.addButton(tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        wanted = box.addButton(tr("Remove it"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(wanted)
        box.exec()
        return remove(id, (found.least,)) if box.clickedButton() is wanted else None

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
        layer = self._document.project.network.node(id).layer
        if not hasattr(layer, "units") and not hasattr(layer, "filters"):
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
        inner.addAction(tr("Split the most important unit"), partial(self.split, id))
        inner.addSeparator()
        inner.addAction(tr("Remove the least important unit…"), partial(self.remove_least, id))
        inner.addAction(tr("Remove dead units"), partial(self.remove_dead, id))

    def _is_trained(self) -> bool:
        if self._control.running:
            return True
        try:
            trained_on_drawing(self._document.project)
        except StudioError:
            return False
        return True
