"""The base of what stands beside this file: a plot that follows a moment, works only while seen, and can be saved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QMessageBox,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nnstudio.engine import History, Rung
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.icons import icon
from nnstudio.gui.look.sight import is_seen
from nnstudio.gui.look.theme import theme_signals
from nnstudio.gui.moments.living import LivingFrame, LivingView
from nnstudio.gui.plots.chart import Chart
from nnstudio.gui.plots.saving import FORMATS, save_plot
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.flow_layout import FlowLayout
from nnstudio.gui.widgets.labelled_choice import labelled
from nnstudio.gui.widgets.sentence import Sentence
from nnstudio.gui.workbench import Workbench
from nnstudio.i18n import tr

_SMALLEST = (150, 110)
"""Width and height below which a plot cannot be made."""


class Plot(QWidget):
    """A note above, the drawing below, and a button that saves it.

    A member of the family is one file with one class that gives `key`, `title`, `tip`, builds its drawing in its
    constructor and hands it to `set_body`, and defines `draw` and `table`.

    Attributes
    ----------
    key : str
        The name of its dock.
    title : str
        What the tab and the menu say.
    tip : str
        What it shows, in one sentence.
    place : int
        Where it stands in the menu, small numbers first.
    softens : bool
        Whether its curves have soft edges as long as nothing trains.
    empty : str
        What it says while there is nothing to show, and what to do about that.
    kept : callable
        Returns the states that are kept of the run that is shown, for plots that look back.
    hindrance : callable
        Returns why there is nothing to show, where that is neither that data nor that training are missing.
    """

    key: ClassVar[str]
    title: ClassVar[str]
    tip: ClassVar[str]
    empty: ClassVar[str] = "Load data and press Train: what the network learns appears here."
    place: ClassVar[int] = 0
    softens: ClassVar[bool] = True

    rows_selected = Signal(object)
    """A tuple of rows of the table that a click on the plot has chosen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(f"{self.key}Plot")
        self.setAccessibleName(tr(self.title))
        self.setAccessibleDescription(tr(self.tip))
        set_role(self, Role.Chart)
        # Fixed, so that what begins to be drawn does not lay out the whole window again in the middle of a frame.
        self.setMinimumSize(*_SMALLEST)
        self._frame: LivingFrame | None = None
        self._view: LivingView | None = None
        self._history: History | None = None
        self._stale = True
        self._workbench = Workbench(self)
        self._at_work = False
        self._waiting: tuple[Callable[[], Any], Callable[[Any], None]] | None = None
        self._ready: Callable[[], None] | None = None
        self._paced = self._past = False
        self.kept: Callable[[], Sequence[Rung]] = tuple
        self.hindrance: Callable[[], str] = str
        self._note = Sentence()
        self._controls = FlowLayout(8)
        self._strip = QWidget()
        self._strip.setLayout(self._controls)
        self._strip.hide()
        self._note.hide()
        above = QVBoxLayout()
        above.setSpacing(2)
        above.addWidget(self._strip)
        above.addWidget(self._note)
        top = QHBoxLayout()
        top.setContentsMargins(6, 0, 0, 0)
        top.addLayout(above, 1)
        top.addWidget(self._save_button(), 0, Qt.AlignmentFlag.AlignTop)
        drawn = QWidget()
        self._inside = QVBoxLayout(drawn)
        self._inside.setContentsMargins(6, 4, 8, 4)
        self._inside.setSpacing(2)
        self._inside.addLayout(top)
        self._body = QWidget()
        self._charts: Sequence[Chart] = ()
        self._empty = EmptyState(tr(self.empty))
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(drawn)
        theme_signals.changed.connect(self._on_theme_changed)

    # What a member defines

    def draw(self, frame: LivingFrame | None, view: LivingView | None, history: History | None) -> None:
        """Draw a moment; called only while the plot is seen."""
        raise NotImplementedError

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return what is drawn as columns of equal length, in the units that the axes name."""
        raise NotImplementedError

    def recolour(self) -> None:
        """Take the colours of the theme."""

    # What a member uses

    @property
    def is_paced(self) -> bool:
        """Whether moments of a run that trains are shown, one after another."""
        return self._paced

    @property
    def is_past(self) -> bool:
        """Whether the moment is an earlier one of a run whose history goes on behind it."""
        return self._past

    def set_body(self, body: QWidget) -> None:
        """Make this the drawing."""
        self._body = body
        self._charts = [body] if isinstance(body, Chart) else body.findChildren(Chart)
        self._inside.addWidget(body, 1)
        self.recolour()

    def add_control(self, control: QWidget, words: str = "") -> None:
        """Put a control above the drawing; a choice gets a word beside it, its own name by default."""
        if isinstance(control, QComboBox):
            control = labelled(control, words or control.accessibleName())
        self._controls.addWidget(control)
        self._strip.show()

    def say(self, note: str) -> None:
        """Say above the drawing what it shows: which rows, what is averaged."""
        if note != self._note.text():
            self._note.setText(note)
            self._note.setVisible(bool(note))

    def show_empty(self, sentence: str = "") -> None:
        """Show why there is nothing to see, instead of the drawing; by default what keeps all plots from it."""
        self._empty.set_sentence(sentence or self.hindrance() or tr(self.empty))
        self._stack.setCurrentIndex(0)

    def show_body(self) -> None:
        """Show the drawing."""
        self._stack.setCurrentIndex(1)

    def compute(self, op: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Compute beside the window what takes longer than a frame may; while one is at work, the newest waits.

        Parameters
        ----------
        op : callable
            Must not touch the window.
        done : callable
            Gets the result, in the window thread.
        """
        self._waiting = (op, done)
        self._compute_next()

    # What the window uses

    def share(self, workbench: Workbench) -> None:
        """Compute on a workbench that others use too, so that what comes of it is drawn together."""
        self._workbench = workbench

    @property
    def is_seen(self) -> bool:
        """Whether a part of it is on the screen."""
        return is_seen(self)

    @property
    def is_computing(self) -> bool:
        """Whether more will be drawn soon."""
        return self._at_work or self._waiting is not None

    @property
    def note(self) -> str:
        """What is said above the drawing."""
        return self._note.text()

    @property
    def sentence(self) -> str:
        """Why there is nothing to see; empty while there is."""
        return self._empty.sentence() if self._stack.currentIndex() == 0 else ""

    def show_frame(
        self,
        frame: LivingFrame | None,
        view: LivingView | None,
        history: History | None,
        *,
        paced: bool = False,
        past: bool = False,
    ) -> None:
        """Show a moment, or keep it until the plot is seen.

        Parameters
        ----------
        frame, view, history
            The moment; None where there is nothing to show.
        paced : bool
            Whether the next moment comes soon: what was computed beside the window is then drawn with that one, while
            training stands still.
        past : bool
            Whether the moment is an earlier one; the history is the whole one.
        """
        self._frame, self._view, self._history = frame, view, history
        self._stale, self._paced, self._past = True, paced, past
        # What was computed of a moment that nobody saw must not be drawn over a later one.
        ready, self._ready = self._ready, None
        if self.is_seen:
            if ready is not None:
                ready()
            self.refresh()
            if paced:
                # At once, while training stands still: painted later, every call would wait for the training thread.
                self._body.repaint()

    def refresh(self) -> None:
        """Draw the moment that was shown last again."""
        self._stale = False
        self.draw(self._frame, self._view, self._history)
        self._settle()

    def save(self, path: Path) -> None:
        """Save the drawing, or its numbers, in the format that the suffix names.

        Raises
        ------
        OSError
            When the file cannot be written.
        """
        save_plot(self._body, self.table(), path)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer to save the plot, in the words of its button."""
        menu = self._button.menu()
        if menu is not None:
            menu.exec(event.globalPos())

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what came while the plot was hidden."""
        super().showEvent(event)
        if self._stale:
            QTimer.singleShot(0, self, self._on_seen)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what came while the plot lay behind another."""
        super().paintEvent(event)
        if self._stale:
            QTimer.singleShot(0, self, self._on_seen)

    def _save_button(self) -> QToolButton:
        button = QToolButton()
        button.setIcon(icon("export"))
        button.setAutoRaise(True)
        button.setAccessibleName(tr("Save the plot"))
        button.setToolTip(tr("Save the plot as a picture or as numbers"))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for suffix, words in FORMATS.items():
            menu.addAction(tr(words), partial(self._ask_save, suffix))
        button.setMenu(menu)
        self._button = button
        return button

    def _ask_save(self, suffix: str) -> None:
        named, _ = QFileDialog.getSaveFileName(
            self.window(), tr("Save the plot"), f"{self.key}{suffix}", f"{suffix[1:].upper()} (*{suffix})"
        )
        if not named:
            return
        path = Path(named)
        path = path if path.suffix.lower() == suffix else path.with_name(path.name + suffix)
        try:
            self.save(path)
        except OSError as error:
            what = tr("{name} could not be written: {why}. Choose another folder.")
            QMessageBox.warning(
                self.window(), tr("NN Studio"), what.format(name=path.name, why=error.strerror or str(error))
            )

    def _compute_next(self) -> None:
        if self._waiting is None or self._at_work:
            return
        (op, done), self._waiting = self._waiting, None
        self._at_work = True
        self._workbench.run(op).then(partial(self._on_computed, done), self._on_failed)

    def _on_computed(self, done: Callable[[Any], None], result: Any) -> None:
        self._at_work = False
        if self._paced:
            self._ready = partial(done, result)
        else:
            done(result)
            self._settle()
        self._compute_next()

    def _settle(self) -> None:
        for chart in self._charts:
            chart.soften(wanted=self.softens and not self._paced)
        if self.is_seen and not self._paced:
            for chart in self._charts:
                chart.settle()

    def _on_failed(self, message: str, details: str) -> None:
        del details
        self._at_work = False
        self.show_empty(message)
        self._compute_next()

    @Slot()
    def _on_seen(self) -> None:
        if self._stale and self.is_seen:
            self.refresh()

    @Slot()
    def _on_theme_changed(self) -> None:
        self._button.setIcon(icon("export"))
        self.recolour()
        self._stale = True
        if self.is_seen:
            self.refresh()
