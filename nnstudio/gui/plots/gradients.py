"""How strongly the cost pulls at each layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from nnstudio.gui.moments.evidence import Evidence
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.gui.plots.evidence_plot import EvidencePlot
from nnstudio.gui.plots.layer_curves import layer_chart, layer_table, norms, show_layers
from nnstudio.gui.plots.looks import Looks, looked_at
from nnstudio.i18n import tr


class GradientsPlot(EvidencePlot):
    """The length of the gradient of each layer's weights, while the plot is seen and at other states that are kept."""

    key = "gradients"
    title = "Gradients"
    tip = "How strongly the cost pulls at each layer; far apart or falling means that a layer hardly learns."
    empty = "Load data and draw a network: how strongly the cost pulls at each layer appears here."
    place = 8

    def __init__(self) -> None:
        super().__init__()
        self._looks: Looks[dict[str, float]] = Looks()
        self.lines = layer_chart(tr("Length of each layer's gradient"), tr("length of the gradient"))
        self.set_body(self.lines)

    def look(self, frame: LivingFrame, evidence: Evidence) -> None:
        """Compute the gradients beside the window: those of a frame are of one batch, these of many rows."""
        past = self.is_past
        self._looks.begin(frame.network, frame.run)
        others = self._looks.missing(frame.step, self.kept(), past=past)
        if past and not others and self._looks.has(frame.network, frame.step):
            self.lines.mark(frame.step)
            self.show_body()
            return
        work = partial(looked_at, evidence, others[:1] if self.is_paced else others, _lengths)
        self.compute(work, lambda found: self._show(frame, found, past=past))

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return every look at every layer."""
        return layer_table(self._looks, "length of the gradient")

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.lines.recolour()

    def _show(self, frame: LivingFrame, found: list[tuple[int, dict[str, float]]], *, past: bool) -> None:
        if not self._looks.is_of(frame.network, frame.run):
            return
        (step, now), *others = found
        keep = self._looks.put if past else self._looks.add
        keep(frame.network, step, now)
        for other, then in others:
            self._looks.put(frame.network, other, then)
        self.say(
            tr("Root of the sum of squares over each layer's weights, of the mean cost of up to 1,024 training rows.")
        )
        show_layers(self.lines, self._looks, frame.step if past else None)
        self.show_body()
        if others and not self.is_paced:
            self.refresh()  # there may be more to look back at


def _lengths(evidence: Evidence) -> dict[str, float]:
    return norms(evidence.gradients())
