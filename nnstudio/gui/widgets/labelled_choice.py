"""A choice with a word beside it, which is also what a screen reader calls it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

_SHORTEST = 4


def labelled(choice: QComboBox, words: str) -> QWidget:
    """Return a choice behind its label; both are hidden together with the choice."""
    label = QLabel(words)
    label.setProperty("role", "dim")
    label.setBuddy(choice)
    choice.setMinimumContentsLength(_SHORTEST)
    pair = _Pair(choice)
    row = QHBoxLayout(pair)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(5)
    row.addWidget(label)
    row.addWidget(choice)
    return pair


class _Pair(QWidget):
    """Follows whether its choice is offered."""

    def __init__(self, choice: QComboBox) -> None:
        super().__init__()
        self._choice = choice
        choice.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hide and show with the choice."""
        if event.type() in (QEvent.Type.HideToParent, QEvent.Type.ShowToParent):
            self.setVisible(not self._choice.isHidden())
        return super().eventFilter(watched, event)
