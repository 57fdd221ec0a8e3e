"""What the menus of tables have in common: the row that was meant, and copying it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QTableView

from nnstudio.i18n import tr


def row_at(view: QTableView, place: QPoint) -> int:
    """Return the row below a place of a table, or the current one where the menu key asked; -1 where there is none."""
    below = view.indexAt(place)
    return below.row() if below.isValid() else view.currentIndex().row()


def add_copy_row(menu: QMenu, view: QTableView, row: int) -> None:
    """Add what copies a row, as text that a spreadsheet understands."""

    def copy() -> None:
        QGuiApplication.clipboard().setText(row_text(view.model(), row))

    menu.addAction(tr("Copy row"), copy)


def row_text(model: QAbstractItemModel, row: int) -> str:
    """Return the cells of a row, with tabs between them."""
    columns = range(model.columnCount())
    return "\t".join(str(model.index(row, column).data(Qt.ItemDataRole.DisplayRole) or "") for column in columns)
