"""Searches that open over the canvas: a layer to add, one to find, one to connect to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QPoint, QPointF
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from nnstudio.components import find, members
from nnstudio.engine import Layer
from nnstudio.gui.block_library import BlockLibrary
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.layer_names import layers_in_order, names_of
from nnstudio.gui.look.icons import layer_icon
from nnstudio.gui.preferences import Preferences
from nnstudio.gui.widgets.search_popup import Entry, SearchPopup
from nnstudio.i18n import tr
from nnstudio.project.wires import WireRules

_BLOCK = "block:"


def layer_entries(first: Sequence[str] = ()) -> list[Entry]:
    """Return every layer of the palette as something to choose, in its order.

    Parameters
    ----------
    first : sequence of str
        The keys of layers that come before all others.
    """
    places = {key: place for place, key in enumerate(dict.fromkeys(first))}
    layers = sorted(layers_in_order(), key=lambda layer: places.get(layer.key, len(places)))
    return [
        Entry(
            layer.key,
            tr(layer.title),
            tr(layer.summary()),
            tr(layer.group),
            layer_icon(layer.key),
            names_of(layer)[1:],
        )
        for layer in layers
    ]


def name_part(typed: str) -> str:
    """Return what was typed without the parameters behind it: ``dense 32 tanh`` asks for ``dense``."""
    words = typed.split()
    while len(words) > 1 and (words[-1].isdigit() or _is_activation(words[-1])):
        words.pop()
    return " ".join(words)


def parameters_of(layer: type[Layer], typed: str) -> dict[str, Any]:
    """Return the parameters that were typed behind a layer's name.

    The first number is the layer's first whole number, such as units or filters, or all numbers are its shape; the key
    of an activation is its activation. What the layer does not have is left out.

    Parameters
    ----------
    layer : type of Layer
    typed : str
    """
    found: dict[str, Any] = {}
    fields = layer.model_fields
    count = next((name for name, field in fields.items() if field.annotation is int), None)
    numbers = [int(word) for word in typed.split()[1:] if word.isdigit()]
    if "shape" in fields and numbers:
        found["shape"] = tuple(numbers)
    for word in typed.split()[1:]:
        if word.isdigit() and count is not None and count not in found:
            found[count] = int(word)
        elif _is_activation(word):
            name = next((name for name in ("activation", "function") if name in fields), None)
            if name is not None:
                found[name] = word
    try:
        layer.model_validate(found)
    except ValueError:
        return {}
    return found


def _is_activation(word: str) -> bool:
    return any(member.key == word.lower() for member in members("activations"))


class CanvasSearch(QObject):
    """Opens the searches and does what is chosen.

    Parameters
    ----------
    canvas : Canvas
    actions : dict of str to QAction
    blocks : BlockLibrary
        The person's own blocks, which are found beside the layers.
    preferences : Preferences
        Knows the favourites and the layers used last, which come first.
    """

    def __init__(
        self,
        canvas: Canvas,
        actions: dict[str, QAction],
        blocks: BlockLibrary,
        preferences: Preferences,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._blocks = blocks
        self._preferences = preferences
        self._canvas = canvas
        self._actions = actions
        self._window = window
        self._place = QPointF()
        canvas.quick_add_requested.connect(self.quick_add)
        actions["canvas.quickAdd"].triggered.connect(self._on_quick_add)
        actions["canvas.find"].triggered.connect(self._on_find)
        actions["canvas.connect"].triggered.connect(self._on_connect)

    def quick_add(self, position: QPointF, typed: str = "") -> SearchPopup:
        """Search a layer; it is added after the selection, or where the search was opened."""
        self._place = self._canvas.view.to_scene(position)
        own = [Entry(_BLOCK + name, name, tr("A block of your own"), tr("My blocks")) for name in self._blocks.texts()]
        title = tr("Add a layer, such as dense 32 tanh")
        first = (*self._preferences.favourites, *self._preferences.used_last)
        popup = SearchPopup(title, [*layer_entries(first), *own], self._canvas, name_part)
        popup.chosen.connect(self._on_layer_chosen)
        popup.open_at(self._canvas.mapToGlobal(position.toPoint()), typed)
        return popup

    def _on_quick_add(self) -> None:
        self.quick_add(self._canvas.place_of_quick_add)

    def _on_layer_chosen(self, key: str, typed: str) -> None:
        scene = self._canvas.scene
        if key.startswith(_BLOCK):
            scene.paste(self._blocks.texts()[key.removeprefix(_BLOCK)], self._place)
            self._canvas.reveal()
            self._canvas.setFocus()
            return
        layer = find("layers", key)
        assert issubclass(layer, Layer)
        scene.add_component(key, self._place, parameters_of(layer, typed))
        self._canvas.reveal()
        self._canvas.setFocus()

    def _on_find(self) -> None:
        network = self._canvas.scene.geometry.network
        entries = [
            Entry(
                node.id,
                node.name,
                node.layer.note(),
                tr(node.layer.title),
                layer_icon(node.layer.key),
                (node.id, node.layer.title),
            )
            for node in network.nodes
        ]
        popup = self._open(tr("Find a layer on the canvas"), entries)
        popup.chosen.connect(self._on_found)

    def _on_found(self, id: str, _: str) -> None:
        scene = self._canvas.scene
        scene.select_nodes((id,))
        if self._canvas.view.scale < 0.5:
            self._canvas.fit_selection()
        self._canvas.reveal()
        self._canvas.setFocus()

    def _on_connect(self) -> None:
        scene = self._canvas.scene
        if len(scene.nodes) != 1:
            return
        (source,) = scene.nodes
        network = scene.geometry.network
        rules = WireRules(network, source, from_output=True)
        entries = []
        for node in network.nodes:
            if node.id != source:
                reason = tr(rules.why_not(node.id))
                entries.append(
                    Entry(
                        node.id, node.name, node.layer.note(), node.layer.title, layer_icon(node.layer.key), (), reason
                    )
                )
        entries.sort(key=lambda entry: bool(entry.reason))
        title = tr("Connect '{name}' to").format(name=network.node(source).name)
        self._open(title, entries).chosen.connect(self._on_target_chosen)

    def _on_target_chosen(self, target: str, _: str) -> None:
        scene = self._canvas.scene
        if len(scene.nodes) == 1:
            scene.join(scene.nodes[0], target)
        self._canvas.setFocus()

    def _open(self, title: str, entries: Sequence[Entry]) -> SearchPopup:
        popup = SearchPopup(title, entries, self._window)
        middle = self._window.mapToGlobal(QPoint(self._window.width() // 2 - popup.width() // 2, 96))
        popup.open_at(middle)
        return popup
