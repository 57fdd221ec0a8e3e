"""The pinned neurons and weights: a card for each, with its history, its spread over rows, and what excites it most."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.colours import class_color, value_image
from nnstudio.gui.look.sight import is_seen
from nnstudio.gui.look.text_size import grown
from nnstudio.gui.look.theme import theme
from nnstudio.gui.moments.pin import TOP_ROWS, Numbers, Pin, TopRow
from nnstudio.gui.own_keys import claims_key
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.history_curve import HistoryCurve
from nnstudio.gui.widgets.pin_disc import PinDisc
from nnstudio.gui.widgets.row_spread import RowSpread
from nnstudio.i18n import tr

_PLACE_MILLISECONDS = 40
"""So long a new card needs until it has its place."""

_BESIDE_WORDS = 24
"""What the borders and the colour of a button take."""

_SWATCH, _PART = 8, 22
"""Sides of the colour of a class, and of the part of a picture, on a button."""

_NARROW = 430
"""A card that is not wider shows its parts below each other."""


@dataclass(frozen=True, eq=False)
class PinFacts:
    """What a card shows.

    Attributes
    ----------
    pin : Pin
    title, value, rows : str
        What it is called, what it is now, and which rows were looked at.
    steps : sequence of int
    history : sequence of float
        Its value, or a neuron's mean over the rows, at these steps.
    mark : int or None
        The earlier step that is shown.
    values : Array of shape (rows,), or None
        What it is for each row; None while that is not known, or where rows do not change it.
    classes : Array of shape (rows,), or None
    names : tuple of str
        Of the classes.
    top : sequence of TopRow
        The rows that excite a neuron most.
    """

    pin: Pin
    title: str
    value: str
    rows: str
    steps: Sequence[int]
    history: Sequence[float]
    mark: int | None
    values: Numbers | None
    classes: NDArray[np.int64] | None
    names: tuple[str, ...]
    top: Sequence[TopRow]


class PinCard(QFrame):
    """One pin."""

    unpin_wanted = Signal(object)
    row_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.facts: PinFacts | None = None
        self.setProperty("role", "problem")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        set_role(self, Role.Grouping)
        self.disc = PinDisc()
        self.title = ElidedLabel()
        self.title.setProperty("role", "heading")
        self.value = QLabel()
        self.value.setProperty("role", "value")
        self.close_it = QToolButton()
        self.close_it.setText("×")
        self.close_it.setProperty("kind", "small")
        self.close_it.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_it.setToolTip(tr("Let it go (Delete, or click it again on the canvas)"))
        self.close_it.clicked.connect(self._unpin)
        self.curve = HistoryCurve(tr("History over training"))
        self.spread = RowSpread(tr("Spread over the rows"))
        self.about = _caption("")
        self.rows = [self._row_button() for _ in range(TOP_ROWS)]
        self._top = QWidget()
        self._parts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()

    def show_facts(self, number: int, facts: PinFacts) -> None:
        """Show another moment, or another pin."""
        before, self.facts = self.facts, facts
        self.disc.show_number(number)
        self.title.say(facts.title)
        self.value.setText(facts.value)
        self.setAccessibleName(f"{facts.title}: {facts.value}")
        self.curve.show_history(facts.steps, facts.history, facts.mark)
        self.close_it.setAccessibleName(tr("Let {title} go").format(title=facts.title))
        if before is None or before.pin != facts.pin or before.values is not facts.values or facts.values is None:
            self._show_rows(facts)

    def _show_rows(self, facts: PinFacts) -> None:
        self.about.say(facts.rows if facts.values is not None else tr("Over the rows"))
        about = tr("What it adds to the sum of its neuron, {rows}") if facts.pin.weight else tr("What it says, {rows}")
        words = about.format(rows=facts.rows) if facts.values is not None else facts.rows
        self.spread.show_rows(facts.values, facts.classes, facts.names, words)
        self._top.setVisible(not facts.pin.weight)
        for at, button in enumerate(self.rows):
            button.setVisible(at < len(facts.top))
            if at < len(facts.top):
                _show_row(button, facts.top[at])
        self._fit_rows()

    def event(self, event: QEvent) -> bool:
        """Keep the Delete key from the window, which would delete the layer that is selected on the canvas."""
        return claims_key(event, (Qt.Key.Key_Delete,)) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let the pin go."""
        if event.key() == Qt.Key.Key_Delete:
            self._unpin()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the parts beside each other where there is room."""
        super().resizeEvent(event)
        narrow = self.width() < grown(_NARROW, self)
        way = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._parts.direction() != way:
            self._parts.setDirection(way)
        self._parts.activate()
        self._fit_rows()

    def _fit_rows(self) -> None:
        """Shorten what the buttons say to what there is room for."""
        for button, row in zip(self.rows, self.facts.top if self.facts is not None else (), strict=False):
            room = max(0, button.width() - _BESIDE_WORDS - (_PART if row.part is not None else 0))
            words = f"{row.line} · {row.value} · {row.truth}"
            button.setText(button.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room))

    def _unpin(self) -> None:
        if self.facts is not None:
            self.unpin_wanted.emit(self.facts.pin)

    def _on_row_clicked(self, at: int) -> None:
        if self.facts is not None and at < len(self.facts.top):
            self.row_wanted.emit(self.facts.top[at].line)

    def _row_button(self) -> QPushButton:
        button = QPushButton()
        button.setProperty("kind", "row")
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return button

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.disc)
        head.addWidget(self.title, 1)
        head.addWidget(self.value)
        head.addWidget(self.close_it)
        rows = QVBoxLayout(self._top)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(1)
        rows.addWidget(_caption(tr("Most excited by line")))
        for at, button in enumerate(self.rows):
            button.clicked.connect(partial(self._on_row_clicked, at))
            rows.addWidget(button)
        rows.addStretch(1)
        for words, part in ((_caption(tr("History")), self.curve), (self.about, self.spread)):
            column = QVBoxLayout()
            column.setSpacing(2)
            column.addWidget(words)
            column.addWidget(part, 1)
            self._parts.addLayout(column, 1)
        self._parts.addWidget(self._top, 1)
        self._parts.setSpacing(10)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 6, 8, 8)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addLayout(self._parts)


class PinsPanel(QWidget):
    """The cards below each other; how to pin something while there are none."""

    unpin_wanted = Signal(object)
    row_wanted = Signal(int)
    """The line of the file of a row that was chosen."""
    clear_wanted = Signal()

    def __init__(self, choose: Callable[[], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pins")
        self.setAccessibleName(tr("Pinned neurons and weights"))
        set_role(self, Role.Grouping)
        self.cards: list[PinCard] = []
        self._revealed = 0
        self._next = -1
        self._empty = EmptyState(
            tr("Click a neuron or an edge on the canvas: what it does while the network learns is shown here."),
            ((tr("Pin a neuron…"), choose),),
        )
        self._about = _caption("")
        self.add = QPushButton(tr("Pin a neuron…"))
        self.add.clicked.connect(choose)
        self.clear = QPushButton(tr("Unpin all"))
        self.clear.setProperty("kind", "quiet")
        self.clear.setToolTip(tr("Let every pin go. Pins are no edits: undo does not bring them back."))
        self.clear.clicked.connect(self.clear_wanted)
        top = QHBoxLayout()
        top.setContentsMargins(12, 6, 12, 0)
        top.addWidget(self._about, 1)
        top.addWidget(self.clear)
        top.addWidget(self.add)
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(10, 2, 10, 8)
        self._list.setSpacing(6)
        self._list.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(tr("Pinned"))
        set_role(area, Role.Grouping)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the cards in it take the keys
        area.setWidget(inside)
        self._area = area
        shown = QWidget()
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(area, 1)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(shown)

    def show_pins(self, facts: Sequence[PinFacts], seconds: float = math.inf) -> list[PinCard]:
        """Show a card for each of these.

        Parameters
        ----------
        facts : sequence of PinFacts
        seconds : float
            After so long, cards that are left keep what they show until the next call, which begins with them.

        Returns
        -------
        list of PinCard
            Those that show these facts now.
        """
        while len(self.cards) > len(facts):
            card = self.cards.pop()
            held = card.isAncestorOf(self.focusWidget() or self)
            self._list.removeWidget(card)
            card.hide()
            card.deleteLater()
            if held:
                (self.cards[-1] if self.cards else self.add).setFocus()
        while len(self.cards) < len(facts):
            card = PinCard()
            card.unpin_wanted.connect(self.unpin_wanted)
            card.row_wanted.connect(self.row_wanted)
            self._list.insertWidget(len(self.cards), card)
            self.cards.append(card)
        end = time.perf_counter() + seconds
        shown = []
        for _ in facts:
            self._next = (self._next + 1) % len(facts)
            self.cards[self._next].show_facts(self._next + 1, facts[self._next])
            shown.append(self.cards[self._next])
            if time.perf_counter() > end:
                break
        self._about.say(tr("{count} pinned").format(count=len(facts)))
        self._stack.setCurrentIndex(1 if facts else 0)
        return shown

    def reveal(self, number: int) -> None:
        """Scroll to a card, counted from 0, as soon as it has its place."""
        self._revealed = number
        QTimer.singleShot(_PLACE_MILLISECONDS, self, self._on_placed)

    @Slot()
    def _on_placed(self) -> None:
        if 0 <= self._revealed < len(self.cards):  # it may have gone again
            self._area.ensureWidgetVisible(self.cards[self._revealed], 0, 4)

    @property
    def is_seen(self) -> bool:
        """Whether a part of it is on the screen."""
        return is_seen(self)


def _caption(words: str) -> ElidedLabel:
    label = ElidedLabel()
    label.say(words)
    label.setProperty("role", "dim")
    return label


def _show_row(button: QPushButton, row: TopRow) -> None:
    words = tr("line {line} · {value} · {truth}").format(line=row.line, value=row.value, truth=row.truth)
    if button.accessibleName() != words:
        button.setAccessibleName(words)
        button.setToolTip(tr("{words}. Click to select this row.").format(words=words))
    if row.part is None:
        swatch = QPixmap(_SWATCH, _SWATCH)
        swatch.fill(Qt.GlobalColor.transparent if row.group is None else class_color(row.group))
    else:
        # What the filter looked at, in hard points as the picture has them.
        swatch = QPixmap.fromImage(value_image(row.part, theme())).scaled(_PART, _PART)
    button.setIconSize(swatch.size())
    button.setIcon(QIcon(swatch))
