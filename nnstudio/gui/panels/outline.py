"""The network as text, always in step: one line for each layer, in the order of the flow, and one for each block."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from nnstudio.engine import Network, shape_in_words
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.icons import layer_icon
from nnstudio.gui.look.theme import theme_signals
from nnstudio.gui.panels import Perform
from nnstudio.gui.widgets.wrapped_label import wrapped_label
from nnstudio.i18n import tr
from nnstudio.project import Block, Document, Project, edits

_ID = Qt.ItemDataRole.UserRole
_LEVEL = Qt.ItemDataRole.UserRole + 1
_INDENT = 18
_BLOCK = "block:"
_KEEP = QItemSelectionModel.SelectionFlag.NoUpdate


class OutlinePanel(QWidget):
    """Reads the drawing to those who do not see it, and lets them walk, rename, add after and delete by keys.

    Parameters
    ----------
    document : Document
    perform : callable
        Does an edit.
    """

    nodes_chosen = Signal(tuple)
    add_wanted = Signal()
    delete_wanted = Signal()
    menu_wanted = Signal(QPoint)
    """Where on the screen the menu of the selected layers shall open."""

    def __init__(self, document: Document, perform: Perform, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("outline")
        self.setAccessibleName(tr("Outline of the network"))
        set_role(self, Role.Grouping)
        self._document = document
        self._perform = perform
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Layers in the order of the flow"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.setWordWrap(True)
        self.list.setItemDelegate(_Indented(self.list))
        self.list.setIconSize(QSize(18, 18))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.installEventFilter(self)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_menu_requested)
        self._total = wrapped_label()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 6)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._total)
        self.list.itemSelectionChanged.connect(self._on_selection_changed)
        self.list.itemChanged.connect(self._on_renamed)
        document.subscribe(self._on_project_changed)
        theme_signals.changed.connect(self._refresh)
        self._refresh()

    def lines(self) -> tuple[str, ...]:
        """Return what a screen reader reads, line by line."""
        role = Qt.ItemDataRole.AccessibleTextRole
        return tuple(str(self.list.item(row).data(role)) for row in range(self.list.count()))

    def select(self, ids: Sequence[str]) -> None:
        """Select the lines of some nodes, and of the block of which these are all, as they were selected elsewhere."""
        self.list.blockSignals(True)
        chosen = set(ids)
        for row in range(self.list.count()):
            item = self.list.item(row)
            inside = self._nodes_of(item)
            item.setSelected(set(inside) == chosen if _is_block(item) else chosen.issuperset(inside))
        current = self.list.currentItem()
        last = next((item for item in self.list.selectedItems() if item.data(_ID) == ids[-1]), None)
        # Who walks through the lines by keys stays on the line that he is on.
        if last is not None and (current is None or not current.isSelected()):
            self.list.setCurrentItem(last, _KEEP)
            self.list.scrollToItem(last)
        self.list.blockSignals(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Delete remove, and Ctrl+Enter add after, what is selected."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                self.delete_wanted.emit()
                return True
            enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enters and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.add_wanted.emit()
                return True
        return super().eventFilter(watched, event)

    def _on_project_changed(self, before: Project, after: Project) -> None:
        drawn = (before.network is after.network) and before.blocks == after.blocks
        if not drawn or before.table is not after.table or before.columns != after.columns:
            self._refresh()

    def _refresh(self) -> None:
        project = self._document.project
        network = project.network
        chosen = {item.data(_ID) for item in self.list.selectedItems()}
        problems = {problem.node: problem.what for problem in reversed(project.problems()) if problem.node}
        self.list.blockSignals(True)
        self.list.clear()
        for block, ids in _parts(project):
            if block is not None:
                title = block.title or tr("Block")
                words = tr("Block {title}: {count} layers.").format(title=title, count=len(ids))
                self._add(f"{_BLOCK}{block.id}", "block", title, words, level=0)
            for id in ids:
                node, words = network.node(id), describe(network, id)
                if id in problems:
                    words += " " + tr("Problem: {what}").format(what=problems[id])
                self._add(id, node.layer.key, node.name, words, level=int(block is not None))
        for row in range(self.list.count()):
            self.list.item(row).setSelected(self.list.item(row).data(_ID) in chosen)
        self.list.blockSignals(False)
        counts = [network.parameter_count(node.id) or 0 for node in network.nodes]
        self._total.setText(
            tr("{layers} layers, {wires} wires, {parameters} parameters.").format(
                layers=len(network.nodes), wires=len(network.edges), parameters=f"{sum(counts):,}"
            )
        )

    def _add(self, id: str, look: str, title: str, words: str, *, level: int) -> None:
        item = QListWidgetItem(layer_icon(look), title)
        item.setData(_ID, id)
        item.setData(_LEVEL, level)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
        item.setToolTip(words)
        self.list.addItem(item)

    def _nodes_of(self, item: QListWidgetItem) -> tuple[str, ...]:
        """Return the nodes that a line stands for."""
        id = str(item.data(_ID))
        blocks = self._document.project.blocks
        return next((block.members for block in blocks if id == f"{_BLOCK}{block.id}"), (id,))

    def _on_menu_requested(self, place: QPoint) -> None:
        if self.list.itemAt(place) is not None:
            self.menu_wanted.emit(self.list.viewport().mapToGlobal(place))

    def _on_selection_changed(self) -> None:
        found = (id for item in self.list.selectedItems() for id in self._nodes_of(item))
        self.nodes_chosen.emit(tuple(dict.fromkeys(found)))

    def _on_renamed(self, item: QListWidgetItem) -> None:
        id, title = str(item.data(_ID)), item.text().strip()
        if _is_block(item):
            self._perform(edits.rename_block(id.removeprefix(_BLOCK), title))
        elif id in self._document.project.network and title != self._document.project.network.node(id).name:
            self._perform(edits.rename(id, title))


class _Indented(QStyledItemDelegate):
    """Draws the lines of a block's layers further to the right than its own."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint a line."""
        cast(Any, option).rect.adjust(_INDENT * int(index.data(_LEVEL) or 0), 0, 0, 0)
        super().paint(painter, option, index)


def _is_block(item: QListWidgetItem) -> bool:
    return str(item.data(_ID)).startswith(_BLOCK)


def _parts(project: Project) -> list[tuple[Block | None, list[str]]]:
    """Return blocks with their layers, and layers of no block, in the order of the flow."""
    network = project.network
    order = dict.fromkeys((*network.order, *(node.id for node in network.nodes)))  # those on circles come last
    block_of = {id: block for block in project.blocks for id in block.members}
    parts: dict[str, tuple[Block | None, list[str]]] = {}
    for id in order:
        block = block_of.get(id)
        parts.setdefault(id if block is None else f"{_BLOCK}{block.id}", (block, []))[1].append(id)
    return list(parts.values())


def describe(network: Network, id: str) -> str:
    """Return a sentence on a node: what it is, the shape it gives, and where its wires lead."""
    node, shape = network.node(id), network.shapes()[id]
    words = [f"{node.name}: {node.layer.note()}."]
    if node.layer.has_output:
        shaped = tr("unknown") if shape is None else shape_in_words(shape)
        words.append(tr("Gives {shape}.").format(shape=shaped))
    count = network.parameter_count(id)
    if count:
        words.append(tr("{count} parameters.").format(count=f"{count:,}"))
    if node.layer.holds:
        words.append(tr(node.layer.holds.in_words()))
    for what, others in ((tr("From"), network.sources(id)), (tr("To"), network.targets(id))):
        if others:
            words.append(f"{what} {', '.join(network.node(other).name for other in others)}.")
    return " ".join(words)
