"""The timeline: a slider over all steps of a run, and what it shows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.icons import icon
from nnstudio.gui.look.theme import theme_signals
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.step_slider import StepSlider
from nnstudio.i18n import tr

_BUDGETS = (128, 256, 512, 1024, 2048, 4096)
"""Megabytes to choose from."""

_PAGES = 20


class TimelinePanel(QWidget):
    """Lets the person go back to any step of the run."""

    step_wanted = Signal(int)
    end_wanted = Signal()
    fork_wanted = Signal()
    budget_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("timeline")
        self.setAccessibleName(tr("Timeline"))
        set_role(self, Role.Grouping)
        self.slider = StepSlider()
        self.slider.setAccessibleName(tr("Step that is shown"))
        self.slider.setToolTip(tr("Drag to an earlier step; a run that trains is paused. Train goes on from the end."))
        self._words = ElidedLabel()
        self._words.setProperty("role", "dim")
        self.fork = _button(tr("Continue from here"), tr("Go on from this step as a run of its own; both stay"))
        self.end = _button(tr("To the end"), tr("Show the run where it stands"))
        self.more = _button("", tr("How much memory going back may take"))
        self.more.setAccessibleName(tr("Memory for going back"))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._budgets = QActionGroup(self)
        menu = QMenu(tr("Memory for going back"), self.more)
        for megabytes in _BUDGETS:
            action = QAction(tr("{count} MB for going back").format(count=f"{megabytes:,}"), self, checkable=True)
            action.setData(megabytes)
            self._budgets.addAction(action)
            menu.addAction(action)
        self.more.setMenu(menu)
        above, below = QHBoxLayout(), QHBoxLayout()
        for row in (above, below):
            row.setSpacing(6)
        above.addWidget(self.slider, 1)
        above.addWidget(self.more)
        below.addWidget(self._words, 1)
        for button in (self.fork, self.end):
            # The slider must not move away under the pointer when they appear.
            policy = button.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            button.setSizePolicy(policy)
            below.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 2, 8, 4)
        layout.setSpacing(0)
        layout.addLayout(above)
        layout.addLayout(below)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.slider.valueChanged.connect(self.step_wanted)
        self.fork.clicked.connect(self.fork_wanted)
        self.end.clicked.connect(self.end_wanted)
        self._budgets.triggered.connect(lambda action: self.budget_chosen.emit(action.data()))
        theme_signals.changed.connect(self._recolour)
        self._recolour()
        self.show_span(0, 0)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what the buttons do, in their words."""
        menu = QMenu(self)
        for button in (self.fork, self.end):
            menu.addAction(button.text(), button.click).setEnabled(button.isVisible())
        menu.addMenu(self.more.menu())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    @property
    def words(self) -> str:
        """What is said beside the slider."""
        return self._words.text()

    def show_span(self, first: int, last: int, changes: Sequence[tuple[int, str]] = ()) -> None:
        """Let the slider run over these steps, and stand at the last.

        Parameters
        ----------
        first, last : int
        changes : sequence of (int, str)
            Steps at which something was changed while it trained, and what in words.
        """
        self.slider.blockSignals(True)
        self.slider.setRange(first, last)
        self.slider.setPageStep(max(1, (last - first) // _PAGES))
        self.slider.setValue(last)
        self.slider.blockSignals(False)
        self.slider.setEnabled(last > first)
        self.slider.show_marks([change for change in changes if first < change[0] <= last])
        self._set_past(past=False)

    def place(self, step: int) -> None:
        """Let the slider stand at a step."""
        self.slider.blockSignals(True)
        self.slider.setValue(step)
        self.slider.blockSignals(False)

    def show_past(self, words: str, *, exact: bool) -> None:
        """Say which earlier step is shown.

        Parameters
        ----------
        words : str
        exact : bool
            Whether it is the step of the slider, so that one can go on from it.
        """
        self._set_past(past=True)
        self.fork.setEnabled(exact)
        self.say(words)

    def say(self, words: str) -> None:
        """Say something beside the slider."""
        self._words.say(words)

    def show_budget(self, megabytes: int) -> None:
        """Tick the memory that may be used."""
        for action in self._budgets.actions():
            action.setChecked(action.data() == megabytes)

    def _set_past(self, *, past: bool) -> None:
        self.fork.setVisible(past)
        self.end.setVisible(past)

    def _recolour(self) -> None:
        self.more.setIcon(icon("memory"))


def _button(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setProperty("kind", "plain")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button
