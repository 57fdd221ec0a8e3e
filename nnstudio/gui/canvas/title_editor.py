"""Renames a node where its title stands."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from nnstudio.i18n import tr

_NARROWEST = 120
_HEIGHT = 30


class TitleEditor(QLineEdit):
    """A line over a node's title; Enter or leaving it renames the node, Escape does not."""

    renamed = Signal(str, str)

    def __init__(self, id: str, title: str, place: QRectF, parent: QWidget) -> None:
        super().__init__(title, parent)
        self._id = id
        self._done = False
        self.setAccessibleName(tr("Title"))
        self.setMaxLength(200)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        width = max(_NARROWEST, round(place.width()))
        self.setGeometry(round(place.center().x() - width / 2), round(place.top()) - 4, width, _HEIGHT)
        self.selectAll()
        self.editingFinished.connect(self._on_finished)
        self.show()
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Escape close the editor without renaming."""
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)

    def _on_finished(self) -> None:
        if not self._done:
            title = self.text()
            self._close()
            self.renamed.emit(self._id, title)

    def _close(self) -> None:
        self._done = True
        self.hide()
        self.deleteLater()
