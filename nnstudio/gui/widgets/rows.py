"""A table model over rows that are made once, for tables that are only read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

Index = QModelIndex | QPersistentModelIndex

_NOWHERE = QModelIndex()


class RowsModel(QAbstractTableModel):
    """Rows of values under headings; numbers stand on the right and sort as numbers.

    Parameters
    ----------
    headings : sequence of str
    rows : sequence of sequences
    marks : sequence of str, optional
        The colour of each row's text, empty for the usual one.
    """

    def __init__(
        self, headings: Sequence[str], rows: Sequence[Sequence[Any]], marks: Sequence[str] | None = None
    ) -> None:
        super().__init__()
        self._headings = list(headings)
        self._rows = list(rows)
        self._marks = list(marks) if marks is not None else [""] * len(self._rows)

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings, from left to right."""
        return tuple(self._headings)

    def show_rows(self, rows: Sequence[Sequence[Any]], marks: Sequence[str]) -> None:
        """Show other rows under the same headings."""
        self.beginResetModel()
        self._rows, self._marks = list(rows), list(marks)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._headings)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a heading."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._headings[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:  # above what it names
            return _place(self._rows[0][section] if self._rows else "")
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, alignment or colour."""
        value = self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(value)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _place(value)
        if role == Qt.ItemDataRole.ForegroundRole and self._marks[index.row()]:
            return QColor(self._marks[index.row()])
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; cells that read as numbers sort as numbers, and missing ones come last either way."""
        if column < 0:
            return
        self.layoutAboutToBeChanged.emit()
        keys = [_key(row[column]) for row in self._rows]
        known = [(key, at) for at, key in enumerate(keys) if key is not None]
        known.sort(key=lambda pair: pair[0], reverse=order == Qt.SortOrder.DescendingOrder)
        places = [at for _, at in known] + [at for at, key in enumerate(keys) if key is None]
        self._rows = [self._rows[at] for at in places]
        self._marks = [self._marks[at] for at in places]
        now = {before: after for after, before in enumerate(places)}
        # The selection stays with its row.
        kept = self.persistentIndexList()
        self.changePersistentIndexList(kept, [self.index(now[index.row()], index.column()) for index in kept])
        self.layoutChanged.emit()

    def row(self, index: int) -> Sequence[Any]:
        """Return a row as it stands now."""
        return self._rows[index]


def _place(value: Any) -> Qt.AlignmentFlag:
    number = isinstance(value, (int, float))
    return (Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignVCenter


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def _key(value: Any) -> tuple[int, float, str] | None:
    if value is None or value == "":
        return None
    text = str(value)
    try:
        return 0, float(text.removesuffix("%").replace("−", "-")), ""
    except ValueError:
        return 1, 0.0, text
