"""The base of plots with a point for each row whose answer is a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from nnstudio.gui.moments.evidence import Answers, Evidence, Use
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.gui.plots.evidence_plot import EvidencePlot
from nnstudio.gui.plots.point_chart import PointChart, Points, points_table
from nnstudio.gui.plots.target_field import TargetField

Line = tuple[list[float], list[float]]


class NumbersPlot(EvidencePlot):
    """The rows of every use, for one of the targets.

    Parameters
    ----------
    name : str
        What a screen reader says.

    Attributes
    ----------
    columns : (str, str)
        What the axes are called in a file.
    """

    about = "numbers"
    columns: ClassVar[tuple[str, str]]

    def __init__(self, name: str) -> None:
        super().__init__()
        self.target = TargetField()
        self.target.currentIndexChanged.connect(self.refresh)
        self.add_control(self.target)
        self.points = PointChart(name)
        self.points.rows_chosen.connect(self.rows_selected)
        self.set_body(self.points)

    # What a member defines

    def points_of(self, use: Use, answers: Answers, target: int) -> Points:
        """Return where the rows of a use lie."""
        raise NotImplementedError

    def tell(self, name: str, points: Mapping[Use, Points]) -> None:
        """Name the axes, and say above the plot what there is to be seen of the target of this name."""
        raise NotImplementedError

    def right(self, low: float, high: float) -> Line:
        """Return the line on which perfect answers lie, over this part of the axis across."""
        raise NotImplementedError

    # What the base wants

    def look(self, frame: LivingFrame, evidence: Evidence) -> None:
        """Compute the answers of all rows beside the window, then draw them."""
        target = self.target.target_of(frame.surroundings)
        self.compute(evidence.all_answers, lambda found: self._show(found, target))

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return each row with both axes, in the units of the file."""
        return points_table(self.points.points, *self.columns)

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.points.recolour()

    def _show(self, found: Mapping[Use, Answers], target: int) -> None:
        points = {use: self.points_of(use, answers, target) for use, answers in found.items()}
        ends = [float(end) for shown in points.values() if len(shown.x) for end in (shown.x.min(), shown.x.max())]
        self.tell(next(iter(found.values())).names[target], points)
        self.points.show_points(points, self.right(min(ends), max(ends)))
        self.show_body()
