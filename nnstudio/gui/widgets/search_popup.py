"""A small window with a line to type in and what fits below: to add, to find, to connect, to command."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.fuzzy import best
from nnstudio.gui.look.theme import theme
from nnstudio.i18n import tr

_WIDTH = 400
_ROW = 40
_MOST_ROWS = 8
_ENTRY = Qt.ItemDataRole.UserRole

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Entry:
    """Something that can be chosen.

    Attributes
    ----------
    key : str
        What is told when it is chosen.
    title, detail, aside : str
        Its name, one sentence, and a word at the right such as its keys.
    icon : QIcon
    names : tuple of str
        By what else it may be found.
    reason : str
        Why it cannot be chosen now, or empty.
    """

    key: str
    title: str
    detail: str = ""
    aside: str = ""
    icon: QIcon = field(default_factory=QIcon, compare=False)
    names: tuple[str, ...] = ()
    reason: str = ""


class SearchPopup(QFrame):
    """Shows the entries that fit what is typed; Enter or a click chooses one, Escape and a click elsewhere close it.

    Parameters
    ----------
    title : str
        What a screen reader calls it, and what the empty line says.
    entries : sequence of Entry
    parent : QWidget
    narrow : callable, optional
        Returns from what was typed the part to search by; by default all of it.
    """

    chosen = Signal(str, str)
    """The key of the entry, and what was typed."""

    def __init__(
        self,
        title: str,
        entries: Sequence[Entry],
        parent: QWidget,
        narrow: Callable[[str], str] | None = None,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("searchPopup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(title)
        self._entries = entries
        self._narrow = narrow or str
        self._texts = [(entry.title, *entry.names) for entry in entries]
        self.line = QLineEdit()
        self.line.setPlaceholderText(title)
        self.line.setAccessibleName(title)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("What fits"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(_Rows(self.list))
        self._nothing = QLabel(tr("Nothing is called so."))
        self._nothing.setProperty("role", "dim")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setSpacing(6)
        layout.addWidget(self.line)
        layout.addWidget(self._nothing)
        layout.addWidget(self.list)
        self.line.textChanged.connect(self._fill)
        self.line.returnPressed.connect(self._choose)
        self.list.itemClicked.connect(self._choose)
        self.setFixedWidth(_WIDTH)
        self._fill("")

    def open_at(self, place: QPoint, typed: str = "") -> None:
        """Open with its upper left corner at a place of the screen, or as near as the screen allows."""
        area = self.screen().availableGeometry()
        full = QRect(place, QSize(_WIDTH, 60 + _ROW * _MOST_ROWS))
        full.moveLeft(max(area.left(), min(full.left(), area.right() - full.width())))
        full.moveTop(max(area.top(), min(full.top(), area.bottom() - full.height())))
        self.move(full.topLeft())
        self.show()
        self.line.setFocus()
        self.line.setText(typed)
        self.line.setCursorPosition(len(typed))

    def keys(self) -> tuple[str, ...]:
        """Return the keys of the entries that are shown, the best first."""
        return tuple(self._entry(row).key for row in range(self.list.count()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the arrows move through the list while the line has the keys."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self.list.count():
            row = min(max(self.list.currentRow() + step, 0), self.list.count() - 1)
            self.list.setCurrentRow(row)
        else:
            super().keyPressEvent(event)

    def _entry(self, row: int) -> Entry:
        found = self.list.item(row).data(_ENTRY)
        assert isinstance(found, Entry)
        return found

    def _fill(self, typed: str) -> None:
        self.list.clear()
        for index in best(self._narrow(typed), self._texts):
            entry = self._entries[index]
            item = QListWidgetItem(entry.title)
            item.setData(_ENTRY, entry)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, ", ".join(filter(None, (entry.title, entry.detail))))
            item.setSizeHint(QSize(0, _ROW))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        rows = min(_MOST_ROWS, self.list.count())
        self.list.setFixedHeight(rows * _ROW + 4)
        self.list.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        self.adjustSize()

    def _choose(self) -> None:
        row = self.list.currentRow()
        if row < 0 or self._entry(row).reason:
            return
        key, typed = self._entry(row).key, self.line.text()
        self.close()
        self.chosen.emit(key, typed)


class _Rows(QStyledItemDelegate):
    """Paints an entry: icon, title, a sentence below it, and a word at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry = index.data(_ENTRY)
        colours, rect = theme(), option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.color("accent", 34))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), 7, 7)
        entry.icon.paint(painter, QRect(rect.left() + 10, rect.center().y() - 9, 18, 18))
        left = rect.left() + (38 if not entry.icon.isNull() else 12)
        metrics = painter.fontMetrics()
        aside = metrics.horizontalAdvance(entry.aside)
        painter.setPen(colours.color("faint"))
        end = rect.right() - 12
        painter.drawText(QRect(end - aside, rect.top(), aside + 2, rect.height()), _MIDDLE, entry.aside)
        width = end - aside - 12 - left
        detail = entry.reason or entry.detail
        title = QRect(left, rect.top() + 3, width, 18) if detail else QRect(left, rect.top(), width, rect.height())
        painter.setPen(colours.color("faint" if entry.reason else "text"))
        painter.drawText(title, _MIDDLE, metrics.elidedText(entry.title, Qt.TextElideMode.ElideRight, width))
        if detail:
            font = painter.font()
            font.setPointSizeF(font.pointSizeF() * 0.88)
            painter.setFont(font)
            painter.setPen(colours.color("dim"))
            words = painter.fontMetrics().elidedText(detail, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(left, rect.top() + 20, width, 17), _MIDDLE, words)
        painter.restore()


_MIDDLE = Qt.AlignmentFlag.AlignVCenter
