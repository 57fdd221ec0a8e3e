"""A field for one number, with minus and plus."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSizePolicy, QWidget

from nnstudio.gui.widgets.field_undo import leave_undo_to_document

_DECIMALS = 12
_MARGIN = 6


class NumberField(QDoubleSpinBox):
    """A whole or decimal number between bounds.

    Small decimals, such as learning rates, step through 1, 2, 5, 10 in every power of ten; others by one. The wheel
    changes the value only while the field has the focus, so that scrolling a panel does not change what it holds.

    Parameters
    ----------
    whole : bool
        Whether only whole numbers are allowed.
    minimum, maximum : float
    """

    def __init__(self, *, whole: bool, minimum: float, maximum: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = whole
        self.setDecimals(0 if whole else _DECIMALS)
        self.setRange(minimum, maximum)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setStepType(QAbstractSpinBox.StepType.DefaultStepType)
        self.setMinimumWidth(112)
        self.lineEdit().setTextMargins(_MARGIN, 0, 0, 0)  # the style sheet's padding does not reach the text
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        leave_undo_to_document(self)

    def textFromValue(self, value: float) -> str:
        """Return the value without needless zeros."""
        return str(round(value)) if self._whole else f"{value:.6g}"

    def valueFromText(self, text: str) -> float:
        """Return the number that a text says; a comma counts as a point."""
        try:
            return float(text.replace(",", "."))
        except ValueError:
            return self.value()

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Accept numbers within the bounds, and what may become one while it is typed."""
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            unfinished = all(letter in "+-.,eE0123456789" for letter in text)
            state = QValidator.State.Intermediate if unfinished else QValidator.State.Invalid
            return state, text, position
        if self._whole and not number.is_integer():
            return QValidator.State.Invalid, text, position
        inside = self.minimum() <= number <= self.maximum()
        return (QValidator.State.Acceptable if inside else QValidator.State.Intermediate), text, position

    def fixup(self, text: str) -> str:
        """Bring a number back into the bounds."""
        value = self.valueFromText(text)
        return self.textFromValue(min(max(value, self.minimum()), self.maximum()))

    def setValue(self, value: float) -> None:
        """Show a number; while the keys are here, another one is selected as a whole, as after a step."""
        changes = value != self.value()
        super().setValue(value)
        if changes and self.hasFocus():
            self.selectAll()

    def stepBy(self, steps: int) -> None:
        """Move by so many steps."""
        value = self.value()
        for _ in range(abs(steps)):
            value = self._next(value, 1 if steps > 0 else -1)
        self.setValue(value)
        self.selectAll()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the value only while the field has the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def _next(self, value: float, direction: int) -> float:
        if self._whole:
            return value + direction
        if self.maximum() <= 1 and value >= 0.1:
            return round(value + 0.05 * direction, 6)
        if value <= 0:
            return 1e-6 if direction > 0 else max(self.minimum(), value - 1)
        power: float = 10.0 ** math.floor(math.log10(value) + 1e-9)
        ladder = [power * factor for factor in (0.5, 1, 2, 5, 10)]
        if direction > 0:
            return next(rung for rung in ladder if rung > value * (1 + 1e-9))
        below = next(rung for rung in reversed(ladder) if rung < value * (1 - 1e-9))
        return 0.0 if below < 1e-6 and self.minimum() <= 0 else below
