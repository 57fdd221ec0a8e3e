"""The past in words, a click to travel, and what differs between two moments or two projects."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QBrush, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QPushButton,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.icons import icon
from nnstudio.gui.look.theme import theme, theme_signals
from nnstudio.gui.widgets.wrapped_label import wrapped_label
from nnstudio.i18n import tr
from nnstudio.project import Document, Project
from nnstudio.project.diff import Part, compare

_SIGNS = {"added": "+", "removed": "–", "changed": "~"}
_COLOURS = {"added": "good", "removed": "negative", "changed": "accent"}

_SEVERAL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
"""Held while clicking, these choose one more moment instead of travelling."""


class HistoryPanel(QWidget):
    """Lists every moment; a click or Enter travels there, arrow keys compare with now, two chosen ones are compared.

    Parameters
    ----------
    document : Document
    """

    travel_wanted = Signal(int)
    difference_changed = Signal(object, object)
    """The parts that differ, and the project of the moment that is compared with, or None."""

    file_wanted = Signal()

    def __init__(self, document: Document, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("history")
        self.setAccessibleName(tr("History"))
        set_role(self, Role.Grouping)
        self._document = document
        self._other: tuple[str, Project] | None = None
        self._later: tuple[str, Project] | None = None
        self.list = QListWidget()
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.customContextMenuRequested.connect(self._on_menu_requested)
        self.list.setAccessibleName(tr("Moments, the newest last"))
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(tr("What differs"))
        self.tree.setColumnCount(3)
        self.tree.setRootIsDecorated(False)
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._headline = wrapped_label()
        self._with_file = QPushButton(tr("Compare with a file…"))
        self._with_file.setToolTip(tr("Show what differs between another project and this one"))
        self._with_file.clicked.connect(self.file_wanted)
        self._clear = QPushButton(tr("Done"))
        self._clear.setToolTip(tr("Compare nothing any more"))
        self._clear.clicked.connect(self._on_clear)
        row = QHBoxLayout()
        row.addWidget(self._with_file)
        row.addWidget(self._clear)
        row.addStretch()
        below = QWidget()
        words = QVBoxLayout(below)
        words.setContentsMargins(0, 6, 0, 0)
        words.addLayout(row)
        words.addWidget(self._headline)
        words.addWidget(self.tree, 1)
        self._split = split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(self.list)
        split.addWidget(below)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 6)
        layout.addWidget(split)
        self.list.itemActivated.connect(self._on_activated)
        self.list.itemClicked.connect(self._on_clicked)
        self.list.itemSelectionChanged.connect(self._on_selection_changed)
        document.subscribe(self._on_project_changed)
        theme_signals.changed.connect(self._refresh)
        self._refresh()

    def compare_with(self, name: str, project: Project) -> None:
        """Show what differs between a project and the one of this moment."""
        self._choose((name, project), None)

    def parts(self) -> tuple[Part, ...]:
        """Return what is shown to differ."""
        if self._other is None:
            return ()
        return compare(self._other[1], self._document.project if self._later is None else self._later[1])

    def menu(self, row: int) -> QMenu:
        """Return the menu of a moment; that of none where the row is negative."""
        menu, now = QMenu(self), len(self._document.past)
        if row >= 0:
            go = menu.addAction(tr("Go to this moment"), partial(self._travel, row))
            go.setEnabled(row != now)
            with_now = menu.addAction(tr("Compare with now"), partial(self._compare_rows, row, now))
            with_now.setEnabled(row != now)
            before = menu.addAction(tr("Compare with the moment before"), partial(self._compare_rows, row - 1, row))
            before.setEnabled(row > 0)
            menu.addSeparator()
        menu.addAction(self._with_file.text(), self.file_wanted.emit)
        return menu

    def _on_project_changed(self, before: Project, after: Project) -> None:
        del before, after
        self._refresh()

    def _refresh(self) -> None:
        document, colours = self._document, theme()
        self.list.blockSignals(True)
        self.list.clear()
        titles = ("The beginning", *document.past, *document.future)
        now = len(document.past)
        for index, title in enumerate(titles):
            item = QListWidgetItem(tr(title))
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

    def _on_clicked(self, item: QListWidgetItem) -> None:
        if not QGuiApplication.keyboardModifiers() & _SEVERAL:
            self._on_activated(item)

    def _on_activated(self, item: QListWidgetItem) -> None:
        self._travel(self.list.row(item))

    def _on_selection_changed(self) -> None:
        rows = sorted(self.list.row(item) for item in self.list.selectedItems())
        if rows:
            self._compare_rows(rows[0], rows[-1] if len(rows) > 1 else len(self._document.past))

    def _on_menu_requested(self, place: QPoint) -> None:
        item = self.list.itemAt(place)
        menu = self.menu(-1 if item is None else self.list.row(item))
        menu.exec(self.list.viewport().mapToGlobal(place))
        menu.deleteLater()

    def _on_clear(self) -> None:
        self._other = self._later = None
        self._refresh()

    def _travel(self, row: int) -> None:
        now = len(self._document.past)
        if row != now:
            # What was done on the way is told by comparing with the moment that is left.
            self._other, self._later = self._moment(now), None
            self.travel_wanted.emit(row)

    def _compare_rows(self, row: int, with_row: int) -> None:
        """Compare two moments; where one of them is now, what differs is told as the way to it."""
        now = len(self._document.past)
        if with_row != now and row == now:
            row, with_row = with_row, row
        self._choose(None if row == now else self._moment(row), None if with_row == now else self._moment(with_row))

    def _moment(self, row: int) -> tuple[str, Project]:
        return self.list.item(row).text(), self._document.moment(row)

    def _choose(self, other: tuple[str, Project] | None, later: tuple[str, Project] | None) -> None:
        self._other, self._later = other, later
        self._show_difference()

    def _show_difference(self) -> None:
        parts, colours = self.parts(), theme()
        self.tree.clear()
        if parts and not self.tree.isVisibleTo(self):  # what is compared has the larger part
            self._split.setSizes([self._split.height() // 3, self._split.height()])
        self._clear.setVisible(self._other is not None)
        self.tree.setVisible(bool(parts))
        if self._other is None:
            self._headline.setText(
                tr(
                    "Click a moment to go there. Arrow keys compare it with now, Enter goes there. "
                    "Ctrl and a click compare two moments."
                )
            )
        else:
            self._headline.setText(_difference_in_words(self._other[0], self._later and self._later[0], len(parts)))
        self.tree.setHeaderLabels([tr("What"), tr("Before"), tr("Now") if self._later is None else tr("After")])
        for part in parts:
            top = QTreeWidgetItem([f"{_SIGNS[part.kind]}  {part.name} · {tr(part.kind)}"])
            top.setForeground(0, QBrush(colours.color(_COLOURS[part.kind])))
            top.setToolTip(0, top.text(0))
            self.tree.addTopLevelItem(top)
            top.setFirstColumnSpanned(True)
            for change in part.changes:
                words = [f"    {change.path}", change.before, change.after]
                line = QTreeWidgetItem(words)
                for column, text in enumerate(words):
                    line.setToolTip(column, text.strip())
                top.addChild(line)
            top.setExpanded(True)
        self.difference_changed.emit(parts, self._other[1] if self._other is not None else None)


def _difference_in_words(earlier: str, later: str | None, count: int) -> str:
    if not count:
        same = tr("“{name}” is the same as now.") if later is None else tr("“{name}” is the same as “{later}”.")
        return same.format(name=earlier, later=later)
    if count == 1:
        words = (
            tr("From “{name}” to now: 1 difference.")
            if later is None
            else tr("From “{name}” to “{later}”: 1 difference.")
        )
    elif later is None:
        words = tr("From “{name}” to now: {count} differences.")
    else:
        words = tr("From “{name}” to “{later}”: {count} differences.")
    return words.format(name=earlier, later=later, count=count)
