"""The palette: every layer there is, to drag onto the canvas."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QByteArray, QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractItemView, QLabel, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from nnstudio.components import members
from nnstudio.engine import Layer
from nnstudio.gui.accessible import Role, set_role
from nnstudio.gui.icons import layer_icon
from nnstudio.gui.theme import theme_signals
from nnstudio.i18n import tr

MIME = "application/x-nnstudio-component"
GROUPS = ("Ends", "Basic", "Regularising", "Convolution", "Sequence", "Joining", "Feedback")
_KEY = Qt.ItemDataRole.UserRole


class Palette(QWidget):
    """Layers by family, with a search. Drag one out, or press Enter to add it after the selection."""

    component_activated = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("palette")
        self.setAccessibleName(tr("Palette of layers"))
        set_role(self, Role.Grouping)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search layers"))
        self.search.setAccessibleName(tr("Search layers"))
        self.search.setClearButtonEnabled(True)
        self.list = _LayerList()
        self._nothing = QLabel()
        self._nothing.setWordWrap(True)
        self._nothing.setProperty("role", "dim")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 10, 10, 6)
        layout.addWidget(self.search)
        layout.addWidget(self._nothing)
        layout.addWidget(self.list, 1)
        self.search.textChanged.connect(self._fill)
        self.search.returnPressed.connect(self._on_return)
        self.list.itemActivated.connect(self._on_activated)
        # A shortcut, because the list takes every printable key for its own search.
        slash = QShortcut(QKeySequence("/"), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
        slash.activated.connect(self.search.setFocus)
        theme_signals.changed.connect(self._fill)
        self._fill()

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the layers that are shown, in order."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(str(item.data(_KEY)) for item in items if item.data(_KEY))

    def _fill(self) -> None:
        wanted = self.search.text().strip().lower()
        layers = [cast(type[Layer], member) for member in members("layers")]
        groups = [*GROUPS, *sorted({layer.group for layer in layers} - set(GROUPS))]
        self.list.clear()
        for group in groups:
            found = [layer for layer in layers if layer.group == group and wanted in _searched(layer)]
            if not found:
                continue
            self.list.addItem(_heading(tr(group)))
            for layer in found:
                item = QListWidgetItem(layer_icon(layer.key), tr(layer.title))
                item.setData(_KEY, layer.key)
                item.setToolTip(tr(layer.summary()))
                item.setSizeHint(QSize(0, 32))
                self.list.addItem(item)
        self._nothing.setText(tr("No layer is called “{words}”.").format(words=self.search.text().strip()))
        self._nothing.setVisible(not self.list.count())

    def _on_return(self) -> None:
        keys = self.keys()
        if keys:
            self.component_activated.emit(keys[0])

    def _on_activated(self, item: QListWidgetItem) -> None:
        if item.data(_KEY):
            self.component_activated.emit(str(item.data(_KEY)))


class _LayerList(QListWidget):
    """A list whose items are dragged out by their key."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Layers"))
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setIconSize(QSize(18, 18))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Drag the key of the current item."""
        del actions
        item = self.currentItem()
        if item is None or not item.data(_KEY):
            return
        data = QMimeData()
        data.setData(MIME, QByteArray(str(item.data(_KEY)).encode()))
        drag = QDrag(self)
        drag.setMimeData(data)
        drag.setPixmap(item.icon().pixmap(32, 32))
        drag.exec(Qt.DropAction.CopyAction)


def _heading(text: str) -> QListWidgetItem:
    item = QListWidgetItem(text)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    font = item.font()
    font.setPointSizeF(font.pointSizeF() * 0.86)
    font.setBold(True)
    item.setFont(font)
    item.setSizeHint(QSize(0, 30))
    return item


def _searched(layer: type[Layer]) -> str:
    return f"{layer.key} {layer.title} {tr(layer.title)} {layer.summary()}".lower()
