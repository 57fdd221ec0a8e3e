"""Every threshold of each class, and the base of plots that draw a curve over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nnstudio.gui.moments.evidence import Answers, Evidence, Use
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.gui.plots.curve_chart import Curve, CurveChart
from nnstudio.gui.plots.evidence_plot import EvidencePlot
from nnstudio.gui.plots.thresholds import Cuts, Numbers, cuts
from nnstudio.gui.plots.use_field import WORDS, UseField
from nnstudio.i18n import tr


@dataclass(frozen=True, eq=False)
class ClassCuts:
    """The thresholds of one class.

    Attributes
    ----------
    name : str
        The class.
    use : str
        Of which rows.
    cuts : Cuts
    """

    name: str
    use: Use
    cuts: Cuts


def cuts_of_classes(evidence: Evidence, use: Use) -> list[ClassCuts]:
    """Return the thresholds of a network's classes.

    With two classes they are those of the second one, the yes, for every kind of rows apart; with more, each class
    against all others, for the rows that are asked for.
    """
    names = evidence.around.pipeline.class_names
    if len(names) <= 2:
        return [_cut(answers, len(names) - 1, kind) for kind, answers in evidence.all_answers().items()]
    answers = evidence.answers(use)
    return [_cut(answers, label, use) for label in range(len(names))]


class ClassCurvesPlot(EvidencePlot):
    """A curve for each class, or for each kind of rows where there are two classes, and the area below it.

    Parameters
    ----------
    lines : CurveChart

    Attributes
    ----------
    columns : (str, str)
        What the axes are called in a file.
    """

    about = "classes"
    columns: ClassVar[tuple[str, str]]

    def __init__(self, lines: CurveChart) -> None:
        super().__init__()
        self.use = UseField()
        self.use.currentIndexChanged.connect(self.refresh)
        self.add_control(self.use)
        self.lines = lines
        self.lines.chart.show_shares()
        self.set_body(self.lines)

    # What a member defines

    def places(self, cuts: Cuts) -> tuple[Numbers, Numbers]:
        """Return where the curve of some thresholds goes, across and up."""
        raise NotImplementedError

    def area(self, cuts: Cuts) -> float:
        """Return the area below it."""
        raise NotImplementedError

    def tell_classes(self, rows: str, mean: float) -> None:
        """Say what curves of several classes over the same rows show, and the mean of their areas."""
        raise NotImplementedError

    def tell_yes(self, last: ClassCuts, rows: str) -> None:
        """Say what the curves of yes show, by the last of them."""
        raise NotImplementedError

    # What the base wants

    def look(self, frame: LivingFrame, evidence: Evidence) -> None:
        """Compute the answers beside the window, cut them, and draw what comes of it."""
        around = frame.surroundings
        use = self.use.use_in(around)
        self.use.setVisible(len(around.pipeline.class_names) > 2)
        self.compute(lambda: self._curves(cuts_of_classes(evidence, use)), lambda found: self._show(found, use))

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return the points of every curve as one long table: which one, the threshold, and both axes."""
        x, y = self.columns
        table: dict[str, list[Any]] = {"curve": [], "threshold": [], x: [], y: []}
        for curve in self.lines.curves:
            table["curve"] += [curve.name] * len(curve.x)
            table["threshold"] += curve.columns["threshold"].tolist()
            table[x] += curve.x.tolist()
            table[y] += curve.y.tolist()
        return table

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.lines.recolour()

    def _curves(self, found: Sequence[ClassCuts]) -> tuple[list[ClassCuts], list[Curve], bool]:
        """Return what can be drawn, its curves, and whether these are of classes; needs nothing of the window."""
        of_classes = len(found) > 1 and len({one.use for one in found}) == 1
        known = [one for one in found if one.cuts.has_both]  # a class without rows, or without others, has no curve
        return known, [self._curve(one, by_use=not of_classes) for one in known], of_classes

    def _show(self, found: tuple[list[ClassCuts], list[Curve], bool], use: Use) -> None:
        known, curves, of_classes = found
        if not known:
            words = tr(
                "A curve needs rows of a class and rows of another. Give the {rows} more rows in the Data panel."
            )
            self.show_empty(words.format(rows=tr(WORDS[use])))
            return
        if of_classes:
            self.tell_classes(tr(WORDS[use]).capitalize(), float(np.mean([self.area(one.cuts) for one in known])))
        else:
            self.tell_yes(known[-1], tr(WORDS[known[-1].use]))
        self.lines.show_curves(curves)
        self.show_body()

    def _curve(self, one: ClassCuts, *, by_use: bool) -> Curve:
        x, y = self.places(one.cuts)
        name = tr(WORDS[one.use]) if by_use else one.name
        threshold = np.where(np.isfinite(one.cuts.threshold), one.cuts.threshold, 1.0)
        words = f"{name}  {self.area(one.cuts):.3f}"
        return Curve(name, words, x, y, one.use if by_use else None, {"threshold": threshold})


def _cut(answers: Answers, label: int, use: Use) -> ClassCuts:
    return ClassCuts(answers.names[label], use, cuts(answers.said[:, label], answers.truth == label))
