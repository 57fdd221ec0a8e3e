"""What a network of numbers says, against what is true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine import History
from nnstudio.gui.evidence import Answers, Use, evidence_of
from nnstudio.gui.living import LivingFrame, LivingView
from nnstudio.gui.plots.plot import Plot
from nnstudio.gui.plots.point_chart import PointChart, Points, points_table
from nnstudio.gui.plots.target_field import TargetField
from nnstudio.gui.plots.use_field import WORDS
from nnstudio.i18n import tr

Numbers = NDArray[np.float64]


def r_squared(truth: Numbers, said: Numbers) -> float:
    """Return 1 - sum (truth - said)^2 / sum (truth - mean)^2; not a number where all truths are the same."""
    spread = float(((truth - truth.mean()) ** 2).sum()) if len(truth) else 0.0
    return 1 - float(((truth - said) ** 2).sum()) / spread if spread else float("nan")


class FitPlot(Plot):
    """Each row at its truth and its prediction; perfect ones lie on the line."""

    key = "fit"
    title = "Fit"
    tip = "Predicted against true numbers; a click on a point selects its row."
    place = 5

    def __init__(self) -> None:
        super().__init__()
        self.target = TargetField()
        self.target.currentIndexChanged.connect(self.refresh)
        self.add_control(self.target)
        self.points = PointChart(tr("Predicted against true numbers"))
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
        """Return each row with truth and prediction, in the units of the file."""
        return points_table(self.points.points, "true", "predicted")

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.points.recolour()

    def _show(self, found: Mapping[Use, Answers], target: int) -> None:
        points: dict[Use, Points] = {}
        for use, answers in found.items():
            truth, said = answers.truth[:, target], answers.said[:, target]
            words = f"{tr(WORDS[use])}  R² {r_squared(truth, said):.3f}"
            points[use] = Points(answers.rows, truth, said, words)
        ends = [float(end) for shown in points.values() if len(shown.x) for end in (shown.x.min(), shown.x.max())]
        name = next(iter(found.values())).names[target]
        self.points.chart.name_axes(tr("true {name}").format(name=name), tr("predicted {name}").format(name=name))
        errors = "; ".join(
            tr("{rows} {error:.4g}").format(rows=tr(WORDS[use]), error=float(np.abs(shown.y - shown.x).mean()))
            for use, shown in points.items()
        )
        self.say(
            tr("Mean of the absolute errors, in the units of the file: {errors}. The dotted line is right.").format(
                errors=errors
            )
        )
        self.points.show_points(points, ([min(ends), max(ends)], [min(ends), max(ends)]))
        self.show_body()
