"""The page of keyboard shortcuts, made from the actions themselves."""

from collections.abc import Iterable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from nnstudio.i18n import tr

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


class ShortcutsDialog(QDialog):
    """Every action with its keys."""

    def __init__(self, actions: Iterable[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shortcutsDialog")
        self.setWindowTitle(tr("Keyboard shortcuts"))
        rows = [
            (action.text(), action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
            for action in actions
            if not action.shortcut().isEmpty()
        ]
        rows += [(tr(what), tr(keys)) for what, keys in CANVAS_KEYS]
        table = QTableWidget(len(rows), 2, self)
        table.setHorizontalHeaderLabels([tr("Action"), tr("Keys")])
        table.verticalHeader().hide()
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setAccessibleName(tr("Keyboard shortcuts"))
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                table.setItem(row, column, QTableWidgetItem(text))
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(table)
        layout.addWidget(buttons)
        self.resize(520, 560)
