"""How right a yes is, and how many of a class it finds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnstudio.engine import History
from nnstudio.gui.evidence import Use, evidence_of
from nnstudio.gui.living import LivingFrame, LivingView
from nnstudio.gui.plots.class_curves import ClassCuts, curves_of, cuts_of_classes, table_of
from nnstudio.gui.plots.curve_chart import CurveChart
from nnstudio.gui.plots.plot import Plot
from nnstudio.gui.plots.use_field import WORDS, UseField
from nnstudio.i18n import tr


class PrecisionRecallPlot(Plot):
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

    def __init__(self) -> None:
        super().__init__()
        self.use = UseField()
        self.use.currentIndexChanged.connect(self.refresh)
        self.add_control(self.use)
        self.lines = CurveChart(tr("Curves of precision and recall"), tr("recall (share)"), tr("precision (share)"))
        self.lines.chart.show_shares()
        self.set_body(self.lines)

    def draw(self, frame: LivingFrame | None, view: LivingView | None, history: History | None) -> None:
        """Compute the answers beside the window, then cut them."""
        del history
        if frame is None or view is None:
            self.show_empty()
            return
        around = frame.surroundings
        if around.pipeline.task == "regression":
            self.show_empty(tr("This network answers with numbers, not with classes. Open Fit in View ▸ Plots."))
            return
        evidence, use = evidence_of(frame, view), self.use.use_in(around)
        self.use.setVisible(len(around.pipeline.class_names) > 2)
        self.compute(lambda: cuts_of_classes(evidence, use), lambda found: self._show(found, use))

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return the points of every curve."""
        return table_of(self.lines.curves, "recall", "precision")

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.lines.recolour()

    def _show(self, found: Sequence[ClassCuts], use: Use) -> None:
        curves = curves_of(found, lambda cuts: (cuts.recall, cuts.precision), lambda cuts: cuts.average_precision)
        if not curves:
            self.show_empty(
                tr(
                    "A curve needs rows of a class and rows of another. Give the {rows} more rows in the Data panel."
                ).format(rows=tr(WORDS[use]))
            )
            return
        known = [one for one in found if one.cuts.has_both]
        areas = [one.cuts.average_precision for one in known]
        if len(found) > 1 and len({one.use for one in found}) == 1:
            self.lines.compare_with([], [])
            self.say(
                tr("{rows}, each class against all others. Mean of the average precisions {area:.3f}.").format(
                    rows=tr(WORDS[use]).capitalize(), area=float(np.mean(areas))
                )
            )
        else:
            last = known[-1].cuts
            share = float(last.true_yes[-1] / (last.true_yes[-1] + last.false_yes[-1]))
            self.lines.compare_with([0, 1], [share, share])
            self.say(
                tr("Yes is '{name}'. Average precision {area:.3f} on the {rows}; guessing gives {share:.3f}.").format(
                    name=found[-1].name, area=areas[-1], rows=curves[-1].name, share=share
                )
            )
        self.lines.show_curves(curves)
        self.show_body()
