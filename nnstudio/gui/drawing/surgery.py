"""What can be changed of a trained layer or wire without losing what was learned, in the menu of a right click."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QMessageBox, QWidget

from nnstudio.engine import Layer
from nnstudio.engine.lanes import has_units, unit_count, units_field
from nnstudio.engine.surgery import refusal
from nnstudio.errors import NetworkError, StudioError
from nnstudio.gui.background import Background
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.canvas.scene import why_not_now
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


_AT_ONCE = 0.05
"""Seconds for which the window waits for an operation, so that small ones are done at once."""

_CHANGED = "The project changed meanwhile, so nothing was done. Do it again."
_CHANGED_WHILE_ASKED = "The project changed while you were asked, so nothing was done. Do it again."


@dataclass(frozen=True)
class _Plan:
    """What is to be done, after a question where one is to be asked, or why it is not.

    Attributes
    ----------
    edit : Edit or None
    question : str
    refusal : str
    """

    edit: Edit | None
    question: str = ""
    refusal: str = ""


@dataclass(frozen=True)
class _Outcome:
    """What came of a plan: the project as it would be, and what was kept in it, in words."""

    plan: _Plan
    after: Project | None = None
    kept: str = ""


Look = Callable[[Project, Callable[[], None]], _Plan]
"""Finds out what to do with a project; calls the second between the parts of long work."""


class SurgeryMenu(QObject):
    """Adds operations on trained layers to the canvas' menu, and does them; a run that trains goes on with them.

    What takes long is found out beside the window, while the run stands still. An edit or Train gives it up, and a
    newer operation takes its place.

    Parameters
    ----------
    document : Document
    control : TrainingControl
    actions : CanvasActions
        Whose menu it adds to.
    canvas : Canvas
    background : Background
    window : QWidget
    """

    told = Signal(str)

    def __init__(
        self,
        document: Document,
        control: TrainingControl,
        actions: CanvasActions,
        canvas: Canvas,
        background: Background,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document = document
        self._control = control
        self._canvas = canvas
        self._background = background
        self._window = window
        self._newest = 0
        self._go_on: Callable[[], None] | None = None
        actions.menu_opening.connect(self._on_menu_opening)

    @property
    def busy(self) -> bool:
        """Whether an operation is under way."""
        return self._go_on is not None

    def operate(self, make: Callable[[Project], Edit | None]) -> None:
        """Do the edit that is made for drawing and run as they stand, and tell what was kept."""
        self._do(lambda project, _: _Plan(make(project)), tr("Changing the network"))

    def add(self, id: str, count: int) -> None:
        """Add units to a layer."""
        self.operate(lambda _: widen(id, count))

    def resize(self, id: str, layer: Layer, changed: Sequence[str]) -> None:
        """Give a layer another number of units, keeping what was learned where that can be."""
        network = self._document.project.network
        if not self._is_trained() or refusal(network, id):
            self._control.perform(edits.set_layer(id, layer, changed))
            return
        count = int(getattr(layer, units_field(layer)))
        doing = tr("Looking for the units of '{name}' that matter least").format(name=network.node(id).name)
        self._do(lambda project, between: _Plan(resize(project, id, count, between)), doing)

    def split(self, id: str, unit: int | None = None) -> None:
        """Split a unit of a layer, by default the one that matters most."""

        def look(project: Project, between: Callable[[], None]) -> _Plan:
            return _Plan(split(id, importance(project, id, between).order[-1] if unit is None else unit))

        name = self._document.project.network.node(id).name
        self._do(look, tr("Looking for the unit of '{name}' that matters most").format(name=name))

    def remove(self, id: str, unit: int | None = None) -> None:
        """Remove a unit of a layer, by default the one that matters least, where the person wants it at its cost."""
        name = self._document.project.network.node(id).name
        doing = tr("Trying what '{name}' says without a unit").format(name=name)
        self._do(partial(_removal, id, unit), doing)

    def remove_dead(self, id: str) -> None:
        """Remove the units of a layer that say zero for every row."""
        name = self._document.project.network.node(id).name
        self._do(partial(_burial, id), tr("Looking for dead units of '{name}'").format(name=name))

    def insert(self, edge: tuple[str, str]) -> None:
        """Put a layer into a wire that says what it hears."""
        self.operate(lambda _: insert_layer(*edge))

    def _do(self, look: Look, doing: str) -> None:
        """Hold the run, find out what to do and what comes of it beside the window, and do it."""
        if self._go_on is None or self._control.running:
            self._go_on = self._control.stand_still()
        self._newest += 1
        newest, project = self._newest, self._document.project

        def between() -> None:
            if newest != self._newest or not self._stands(project):
                raise NetworkError(tr(_CHANGED))

        def work() -> _Outcome:
            plan = look(project, between)
            between()
            if plan.edit is None:
                return _Outcome(plan)
            after = plan.edit.apply(project)
            return _Outcome(plan, after, what_was_kept(project, after))

        job = self._background.run(work, "surgery").then(
            partial(self._on_done, project), partial(self._on_failed, project)
        )
        if not self._background.settle(job, _AT_ONCE):
            self.told.emit(tr("{doing}… Train or any edit gives it up.").format(doing=doing))

    def _on_done(self, project: Project, outcome: _Outcome) -> None:
        """Ask where that is to be asked, do what was found out, and let the run go on."""
        if not self._stands(project):
            self._end(tr(_CHANGED))
            return
        plan, after = outcome.plan, outcome.after
        if plan.edit is None or after is None:
            self._end(plan.refusal, goes_on=True)
        elif plan.question and not self._wants(plan.question):
            self._end(tr("Nothing was removed."), goes_on=self._stands(project))
        elif not self._stands(project):
            self._end(tr(_CHANGED_WHILE_ASKED))
        else:
            self._document.apply(replace(plan.edit, apply=lambda _: after))
            self._end(outcome.kept, goes_on=True)

    def _on_failed(self, project: Project, message: str, _: str) -> None:
        self._end(message, goes_on=self._stands(project))

    def _end(self, words: str, *, goes_on: bool = False) -> None:
        """Say what came of an operation; a run that was held for it goes on, unless it is another by now."""
        go_on, self._go_on = self._go_on, None
        if goes_on and go_on is not None:
            go_on()
        if words:
            self.told.emit(words)

    def _stands(self, project: Project) -> bool:
        """Return whether this is still the project, and nothing trains."""
        return self._document.project is project and not self._control.running

    def _wants(self, question: str) -> bool:
        """Ask whether a unit is to be removed."""
        box = QMessageBox(QMessageBox.Icon.Question, tr("Remove a unit"), question, parent=self._window)
        box.setInformativeText(tr("It can be undone."))
        box.addButton(tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        wanted = box.addButton(tr("Remove it"), QMessageBox.ButtonRole.AcceptRole)
        box.setDefaultButton(wanted)
        box.exec()
        box.deleteLater()
        return box.clickedButton() is wanted

    def _on_menu_opening(self, menu: QMenu) -> None:
        scene = self._canvas.scene
        if scene.shows_past:  # what has a number here may have another today
            menu.addAction(why_not_now()).setEnabled(False)
        elif scene.wire is not None:
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


def _removal(id: str, unit: int | None, project: Project, between: Callable[[], None]) -> _Plan:
    """Return the removal of a unit, with what it costs as a question."""
    name = project.network.node(id).name
    if unit is None:
        found = importance(project, id, between)
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
    return _Plan(remove(id, (gone,)), question)


def _burial(id: str, project: Project, _: Callable[[], None]) -> _Plan:
    """Return the removal of dead units, or that there are none."""
    dead = dead_units(project, id)
    if dead:
        return _Plan(remove(id, dead))
    name = project.network.node(id).name
    return _Plan(None, refusal=tr("No unit of '{name}' is dead: each says something for some row.").format(name=name))
