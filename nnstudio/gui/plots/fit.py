"""What a network of numbers says, against what is true."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from nnstudio.gui.moments.evidence import Answers, Use
from nnstudio.gui.plots.numbers_plot import Line, NumbersPlot
from nnstudio.gui.plots.point_chart import Points
from nnstudio.gui.plots.use_field import WORDS
from nnstudio.i18n import tr

Numbers = NDArray[np.float64]


def r_squared(truth: Numbers, said: Numbers) -> float:
    """Return 1 - sum (truth - said)^2 / sum (truth - mean)^2; not a number where all truths are the same."""
    spread = float(((truth - truth.mean()) ** 2).sum()) if len(truth) else 0.0
    return 1 - float(((truth - said) ** 2).sum()) / spread if spread else float("nan")


class FitPlot(NumbersPlot):
    """Each row at its truth and its prediction; perfect ones lie on the line."""

    key = "fit"
    title = "Fit"
    tip = "Predicted against true numbers; a click on a point selects its row."
    place = 5
    columns = ("true", "predicted")

    def __init__(self) -> None:
        super().__init__(tr("Predicted against true numbers"))

    def points_of(self, use: Use, answers: Answers, target: int) -> Points:
        """Return the predictions over the truths."""
        truth, said = answers.truth[:, target], answers.said[:, target]
        return Points(answers.rows, truth, said, f"{tr(WORDS[use])}  R² {r_squared(truth, said):.3f}")

    def tell(self, name: str, points: Mapping[Use, Points]) -> None:
        """Say how far off the predictions are."""
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

    def right(self, low: float, high: float) -> Line:
        """Return the diagonal."""
        return [low, high], [low, high]
