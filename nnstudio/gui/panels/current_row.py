"""The current row: what the network is fed with, to be changed by hand, and what it answers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nnstudio.data import Pipeline, Table
from nnstudio.data.cells import numbers
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.text_size import grown, growth
from nnstudio.gui.panels.value_field import ValueField, as_number, field_of
from nnstudio.gui.widgets.answer_bars import AnswerBars, Bar
from nnstudio.gui.widgets.drawing_pad import DrawingPad
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.i18n import tr
from nnstudio.project.picture_template import picture_shape
from nnstudio.project.template import not_a_number

_NARROWEST = 72
_FIELD = 150
_LONGEST = 130
_LARGE = 1.2
"""Growth of the letters from which on names stand above their fields."""
_SHORT = 9
"""Letters of a name beside which a number fits in a narrow place."""

_MOST_FIELDS = 200
"""So many fields are made at most: each costs the window a millisecond or two."""

Words = Mapping[str, str | None]
"""A row as it would be written in a file, by column."""


class CurrentRowPanel(QWidget):
    """Fields for every input column, or a pad where the inputs are pixels, with the answer beside them."""

    made = Signal(dict)
    """A row made by hand, as it would be written in a file."""

    step_wanted = Signal(int)
    wrong_wanted = Signal()
    painted = Signal()
    """Somebody sees it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("currentRowPanel")
        self.setAccessibleName(tr("Current row"))
        set_role(self, Role.Grouping)
        self._fields: dict[str, ValueField] = {}
        self._words: Words = {}
        self._range = (0.0, 1.0)
        self._columns: tuple[str, ...] = ()
        self.title = QLabel()
        self.title.setWordWrap(True)
        self.title.setMinimumWidth(40)
        self.before, self.after = QToolButton(), QToolButton()
        self.wrong = QToolButton()
        self.clear = QToolButton()
        row = QHBoxLayout()
        for button, words, tip in (
            (self.before, "‹", tr("The row before")),
            (self.after, "›", tr("The row after")),
            (self.wrong, tr("Next wrong"), tr("The next row that is answered wrongly")),
            (self.clear, tr("Clear"), tr("Begin with an empty picture")),
        ):
            button.setText(words)
            button.setToolTip(tip)
            button.setAccessibleName(tip)
            button.setProperty("kind", "small")
            row.addWidget(button)
        row.addWidget(self.title, 1)
        self.pad = DrawingPad()
        self._form = QWidget()
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setAccessibleName(tr("Values of the row"))
        set_role(self._scroll, Role.Grouping)
        self._scroll.setMinimumWidth(_NARROWEST)
        self._inputs = QStackedLayout()
        self._inputs.addWidget(self._scroll)
        self._inputs.addWidget(self.pad)
        self.answer = AnswerBars()
        answers = QScrollArea()
        answers.setWidgetResizable(True)
        answers.setWidget(self.answer)
        answers.setAccessibleName(tr("Answer"))
        set_role(answers, Role.Grouping)
        answers.setMinimumWidth(_NARROWEST)
        answers.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sides = sides = QHBoxLayout()
        sides.setSpacing(16)
        sides.addLayout(self._inputs, 3)
        sides.addWidget(answers, 2)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(12, 6, 12, 8)
        layout.addLayout(row)
        layout.addLayout(sides, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(EmptyState(tr("Open data and draw a network: then you can feed it a row of your own.")))
        self._stack.addWidget(inside)
        self.before.clicked.connect(lambda: self.step_wanted.emit(-1))
        self.after.clicked.connect(lambda: self.step_wanted.emit(1))
        self.wrong.clicked.connect(self.wrong_wanted)
        self.clear.clicked.connect(self.pad.clear)
        self.pad.changed.connect(self._on_drawn)

    @property
    def fields(self) -> Mapping[str, ValueField]:
        """The fields by column."""
        return self._fields

    def show_data(self, pipeline: Pipeline | None, table: Table | None) -> None:
        """Prepare fields for the inputs of a pipeline; without data there is nothing to feed."""
        self._stack.setCurrentIndex(0 if pipeline is None or table is None else 1)
        self._fields, self._words = {}, {}
        if pipeline is None or table is None:
            return
        self._columns = () if not_a_number(pipeline) else _pixels_of(pipeline, table)
        shape = picture_shape(len(self._columns))
        is_picture = shape is not None and shape[2] == 1 and _is_one_scale(table, self._columns)
        self._inputs.setCurrentIndex(int(is_picture))
        self.clear.setVisible(is_picture)
        if is_picture and shape is not None:
            values = np.concatenate([numbers(table, name) for name in self._columns])
            self._range = float(np.nanmin(values)), float(np.nanmax(values))
            self.pad.show_pixels(np.zeros(shape[:2]))
            return
        self._columns = pipeline.input_columns
        form = QFormLayout()
        form.setContentsMargins(0, 0, 8, 0)
        # A slider without a way to go is none; beside large letters none has one.
        large = growth(self) > _LARGE
        form.setRowWrapPolicy(
            QFormLayout.RowWrapPolicy.WrapAllRows if large else QFormLayout.RowWrapPolicy.WrapLongRows
        )
        for transform in pipeline.inputs[:_MOST_FIELDS]:
            field = field_of(transform, table)
            field.setAccessibleName(transform.column)
            field.setMinimumWidth(0 if large else grown(_FIELD, self))
            field.changed.connect(self._on_edited)
            self._fields[transform.column] = field
            form.addRow(self._name(transform.column), field)
        more = len(pipeline.inputs) - _MOST_FIELDS
        if more > 0:
            form.addRow(
                QLabel(tr("… {count} more columns, which stay as they are in the row").format(count=f"{more:,}"))
            )
        self._form = QWidget()
        self._form.setLayout(form)
        self._scroll.setWidget(self._form)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell that somebody sees it."""
        super().paintEvent(event)
        self.painted.emit()

    def show_row(self, words: Words, title: str) -> None:
        """Show a row; nobody is told, because nobody has changed it."""
        self.title.setText(title)
        self._words = words
        for name, field in self._fields.items():
            field.show_word(words.get(name))
        if not self._fields and self._columns:
            low, high = self._range
            values = np.array([as_number(words.get(name), low) for name in self._columns])
            side = math.isqrt(len(values))
            self.pad.show_pixels((values - low).reshape(side, side) / max(high - low, 1e-12))

    def show_answer(self, bars: Sequence[Bar]) -> None:
        """Show what is answered; numbers with short names need less room than bars."""
        self._sides.setStretch(1, 2 if any(bar.share is not None or len(bar.name) > _SHORT for bar in bars) else 1)
        self.answer.show_bars(bars)

    def _name(self, column: str) -> QLabel:
        """Return the name of a column; a long one is shortened in the middle, else all fields would be cut."""
        label = QLabel()
        label.setText(label.fontMetrics().elidedText(column, Qt.TextElideMode.ElideMiddle, grown(_LONGEST, self)))
        label.setToolTip(column)
        return label

    def _on_edited(self) -> None:
        self.made.emit({**self._words, **{name: field.word() for name, field in self._fields.items()}})

    def _on_drawn(self) -> None:
        low, high = self._range
        values = low + self.pad.pixels.ravel() * (high - low)
        self.made.emit({name: f"{value:.6g}" for name, value in zip(self._columns, values.tolist(), strict=True)})


def _pixels_of(pipeline: Pipeline, table: Table) -> tuple[str, ...]:
    """Return the columns that may be pixels: the inputs, and those that never change and are left out therefore."""
    inputs = set(pipeline.input_columns)
    taken = inputs | {column.name for column in table.columns if column.kind == "number" and column.distinct == 1}
    return tuple(name for name in table.column_names if name in taken)


def _is_one_scale(table: Table, columns: Sequence[str]) -> bool:
    """Return whether columns look like pixels: none is below zero and many reach the same largest value."""
    lows, highs = zip(*((np.nanmin(v), np.nanmax(v)) for v in (numbers(table, name) for name in columns)), strict=True)
    return bool(min(lows) >= 0 and np.mean(np.array(highs) == max(highs)) > 0.3)
