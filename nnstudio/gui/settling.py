"""What is being typed, before somebody looks at the document: saves it, leaves it, or closes the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget


def settle(window: QWidget) -> None:
    """Let what is being typed into a field of a window take effect, as leaving the field does; the keys stay there."""
    field = window.focusWidget()
    if not isinstance(field, QLineEdit | QPlainTextEdit):
        return
    # A spin box is told by the line in it.
    QApplication.sendEvent(field, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.OtherFocusReason))
    if field.isVisible() and field.hasFocus():
        QApplication.sendEvent(field, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.OtherFocusReason))
