"""Every action of the window, declared once: menus, tool bar, shortcuts and tests use the same objects."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from nnstudio.gui.look.icons import icon
from nnstudio.gui.look.theme import theme_signals
from nnstudio.i18n import tr


@dataclass(frozen=True)
class ActionSpec:
    """What an action is called and how it is reached.

    Attributes
    ----------
    id : str
        The object name, ``menu.what``.
    text : str
        The words in menus, with an ellipsis where a dialog follows.
    icon : str
        The icon's name, or an empty string.
    shortcut : str
        The keys, or an empty string. No single letters: they belong to the canvas.
    tip : str
        One sentence; the shortcut is added to it.
    needs : str
        What must be done before it is possible, where it is not always.
    also : str
        Other keys that do the same.
    """

    id: str
    text: str
    icon: str = ""
    shortcut: str = ""
    tip: str = ""
    needs: str = ""
    also: str = ""


NEEDS = "needs"
"""The property of an action that says in words what it needs while it is not possible."""

ACTIONS = (
    ActionSpec("file.new", "New", "new", "Ctrl+N", "Start with an empty canvas"),
    ActionSpec("file.open", "Open…", "open", "Ctrl+O", "Open a project or a CSV file"),
    ActionSpec("file.template", "New from template…", "template", "Ctrl+T", "Begin with a network that fits the data"),
    ActionSpec("file.save", "Save", "save", "Ctrl+S", "Save the project"),
    ActionSpec("file.saveAs", "Save as…", "", "Ctrl+Shift+S", "Save the project under another name"),
    ActionSpec("file.sample", "Open a sample…", "sample", "Ctrl+Shift+O", "Open one of the samples that come along"),
    ActionSpec("data.import", "Import data…", "data", "Ctrl+I", "Load a CSV file into this project"),
    ActionSpec("edit.undo", "Undo", "undo", "Ctrl+Z", "Take back the last change", needs="Nothing was changed yet"),
    ActionSpec(
        "edit.redo",
        "Redo",
        "redo",
        "Ctrl+Shift+Z",
        "Do again what was taken back",
        needs="Nothing was taken back",
        also="Ctrl+Y",
    ),
    ActionSpec("edit.delete", "Delete", "delete", "Del", "Remove what is selected; its neighbours rejoin"),
    ActionSpec(
        "edit.cut",
        "Cut",
        "cut",
        "Ctrl+X",
        "Copy what is selected, and remove it",
        needs="Select a layer or a note first",
    ),
    ActionSpec(
        "edit.copy",
        "Copy",
        "copy",
        "Ctrl+C",
        "Copy what is selected, as a text that can be pasted or mailed",
        needs="Select a layer or a note first",
    ),
    ActionSpec("edit.paste", "Paste", "paste", "Ctrl+V", "Add what was copied, here or in another window"),
    ActionSpec(
        "edit.duplicate",
        "Duplicate",
        "duplicate",
        "Ctrl+D",
        "Add a copy of what is selected beside it",
        needs="Select a layer or a note first",
    ),
    ActionSpec("edit.selectAll", "Select all", "", "Ctrl+A", "Select every layer and note"),
    ActionSpec(
        "edit.group",
        "Group",
        "group",
        "Ctrl+G",
        "Put the selected layers into a block with a name",
        needs="Select a layer first",
    ),
    ActionSpec(
        "edit.ungroup",
        "Ungroup",
        "",
        "Ctrl+Shift+G",
        "Dissolve the block; its layers stay",
        needs="Select a layer of a block first",
    ),
    ActionSpec(
        "canvas.fold",
        "Fold or open block",
        "",
        "Ctrl+Shift+F",
        "Show a block as one card, or its layers",
        needs="Select a layer of a block first",
    ),
    ActionSpec(
        "canvas.saveBlock",
        "Save as my block…",
        "",
        "",
        "Keep what is selected in the palette",
        needs="Select a layer or a note first",
    ),
    ActionSpec(
        "canvas.rename", "Rename", "", "F2", "Give what is selected another title", needs="Select one layer first"
    ),
    ActionSpec(
        "canvas.quickAdd", "Add a layer…", "quick-add", "Ctrl+Return", "Search a layer and add it after the selection"
    ),
    ActionSpec(
        "canvas.connect",
        "Connect to…",
        "connect",
        "Ctrl+L",
        "Draw a wire from the selected layer to another",
        needs="Select one layer first",
    ),
    ActionSpec("canvas.addNote", "Add a note", "note", "Ctrl+Shift+N", "Put words on the canvas"),
    ActionSpec("canvas.find", "Find on canvas…", "search", "Ctrl+F", "Search a layer by its name, and show it"),
    ActionSpec("canvas.layout", "Tidy", "tidy", "Ctrl+Shift+L", "Lay the layers out from left to right"),
    ActionSpec("view.fit", "Fit", "fit", "Ctrl+0", "Show the whole network"),
    ActionSpec("view.fitSelection", "Zoom to selection", "", "Ctrl+1", "Show what is selected, as large as it fits"),
    ActionSpec("view.wires", "Straight or curved wires", "", "Ctrl+Shift+W", "Let wires run in curves or with corners"),
    ActionSpec("view.zoomIn", "Zoom in", "zoom-in", "Ctrl++", "Show it larger"),
    ActionSpec("view.zoomOut", "Zoom out", "zoom-out", "Ctrl+-", "Show it smaller"),
    ActionSpec(
        "view.pin", "Pin a neuron…", "pin", "Ctrl+Shift+P", "Follow a neuron or a weight while the network learns"
    ),
    ActionSpec("view.toCanvas", "Go to the canvas", "", "F7", "Let the keys move and change what is drawn"),
    ActionSpec(
        "view.nextRegion", "Go to the next panel", "", "Ctrl+F6", "Let the keys go to the next part of the window"
    ),
    ActionSpec(
        "view.previousRegion",
        "Go to the previous panel",
        "",
        "Ctrl+Shift+F6",
        "Let the keys go to the part of the window before this one",
    ),
    ActionSpec("view.activations", "Activations", "", "Ctrl+Alt+1", "Show what layers say for the current row"),
    ActionSpec("view.weights", "Weights", "", "Ctrl+Alt+2", "Show the weights, as filters and edges"),
    ActionSpec("view.gradients", "Gradients", "", "Ctrl+Alt+3", "Show how the cost changes with each weight"),
    ActionSpec("view.changes", "Changes", "", "Ctrl+Alt+4", "Show what a step changes, while it trains"),
    ActionSpec(
        "training.start", "Train", "train", "F5", "Train; goes on where a pause held it", needs="It trains already"
    ),
    ActionSpec("training.pause", "Pause", "pause", "F6", "Hold the run; Train goes on", needs="Nothing trains now"),
    ActionSpec("training.step", "One step", "step", "F10", "Train on one batch, then pause", needs="Pause first"),
    ActionSpec(
        "training.epoch", "One epoch", "epoch", "F11", "Train once through all rows, then pause", needs="Pause first"
    ),
    ActionSpec("training.row", "One row", "", "Shift+F10", "Train on one row, then pause", needs="Pause first"),
    ActionSpec(
        "training.toEpoch",
        "Run to epoch…",
        "",
        "Ctrl+F11",
        "Train until an epoch is done, then pause",
        needs="Pause first",
    ),
    ActionSpec(
        "training.untilCost",
        "Run until cost…",
        "",
        "Ctrl+F10",
        "Train until the cost is low enough, then pause",
        needs="Pause first",
    ),
    ActionSpec(
        "training.stop", "Stop", "stop", "Shift+F5", "End the run and keep what it learned", needs="Nothing trains now"
    ),
    ActionSpec(
        "training.reset",
        "Reset",
        "reset",
        "Ctrl+Shift+F5",
        "Go back to the same first weights",
        needs="Train first: the weights are the first ones",
    ),
    ActionSpec("training.newWeights", "New weights", "new-weights", "Ctrl+F5", "Draw other first weights"),
    ActionSpec("training.nextWrong", "Next wrong row", "", "Ctrl+Shift+J", "Show a row that is answered wrongly"),
    ActionSpec(
        "training.findRate", "Find a learning rate…", "rate", "Ctrl+Shift+R", "Try rates, and see where the cost falls"
    ),
    ActionSpec(
        "export.weights",
        "Export weights…",
        "export",
        "Ctrl+E",
        "Write the trained weights to a file",
        needs="Train first: there are no trained weights yet",
    ),
    ActionSpec(
        "export.picture", "Export picture…", "picture", "Ctrl+Shift+E", "Write a picture or a table of the network"
    ),
    ActionSpec("help.commands", "All commands…", "search", "Ctrl+K", "Search every action by its name"),
    ActionSpec("help.shortcuts", "Keyboard shortcuts", "keyboard", "F1", "Show every action and its keys"),
)


def make_actions(owner: QWidget) -> dict[str, QAction]:
    """Return the actions by id, added to the window so that their shortcuts work everywhere in it."""
    actions = {spec.id: _make(spec, owner) for spec in ACTIONS}
    _Icons(actions, owner)
    return actions


class _Icons(QObject):
    """Keeps the actions' icons in the colours of the theme, as long as their owner lives."""

    def __init__(self, actions: dict[str, QAction], owner: QWidget) -> None:
        super().__init__(owner)
        self._actions = actions
        theme_signals.changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    @Slot()
    def _on_theme_changed(self) -> None:
        for spec in ACTIONS:
            if spec.icon:
                self._actions[spec.id].setIcon(icon(spec.icon))


def _make(spec: ActionSpec, owner: QWidget) -> QAction:
    action = QAction(tr(spec.text), owner)
    action.setObjectName(spec.id)
    tip = tr(spec.tip)
    if spec.shortcut:
        sequence = QKeySequence(spec.shortcut)
        action.setShortcuts([sequence, QKeySequence(spec.also)] if spec.also else [sequence])
        tip = f"{tip} ({sequence.toString(QKeySequence.SequenceFormat.NativeText)})"
    action.setToolTip(tip)
    action.setProperty(NEEDS, tr(spec.needs))
    owner.addAction(action)
    return action
