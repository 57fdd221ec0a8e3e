"""The page of keyboard shortcuts, made from the actions themselves, grouped as the menus are, with a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLineEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.fuzzy import best
from nnstudio.gui.look.text_size import grown
from nnstudio.i18n import tr

_ROW = 24
"""Pixels of a line."""

CANVAS_KEYS = (
    ("Walk along the wires", "Arrow keys"),
    ("Select the next one too", "Shift+Arrow keys"),
    ("Move what is selected", "Alt+Arrow keys"),
    ("Search a layer to add", "Letters and digits, or a double click"),
    ("Edit what is selected", "Enter"),
    ("Rename a layer", "Double-click its title"),
    ("Drag without falling into line", "Alt while dragging"),
    ("Move the view", "Middle button, or Space and drag"),
    ("Move the view sideways", "Shift+Mouse wheel"),
    ("Zoom at the pointer", "Mouse wheel"),
    ("Search the palette", "/"),
)
"""What the canvas and the palette do with keys and buttons of their own, as (what, keys)."""

Groups = Mapping[str, Sequence[tuple[str, str]]]
"""What can be done and by which keys, by the title of a menu."""


class ShortcutsDialog(QDialog):
    """Every action that has keys.

    Parameters
    ----------
    menus : mapping of str to sequence of str
        The ids of actions by the title of their menu; an empty id is a line.
    actions : mapping of str to QAction
    """

    def __init__(
        self, menus: Mapping[str, Sequence[str]], actions: Mapping[str, QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsDialog")
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self._groups = groups_of(menus, actions)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search what you want to do, or keys"))
        self.search.setAccessibleName(tr("Search the shortcuts"))
        self.search.setClearButtonEnabled(True)
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels([tr("Action"), tr("Keys")])
        self.tree.setAccessibleName(tr("Keyboard shortcuts"))
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setRootIsDecorated(False)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = buttons.addButton(tr("Copy as Markdown"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.setAutoDefault(False)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 14, 14, 12)
        layout.addWidget(self.search)
        layout.addWidget(self.tree)
        layout.addWidget(buttons)
        self.search.textChanged.connect(self._fill)
        self.copy.clicked.connect(lambda: QApplication.clipboard().setText(self.markdown()))
        self._fill()
        self.resize(560, 620)

    def rows(self) -> list[tuple[str, str, str]]:
        """Return what is shown: menu, action and keys of each."""
        found: list[tuple[str, str, str]] = []
        for index in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(index)
            assert group is not None
            items = (group.child(row) for row in range(group.childCount()))
            found += [(group.text(0), item.text(0), item.text(1)) for item in items if item is not None]
        return found

    def markdown(self) -> str:
        """Return what is shown as a table to print."""
        lines = [f"| {tr('Menu')} | {tr('Action')} | {tr('Keys')} |", "|---|---|---|"]
        lines += [f"| {menu} | {action} | `{keys}` |" for menu, action, keys in self.rows()]
        return "\n".join(lines) + "\n"

    def _fill(self) -> None:
        wanted = self.search.text().strip()
        self.tree.clear()
        high = QSize(0, grown(_ROW, self))
        for title, rows in self._groups.items():
            shown = [rows[index] for index in sorted(best(wanted, [(*row, title) for row in rows]))]
            if not shown:
                continue
            group = QTreeWidgetItem([title])
            font = group.font(0)
            font.setBold(True)
            group.setFont(0, font)
            group.setFlags(Qt.ItemFlag.ItemIsEnabled)
            group.setSizeHint(0, high)
            for row in shown:
                item = QTreeWidgetItem(list(row))
                item.setSizeHint(0, high)
                group.addChild(item)
            self.tree.addTopLevelItem(group)
        self.tree.expandAll()


def groups_of(menus: Mapping[str, Sequence[str]], actions: Mapping[str, QAction]) -> Groups:
    """Return every action that has keys by the title of its menu, and what canvas and palette do by themselves."""
    groups: dict[str, list[tuple[str, str]]] = {}
    listed: set[str] = set()
    for title, ids in menus.items():
        listed.update(ids)
        groups[tr(title).replace("&", "")] = [_row(actions[id]) for id in ids if id and _has_keys(actions[id])]
    others = [_row(action) for id, action in actions.items() if id not in listed and _has_keys(action)]
    if others:
        groups[tr("Elsewhere")] = others
    groups[tr("On the canvas")] = [(tr(what), tr(keys)) for what, keys in CANVAS_KEYS]
    return groups


def _has_keys(action: QAction) -> bool:
    return not action.shortcut().isEmpty()


def _row(action: QAction) -> tuple[str, str]:
    return action.text().replace("&", ""), action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
