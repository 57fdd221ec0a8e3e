"""What stands for which curve, in a column beside a plot; a click hides a curve and shows it again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QCheckBox, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.text_size import grown
from nnstudio.gui.look.theme import theme

_WIDEST = 190
"""Pixels that the words of an entry take at most."""

_SLACK = 16
"""Pixels by which a legend may be wider than its words before it becomes narrower."""


class Legend(QScrollArea):
    """A tick box for each curve, in its colour, one below the other."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        set_role(self, Role.Grouping)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
        inside = QWidget()
        self._rows = QVBoxLayout(inside)
        self._rows.setContentsMargins(4, 0, 4, 0)
        self._rows.setSpacing(2)
        self._rows.addStretch()
        self.setWidget(inside)
        self._boxes: dict[str, QCheckBox] = {}
        self._words: dict[str, str] = {}

    def show_entries(self, entries: Sequence[tuple[str, str, QColor]]) -> None:
        """Show key, words and colour of each curve; what was hidden stays hidden."""
        if [key for key, _, _ in entries] != list(self._boxes):
            hidden = {key for key, box in self._boxes.items() if not box.isChecked()}
            for box in self._boxes.values():
                box.deleteLater()
            self._boxes, self._words = {}, {}
            for key, _, _ in entries:
                box = QCheckBox()
                box.setChecked(key not in hidden)
                box.toggled.connect(self.changed)
                self._rows.insertWidget(self._rows.count() - 1, box)
                self._boxes[key] = box
        metrics, widest = self.fontMetrics(), round(grown(_WIDEST, self))
        for key, words, color in entries:
            box = self._boxes[key]
            if self._words.get(key) != words:
                self._words[key] = words
                # In the middle, so that the number at the end stays.
                box.setText(metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, widest))
                box.setToolTip(words if box.text() != words else "")
                box.setAccessibleName(words)
            style = f"QCheckBox {{ color: {color.name()}; font-weight: 600; }}"
            if box.styleSheet() != style:
                box.setStyleSheet(style)
        wide = max((box.sizeHint().width() for box in self._boxes.values()), default=-24) + 24
        # Numbers change all the time; the room beside the plot shall not.
        if not 0 <= self.width() - wide <= _SLACK or self.maximumWidth() != self.width():
            self.setFixedWidth(wide)
        background = f"background: {theme().panel};"
        if self.viewport().styleSheet() != background:
            self.viewport().setStyleSheet(background)

    def is_shown(self, key: str) -> bool:
        """Return whether a curve shall be seen."""
        return key not in self._boxes or self._boxes[key].isChecked()

    def words(self) -> list[str]:
        """Return what the entries say."""
        return [self._words[key] for key in self._boxes]
