"""Cells of the table of columns whose value is one of a few."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from nnstudio.gui.look.theme import theme
from nnstudio.gui.panels.column_model import CHOICES, ColumnModel, choice_words

_CHEVRON = 18


class ChoiceDelegate(QStyledItemDelegate):
    """Edits a cell by choosing one of the few values it may have."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint the cell, with a small arrow where something can be chosen."""
        super().paint(painter, option, index)
        if index.column() in CHOICES and index.data(Qt.ItemDataRole.EditRole) is not None:
            cell: QRect = option.rect
            painter.save()
            painter.setPen(theme().color("faint"))
            at = QRect(cell.right() - _CHEVRON, cell.top(), _CHEVRON, cell.height())
            painter.drawText(at, Qt.AlignmentFlag.AlignCenter, "▾")
            painter.restore()

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        """Return a list of the choices, opened at once."""
        del option
        box = QComboBox(parent)
        for value in CHOICES.get(index.column(), ()):
            box.addItem(choice_words(value), value)
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
