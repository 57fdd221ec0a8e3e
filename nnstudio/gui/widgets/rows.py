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
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell's text, alignment or colour."""
        value = self._rows[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(value)
        if role == Qt.ItemDataRole.TextAlignmentRole and isinstance(value, (int, float)):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and self._marks[index.row()]:
            return QColor(self._marks[index.row()])
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; missing cells come last."""
        if column < 0:
            return
        self.layoutAboutToBeChanged.emit()
        pairs = sorted(
            zip(self._rows, self._marks, strict=True),
            key=lambda pair: _key(pair[0][column]),
            reverse=order == Qt.SortOrder.DescendingOrder,
        )
        self._rows = [row for row, _ in pairs]
        self._marks = [mark for _, mark in pairs]
        self.layoutChanged.emit()

    def row(self, index: int) -> Sequence[Any]:
        """Return a row as it stands now."""
        return self._rows[index]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.5g}" if isinstance(value, float) else str(value)


def _key(value: Any) -> tuple[int, float, str]:
    if isinstance(value, (int, float)):
        return 0, float(value), ""
    return (2, 0.0, "") if value is None else (1, 0.0, str(value))
