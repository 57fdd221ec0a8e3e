"""The problems panel: everything that is wrong, with cures to press."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QPushButton, QScrollArea, QVBoxLayout, QWidget

from nnstudio.components import Fix, Problem
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.icons import icon
from nnstudio.gui.look.theme import theme_signals
from nnstudio.gui.panels import Perform
from nnstudio.gui.widgets.flow_layout import FlowLayout
from nnstudio.gui.widgets.wrapped_label import wrapped_label
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, edits
from nnstudio.project.project import NO_DATA

_MOST_CARDS = 60
"""So many problems are shown; the others wait until some of these are mended."""


class ProblemsPanel(QScrollArea):
    """Lists every problem of the project, errors first; a card shows its nodes, a button mends it."""

    nodes_activated = Signal(tuple)
    count_changed = Signal(int)
    open_file_requested = Signal()
    open_sample_requested = Signal()

    def __init__(self, document: Document, perform: Perform, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self.setAccessibleName(tr("Problems"))
        set_role(self, Role.Grouping)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._document = document
        self._perform = perform
        self._shown: tuple[Problem, ...] | None = None
        self._cards: list[_ProblemCard] = []
        document.subscribe(self._on_project_changed)
        theme_signals.changed.connect(self._rebuild)
        self.refresh()

    def problems(self) -> tuple[Problem, ...]:
        """Return the problems that are shown."""
        return self._shown or ()

    def refresh(self) -> None:
        """Show the problems of this moment."""
        found = self._document.project.problems()
        if found != self._shown:
            self._shown = found
            self._rebuild()
            self.count_changed.emit(len(found))

    def _on_project_changed(self, before: Project, after: Project) -> None:
        del before, after
        self.refresh()

    def _rebuild(self) -> None:
        focused = next((index for index, card in enumerate(self._cards) if card.holds_focus()), None)
        scrolled = self.verticalScrollBar().value()
        self._cards = []
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        shown = self.problems()
        for severity, one, many in (
            ("error", tr("1 keeps the network from training"), tr("{count} keep the network from training")),
            ("warning", tr("1 to think about"), tr("{count} to think about")),
        ):
            group = [problem for problem in shown if problem.severity == severity]
            if group:
                words = one if len(group) == 1 else many.format(count=len(group))
                layout.addWidget(wrapped_label(words, "group"))
                self._add_cards(layout, group[: _MOST_CARDS - len(self._cards)])
        if len(shown) > len(self._cards):
            layout.addWidget(wrapped_label(tr("and {count} more").format(count=len(shown) - len(self._cards))))
        if not shown:
            layout.addWidget(wrapped_label(tr("No problems: the network can be trained.")))
        layout.addStretch()
        old = self.takeWidget()
        if old is not None:  # the button whose click has led here may still be at work
            old.hide()
            old.deleteLater()
        self.setWidget(inside)
        inside.show()
        self.verticalScrollBar().setValue(scrolled)
        if focused is not None:
            # Who mends with the keyboard goes on with the next card.
            target = self._cards[min(focused, len(self._cards) - 1)] if self._cards else self
            target.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_cards(self, layout: QVBoxLayout, problems: Sequence[Problem]) -> None:
        for problem in problems:
            ways = self._ways_to_data() if problem.what == NO_DATA else ()
            card = _ProblemCard(problem, ways)
            card.pressed.connect(self._on_pressed)
            card.fix_wanted.connect(self._on_fix_wanted)
            card.left.connect(self._on_card_left)
            self._cards.append(card)
            layout.addWidget(card)

    def _ways_to_data(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """Return what no edit can do, with its words."""
        return (
            (tr("Open a CSV…"), self.open_file_requested.emit),
            (tr("Open a sample…"), self.open_sample_requested.emit),
        )

    def _on_pressed(self, problem: Problem) -> None:
        network = self._document.project.network
        nodes = tuple(id for id in dict.fromkeys((problem.node, problem.other)) if id in network)
        if nodes:
            self.nodes_activated.emit(nodes)

    def _on_card_left(self, step: int) -> None:
        place = next((index for index, card in enumerate(self._cards) if card.hasFocus()), 0) + step
        if 0 <= place < len(self._cards):
            self._cards[place].setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(self._cards[place], 0, 8)

    def _on_fix_wanted(self, fix: Fix) -> None:
        known = {node.id for node in self._document.project.network.nodes}
        self._perform(edits.apply_fix(fix))
        new = tuple(node.id for node in self._document.project.network.nodes if node.id not in known)
        if new:
            self.nodes_activated.emit(new)  # what was added may stand where nobody looks


class _ProblemCard(QFrame):
    """One problem: what, the way out, and its cures."""

    pressed = Signal(object)
    fix_wanted = Signal(object)
    left = Signal(int)

    def __init__(self, problem: Problem, ways: Sequence[tuple[str, Callable[[], None]]] = ()) -> None:
        super().__init__()
        self._problem = problem
        self._cures: list[tuple[str, Callable[[], None]]] = [
            (fix.title, partial(self.fix_wanted.emit, fix)) for fix in problem.fixes
        ]
        self._cures += ways
        serious = problem.severity == "error"
        self.setProperty("role", "problem")
        self.setProperty("severity", problem.severity)
        self.setAccessibleName(f"{tr('Error') if serious else tr('Warning')}: {problem.what}")
        self.setAccessibleDescription(problem.hint)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if problem.node or problem.other:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip(tr("Show it on the canvas"))
        set_role(self, Role.AlertMessage)
        mark = QLabel()
        mark.setPixmap(icon("error" if serious else "warning", "negative" if serious else "dim").pixmap(18, 18))
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(wrapped_label(problem.what, "heading"))
        if problem.hint:
            words.addWidget(wrapped_label(problem.hint))
        if self._cures:
            buttons = FlowLayout()
            for title, cure in self._cures:
                buttons.addWidget(self._button(title, cure))
            words.addSpacing(4)
            words.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(mark)
        layout.addLayout(words, 1)

    def holds_focus(self) -> bool:
        """Return whether the keyboard is here or on one of the buttons."""
        within = self.focusWidget()
        return self.hasFocus() or (within is not None and within.hasFocus())

    def _button(self, title: str, cure: Callable[[], None]) -> QPushButton:
        button = QPushButton(title.replace("&", "&&"))
        button.setAutoDefault(True)  # Enter presses it, as Space does
        button.setAccessibleName(title)
        button.setAccessibleDescription(self._problem.what)
        button.setToolTip(title)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.clicked.connect(partial(_call, cure))
        return button

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the nodes that are meant."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(self._problem)
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to show the nodes, and the cures in the words of their buttons."""
        menu = QMenu(self)
        show = menu.addAction(tr("Show on canvas"), partial(self.pressed.emit, self._problem))
        show.setEnabled(bool(self._problem.node or self._problem.other))
        menu.addSeparator()
        for title, cure in self._cures:
            menu.addAction(title.replace("&", "&&")).triggered.connect(partial(_call, cure))
        # The card goes when its problem is mended; the menu must not go with it while it is open.
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Show the nodes that are meant with Enter or Space; Up and Down lead to the next card."""
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.pressed.emit(self._problem)
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.left.emit(1 if key == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


def _call(cure: Callable[[], None], _: bool = False) -> None:
    """Do what a button says, whatever it tells of itself."""
    cure()
