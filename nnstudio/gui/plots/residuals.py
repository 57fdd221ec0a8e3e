"""What is left of the truth when the prediction is taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnstudio.engine import History
from nnstudio.gui.evidence import Answers, Use, evidence_of
from nnstudio.gui.living import LivingFrame, LivingView
from nnstudio.gui.plots.plot import Plot
from nnstudio.gui.plots.point_chart import PointChart, Points, points_table
from nnstudio.gui.plots.target_field import TargetField
from nnstudio.gui.plots.use_field import WORDS
from nnstudio.i18n import tr


class ResidualsPlot(Plot):
    """Each row's error over its prediction; a pattern tells what the network has not understood."""

    key = "residuals"
    title = "Residuals"
    tip = "Errors over predictions: a bend or a funnel tells what is not learned. A click selects the row."
    place = 6

    def __init__(self) -> None:
        super().__init__()
        self.target = TargetField()
        self.target.currentIndexChanged.connect(self.refresh)
        self.add_control(self.target)
        self.points = PointChart(tr("Errors over predictions"))
        self.points.rows_chosen.connect(self.rows_selected)
        self.set_body(self.points)

    def draw(self, frame: LivingFrame | None, view: LivingView | None, history: History | None) -> None:
        """Compute the answers beside the window, then draw them."""
        del history
        if frame is None or view is None:
            self.show_empty()
            return
        if frame.surroundings.pipeline.task != "regression":
            self.show_empty(tr("This network answers with classes. Open Confusion matrix in View ▸ Plots."))
            return
        evidence, target = evidence_of(frame, view), self.target.target_of(frame.surroundings)
        self.compute(evidence.all_answers, lambda found: self._show(found, target))

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return each row with prediction and error, in the units of the file."""
        return points_table(self.points.points, "predicted", "error")

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.points.recolour()

    def _show(self, found: Mapping[Use, Answers], target: int) -> None:
        points: dict[Use, Points] = {}
        for use, answers in found.items():
            said = answers.said[:, target]
            error = said - answers.truth[:, target]
            words = f"{tr(WORDS[use])}  ± {float(error.std()):.4g}"
            points[use] = Points(answers.rows, said, error, words)
        ends = [float(end) for shown in points.values() if len(shown.x) for end in (shown.x.min(), shown.x.max())]
        name = next(iter(found.values())).names[target]
        self.points.chart.name_axes(tr("predicted {name}").format(name=name), tr("error: predicted − true"))
        means = "; ".join(
            tr("{rows} {mean:+.4g}").format(rows=tr(WORDS[use]), mean=float(np.mean(shown.y)))
            for use, shown in points.items()
        )
        self.say(
            tr("Mean error, in the units of the file: {means}. ± is the standard deviation of the errors.").format(
                means=means
            )
        )
        self.points.show_points(points, ([min(ends), max(ends)], [0.0, 0.0]))
        self.show_body()
