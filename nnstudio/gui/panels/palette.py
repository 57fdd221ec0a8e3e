"""The palette: every layer there is, to drag onto the canvas."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from itertools import groupby

from PySide6.QtCore import QByteArray, QMimeData, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from nnstudio.engine import Layer
from nnstudio.gui import mime
from nnstudio.gui.block_library import BlockLibrary
from nnstudio.gui.fuzzy import best
from nnstudio.gui.layer_names import layers_in_order, names_of
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.icons import layer_icon
from nnstudio.gui.look.theme import theme_signals
from nnstudio.gui.preferences import Preferences
from nnstudio.gui.widgets.wrapped_label import wrapped_label
from nnstudio.i18n import tr

_KEY = Qt.ItemDataRole.UserRole
_TEXT = _KEY + 1
_BLOCK = "block:"


class Palette(QWidget):
    """Layers by family, with a search. Drag one out, or press Enter to add it after the selection."""

    component_activated = Signal(str)
    block_activated = Signal(str)
    """The text of one of the person's own blocks."""

    def __init__(self, preferences: Preferences, blocks: BlockLibrary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._blocks = blocks
        self.setObjectName("palette")
        self.setAccessibleName(tr("Palette of layers"))
        set_role(self, Role.Grouping)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search layers"))
        self.search.setAccessibleName(tr("Search layers"))
        self.search.setClearButtonEnabled(True)
        self.list = _LayerList()
        self._nothing = wrapped_label()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 6)
        layout.addWidget(self.search)
        layout.addWidget(self._nothing)
        layout.addWidget(self.list, 1)
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._on_return)
        self.list.itemActivated.connect(self._on_activated)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # names differ at their ends
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_menu_requested)
        # A shortcut, because the list takes every printable key for its own search.
        slash = QShortcut(QKeySequence("/"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        slash.activated.connect(self.search.setFocus)
        theme_signals.changed.connect(self._fill)
        self._fill()

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the layers that are shown, in order."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(str(item.data(_KEY)) for item in items if item.data(_KEY))

    def remember(self, key: str) -> None:
        """Note that a layer was added, so that it is among those used last."""
        # Shown when the list is made the next time: it must not move away under the hand that goes back to it.
        self._preferences.remember_layer(key)

    def refresh(self) -> None:
        """Show what there is now."""
        self._fill()

    def menu_of(self, item: QListWidgetItem) -> QMenu:
        """Return the menu of a layer, or of one of the person's own blocks."""
        menu, key = QMenu(self), str(item.data(_KEY) or "")
        if not key:
            return menu
        menu.addAction(tr("Add after the selection"), partial(self._on_activated, item))
        if key.startswith(_BLOCK):
            menu.addAction(tr("Remove from my blocks"), partial(self._remove_block, key.removeprefix(_BLOCK)))
        else:
            kept = key in self._preferences.favourites
            words = tr("Remove from favourites") if kept else tr("Add to favourites")
            menu.addAction(words, partial(self._toggle_favourite, key))
        return menu

    def _fill(self) -> None:
        wanted, blocks = self.search.text().strip(), self._blocks.texts()
        names = list(blocks)
        kept = {names[index]: blocks[names[index]] for index in best(wanted, [(name,) for name in names])}
        layers = layers_in_order()
        self.list.clear()
        if wanted:
            found = best(wanted, [names_of(layer) for layer in layers])
            self._add_group(tr("Found"), [layers[index] for index in found])
        else:
            self._add_families(layers)
        self._add_blocks(kept)
        self._nothing.setText(tr("No layer is called “{words}”.").format(words=wanted))
        self._nothing.setVisible(not self.list.count())

    def _add_families(self, layers: Sequence[type[Layer]]) -> None:
        known = {layer.key: layer for layer in layers}
        favourites = [known[key] for key in self._preferences.favourites if key in known]
        last = [known[key] for key in self._preferences.used_last if key in known and known[key] not in favourites]
        self._add_group(tr("Favourites"), favourites)
        self._add_group(tr("Used last"), last)
        for group, family in groupby(layers, key=lambda layer: layer.group):
            self._add_group(tr(group), list(family))

    def _add_blocks(self, blocks: Mapping[str, str]) -> None:
        if blocks:
            self.list.addItem(_heading(tr("My blocks")))
        for name, text in blocks.items():
            item = QListWidgetItem(layer_icon("plain"), name)
            item.setData(_KEY, _BLOCK + name)
            item.setData(_TEXT, text)
            item.setToolTip(tr("A block of your own. Drag it onto the canvas."))
            item.setSizeHint(QSize(0, 32))
            self.list.addItem(item)

    def _add_group(self, title: str, layers: Sequence[type[Layer]]) -> None:
        if layers:
            self.list.addItem(_heading(title))
        for layer in layers:
            item = QListWidgetItem(layer_icon(layer.key), tr(layer.title))
            item.setData(_KEY, layer.key)
            item.setToolTip(tooltip(layer))
            item.setSizeHint(QSize(0, 32))
            self.list.addItem(item)

    def _toggle_favourite(self, key: str) -> None:
        self._preferences.toggle_favourite(key)
        self.refresh()

    def _remove_block(self, name: str) -> None:
        try:
            self._blocks.remove(name)
        except OSError as error:
            words = tr("'{name}' could not be removed: {why}.").format(name=name, why=error.strerror or str(error))
            QMessageBox.warning(self.window(), tr("NN Studio"), words)
        self.refresh()

    def _on_menu_requested(self, place: QPoint) -> None:
        item = self.list.itemAt(place)
        if item is not None and item.data(_KEY):
            menu = self.menu_of(item)
            menu.exec(self.list.viewport().mapToGlobal(place))
            menu.deleteLater()

    def _on_return(self) -> None:
        items = (self.list.item(row) for row in range(self.list.count()))
        first = next((item for item in items if item.data(_KEY)), None)
        if first is not None:
            self._on_activated(first)

    def _on_activated(self, item: QListWidgetItem) -> None:
        key = str(item.data(_KEY) or "")
        if key.startswith(_BLOCK):
            self.block_activated.emit(str(item.data(_TEXT)))
        elif key:
            self.component_activated.emit(key)


class _LayerList(QListWidget):
    """A list whose items are dragged out by their key."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Layers"))
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setIconSize(QSize(18, 18))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the key of the current item."""
        del actions
        item = self.currentItem()
        if item is None or not item.data(_KEY):
            return
        data = QMimeData()
        if item.data(_TEXT):
            data.setData(mime.FRAGMENT, QByteArray(str(item.data(_TEXT)).encode()))
        else:
            data.setData(mime.COMPONENT, QByteArray(str(item.data(_KEY)).encode()))
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(item.icon().pixmap(32, 32))
        drag.exec(Qt.DropAction.CopyAction)


def _heading(text: str) -> QListWidgetItem:
    item = QListWidgetItem(text)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    font = item.font()
    font.setPointSizeF(font.pointSizeF() * 0.86)
    font.setBold(True)
    item.setFont(font)
    item.setSizeHint(QSize(0, 30))
    return item


def tooltip(layer: type[Layer]) -> str:
    """Return what a layer does and by which formula, as rich text."""
    formulas = re.findall(r"``(.+?)``", " ".join((layer.__doc__ or "").split()))
    words = [f"<b>{escape(tr(layer.title))}</b>", escape(tr(layer.summary()))]
    if formulas:
        words.append(f"<i>{escape(formulas[0])}</i>")
    return "<br>".join(words)
