"""The problems panel: everything that is wrong, with cures to press."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from nnstudio.components import Fix, Problem
from nnstudio.gui.icons import icon
from nnstudio.gui.panels import Perform
from nnstudio.gui.theme import theme_signals
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, edits


class ProblemsPanel(QScrollArea):
    """Lists every problem of the project; a click shows the node, a button mends it."""

    node_activated = Signal(str)
    count_changed = Signal(int)

    def __init__(self, document: Document, perform: Perform, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problems")
        self.setAccessibleName(tr("Problems"))
        self.setWidgetResizable(True)
        self._document = document
        self._perform = perform
        self._shown: tuple[Problem, ...] | None = None
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
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        for problem in self._shown or ():
            card = _ProblemCard(problem)
            card.pressed.connect(self._on_pressed)
            card.fix_wanted.connect(self._on_fix_wanted)
            layout.addWidget(card)
        if not self._shown:
            fine = QLabel(tr("No problems. Press Train."))
            fine.setProperty("role", "dim")
            layout.addWidget(fine)
        layout.addStretch()
        self.setWidget(inside)

    def _on_pressed(self, node: str) -> None:
        if node in self._document.project.network:
            self.node_activated.emit(node)

    def _on_fix_wanted(self, fix: Fix) -> None:
        self._perform(edits.apply_fix(fix))


class _ProblemCard(QFrame):
    """One problem: what, the way out, and its cures."""

    pressed = Signal(str)
    fix_wanted = Signal(object)

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self._problem = problem
        self.setProperty("role", "warning")
        self.setAccessibleName(str(problem))
        mark = QLabel()
        mark.setPixmap(icon("error" if problem.severity == "error" else "warning", "negative").pixmap(18, 18))
        mark.setAlignment(Qt.AlignmentFlag.AlignTop)
        what = QLabel(problem.what)
        what.setWordWrap(True)
        what.setProperty("role", "heading")
        hint = QLabel(problem.hint)
        hint.setWordWrap(True)
        hint.setProperty("role", "dim")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(what)
        if problem.hint:
            words.addWidget(hint)
        if problem.fixes:
            buttons = QHBoxLayout()
            buttons.setSpacing(7)
            for fix in problem.fixes:
                button = QPushButton(fix.title)
                button.clicked.connect(lambda _=False, fix=fix: self.fix_wanted.emit(fix))
                buttons.addWidget(button)
            buttons.addStretch()
            words.addSpacing(3)
            words.addLayout(buttons)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.addWidget(mark)
        layout.addLayout(words, 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Show the node that is meant."""
        if self._problem.node:
            self.pressed.emit(self._problem.node)
        super().mousePressEvent(event)
