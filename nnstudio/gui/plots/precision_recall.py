"""How right a yes is, and how many of a class it finds."""

from __future__ import annotations

from nnstudio.gui.plots.class_curves import ClassCurvesPlot, ClassCuts
from nnstudio.gui.plots.curve_chart import CurveChart
from nnstudio.gui.plots.thresholds import Cuts, Numbers
from nnstudio.i18n import tr


class PrecisionRecallPlot(ClassCurvesPlot):
    """Precision over recall, at every threshold. Says more than ROC where a class is rare.

    References
    ----------
    T. Saito, M. Rehmsmeier, "The precision-recall plot is more informative than the ROC plot when evaluating binary
    classifiers on imbalanced datasets", 2015.
    """

    key = "precisionRecall"
    title = "Precision and recall"
    tip = "How right a yes is and how many it finds, at every threshold; made for rare classes."
    place = 3
    columns = ("recall", "precision")

    def __init__(self) -> None:
        super().__init__(
            CurveChart(tr("Curves of precision and recall"), tr("recall (share)"), tr("precision (share)"))
        )

    def places(self, cuts: Cuts) -> tuple[Numbers, Numbers]:
        """Return precision over recall."""
        return cuts.recall, cuts.precision

    def area(self, cuts: Cuts) -> float:
        """Return the mean of the precisions that each further row of the class is had at."""
        return cuts.average_precision

    def tell_classes(self, rows: str, mean: float) -> None:
        """Say how good all are; what guessing gives differs from class to class."""
        self.lines.compare_with([], [])
        words = tr("{rows}, each class against all others. Mean of the average precisions {area:.3f}.")
        self.say(words.format(rows=rows, area=mean))

    def tell_yes(self, last: ClassCuts, rows: str) -> None:
        """Say how good it is, and what guessing gives: the share of the class."""
        found, others = float(last.cuts.true_yes[-1]), float(last.cuts.false_yes[-1])
        share = found / (found + others)
        self.lines.compare_with([0, 1], [share, share])
        words = tr("Yes is '{name}'. Average precision {area:.3f} on the {rows}; guessing gives {share:.3f}.")
        self.say(words.format(name=last.name, area=last.cuts.average_precision, rows=rows, share=share))
