"""Editors that stand where the text is that they change: a title's line, and a note's paper."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from nnstudio.engine.network import LONGEST_TITLE
from nnstudio.gui.actions import ACTIONS
from nnstudio.gui.own_keys import claims_key
from nnstudio.i18n import tr

_NARROWEST = 120
_HEIGHT = 30
_LOWEST = 60

_KEYS_OF_THE_CANVAS = {
    Qt.Key.Key_Enter,  # as Return is
    *(
        Qt.Key[f"Key_{action.shortcut.split('+')[-1]}"]
        for action in ACTIONS
        if action.shortcut.startswith("Ctrl+")
        and action.id.startswith(("canvas.", "edit.", "file.new", "file.template"))
    ),
}
"""With Control these change the drawing, or begin another."""


class TitleEditor(QLineEdit):
    """A line over a title; Enter or leaving it renames, Escape does not."""

    renamed = Signal(str, str)

    def __init__(self, key: str, title: str, place: QRectF, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._key = key
        self._done = False
        self.setAccessibleName(tr("Title"))
        self.setMaxLength(LONGEST_TITLE)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        width = max(_NARROWEST, round(place.width()))
        self.setGeometry(round(place.center().x() - width / 2), round(place.top()) - 4, width, _HEIGHT)
        self.selectAll()
        self.editingFinished.connect(self.keep)
        self.show()
        self.setFocus()

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the canvas away from it while a title is written."""
        return claims_key(event, _KEYS_OF_THE_CANVAS, with_control=True) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape close the editor without renaming."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def keep(self) -> None:
        """Rename, and close."""
        if not self._done:
            title = self.text()
            self._close()
            self.renamed.emit(self._key, title)

    def _close(self) -> None:
        self._done = True
        self.hide()
        self.deleteLater()


class NoteEditor(QPlainTextEdit):
    """A sheet over a note; Escape, Ctrl+Enter or leaving it keeps what was written.

    Attributes
    ----------
    id : str
        Of the note.
    """

    written = Signal(str, str)

    def __init__(self, id: str, text: str, place: QRectF, parent: QWidget) -> None:
        super().__init__(text, parent)
        self.id = id
        self._canvas = parent
        self._done = False
        self.setAccessibleName(tr("Note"))
        self.setPlaceholderText(tr("Write a note. Ctrl+Enter keeps it."))
        self.setTabChangesFocus(True)
        rect = place.toAlignedRect()
        rect.setSize(rect.size().expandedTo(QSize(_NARROWEST, _LOWEST)))
        self.setGeometry(rect)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)
        self.selectAll()
        self.show()
        self.setFocus()
        self._grow()

    def _grow(self) -> None:
        """Be as high as the words need, and rise where there is no room below, as far as the canvas reaches."""
        lines = self.document().size().height() + 1  # which a plain text counts in lines; and the one that comes next
        around = self.height() - self.viewport().height() + 2 * self.document().documentMargin()
        needed = math.ceil(lines * self.fontMetrics().lineSpacing() + around)
        most = self._canvas.height()
        height = max(self.height(), min(needed, most))
        self.setGeometry(self.x(), max(0, min(self.y(), most - height)), self.width(), height)

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the canvas away from it while a note is written."""
        return claims_key(event, _KEYS_OF_THE_CANVAS, with_control=True) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape and Ctrl+Enter keep the text; undo takes it back."""
        enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        finishes = enters and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() == Qt.Key.Key_Escape or finishes:
            self.keep()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keep the text when the person turns to something else."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.keep()

    def keep(self) -> None:
        """Keep what was written, and close."""
        if not self._done:
            text = self.toPlainText()
            self._close()
            self.written.emit(self.id, text)

    def _close(self) -> None:
        self._done = True
        self.hide()
        self.deleteLater()
