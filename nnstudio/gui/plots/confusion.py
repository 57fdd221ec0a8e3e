"""Which class was taken for which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.metric_words import percent
from nnstudio.gui.moments.evidence import Answers, Evidence, Use
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.gui.plots.confusion_grid import ConfusionGrid
from nnstudio.gui.plots.evidence_plot import EvidencePlot
from nnstudio.gui.plots.use_field import UseField, rows_in_words
from nnstudio.i18n import tr


def confusion(answers: Answers) -> NDArray[np.int64]:
    """Return how many rows of each class were given each class.

    Returns
    -------
    Array of shape (classes, classes)
        First axis the truth, second the prediction.
    """
    count = len(answers.names)
    pairs = np.bincount(answers.truth * count + answers.guessed, minlength=count**2)
    return pairs.reshape(count, count)


class ConfusionPlot(EvidencePlot):
    """A cell for each pair of truth and prediction; a click selects its rows."""

    key = "confusion"
    title = "Confusion matrix"
    tip = "Which class is taken for which; a click on a cell selects its rows."
    place = 1
    about = "classes"

    def __init__(self) -> None:
        super().__init__()
        self._answers: Answers | None = None
        self.use = UseField()
        self.use.currentIndexChanged.connect(self.refresh)
        self.add_control(self.use)
        self.grid = ConfusionGrid()
        self.grid.cell_chosen.connect(self._on_cell_chosen)
        self.set_body(self.grid)

    def look(self, frame: LivingFrame, evidence: Evidence) -> None:
        """Compute the answers beside the window, then count them."""
        use = self.use.use_in(frame.surroundings)
        self.compute(lambda: evidence.answers(use), lambda answers: self._show(answers, use))

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return a line for each pair of classes."""
        counts, names = self.grid.counts, self.grid.names
        pairs = [(truth, said) for truth in range(len(names)) for said in range(len(names))]
        return {
            "truth": [names[truth] for truth, _ in pairs],
            "predicted": [names[said] for _, said in pairs],
            "rows": [int(counts[pair]) for pair in pairs],
        }

    def _show(self, answers: Answers, use: Use) -> None:
        self._answers = answers
        counts = confusion(answers)
        right, total = int(np.trace(counts)), max(1, len(answers.rows))
        self.say(
            tr("{rows}: {right:,} right ({share}). Colour: share of the rows of that truth.").format(
                rows=rows_in_words(use, answers), right=right, share=percent(right / total)
            )
        )
        self.grid.show_counts(counts, answers.names)
        self.show_body()

    def _on_cell_chosen(self, truth: int, said: int) -> None:
        if self._answers is None:
            return
        found = (self._answers.truth == truth) & (self._answers.guessed == said)
        self.rows_selected.emit(tuple(self._answers.rows[found].tolist()))
