"""A field for one of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QWheelEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from nnstudio.gui.widgets.short_words import shorten_words


class ChoiceField(QComboBox):
    """One of several values, shown by their titles.

    Parameters
    ----------
    choices : sequence of (value, title, help)
    icons : mapping of value to QIcon
        Small pictures beside some of the titles.
    """

    chosen = Signal(str)

    def __init__(
        self,
        choices: Sequence[tuple[str, str, str]],
        icons: Mapping[str, QIcon] = MappingProxyType({}),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        for value, title, text in choices:
            self.addItem(title, value)
            self.setItemData(self.count() - 1, text, Qt.ItemDataRole.ToolTipRole)
        self.view().setIconSize(self.iconSize())
        self.show_icons(icons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumWidth(112)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        shorten_words(self)
        self.activated.connect(self._on_activated)

    @property
    def longest(self) -> int:
        """How wide the longest title is, in pixels."""
        return max((self.fontMetrics().horizontalAdvance(self.itemText(at)) for at in range(self.count())), default=0)

    def show_icons(self, icons: Mapping[str, QIcon]) -> None:
        """Show other small pictures beside the titles; titles without one stand in line with those that have one."""
        blank = QIcon()
        if any(not icon.isNull() for icon in icons.values()):
            empty = QPixmap(self.iconSize())
            empty.fill(Qt.GlobalColor.transparent)
            blank = QIcon(empty)
        for at in range(self.count()):
            icon = icons.get(self.itemData(at), blank)
            self.setItemIcon(at, blank if icon.isNull() else icon)

    def choose(self, value: str) -> None:
        """Show a value without announcing it."""
        self.setCurrentIndex(max(0, self.findData(value)))

    def showPopup(self) -> None:
        """Open the list, as wide as its titles, at the value that is chosen: not where it was left with Escape."""
        view = self.view()
        view.setCurrentIndex(self.model().index(self.currentIndex(), 0))
        frame = self.view().contentsMargins()
        view.setMinimumWidth(view.sizeHintForColumn(0) + frame.left() + frame.right())
        super().showPopup()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the value only while the field has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _on_activated(self, index: int) -> None:
        self.chosen.emit(str(self.itemData(index)))
