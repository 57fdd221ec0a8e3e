"""Which row the network is shown with: one of the table, or one made by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from nnstudio.data import Pipeline
from nnstudio.data.table import table_from_rows
from nnstudio.engine import Array
from nnstudio.errors import DataError
from nnstudio.gui.look.colours import answer_color
from nnstudio.gui.look.sight import is_seen
from nnstudio.gui.look.theme import theme
from nnstudio.gui.metric_words import percent
from nnstudio.gui.panels.current_row import CurrentRowPanel
from nnstudio.gui.watching.stage import Stage
from nnstudio.gui.widgets.answer_bars import Bar
from nnstudio.i18n import tr
from nnstudio.project import Document

_MOST_BARS = 50


class CurrentRow(QObject):
    """Joins the panel of the current row with the stage.

    Parameters
    ----------
    document : Document
    stage : Stage
    panel : CurrentRowPanel
    redraw : callable
        Draws the moment again, for another row.
    """

    told = Signal(str)

    def __init__(self, document: Document, stage: Stage, panel: CurrentRowPanel, redraw: Callable[[], None]) -> None:
        super().__init__(panel)
        self._document = document
        self._stage = stage
        self._panel = panel
        self._redraw = redraw
        self._prepared: object = None
        self._stale = False
        panel.made.connect(self._on_made)
        panel.step_wanted.connect(self._on_step_wanted)
        panel.wrong_wanted.connect(self.show_next_wrong)
        panel.painted.connect(self._on_painted)

    def follow(self) -> None:
        """Show the row and the answer of the moment that the stage has drawn last."""
        around = self._stage.surroundings
        if self._prepared is not around:
            self._prepared = around
            table = self._document.project.table
            self._panel.show_data(None if around is None else around.pipeline, table)
            if around is not None:
                self._show_row()
        self._stale = not is_seen(self._panel)
        if self._stale:
            return
        answer = self._stage.answer()
        if around is not None and answer is not None:
            self._panel.show_answer(bars_of(around.pipeline, answer))

    def choose(self, line: int) -> None:
        """Show the row that begins on a line of the file."""
        around = self._stage.surroundings
        if not self._stage.choose_row(line) and around is not None and around.is_sample:
            words = tr(
                "Line {line} is not among the {count} rows that are held ready: all {all} would take too much room."
            )
            counts = {"count": f"{len(around.rows):,}", "all": f"{around.all_rows:,}"}
            self.told.emit(words.format(line=line, **counts))
        self._show_row()
        self._redraw()
        self.follow()

    def show_next_wrong(self) -> None:
        """Show the next row that is answered wrongly, after the one that is shown."""
        wrong = self._stage.wrong_rows()
        if not len(wrong):
            self.told.emit(tr("No row is answered wrongly."))
            return
        after = wrong[wrong > self._stage.row]
        self._go_to(int(after[0] if len(after) else wrong[0]))

    @Slot()
    def _on_painted(self) -> None:
        """Show what came while the panel lay behind another."""
        if self._stale:
            QTimer.singleShot(0, self, self._on_seen)

    @Slot()
    def _on_seen(self) -> None:
        if self._stale:
            self.follow()

    def _on_step_wanted(self, by: int) -> None:
        around = self._stage.surroundings
        if around is not None:
            self._go_to((self._stage.row + by) % len(around.rows))

    def _go_to(self, row: int) -> None:
        """Show a row by its place among those that are shown."""
        around, table = self._stage.surroundings, self._document.project.table
        if around is not None and table is not None:
            self.choose(table.file_row(int(around.rows[row])))

    def _show_row(self) -> None:
        """Fill the fields with the row that is shown."""
        around, table = self._stage.surroundings, self._document.project.table
        if around is None or table is None or not len(around.rows):
            return
        place = self._stage.row
        row = int(around.rows[place])
        words = {name: table.cell(row, name) or None for name in around.pipeline.input_columns}
        use = tr("test row") if around.test[place] else tr("validation row")
        if around.train[place]:
            use = tr("training row")
        truth = ", ".join(table.cell(row, name) or "?" for name in around.pipeline.target_names)
        title = tr("line {line}, {use}, truth: {truth}").format(line=table.file_row(row), use=use, truth=truth)
        self._panel.show_row(words, title)

    def _on_made(self, words: Mapping[str, str | None]) -> None:
        """Feed a row that was made by hand."""
        around = self._stage.surroundings
        if around is None:
            return
        try:
            values = around.pipeline.encode_inputs(table_from_rows([dict(words)])).values
        except DataError as error:
            self.told.emit(str(error).splitlines()[0])
            return
        self._panel.title.setText(tr("made by hand"))
        self._stage.use_inputs(values)
        self._redraw()
        self.follow()


def bars_of(pipeline: Pipeline, answer: Array) -> list[Bar]:
    """Return an answer in words, as bars.

    Parameters
    ----------
    pipeline : Pipeline
    answer : Array of shape (units,)
    """
    values = pipeline.in_units(np.asarray(answer, np.float64)[None])
    if pipeline.task == "regression":
        colour = theme().color("positive")
        return [
            Bar(name, f"{value:.4g}", None, colour)
            for name, value in zip(pipeline.target_names, values[0].tolist(), strict=True)
        ]
    shares = np.clip(np.nan_to_num(pipeline.probabilities(values)[0]), 0, 1)
    names = pipeline.class_names
    return [
        Bar(name, percent(share), share, answer_color(index, len(names), theme()))
        for index, (name, share) in enumerate(zip(names, shares.tolist(), strict=True))
    ][:_MOST_BARS]
