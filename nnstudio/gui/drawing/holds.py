"""What can be held of a unit, a weight or a layer, in the menu of a right click on the canvas."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from nnstudio.errors import StudioError
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.dialogs.ask_unit import ask_unit
from nnstudio.gui.drawing.canvas_actions import CanvasActions
from nnstudio.gui.drawing.weight_editor import WeightEditor
from nnstudio.gui.training.training_control import TrainingControl
from nnstudio.i18n import tr
from nnstudio.project import Edit
from nnstudio.project.edits.hold_edits import (
    freeze_layer,
    freeze_weight,
    is_frozen,
    let_go,
    silence_unit,
    why_not_silent,
    zero_weight,
)


class HoldsMenu(QObject):
    """Silences units and freezes weights and layers; a run that trains goes on with what is held.

    Parameters
    ----------
    control : TrainingControl
    actions : CanvasActions
        Whose menu it adds to.
    canvas : Canvas
    weights : WeightEditor
        Asks for the value of a weight.
    window : QWidget
    """

    told = Signal(str)

    def __init__(
        self, control: TrainingControl, actions: CanvasActions, canvas: Canvas, weights: WeightEditor, window: QWidget
    ) -> None:
        super().__init__(window)
        self._control, self._canvas, self._weights, self._window = control, canvas, weights, window
        actions.menu_opening.connect(self._on_menu_opening)

    def do(self, edit: Edit) -> None:
        """Do an edit of what is held on drawing and run; say why where that cannot be."""
        try:
            self._control.operate(lambda _: edit)
        except StudioError as error:
            self.told.emit(str(error))

    def ask_unit(self, node: str) -> None:
        """Ask which unit of a layer shall be silenced."""
        network = self._canvas.scene.geometry.network
        shape = network.shapes()[node]
        assert shape
        unit = ask_unit(self._window, network.node(node).name, shape[-1], tr("Silence a unit"))
        if unit is not None:
            self.do(silence_unit(node, unit, name=network.node(node).name))

    def _on_menu_opening(self, menu: QMenu) -> None:
        scene, pointing = self._canvas.scene, self._canvas.pointing
        weight = pointing.weight()
        if scene.shows_past:
            return  # what has a number here may have another today
        if weight is not None and not scene.selected:
            self._add_weight(menu, *weight)
        elif len(scene.nodes) == 1 and len(scene.selected) == 1:
            unit = pointing.unit()
            self._add_layer(menu, scene.nodes[0], unit[1] if unit is not None and unit[0] == scene.nodes[0] else None)

    def _add_weight(self, menu: QMenu, weight: str, index: tuple[int, int]) -> None:
        menu.addSeparator()
        menu.addAction(tr("Set the weight…"), partial(self._weights.ask, weight, *index))
        if is_frozen(self._canvas.scene.geometry.network, weight, index):
            menu.addAction(tr("Let the weight learn"), partial(self.do, freeze_weight(weight, index, frozen=False)))
        else:
            menu.addAction(tr("Freeze the weight"), partial(self.do, freeze_weight(weight, index)))
            menu.addAction(tr("Set to 0 and freeze"), partial(self.do, zero_weight(weight, index)))

    def _add_layer(self, menu: QMenu, node: str, unit: int | None) -> None:
        network = self._canvas.scene.geometry.network
        holds, name = network.node(node).layer.holds, network.node(node).name
        can_be_silent = not why_not_silent(network, node, unit or 0)
        learns = bool(network.weights(node))
        if not can_be_silent and not learns:
            return
        menu.addSeparator()
        if can_be_silent and unit is None:
            menu.addAction(tr("Silence a unit…"), partial(self.ask_unit, node))
        elif can_be_silent and unit is not None and unit in holds.silent:
            words = tr("Wake unit {unit}").format(unit=unit + 1)
            menu.addAction(words, partial(self.do, silence_unit(node, unit, silent=False, name=name)))
        elif can_be_silent and unit is not None:
            words = tr("Silence unit {unit}").format(unit=unit + 1)
            menu.addAction(words, partial(self.do, silence_unit(node, unit, name=name)))
        if learns and holds.whole:
            menu.addAction(tr("Let the layer learn"), partial(self.do, freeze_layer(node, frozen=False, name=name)))
        elif learns:
            menu.addAction(tr("Freeze the layer"), partial(self.do, freeze_layer(node, name=name)))
        if holds.silent or holds.frozen:
            menu.addAction(tr("Let go of everything here"), partial(self.do, let_go(node, name)))
