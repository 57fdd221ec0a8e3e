"""The past in words, a click to travel, and what differs between two moments or two projects."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.accessible import Role, set_role
from nnstudio.gui.icons import icon
from nnstudio.gui.theme import theme, theme_signals
from nnstudio.i18n import tr
from nnstudio.project import Document, Project
from nnstudio.project.diff import Part, compare

_SIGNS = {"added": "+", "removed": "–", "changed": "~"}
_COLOURS = {"added": "good", "removed": "negative", "changed": "accent"}


class HistoryPanel(QWidget):
    """Lists every moment; a double click or Enter travels there, and a single one compares it with now.

    Parameters
    ----------
    document : Document
    """

    travel_wanted = Signal(int)
    marks_changed = Signal(dict)
    ghosts_changed = Signal(list)
    """Name and place of each layer that is gone since the moment that is compared with."""

    """Nodes of the drawing that are new or changed since the moment compared with, and ``added`` or ``changed``."""
    file_wanted = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self.setAccessibleName(tr("History"))
        set_role(self, Role.Grouping)
        self._document = document
        self._other: tuple[str, Project] | None = None
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Moments, the newest last"))
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(tr("What differs"))
        self.tree.setColumnCount(3)
        self.tree.setRootIsDecorated(False)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self._headline = QLabel()
        self._headline.setWordWrap(True)
        self._headline.setProperty("role", "dim")
        with_file = QPushButton(tr("Compare with a file…"))
        with_file.setToolTip(tr("Show what differs between another project and this one"))
        with_file.clicked.connect(self.file_wanted)
        self._clear = QPushButton(tr("Done"))
        self._clear.setToolTip(tr("Compare nothing any more"))
        self._clear.clicked.connect(self._on_clear)
        row = QHBoxLayout()
        row.addWidget(with_file)
        row.addWidget(self._clear)
        row.addStretch()
        below = QWidget()
        words = QVBoxLayout(below)
        words.setContentsMargins(0, 6, 0, 0)
        words.addLayout(row)
        words.addWidget(self._headline)
        words.addWidget(self.tree, 1)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.list)
        split.addWidget(below)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 6)
        layout.addWidget(split)
        self.list.itemActivated.connect(self._on_activated)
        self.list.itemClicked.connect(self._on_activated)
        self.list.currentRowChanged.connect(self._on_row_changed)
        document.subscribe(self._on_project_changed)
        theme_signals.changed.connect(self._refresh)
        self._refresh()

    def compare_with(self, name: str, project: Project) -> None:
        """Show what differs between a project and the one of this moment."""
        self._other = (name, project)
        self._show_difference()

    def parts(self) -> tuple[Part, ...]:
        """Return what is shown to differ."""
        return () if self._other is None else compare(self._other[1], self._document.project)

    def _on_project_changed(self, before: Project, after: Project) -> None:
        del before, after
        self._refresh()

    def _refresh(self) -> None:
        document, colours = self._document, theme()
        self.list.blockSignals(True)
        self.list.clear()
        titles = (tr("The beginning"), *document.past, *document.future)
        now = len(document.past)
        for index, title in enumerate(titles):
            item = QListWidgetItem(title)
            if index == now:
                font = item.font()
                font.setBold(True)
                item.setFont(font)
                item.setIcon(icon("now", "accent"))
                item.setToolTip(tr("This moment"))
            elif index > now:
                item.setForeground(QBrush(colours.color("faint")))
                item.setToolTip(tr("Taken back. Click to do it again."))
            else:
                item.setToolTip(tr("Click to go back to this moment."))
            self.list.addItem(item)
        self.list.setCurrentRow(now)
        self.list.scrollToItem(self.list.item(now))
        self.list.blockSignals(False)
        self._show_difference()

    def _on_activated(self, item: QListWidgetItem) -> None:
        row, now = self.list.row(item), len(self._document.past)
        if row != now:
            # What was done on the way is told by comparing with the moment that is left.
            self._other = (self.list.item(now).text(), self._document.project)
            self.travel_wanted.emit(row)

    def _on_row_changed(self, row: int) -> None:
        if row < 0:
            return
        if row == len(self._document.past):
            self._other = None
        else:
            self._other = (self.list.item(row).text(), self._document.moment(row))
        self._show_difference()

    def _on_clear(self) -> None:
        self._other = None
        self._refresh()

    def _show_difference(self) -> None:
        parts, colours = self.parts(), theme()
        self.tree.clear()
        self._clear.setVisible(self._other is not None)
        self.tree.setVisible(bool(parts))
        if self._other is None:
            self._headline.setText(tr("Click a moment to go there. Arrow keys compare it with now, Enter goes there."))
        else:
            self._headline.setText(
                tr("From “{name}” to now: {count} differences.").format(name=self._other[0], count=len(parts))
                if parts
                else tr("“{name}” is the same as now.").format(name=self._other[0])
            )
        self.tree.setHeaderLabels([tr("What"), tr("Before"), tr("Now")])
        for part in parts:
            top = QTreeWidgetItem([f"{_SIGNS[part.kind]}  {part.name}", "", tr(part.kind)])
            for column in range(3):
                top.setForeground(column, QBrush(colours.color(_COLOURS[part.kind])))
            self.tree.addTopLevelItem(top)
            for change in part.changes:
                top.addChild(QTreeWidgetItem([f"    {change.path}", change.before, change.after]))
            top.setExpanded(True)
        marks = {part.id: part.kind for part in parts if part.id in self._document.project.network}
        self.marks_changed.emit(marks)
        gone = {part.id: part.name for part in parts if part.kind == "removed" and part.id}
        places = self._other[1].positions if self._other is not None else {}
        self.ghosts_changed.emit([(name, places[id]) for id, name in gone.items() if id in places])
