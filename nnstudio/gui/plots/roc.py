"""How many of a class are found, at the price of how many false alarms."""

from __future__ import annotations

from nnstudio.gui.plots.class_curves import ClassCurvesPlot, ClassCuts
from nnstudio.gui.plots.curve_chart import CurveChart
from nnstudio.gui.plots.thresholds import Cuts, Numbers
from nnstudio.i18n import tr


class RocPlot(ClassCurvesPlot):
    """The share that is found over the share of false alarms, at every threshold.

    References
    ----------
    T. Fawcett, "An introduction to ROC analysis", 2006, algorithms 1 and 2.
    """

    key = "roc"
    title = "ROC"
    tip = "How many of a class are found at the price of how many false alarms, at every threshold."
    place = 2
    columns = ("false alarms", "found")

    def __init__(self) -> None:
        super().__init__(CurveChart(tr("ROC curves"), tr("false alarms (share)"), tr("found (share)")))
        self.lines.compare_with([0, 1], [0, 1])

    def places(self, cuts: Cuts) -> tuple[Numbers, Numbers]:
        """Return what is found over the false alarms."""
        return cuts.false_share, cuts.recall

    def area(self, cuts: Cuts) -> float:
        """Return how likely a row of the class has a higher score than another."""
        return cuts.roc_area

    def tell_classes(self, rows: str, mean: float) -> None:
        """Say how good all are."""
        words = tr("{rows}, each class against all others. Mean area {area:.3f}; 1 is perfect, 0.5 is guessing.")
        self.say(words.format(rows=rows, area=mean))

    def tell_yes(self, last: ClassCuts, rows: str) -> None:
        """Say how good it is."""
        words = tr("Yes is '{name}'. Area {area:.3f} on the {rows}; 1 is perfect, 0.5 is guessing.")
        self.say(words.format(name=last.name, area=last.cuts.roc_area, rows=rows))
