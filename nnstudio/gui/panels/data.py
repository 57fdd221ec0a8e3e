"""The data panel: what the file holds, what each column is for, and how rows are dealt out."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QSplitter,
    QStackedLayout,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from nnstudio.data import SplitSettings, Table
from nnstudio.gui.panels import Perform
from nnstudio.gui.panels.column_model import CHOICES, ColumnModel
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.gui.widgets.rows import RowsModel
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, edits

_FIRST_ROWS = 60
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class DataPanel(QWidget):
    """Columns on the left, the first rows on the right, the split below."""

    open_file_requested = Signal()
    open_sample_requested = Signal()

    def __init__(self, document: Document, perform: Perform, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataPanel")
        self.setAccessibleName(tr("Data"))
        self._document = document
        self._perform = perform
        self._headline = QLabel()
        self._headline.setProperty("role", "dim")
        self.columns = _table(tr("Columns"))
        self.columns.setItemDelegate(_ChoiceDelegate(self.columns))
        self.columns.setEditTriggers(QAbstractItemView.EditTrigger.AllEditTriggers)
        self.rows = _table(tr("First rows"))
        self._model = ColumnModel(document, perform)
        self.columns.setModel(self._model)
        header = self.columns.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        header.setStretchLastSection(True)
        self._train = self._share_field(tr("Training share"))
        self._validation = self._share_field(tr("Validation share"))
        self._test = self._share_field(tr("Test share"))
        self._test.setEnabled(False)
        self._test.setToolTip(tr("What training and validation leave"))
        self._seed = NumberField(whole=True, minimum=0, maximum=2**31 - 1)
        self._seed.setAccessibleName(tr("Seed of the split"))
        self._counts = QLabel()
        self._counts.setProperty("role", "dim")
        split = QHBoxLayout()
        split.setContentsMargins(12, 0, 12, 6)
        for caption, field in (
            (tr("train %"), self._train),
            (tr("validation %"), self._validation),
            (tr("test %"), self._test),
            (tr("seed"), self._seed),
        ):
            field.setMinimumWidth(76)
            field.setMaximumWidth(96)
            label = QLabel(caption)
            label.setProperty("role", "dim")
            split.addWidget(label)
            split.addWidget(field)
        split.addWidget(self._counts, 1)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self.columns)
        both.addWidget(self.rows)
        self.columns.setMinimumWidth(220)
        self.rows.setMinimumWidth(120)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        both.setChildrenCollapsible(False)
        top = QHBoxLayout()
        top.setContentsMargins(12, 5, 12, 0)
        top.addWidget(self._headline, 1)
        shown = QWidget()
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(both, 1)
        layout.addLayout(split)
        self._empty = EmptyState(
            tr("Drop a CSV on the window to see its columns here."),
            (
                (tr("Open a CSV…"), self.open_file_requested.emit),
                (tr("Open a sample…"), self.open_sample_requested.emit),
            ),
        )
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(shown)
        self._train.valueChanged.connect(self._on_share_changed)
        self._validation.valueChanged.connect(self._on_share_changed)
        self._seed.valueChanged.connect(self._on_share_changed)
        document.subscribe(self._on_project_changed)
        self._show_table(document.project)

    def headline(self) -> str:
        """Return what is said of the file."""
        return self._headline.text()

    def _share_field(self, name: str) -> NumberField:
        field = NumberField(whole=True, minimum=0, maximum=100)
        field.setAccessibleName(name)
        return field

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if before.table is not after.table:
            self._show_table(after)
        elif before.columns != after.columns or before.split != after.split:
            self._show_split(after)

    def _show_table(self, project: Project) -> None:
        table = project.table
        self._stack.setCurrentIndex(0 if table is None else 1)
        if table is None:
            return
        self._headline.setText(_describe(table))
        self.rows.setModel(RowsModel(table.column_names, table.head(_FIRST_ROWS)))
        self.columns.setColumnWidth(0, 120)
        for column, width in ((1, 88), (2, 78), (3, 90), (4, 66)):
            self.columns.setColumnWidth(column, width)
        self._show_split(project)

    def _show_split(self, project: Project) -> None:
        split = project.split
        train, validation = round(100 * split.train), round(100 * split.validation)
        for field, value in (
            (self._train, train),
            (self._validation, validation),
            (self._test, 100 - train - validation),
            (self._seed, split.seed),
        ):
            blocked = field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(blocked)
        rows = project.rows
        if rows is None:
            return
        text = tr("{train} + {validation} + {test} rows").format(
            train=len(rows.train), validation=len(rows.validation), test=len(rows.test)
        )
        if rows.left_out:
            text += " · " + tr("{count} without a target are left out").format(count=rows.left_out)
        self._counts.setText(text)

    def _on_share_changed(self) -> None:
        train = min(100, max(1, round(self._train.value())))
        validation = min(100 - train, round(self._validation.value()))
        test = 100 - train - validation
        self._perform(
            edits.set_split(
                SplitSettings(
                    train=train / 100, validation=validation / 100, test=test / 100, seed=round(self._seed.value())
                )
            )
        )
        self._show_split(self._document.project)


class _ChoiceDelegate(QStyledItemDelegate):
    """Edits a cell by choosing one of the few values it may have."""

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """Return a list of the choices, opened at once."""
        del option
        box = QComboBox(parent)
        for value in CHOICES.get(index.column(), ()):
            box.addItem(tr(value.replace("_", "/") if value == "yes_no" else value.replace("_", " ")), value)
        box.activated.connect(lambda: self._commit(box))
        return box

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        """Choose the value of the cell."""
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(max(0, editor.findData(index.data(Qt.ItemDataRole.EditRole))))
            editor.showPopup()

    def setModelData(self, editor: QWidget, model: object, index: QModelIndex | QPersistentModelIndex) -> None:
        """Set the value that was chosen."""
        if isinstance(editor, QComboBox) and isinstance(model, ColumnModel):
            model.setData(index, editor.currentData(), Qt.ItemDataRole.EditRole)

    def _commit(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)


def _table(name: str) -> QTableView:
    view = QTableView()
    view.setAccessibleName(name)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(26)
    view.setShowGrid(False)
    view.setAlternatingRowColors(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setWordWrap(False)
    view.horizontalHeader().setHighlightSections(False)
    view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return view


def _describe(table: Table) -> str:
    parts = [
        table.name,
        tr("{rows} rows × {columns} columns").format(rows=f"{table.row_count:,}", columns=len(table.columns)),
    ]
    if table.source is not None:
        delimiter = _NAMES.get(table.source.delimiter, table.source.delimiter)
        parts.append(
            tr("parted by {delimiter}, {encoding}").format(delimiter=tr(delimiter), encoding=table.source.encoding)
        )
        if not table.source.header:
            parts.append(tr("without a header"))
    return " · ".join(parts)
