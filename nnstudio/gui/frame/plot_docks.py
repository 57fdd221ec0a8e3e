"""One dock for each plot, and who of them is fed when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from nnstudio.engine import History, Rung
from nnstudio.gui.frame.docks import Docks
from nnstudio.gui.moments.living import LivingFrame, LivingView
from nnstudio.gui.plots import plots
from nnstudio.gui.plots.plot import Plot
from nnstudio.gui.workbench import Workbench
from nnstudio.i18n import tr
from nnstudio.project import Document

MENU = "Plots"
"""The menu in which plots are opened."""


class PlotDocks(QObject):
    """Puts every plot into a dock that is closed at first, and feeds those that are seen, one a turn.

    Parameters
    ----------
    docks : Docks
        Where the plots get their places, behind the panel ``"boundary"``.
    document : Document
        Whose lines chosen rows are.
    kept : callable
        Returns the states that are kept of the run that is shown.
    placed : mapping of str to Plot, optional
        Plots that have their places in the window already, and are fed by it.
    """

    lines_selected = Signal(object)
    """A tuple of lines of the file that a click on a plot has chosen."""

    def __init__(
        self,
        docks: Docks,
        document: Document,
        kept: Callable[[], Sequence[Rung]],
        placed: dict[str, Plot] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent or docks)
        self._docks = docks
        self._document = document
        self._turn = 0
        self._fed: set[str] = set()
        self.plots: dict[str, Plot] = {}
        workbench = Workbench(self)
        for key, kind in plots().items():
            if placed and key in placed:
                placed[key].hindrance = self._hindrance
                placed[key].share(workbench)
                placed[key].rows_selected.connect(self._on_rows_selected)
                continue
            plot = kind()
            plot.kept = kept
            plot.hindrance = self._hindrance
            plot.share(workbench)
            self.plots[key] = plot
            area = Qt.DockWidgetArea.BottomDockWidgetArea
            docks.add(key, tr(kind.title), plot, area, behind="boundary", menu=MENU, tip=tr(kind.tip))
            docks.close(key)
            dock = docks.dock(key)
            dock.visibilityChanged.connect(self._on_visibility_changed)
            dock.toggleViewAction().triggered.connect(partial(self._on_toggled, key))
            plot.rows_selected.connect(self._on_rows_selected)

    @property
    def is_computing(self) -> bool:
        """Whether one that is seen will draw more of the moment that was shown last."""
        return any(plot.is_computing and plot.is_seen for plot in self.plots.values())

    @property
    def has_newcomer(self) -> bool:
        """Whether one has come to be seen that shows a moment of before."""
        seen = {key for key, plot in self.plots.items() if plot.is_seen}
        self._fed &= seen
        return self._fed != seen

    @property
    def any_seen(self) -> bool:
        """Whether it is worth making a frame for them."""
        return any(plot.is_seen for plot in self.plots.values())

    def show_moment(
        self, frame: LivingFrame | None, view: LivingView | None, history: History | None, *, past: bool = False
    ) -> None:
        """Show a moment, which may be an earlier one, on all of them; those that are hidden keep it until seen."""
        for plot in self.plots.values():
            plot.show_frame(frame, view, history, past=past)
        self._fed = {key for key, plot in self.plots.items() if plot.is_seen}

    def show_next(self, frame: LivingFrame | None, view: LivingView | None, history: History | None) -> None:
        """Show a moment on the next of those that are seen, newcomers first, so that no frame is a long one."""
        seen = [key for key, plot in self.plots.items() if plot.is_seen]
        new = next((key for key in seen if key not in self._fed), None)
        if new is not None:
            self._fed.add(new)
            # What is computed of it is not kept for its next turn, which may be seconds away.
            self.plots[new].show_frame(frame, view, history)
        elif seen:
            self._turn = (self._turn + 1) % len(seen)
            self.plots[seen[self._turn]].show_frame(frame, view, history, paced=True)

    def _hindrance(self) -> str:
        return self._document.project.hindrance

    @Slot(bool)
    def _on_visibility_changed(self, visible: bool) -> None:
        # A plot whose tab is chosen shows what came while it lay behind.
        if visible:
            for plot in self.plots.values():
                plot.update()

    def _on_toggled(self, key: str, _: bool = False) -> None:
        # What was just opened comes to the front of its tabs, which are made when the window is laid out again.
        if self._docks.is_open(key):
            QTimer.singleShot(0, self, partial(self._docks.show, key))

    @Slot(object)
    def _on_rows_selected(self, rows: tuple[int, ...]) -> None:
        table = self._document.project.table
        if table is not None:
            self.lines_selected.emit(tuple(table.file_rows([row for row in rows if row < table.row_count]).tolist()))
