"""The learning rate as it was used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine import History
from nnstudio.gui.look.theme import theme
from nnstudio.gui.moments.living import LivingFrame, LivingView
from nnstudio.gui.plots.chart import Chart, line_pen
from nnstudio.gui.plots.curves import thinned
from nnstudio.gui.plots.plot import Plot
from nnstudio.gui.plots.step_mark import StepMark
from nnstudio.i18n import tr

Numbers = NDArray[np.float64]

_MOST = 2000


class LearningRatePlot(Plot):
    """The rate of every step: what the optimizer was given, times the schedule, with every change by hand."""

    key = "learningRate"
    title = "Learning rate"
    tip = "The learning rate of each step, as the schedule and changes by hand made it."
    place = 7
    empty = "Press Train: the learning rate of each step appears here."

    def __init__(self) -> None:
        super().__init__()
        self._steps: Numbers = np.empty(0)
        self._rates: Numbers = np.empty(0)
        self.chart = Chart(tr("Learning rate"))
        self.chart.name_axes(tr("step"), tr("learning rate"))
        self._line = self.chart.item.plot([], [])
        self._mark = StepMark(self.chart.item)
        self._drawn: tuple[object, ...] = ()
        self.set_body(self.chart)

    def draw(self, frame: LivingFrame | None, view: LivingView | None, history: History | None) -> None:
        """Draw what the history holds; this is quick."""
        del view
        view_of_rates = history.read("learning_rate") if history is not None else None
        if history is None or view_of_rates is None or not len(view_of_rates):
            trained = history is not None and len(history.read("cost"))
            self.show_empty(
                tr("No learning rate was noted: the optimizer has none, or the file is older than this plot.")
                if trained
                else ""
            )
            return
        self._steps, self._rates = view_of_rates.step, view_of_rates.mean
        costs = history.read("cost")
        last = max(float(self._steps[-1]), float(costs.step[-1]) if len(costs) else 0.0)
        if (history, len(view_of_rates), last) != self._drawn:
            self._drawn = (history, len(view_of_rates), last)
            self._draw_line(last)
        step = frame.step if frame is not None and self.is_past else None
        self._mark.put(step, is_log=False)
        at = len(self._steps) if step is None else int(np.searchsorted(self._steps, step, side="right"))
        words = tr("Now {rate:.4g}. Noted at each change.")
        if step is not None:
            words = tr("{rate:.4g} at step {step:,}. Noted at each change.")
        self.say(words.format(rate=float(self._rates[max(0, at - 1)]), step=step))
        self.show_body()

    def _draw_line(self, last: float) -> None:
        # A rate is noted when it changes, and stays until the next one.
        x, y = thinned(self._steps, self._rates, _MOST)
        ends = np.append(x[1:], last)
        self._line.setData(np.stack([x, ends], axis=1).ravel(), np.repeat(y, 2))
        self.chart.item.setXRange(0, last, padding=0.02)
        self.chart.item.setYRange(0, float(self._rates.max()) * 1.08, padding=0)

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return the step of each change and the rate from then on."""
        return {"step": self._steps.tolist(), "learning rate": self._rates.tolist()}

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.chart.recolour()
        self._line.setPen(line_pen(theme().positive, 2))
        self._mark.recolour()
