"""Undo while a field has the keys: of the words that are being typed, else of the document."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDoubleSpinBox, QLineEdit

_CONTROL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_REDO = (QKeyCombination(_CONTROL, Qt.Key.Key_Y), QKeyCombination(_CONTROL | _SHIFT, Qt.Key.Key_Z))


def leave_undo_to_document(field: QLineEdit | QDoubleSpinBox) -> None:
    """Let a field keep undo and redo to itself only while it holds something typed that was not taken over yet.

    Parameters
    ----------
    field : QLineEdit or QDoubleSpinBox
        Takes over what is typed with Return, or when the keys go elsewhere.
    """
    _Watcher(field)


class _Watcher(QObject):
    """Sees the keys of a field before it does."""

    def __init__(self, field: QLineEdit | QDoubleSpinBox) -> None:
        super().__init__(field)
        self._field = field
        field.installEventFilter(self)
        if isinstance(field, QLineEdit):
            field.editingFinished.connect(lambda: field.setModified(False))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Give undo and redo away, or keep both."""
        del watched
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress) or not isinstance(event, QKeyEvent):
            return False
        redo = event.keyCombination() in _REDO
        if not redo and not event.matches(QKeySequence.StandardKey.Undo):
            return False
        line = self._field if isinstance(self._field, QLineEdit) else self._field.lineEdit()
        own = self._is_typing() or (redo and line.isRedoAvailable())
        if event.type() == QEvent.Type.ShortcutOverride:
            event.setAccepted(own)
        elif own:
            if redo:
                line.redo()
            else:
                line.undo()
        # A key that comes here though nothing is typed found nothing to undo: what was taken over stays.
        return True

    def _is_typing(self) -> bool:
        field = self._field
        if isinstance(field, QLineEdit):
            return field.isModified()
        return field.cleanText() != field.textFromValue(field.value())
