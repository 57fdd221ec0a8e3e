"""What the panel of predictions shows: the rows held back for the test, or those of another file."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Slot

from nnstudio.gui.background import Background
from nnstudio.gui.files import Files
from nnstudio.gui.look.sight import is_seen
from nnstudio.gui.panels.predictions import PredictionRows, PredictionsPanel
from nnstudio.gui.watching.current_row import CurrentRow
from nnstudio.gui.watching.prediction_rows import file_rows
from nnstudio.gui.watching.stage import Stage
from nnstudio.project import Project, TablePredictions

_REST_SECONDS = 1.0
"""Between two looks at a network that trains: rows that change faster cannot be read."""

_REST_SHARE = 20
"""How many times as long as a look lasts the rest is at least."""


class Answers(QObject):
    """Fills the panel, and makes the row that is chosen there the current one.

    Parameters
    ----------
    panel : PredictionsPanel
    stage : Stage
        Knows what the network answers to the rows of the table.
    files : Files
        Predicts another file, and saves what came out.
    row : CurrentRow
    """

    def __init__(self, panel: PredictionsPanel, stage: Stage, files: Files, row: CurrentRow) -> None:
        super().__init__(panel)
        self._panel, self._stage, self._files, self._row = panel, stage, files, row
        self._of_file: TablePredictions | None = None
        self._background = Background(self)
        self._asked = 0
        self._due = 0.0
        panel.predict_file_requested.connect(files.ask_predict)
        panel.save_requested.connect(self._on_save_requested)
        panel.back_requested.connect(self.show_rows)
        panel.row_selected.connect(self._on_row_selected)
        panel.show_requested.connect(self._on_row_selected)
        files.predicted.connect(self._on_file_predicted)

    @Slot()
    def show_rows(self) -> None:
        """Show the rows of the table, as the network answers them now."""
        self._of_file = None
        self._asked += 1
        self._panel.show_rows(self._stage.predictions(), self._stage.hindrance)

    def show_change(self, before: Project, after: Project) -> None:
        """Show the rows anew where an edit changes what is answered to them, or why nothing is."""
        is_drawn_otherwise = before.network is not after.network or before.split != after.split
        if (
            before.run is not after.run
            or before.columns != after.columns
            or before.table is not after.table
            or (after.run is None and before.hindrance != after.hindrance)
            or (is_drawn_otherwise and before.moved_on() != after.moved_on())
        ):
            self.show_rows()

    def follow(self) -> None:
        """Look beside the window at what the network that trains says, where that is seen and due."""
        began = time.perf_counter()
        if began < self._due or self._background.busy or self._of_file is not None or not is_seen(self._panel):
            return
        work = self._stage.predictions_while_training()
        if work is not None:
            self._background.run(work).then(partial(self._on_followed, self._asked, began), self._on_not_followed)

    @Slot(object)
    def show_lines(self, lines: Sequence[int]) -> None:
        """Select lines of the table's file that were chosen elsewhere; the first becomes the current row."""
        self._panel.select_lines(lines)
        if lines:
            self._row.choose(lines[0])

    def _on_row_selected(self, line: int) -> None:
        if self._of_file is None:
            self._row.choose(line)

    def _on_followed(self, asked: int, began: float, shown: PredictionRows) -> None:
        now = time.perf_counter()
        self._due = now + max(_REST_SECONDS, _REST_SHARE * (now - began))
        if asked == self._asked:
            self._panel.follow_rows(shown)

    def _on_not_followed(self, message: str, details: str) -> None:
        del message, details  # a network that cannot be asked shows no rows; who trains it is told why
        self._due = time.perf_counter() + _REST_SECONDS

    def _on_file_predicted(self, predictions: TablePredictions) -> None:
        self._asked += 1
        self._of_file = predictions
        self._panel.show_rows(file_rows(predictions))

    def _on_save_requested(self) -> None:
        if self._of_file is not None:
            self._files.ask_save_predictions(self._of_file)
