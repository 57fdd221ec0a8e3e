"""What is left of the truth when the prediction is taken away."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnstudio.gui.moments.evidence import Answers, Use
from nnstudio.gui.plots.numbers_plot import Line, NumbersPlot
from nnstudio.gui.plots.point_chart import Points
from nnstudio.gui.plots.use_field import WORDS
from nnstudio.i18n import tr


class ResidualsPlot(NumbersPlot):
    """Each row's error over its prediction; a pattern tells what the network has not understood."""

    key = "residuals"
    title = "Residuals"
    tip = "Errors over predictions: a bend or a funnel tells what is not learned. A click selects the row."
    place = 6
    columns = ("predicted", "error")

    def __init__(self) -> None:
        super().__init__(tr("Errors over predictions"))

    def points_of(self, use: Use, answers: Answers, target: int) -> Points:
        """Return the errors over the predictions."""
        said = answers.said[:, target]
        error = said - answers.truth[:, target]
        return Points(answers.rows, said, error, f"{tr(WORDS[use])}  ± {float(error.std()):.4g}")

    def tell(self, name: str, points: Mapping[Use, Points]) -> None:
        """Say to which side the predictions are off."""
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

    def right(self, low: float, high: float) -> Line:
        """Return the line of no error."""
        return [low, high], [0.0, 0.0]
