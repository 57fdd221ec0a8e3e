"""Whether a network that says 80 % is right in 80 of 100 cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from nnstudio.gui.look.colours import use_color
from nnstudio.gui.look.theme import theme
from nnstudio.gui.metric_words import percent
from nnstudio.gui.moments.evidence import Answers, Evidence, Use
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.gui.plots.chart import Chart, line_pen
from nnstudio.gui.plots.evidence_plot import EvidencePlot
from nnstudio.gui.plots.use_field import UseField, rows_in_words
from nnstudio.i18n import tr

Numbers = NDArray[np.float64]

BINS = 10


@dataclass(frozen=True, eq=False)
class Reliability:
    """What was said and what was true, by bins of equal width from 0 to 1.

    Attributes
    ----------
    count : Array of shape (BINS,)
        Rows in a bin.
    said, true : Array of shape (BINS,)
        The mean probability in a bin, and the share of its rows for which it came true; not a number without rows.
    """

    count: NDArray[np.int64]
    said: Numbers
    true: Numbers

    @property
    def error(self) -> float:
        """The expected calibration error: the mean of |true - said|, weighted with the rows of each bin."""
        filled = self.count > 0
        gaps = np.abs(self.true[filled] - self.said[filled])
        return float((gaps * self.count[filled]).sum() / max(1, int(self.count.sum())))


def reliability(answers: Answers) -> Reliability:
    """Return how far probabilities can be believed: that of the yes, or, of more than two, that of the likeliest class.

    References
    ----------
    C. Guo et al., "On calibration of modern neural networks", 2017, equations 2 and 3.
    """
    if len(answers.names) <= 2:
        probability, came_true = answers.said[:, -1], answers.truth == len(answers.names) - 1
    else:
        probability, came_true = answers.said.max(axis=1), answers.truth == answers.guessed
    bins = np.clip((probability * BINS).astype(np.int64), 0, BINS - 1)
    count = np.bincount(bins, minlength=BINS)
    with np.errstate(invalid="ignore"):
        said = np.bincount(bins, probability, BINS) / np.where(count, count, np.nan)
        true = np.bincount(bins, came_true, BINS) / np.where(count, count, np.nan)
    return Reliability(count, said, true)


class CalibrationPlot(EvidencePlot):
    """The share that came true over the probability that was said, with the number of rows as bars."""

    key = "calibration"
    title = "Calibration"
    tip = "Whether a network that says 80 % is right in 80 of 100 cases."
    place = 4
    about = "classes"

    def __init__(self) -> None:
        super().__init__()
        none = np.full(BINS, np.nan)
        self.found = Reliability(np.zeros(BINS, np.int64), none, none)
        self._use: Use = "test"
        self.use = UseField()
        self.use.currentIndexChanged.connect(self.refresh)
        self.add_control(self.use)
        self.chart = Chart(tr("Reliability of probabilities"))
        self.chart.show_shares()
        self._bars = pg.BarGraphItem(x=np.empty(0), height=np.empty(0), width=0.9 / BINS)
        self.chart.item.addItem(self._bars)
        self._perfect = self.chart.item.plot([0, 1], [0, 1])
        self._line = self.chart.item.plot([], [])
        self.set_body(self.chart)

    def look(self, frame: LivingFrame, evidence: Evidence) -> None:
        """Compute the answers beside the window, then count them."""
        use = self.use.use_in(frame.surroundings)
        self.compute(lambda: evidence.answers(use), lambda answers: self._show(answers, use))

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return the bins."""
        edges = np.arange(BINS + 1) / BINS
        return {
            "from": edges[:-1].tolist(),
            "to": edges[1:].tolist(),
            "rows": self.found.count.tolist(),
            "mean probability": [None if np.isnan(value) else value for value in self.found.said.tolist()],
            "share that came true": [None if np.isnan(value) else value for value in self.found.true.tolist()],
        }

    def recolour(self) -> None:
        """Take the colours of the theme."""
        colours = theme()
        self.chart.recolour()
        self._perfect.setPen(line_pen(colours.faint, 1.5, Qt.PenStyle.DotLine))
        self._bars.setOpts(brush=pg.mkBrush(colours.color("dim", 50)), pen=pg.mkPen(None))
        color = use_color(self._use, colours)
        self._line.setPen(line_pen(color, 2))
        self._line.setSymbol("o")
        self._line.setSymbolSize(8)
        self._line.setSymbolBrush(pg.mkBrush(color))
        self._line.setSymbolPen(pg.mkPen(colours.panel))

    def _show(self, answers: Answers, use: Use) -> None:
        self.found = found = reliability(answers)
        if use != self._use:
            self._use = use
            self.recolour()
        two = len(answers.names) <= 2
        what = tr("probability of '{name}'").format(name=answers.names[-1]) if two else tr("probability of the answer")
        self.chart.name_axes(tr("{what} (mean of each tenth)").format(what=what), tr("share that came true"))
        self.say(
            tr("{rows}: expected calibration error {error}. Bars: share of the rows in each tenth.").format(
                rows=rows_in_words(use, answers), error=percent(found.error)
            )
        )
        centres = (np.arange(BINS) + 0.5) / BINS
        self._bars.setOpts(x=centres, height=found.count / max(1, int(found.count.sum())))
        filled = found.count > 0
        self._line.setData(found.said[filled], found.true[filled])
        self.show_body()
