"""How many units of each layer take no part any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg

from nnstudio.engine import Array, Network
from nnstudio.engine.activation import Activation
from nnstudio.gui.look.theme import theme
from nnstudio.gui.moments.evidence import Evidence
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.gui.plots.chart import Chart
from nnstudio.gui.plots.evidence_plot import EvidencePlot
from nnstudio.i18n import tr

SILENT = 1e-6
"""A unit is silent that never says more than this."""

NEAR = 0.01
"""How near to an end an answer is at it, as a share of the way between both ends."""

MOSTLY = 0.95
"""A unit is saturated that is at an end for this share of the rows."""

_FAR, _FARTHER = 1e3, 1e4
_WIDTH = 0.38


@dataclass(frozen=True)
class LayerUnits:
    """The units of a layer.

    Attributes
    ----------
    name : str
    units : int
    silent, saturated : int
        How many of them; none is saturated where the activation has no two ends.
    """

    name: str
    units: int
    silent: int
    saturated: int


def ends(activation: Activation | None) -> tuple[float, float] | None:
    """Return the values at which an activation stays for large sums of either sign; None where it grows or waves."""
    if activation is None or not activation.elementwise:
        return None
    z = np.array([[-_FARTHER, -_FAR, _FAR, _FARTHER]])
    with np.errstate(all="ignore"):
        lowest, low, high, highest = activation.value(z)[0].tolist()
    settled = abs(lowest - low) < NEAR and abs(highest - high) < NEAR
    return (low, high) if settled and low < high else None


def count_units(said: Array, limits: tuple[float, float] | None) -> tuple[int, int, int]:
    """Return how many units there are, how many are silent, and how many are saturated.

    Parameters
    ----------
    said : Array of shape (rows, ..., units)
        What they say; places of a map count as rows.
    limits : (low, high) or None
        Where the activation ends.
    """
    units = said.shape[-1]
    # First over the rows, which lie apart in memory, then over the places of a map.
    highest = said.max(axis=0, initial=0.0).reshape(-1, units).max(axis=0)
    lowest = said.min(axis=0, initial=0.0).reshape(-1, units).min(axis=0)
    silent = int((np.maximum(highest, -lowest) <= SILENT).sum())
    if limits is None or not len(said):
        return units, silent, 0
    low, high = limits
    edge = NEAR * (high - low)
    at_end = ((said <= low + edge) | (said >= high - edge)).mean(axis=0).reshape(-1, units).mean(axis=0)
    return units, silent, int((at_end >= MOSTLY).sum())


def units_of(network: Network, activations: Mapping[str, Array]) -> list[LayerUnits]:
    """Return the units of each layer with an activation, but for the one that answers: it is meant to be sure.

    Recurrent layers use theirs inside; what they say reaches as far.
    """
    answers = {source for id in network.output_ids for source in network.sources(id)}
    found = []
    for id in network.order:
        layer = network.node(id).layer
        activation = layer.last_activation() or getattr(layer, "activation", None)
        if activation is None or id in answers or id not in activations:
            continue
        found.append(LayerUnits(network.node(id).name, *count_units(activations[id], ends(activation))))
    return found


class UnitsPlot(EvidencePlot):
    """Two bars a layer: the share of silent and of saturated units."""

    key = "units"
    title = "Silent units"
    tip = "How many units of each layer are silent or saturated, and so hardly learn any more."
    empty = "Load data and draw a network: how many units of each layer take no part appears here."
    place = 10

    def __init__(self) -> None:
        super().__init__()
        self.layers: Sequence[LayerUnits] = ()
        self.chart = Chart(tr("Share of silent and saturated units"))
        self.chart.name_axes(tr("layer"), tr("share of its units (%)"))
        self.chart.item.setYRange(0, 112, padding=0)
        self.chart.name_ticks("left", [(float(share), str(share)) for share in range(0, 101, 25)])
        self._silent = pg.BarGraphItem(x=np.empty(0), height=np.empty(0), width=_WIDTH)
        self._saturated = pg.BarGraphItem(x=np.empty(0), height=np.empty(0), width=_WIDTH)
        self.chart.item.addItem(self._silent)
        self.chart.item.addItem(self._saturated)
        self._counts: list[pg.TextItem] = []
        self.set_body(self.chart)

    def look(self, frame: LivingFrame, evidence: Evidence) -> None:
        """Compute what the units say beside the window, then count them."""
        network = frame.network
        self.compute(lambda: units_of(network, evidence.activations()), self._show)

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return a line for each layer."""
        return {
            "layer": [layer.name for layer in self.layers],
            "units": [layer.units for layer in self.layers],
            "silent": [layer.silent for layer in self.layers],
            "saturated": [layer.saturated for layer in self.layers],
        }

    def recolour(self) -> None:
        """Take the colours of the theme."""
        colours = theme()
        self.chart.recolour()
        self._silent.setOpts(brush=pg.mkBrush(colours.faint), pen=pg.mkPen(None))
        self._saturated.setOpts(brush=pg.mkBrush(colours.negative), pen=pg.mkPen(None))
        for text in self._counts:
            text.setColor(colours.dim)

    def _places(self, count: int) -> list[pg.TextItem]:
        """Have so many places for numbers on the chart."""
        for text in self._counts[count:]:
            self.chart.item.removeItem(text)
        del self._counts[count:]
        while len(self._counts) < count:
            text = pg.TextItem("", color=theme().dim, anchor=(0.5, 1.0))
            self.chart.item.addItem(text, ignoreBounds=True)
            self._counts.append(text)
        return self._counts

    def _show(self, layers: Sequence[LayerUnits]) -> None:
        self.layers = layers
        if not layers:
            self.show_empty(tr("No layer but the answering one has an activation. Add a hidden layer on the canvas."))
            return
        silent, saturated = (sum(getattr(layer, name) for layer in layers) for name in ("silent", "saturated"))
        self.say(
            tr(
                "Over up to 1,024 training rows: {silent} silent (grey: always 0) and {saturated} saturated "
                "(orange: at an end for 95 % of the rows) of {units:,} units."
            ).format(silent=silent, saturated=saturated, units=sum(layer.units for layer in layers))
        )
        x = np.arange(len(layers), dtype=np.float64)
        places = iter(self._places(2 * len(layers)))
        for bars, name, shift in ((self._silent, "silent", -0.5), (self._saturated, "saturated", 0.5)):
            shares = np.array([100 * getattr(layer, name) / max(1, layer.units) for layer in layers])
            bars.setOpts(x=x + shift * _WIDTH, height=shares)
            for at, (layer, share) in enumerate(zip(layers, shares, strict=True)):
                text, count = next(places), str(getattr(layer, name))
                if text.toPlainText() != count:
                    text.setText(count)
                text.setPos(at + shift * _WIDTH, float(share))
        self.chart.item.setXRange(-0.6, len(layers) - 0.4, padding=0)
        self.chart.name_ticks("bottom", [(float(at), layer.name) for at, layer in enumerate(layers)])
        self.show_body()
