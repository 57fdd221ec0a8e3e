"""How strongly the cost pulls at each layer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from nnstudio.engine import History, Network
from nnstudio.gui.evidence import Evidence, evidence_of
from nnstudio.gui.living import LivingFrame, LivingView
from nnstudio.gui.plots.layer_curves import layer_chart, layer_table, norms, show_layers
from nnstudio.gui.plots.looks import Looks, looked_at
from nnstudio.gui.plots.plot import Plot
from nnstudio.i18n import tr


class GradientsPlot(Plot):
    """The length of the gradient of each layer's weights, while the plot is seen and at the states kept before."""

    key = "gradients"
    title = "Gradients"
    tip = "How strongly the cost pulls at each layer; far apart or falling means that a layer hardly learns."
    empty = "Load data and draw a network: how strongly the cost pulls at each layer appears here."
    needs_gradients = True
    place = 8

    def __init__(self) -> None:
        super().__init__()
        self._looks: Looks[dict[str, float]] = Looks()
        self._network: Network | None = None
        self.lines = layer_chart(tr("Length of each layer's gradient"), tr("length of the gradient"))
        self.set_body(self.lines)

    def draw(self, frame: LivingFrame | None, view: LivingView | None, history: History | None) -> None:
        """Compute the gradients beside the window, where the frame does not bring them."""
        del history
        if frame is None or view is None:
            self.show_empty()
            return
        evidence, network, run = evidence_of(frame, view), frame.network, frame.run
        earlier = self._looks.missing(network, run, frame.step, self.kept())[: 1 if self.is_paced else None]
        self.compute(partial(looked_at, evidence, earlier, _lengths), partial(self._show, network, run))

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return every look at every layer."""
        return layer_table(self._network or Network(), self._looks, "length of the gradient")

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.lines.recolour()

    def _show(self, network: Network, run: str, found: list[tuple[int, dict[str, float]]]) -> None:
        self._network = network
        self._looks.take(network, run, found)
        self.say(
            tr("Root of the sum of squares over each layer's weights, of the mean cost of up to 1,024 training rows.")
        )
        show_layers(self.lines, network, self._looks)
        self.show_body()
        if len(found) > 1 and not self.is_paced:
            self.refresh()  # there may be more to look back at


def _lengths(evidence: Evidence) -> dict[str, float]:
    return norms(evidence.gradients())
