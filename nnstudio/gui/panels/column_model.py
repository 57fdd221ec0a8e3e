"""The columns of the data as a table that can be edited."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from nnstudio.data import Column, ColumnUse
from nnstudio.gui.look.theme import theme
from nnstudio.gui.panels import Perform
from nnstudio.i18n import tr
from nnstudio.project import Document, Edit, Project, edits

Index = QModelIndex | QPersistentModelIndex

_NOWHERE = QModelIndex()

NAME, KIND, ROLE, MISSING, INDICATOR, REMARK = range(6)
HEADINGS = ("Column", "Kind", "Used as", "If missing", "Flag", "Remarks")
CHOICES: dict[int, tuple[str, ...]] = {
    KIND: ("number", "category", "yes_no", "date", "text", "code"),
    ROLE: ("input", "target", "both", "ignore"),
    MISSING: ("mean", "most_frequent"),
}


class ColumnModel(QAbstractTableModel):
    """One row for each column of the table: kind, role and what happens to missing values can be changed."""

    def __init__(self, document: Document, perform: Perform) -> None:
        super().__init__()
        self._document = document
        self._perform = perform
        document.subscribe(self._on_project_changed)

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns of the data."""
        return 0 if parent.isValid() else len(self._document.project.columns)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of things that are said of a column."""
        return 0 if parent.isValid() else len(HEADINGS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return tr(HEADINGS[section])
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Return what can be done with a cell."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.data(Qt.ItemDataRole.EditRole) is not None:
            flags |= Qt.ItemFlag.ItemIsEditable
        if index.data(Qt.ItemDataRole.CheckStateRole) is not None:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, choice, mark, tip or colour."""
        use = self._document.project.columns[index.row()]
        column = self._column(use)
        if role == Qt.ItemDataRole.EditRole:
            choices: dict[int, str] = {KIND: use.kind, ROLE: use.role}
            if _has_gaps(column):
                choices[MISSING] = use.missing
            return choices.get(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(use, column, index.column())
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == INDICATOR and _has_gaps(column):
            return Qt.CheckState.Checked if use.missing_indicator else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.ToolTipRole:
            return _TIPS.get(index.column()) or _remark(use, column)
        if role == Qt.ItemDataRole.ForegroundRole:
            faint = use.role == "ignore" or index.column() == REMARK
            return QColor(theme().dim) if faint else None
        if role == Qt.ItemDataRole.FontRole and use.role == "target" and index.column() in (NAME, ROLE):
            font = QFont()
            font.setBold(True)
            return font
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Use a column in another way.

        A new target takes the place of the old one, unless both are numbers, which can be learned together.
        """
        use = self._document.project.columns[index.row()]
        if role == Qt.ItemDataRole.CheckStateRole and index.column() == INDICATOR:
            marked = Qt.CheckState(value) == Qt.CheckState.Checked
            self._perform(edits.set_column_use(use.model_copy(update={"missing_indicator": marked})))
            return True
        field = {KIND: "kind", ROLE: "role", MISSING: "missing"}.get(index.column())
        if role != Qt.ItemDataRole.EditRole or field is None or value is None:
            return False
        changed = use.model_copy(update={field: value, "reason": ""})
        edit = edits.set_column_use(changed)
        self._perform(Edit(edit.title, lambda project: _without_other_targets(edit.apply(project), changed)))
        return True

    def is_scaled(self, row: int) -> bool | None:
        """Return whether a column is standardised; None where there are no numbers that could be."""
        use = self._document.project.columns[row]
        return use.scaling == "standardised" if use.is_input and use.kind == "number" else None

    def set_scaled(self, row: int, scaled: bool) -> None:
        """Standardise a column, or let its numbers be as they are in the file."""
        use = self._document.project.columns[row]
        scaling = "standardised" if scaled else "as_is"
        self._perform(edits.set_column_use(use.model_copy(update={"scaling": scaling})))

    def _text(self, use: ColumnUse, column: Column | None, which: int) -> str:
        if which == NAME:
            return use.name
        if which == KIND:
            return choice_words(use.kind)
        if which == ROLE:
            return choice_words(use.role)
        if which == MISSING:
            return choice_words(use.missing) if _has_gaps(column) else ""
        return _remark(use, column) if which == REMARK else ""

    def _column(self, use: ColumnUse) -> Column | None:
        table = self._document.project.table
        return table.column(use.name) if table is not None else None

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if len(before.columns) != len(after.columns) or before.table is not after.table:
            self.beginResetModel()
            self.endResetModel()
        elif before.columns != after.columns:
            self.dataChanged.emit(self.index(0, 0), self.index(len(after.columns) - 1, len(HEADINGS) - 1))


_TIPS = {
    KIND: "How the cells are read",
    ROLE: "Inputs are what the network sees; the target is what it learns to say",
    MISSING: "What stands in for a missing value: the mean, or the most frequent value, of the training rows",
    INDICATOR: "A further input that flags whether the value was missing",
}


def _without_other_targets(project: Project, use: ColumnUse) -> Project:
    """Return the project in which targets that cannot be learned together with this one are inputs."""
    if use.role != "target":
        return project
    columns = tuple(
        other.model_copy(update={"role": "input"})
        if other.role == "target" and other.name != use.name and not use.kind == other.kind == "number"
        else other
        for other in project.columns
    )
    return project.replace(columns=columns)


def choice_words(value: str) -> str:
    """Return one of `CHOICES` as it is read."""
    return tr("yes/no") if value == "yes_no" else tr(value.replace("_", " "))


def _has_gaps(column: Column | None) -> bool:
    return column is not None and column.missing > 0


def _remark(use: ColumnUse, column: Column | None) -> str:
    parts = [use.reason] if use.reason else []
    if use.is_input and use.kind == "number" and use.scaling == "as_is":
        parts.append(tr("Comes as it is, not standardised."))
    if column is not None:
        parts += column.warnings
        if column.missing:
            parts.append(tr("{count} missing").format(count=column.missing))
        if not parts:
            parts.append(tr("{count} different values").format(count=column.distinct))
    return " ".join(parts)
