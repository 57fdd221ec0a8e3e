"""The runs of the project: compared in a list, chosen, named, pinned and deleted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QPushButton,
    QStackedLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from nnstudio.engine import MAIN_METRIC
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.icons import icon
from nnstudio.gui.look.theme import theme_signals
from nnstudio.gui.metric_words import metric_words
from nnstudio.gui.own_keys import claims_key
from nnstudio.gui.panels import Perform
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, Run, edits
from nnstudio.project.edits.runs import MOST_RUNS

_EMPTY = "Press Train: when it pauses or ends, what was learned is kept here as a run, to be compared and shown again."

_ID = Qt.ItemDataRole.UserRole


class RunsPanel(QWidget):
    """Lists what was trained, the newest last; the one that is shown is bold.

    Parameters
    ----------
    document : Document
    perform : callable
        Does an edit.
    """

    run_wanted = Signal(str)
    delete_wanted = Signal(str)

    def __init__(self, document: Document, perform: Perform, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs")
        self.setAccessibleName(tr("Runs"))
        set_role(self, Role.Grouping)
        self._document, self._perform = document, perform
        self.tree = QTreeWidget()
        self.tree.setAccessibleName(tr("Runs, the newest last"))
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.tree.setHeaderLabels([tr("Run"), tr("Epochs"), tr("Cost"), tr("Measured"), tr("From")])
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.tree.header().setStretchLastSection(True)
        self._buttons = {
            "show": self._button(tr("Show"), tr("Show this run everywhere; Train goes on with it"), self._show_run),
            "rename": self._button(tr("Rename"), tr("Give this run a name (F2)"), self._rename),
            "pin": self._button(tr("Pin"), tr("Keep this run however many follow"), self._pin),
            "delete": self._button(tr("Delete"), tr("Forget this run; can be undone"), self._delete),
        }
        self._about = QLabel(tr("The last {count} runs are kept, and those that are pinned.").format(count=MOST_RUNS))
        self._about.setProperty("role", "dim")
        self._about.setWordWrap(True)
        row = QHBoxLayout()
        for button in self._buttons.values():
            row.addWidget(button)
        row.addWidget(self._about, 1)
        listed = QWidget()
        layout = QVBoxLayout(listed)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(self.tree, 1)
        layout.addLayout(row)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(EmptyState(tr(_EMPTY)))
        self._stack.addWidget(listed)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.customContextMenuRequested.connect(self._on_menu_requested)
        self.tree.itemActivated.connect(lambda item: self.run_wanted.emit(item.data(0, _ID)))
        self.tree.itemChanged.connect(self._on_item_changed)
        self.tree.currentItemChanged.connect(self._on_current_changed)
        document.subscribe(self._on_project_changed)
        theme_signals.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the runs of this moment."""
        project = self._document.project
        chosen = self._chosen() or project.current
        self._stack.setCurrentIndex(int(bool(project.runs)))
        self.tree.blockSignals(True)
        self.tree.clear()
        for run in project.runs:
            item = QTreeWidgetItem(_cells(run, project))
            item.setData(0, _ID, run.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            item.setToolTip(0, run.note)
            if run.pinned:
                item.setIcon(0, icon("pin"))
            font = item.font(0)
            font.setBold(run.id == project.current)
            for column in range(self.tree.columnCount()):
                item.setFont(column, font)
            self.tree.addTopLevelItem(item)
            if run.id == chosen:
                self.tree.setCurrentItem(item)
        self.tree.blockSignals(False)
        self._on_current_changed()

    def menu(self) -> QMenu:
        """Return the menu of the chosen run, in the words of the buttons."""
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for button in self._buttons.values():
            action = menu.addAction(button.text(), button.click)
            action.setToolTip(button.toolTip())
            action.setEnabled(button.isEnabled())
        return menu

    def event(self, event: QEvent) -> bool:
        """Claim the Delete key, which otherwise deletes on the canvas."""
        return claims_key(event, (Qt.Key.Key_Delete,)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete the chosen run with the Delete key."""
        if event.key() == Qt.Key.Key_Delete:
            self._delete()
        else:
            super().keyPressEvent(event)

    def _button(self, text: str, tip: str, call: Callable[[], None]) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(tip)
        button.clicked.connect(lambda _=False: call())
        return button

    def _chosen(self) -> str:
        item = self.tree.currentItem()
        return "" if item is None else str(item.data(0, _ID))

    def _show_run(self) -> None:
        self.run_wanted.emit(self._chosen())

    def _rename(self) -> None:
        item = self.tree.currentItem()
        if item is not None:
            self.tree.editItem(item, 0)

    def _pin(self) -> None:
        run = next(run for run in self._document.project.runs if run.id == self._chosen())
        self._perform(edits.pin_run(run.id, not run.pinned))

    def _delete(self) -> None:
        if self._chosen():
            self.delete_wanted.emit(self._chosen())

    def _on_menu_requested(self, place: QPoint) -> None:
        menu = self.menu()
        menu.exec(self.tree.viewport().mapToGlobal(place))
        menu.deleteLater()

    def _on_item_changed(self, item: QTreeWidgetItem) -> None:
        run = next(run for run in self._document.project.runs if run.id == item.data(0, _ID))
        if item.text(0) != run.title:
            self._perform(edits.rename_run(run.id, item.text(0)))

    def _on_current_changed(self) -> None:
        project, chosen = self._document.project, self._chosen()
        run = next((run for run in project.runs if run.id == chosen), None)
        for button in self._buttons.values():
            button.setEnabled(run is not None)
        self._buttons["show"].setEnabled(run is not None and chosen != project.current)
        self._buttons["pin"].setText(tr("Unpin") if run is not None and run.pinned else tr("Pin"))

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if before.runs != after.runs or before.current != after.current:
            self.refresh()


def _cells(run: Run, project: Project) -> list[str]:
    cost = run.cost
    name = MAIN_METRIC[run.pipeline.task]
    value = run.metrics.get(name)
    parent = next((other.title for other in project.runs if other.id == run.parent), "")
    origin = parent
    if parent and run.parent_step is not None:
        origin = tr("{parent}, step {step}").format(parent=parent, step=f"{run.parent_step:,}")
    return [
        run.title,
        f"{run.state.epoch:,}",
        "–" if cost is None else f"{cost:.4g}",
        "" if value is None else f"{tr(run.measured_on)} {metric_words(name, value)}",
        origin,
    ]
