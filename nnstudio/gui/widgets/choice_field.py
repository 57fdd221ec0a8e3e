"""A field for one of several."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QWheelEvent
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
            self.addItem(icons.get(value, QIcon()), title, value)
            self.setItemData(self.count() - 1, text, Qt.ItemDataRole.ToolTipRole)
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
        """Show other small pictures beside the titles."""
        for at in range(self.count()):
            self.setItemIcon(at, icons.get(self.itemData(at), QIcon()))

    def choose(self, value: str) -> None:
        """Show a value without announcing it."""
        self.setCurrentIndex(max(0, self.findData(value)))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the value only while the field has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _on_activated(self, index: int) -> None:
        self.chosen.emit(str(self.itemData(index)))
