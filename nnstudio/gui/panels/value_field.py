"""What one value of a row is changed with: a slider beside a number, a choice of words, or a line."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QSlider, QWidget

from nnstudio.data import Table
from nnstudio.data.cells import numbers
from nnstudio.data.transform import Transform
from nnstudio.data.transforms.calendar import Calendar
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.widgets.field_undo import leave_undo_to_document
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.i18n import tr

_STEPS = 400
_BEYOND = 0.25
"""A slider reaches this share of the range beyond what is in the table."""


class ValueField(QWidget):
    """The base of what one value is changed with."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_role(self, Role.Grouping)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)  # never lower than its letters

    def word(self) -> str | None:
        """Return the value as it would be written; None where it is missing."""
        raise NotImplementedError

    def show_word(self, word: str | None) -> None:
        """Show a value without telling."""
        raise NotImplementedError


class _NumberField(ValueField):
    """A slider beside a number."""

    def __init__(self, low: float, high: float) -> None:
        super().__init__()
        self._is_missing = False
        reach = max(high - low, 1e-9)
        self._low, self._high = low - _BEYOND * reach, high + _BEYOND * reach
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.number = NumberField(whole=False, minimum=-1e300, maximum=1e300)
        self.number.setMinimumWidth(84)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        self.slider.valueChanged.connect(self._on_slid)
        self.number.valueChanged.connect(self._on_typed)

    def setAccessibleName(self, name: str) -> None:
        """Name both parts."""
        super().setAccessibleName(name)
        self.slider.setAccessibleName(name)
        self.number.setAccessibleName(name)

    def word(self) -> str | None:
        """Return the number; None where it is missing and nobody has chosen one."""
        return None if self._is_missing else f"{self.number.value():.8g}"

    def show_word(self, word: str | None) -> None:
        """Show a number; the middle one where it is missing, and say so until somebody chooses one."""
        middle = (self._low + self._high) / 2
        self._set_missing(math.isnan(as_number(word, math.nan)))
        self.number.blockSignals(True)
        self.number.setValue(as_number(word, middle))
        self.number.blockSignals(False)
        self._move_slider()

    def _move_slider(self) -> None:
        self.slider.blockSignals(True)
        share = (self.number.value() - self._low) / (self._high - self._low)
        self.slider.setValue(round(min(1.0, max(0.0, share)) * _STEPS))
        self.slider.blockSignals(False)

    def _set_missing(self, missing: bool) -> None:
        self._is_missing = missing
        self.number.setSuffix(tr(" (missing)") if missing else "")

    def _on_slid(self, step: int) -> None:
        self._set_missing(False)
        self.number.blockSignals(True)
        self.number.setValue(float(f"{self._low + step / _STEPS * (self._high - self._low):.4g}"))
        self.number.blockSignals(False)
        self.changed.emit()

    def _on_typed(self) -> None:
        self._set_missing(False)
        self._move_slider()
        self.changed.emit()


class _ChoiceField(ValueField):
    """One of the words that were seen in training."""

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        self.choice = QComboBox()
        self.choice.addItems(list(words))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.choice)
        self.choice.currentIndexChanged.connect(lambda _: self.changed.emit())

    def setAccessibleName(self, name: str) -> None:
        """Name the choice."""
        super().setAccessibleName(name)
        self.choice.setAccessibleName(name)

    def word(self) -> str | None:
        """Return the word."""
        return self.choice.currentText() or None

    def show_word(self, word: str | None) -> None:
        """Show a word; one that is not known leaves the choice empty."""
        self.choice.blockSignals(True)
        self.choice.setCurrentIndex(self.choice.findText(word) if word is not None else -1)
        self.choice.blockSignals(False)


class _TextField(ValueField):
    """Something that is written, such as a date."""

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        leave_undo_to_document(self.line)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line)
        self.line.editingFinished.connect(self.changed)

    def setAccessibleName(self, name: str) -> None:
        """Name the line."""
        super().setAccessibleName(name)
        self.line.setAccessibleName(name)

    def word(self) -> str | None:
        """Return the text."""
        return self.line.text().strip() or None

    def show_word(self, word: str | None) -> None:
        """Show a text."""
        self.line.setText(word or "")


def field_of(transform: Transform, table: Table) -> ValueField:
    """Return what suits a column: a choice of its words, a line for dates, else a slider."""
    words = getattr(transform, "words", None)
    if isinstance(words, tuple):
        return _ChoiceField(words)
    if isinstance(transform, Calendar):
        return _TextField()
    values = numbers(table, transform.column)
    known = values[np.isfinite(values)]
    return _NumberField(float(known.min()), float(known.max())) if len(known) else _NumberField(0.0, 1.0)


def as_number(word: str | None, otherwise: float) -> float:
    """Return the number that is written, with a point or a comma; another one where it is missing or no number."""
    try:
        value = float((word or "").replace(",", "."))
    except ValueError:
        return otherwise
    return value if math.isfinite(value) else otherwise
