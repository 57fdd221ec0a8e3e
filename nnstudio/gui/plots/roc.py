"""How many of a class are found, at the price of how many false alarms."""

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


class RocPlot(Plot):
    """The share that is found over the share of false alarms, at every threshold.

    References
    ----------
    T. Fawcett, "An introduction to ROC analysis", 2006, algorithms 1 and 2.
    """

    key = "roc"
    title = "ROC"
    tip = "How many of a class are found at the price of how many false alarms, at every threshold."
    place = 2

    def __init__(self) -> None:
        super().__init__()
        self.use = UseField()
        self.use.currentIndexChanged.connect(self.refresh)
        self.add_control(self.use)
        self.lines = CurveChart(tr("ROC curves"), tr("false alarms (share)"), tr("found (share)"))
        self.lines.chart.show_shares()
        self.lines.compare_with([0, 1], [0, 1])
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
        return table_of(self.lines.curves, "false alarms", "found")

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.lines.recolour()

    def _show(self, found: Sequence[ClassCuts], use: Use) -> None:
        curves = curves_of(found, lambda cuts: (cuts.false_share, cuts.recall), lambda cuts: cuts.roc_area)
        if not curves:
            self.show_empty(
                tr(
                    "A curve needs rows of a class and rows of another. Give the {rows} more rows in the Data panel."
                ).format(rows=tr(WORDS[use]))
            )
            return
        areas = [one.cuts.roc_area for one in found if one.cuts.has_both]
        if len(found) > 1 and len({one.use for one in found}) == 1:
            self.say(
                tr(
                    "{rows}, each class against all others. Mean area {area:.3f}; 1 is perfect, 0.5 is guessing."
                ).format(rows=tr(WORDS[use]).capitalize(), area=float(np.mean(areas)))
            )
        else:
            self.say(
                tr("Yes is '{name}'. Area {area:.3f} on the {rows}; 1 is perfect, 0.5 is guessing.").format(
                    name=found[-1].name, area=areas[-1], rows=curves[-1].name
                )
            )
        self.lines.show_curves(curves)
        self.show_body()
