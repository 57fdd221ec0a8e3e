"""The predictions panel: what the network says of each test row, the wrong ones first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedLayout,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.text_size import grown
from nnstudio.gui.look.theme import theme
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.row_menu import add_copy_row, row_at
from nnstudio.gui.widgets.rows import RowsModel
from nnstudio.gui.widgets.sentence import Sentence
from nnstudio.i18n import tr

_EMPTY = "Press Train: test rows appear here with what the network says of them."

_MEASURED_ROWS = 60
"""So many rows are looked at to find out how wide a column is; all of a large table would take too long."""


@dataclass(frozen=True)
class PredictionRows:
    """Rows to show.

    Attributes
    ----------
    headline : str
        How good they are, in words.
    headings : tuple of str
    rows : sequence of sequences
        The first cell of a row is the line of the file.
    wrong : sequence of bool
        Which rows are wrong; they are marked by colour and by their first cell.
    from_file : bool
        Whether these are the rows of a file that was predicted, which can be saved.
    """

    headline: str
    headings: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    wrong: Sequence[bool]
    from_file: bool = False


class PredictionsPanel(QWidget):
    """A table of predictions, a sentence above it, and a button that predicts a file."""

    predict_file_requested = Signal()
    save_requested = Signal()
    row_selected = Signal(int)
    back_requested = Signal()
    show_requested = Signal(int)
    """The line of the file that shall be shown on the canvas."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("predictionsPanel")
        self.setAccessibleName(tr("Predictions"))
        set_role(self, Role.Grouping)
        self._headline = Sentence()
        self.table = QTableView()
        self.table.setAccessibleName(tr("Predictions"))
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(grown(25, self))
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)  # arrows walk through cells; Tab leads on
        self.table.setSortingEnabled(True)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setResizeContentsPrecision(_MEASURED_ROWS)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(self._on_menu_requested)
        self.predict = QPushButton(tr("Predict a file…"))
        self.predict.clicked.connect(self.predict_file_requested)
        self.save = QPushButton(tr("Save…"))
        self.save.setProperty("kind", "primary")
        self.save.clicked.connect(self.save_requested)
        self.back = QPushButton(tr("Back to the test rows"))
        self.back.setProperty("kind", "quiet")
        self.back.clicked.connect(self.back_requested)
        top = QHBoxLayout()
        top.setContentsMargins(12, 6, 12, 0)
        top.addWidget(self._headline, 1)
        for button in (self.back, self.save, self.predict):
            top.addWidget(button)
        self.save.hide()
        self.back.hide()
        shown = QWidget()
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(self.table, 1)
        self._empty = EmptyState(tr(_EMPTY))
        self._from_file = self._is_following = False
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(shown)

    def show_rows(self, shown: PredictionRows | None, why: str = "") -> None:
        """Show rows, or why there are none; by default because nothing was trained yet."""
        self._stack.setCurrentIndex(0 if shown is None else 1)
        if shown is None:
            self._empty.set_sentence(why or tr(_EMPTY))
            return
        self._headline.setText(shown.headline)
        self._from_file = shown.from_file
        self.save.setVisible(shown.from_file)
        self.back.setVisible(shown.from_file)
        # A view whose last column is stretched must not be left without columns: Qt would lay out what is not there.
        self.table.setVisible(bool(shown.headings))
        if not shown.headings:
            return
        marks = [theme().alarm if wrong else "" for wrong in shown.wrong]
        model = self.table.model()
        if isinstance(model, RowsModel) and model.headings == tuple(shown.headings):
            model.show_rows(shown.rows, marks)  # the columns stay as wide as they are
            self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
            return
        chosen = self.table.selectionModel()
        self.table.setModel(RowsModel(shown.headings, shown.rows, marks))
        if chosen is not None:
            chosen.deleteLater()  # a view makes another one for each model, and keeps the old
        self.table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.table.resizeColumnsToContents()
        self.table.selectionModel().currentRowChanged.connect(self._on_row_changed)

    def follow_rows(self, shown: PredictionRows) -> None:
        """Show what became of the rows while it trains: order, place and selection stay as the person has them."""
        model, header = self.table.model(), self.table.horizontalHeader()
        if not isinstance(model, RowsModel) or model.headings != tuple(shown.headings) or self.sentence:
            self.show_rows(shown)
            return
        column, order = header.sortIndicatorSection(), header.sortIndicatorOrder()
        chosen, place = self.selected_lines(), self.table.verticalScrollBar().value()
        self.show_rows(shown)
        if 0 <= column < model.columnCount():
            header.setSortIndicator(column, order)
        self._is_following = True  # the row is chosen already
        self.select_lines(chosen)
        self._is_following = False
        self.table.verticalScrollBar().setValue(place)

    @property
    def sentence(self) -> str:
        """Why there are no rows; empty while there are."""
        return self._empty.sentence() if self._stack.currentIndex() == 0 else ""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done beside the rows."""
        menu = self.menu(-1)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def headline(self) -> str:
        """Return the sentence above the table."""
        return self._headline.text()

    def select_lines(self, lines: Sequence[int]) -> None:
        """Select the rows that stand on these lines of the file, and make the first of them the current one."""
        model = self.table.model()
        if not isinstance(model, RowsModel) or self._from_file:
            return
        wanted = set(lines)
        found = [row for row in range(model.rowCount()) if self._line(row) in wanted]
        if not found:
            return
        self.table.setCurrentIndex(model.index(found[0], 0))
        chosen = QItemSelection()
        for row in found:
            chosen.select(model.index(row, 0), model.index(row, model.columnCount() - 1))
        self.table.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.table.scrollTo(model.index(found[0], 0))

    def selected_lines(self) -> list[int]:
        """Return the lines of the file on which the selected rows stand."""
        lines = [self._line(index.row()) for index in self.table.selectionModel().selectedRows()]
        return [line for line in lines if line is not None]

    def menu(self, row: int) -> QMenu:
        """Return the menu of a row of the table; that of no row where it is negative."""
        menu = QMenu(self)
        line = self._line(row)
        if row >= 0:
            show = menu.addAction(tr("Show on canvas"), partial(self.show_requested.emit, line))
            show.setEnabled(line is not None and not self._from_file)
            add_copy_row(menu, self.table, row)
            menu.addSeparator()
        menu.addAction(self.predict.text(), self.predict_file_requested.emit)
        if self._from_file:
            menu.addAction(self.save.text(), self.save_requested.emit)
            menu.addAction(self.back.text(), self.back_requested.emit)
        return menu

    def _line(self, row: int) -> int | None:
        model = self.table.model()
        line = model.row(row)[0] if isinstance(model, RowsModel) and row >= 0 else None
        return line if isinstance(line, int) else None

    def _on_menu_requested(self, place: QPoint) -> None:
        menu = self.menu(row_at(self.table, place))
        menu.exec(self.table.viewport().mapToGlobal(place))
        menu.deleteLater()

    def _on_row_changed(self, current: QModelIndex) -> None:
        line = self._line(current.row())
        if line is not None and not self._is_following:
            self.row_selected.emit(line)
