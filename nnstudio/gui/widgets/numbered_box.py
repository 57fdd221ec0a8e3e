"""A check box with a number behind its name."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QWidget

_WIDEST = "8.888e-88"


class NumberedBox(QCheckBox):
    """A check box that is always as wide as its widest number needs, so that what stands beside it does not move.

    Parameters
    ----------
    name : str
    """

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._name = name

    def show_number(self, number: float | None) -> None:
        """Show a number in four digits behind the name, or the name alone."""
        words = self._name if number is None else f"{self._name} {number:.4g}"
        if self.text() != words:
            self.setText(words)

    def sizeHint(self) -> QSize:
        """Return the size with the widest number."""
        hint, letters = super().sizeHint(), self.fontMetrics()
        missing = letters.horizontalAdvance(f"{self._name} {_WIDEST}") - letters.horizontalAdvance(self.text())
        return QSize(hint.width() + max(0, missing), hint.height())
