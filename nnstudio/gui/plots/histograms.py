"""How the numbers of a layer are spread, and how that moves while it learns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QComboBox

from nnstudio.engine import Array
from nnstudio.gui.look.theme import Theme, theme
from nnstudio.gui.moments.evidence import Evidence
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.gui.plots.chart import Chart
from nnstudio.gui.plots.evidence_plot import EvidencePlot
from nnstudio.gui.plots.looks import Looks, looked_at
from nnstudio.gui.plots.step_mark import StepMark
from nnstudio.i18n import tr

Numbers = NDArray[np.float64]

BINS = 64
_TICKS = 6

_KINDS = {"weights": "Weights", "gradients": "Gradients", "activations": "Activations"}


@dataclass(frozen=True, eq=False)
class Spread:
    """How many numbers lie where.

    Attributes
    ----------
    low, high : float
        The smallest and the largest of them.
    counts : Array of shape (BINS,)
        Of bins of equal width between both.
    """

    low: float
    high: float
    counts: Numbers

    def shares(self, edges: Numbers) -> Numbers:
        """Return which share lies between other edges; within a bin the numbers count as evenly spread."""
        own = np.linspace(self.low, self.high, BINS + 1)
        below = np.concatenate([[0.0], np.cumsum(self.counts)]) / max(1.0, float(self.counts.sum()))
        return np.diff(np.interp(edges, own, below, left=0.0, right=1.0))


def spread(values: Array) -> Spread | None:
    """Return how numbers are spread; None where none is finite."""
    flat = np.asarray(values, np.float64).ravel()
    flat = flat[np.isfinite(flat)]
    if not len(flat):
        return None
    low, high = float(flat.min()), float(flat.max())
    if high - low < 1e-9 * max(1.0, abs(low)):
        # All are the same: a narrow bin around them, so that they can be seen.
        reach = 1e-3 * max(1.0, abs(low))
        low, high = low - reach, high + reach
    counts, _ = np.histogram(flat, bins=BINS, range=(low, high))
    return Spread(low, high, counts.astype(np.float64))


def spreads(evidence: Evidence, kind: str) -> dict[str, Spread]:
    """Return how the weights, gradients or activations of each layer are spread, by its id; biases count in."""
    parts: dict[str, list[Array]] = {}
    if kind == "activations":
        parts = {id: [values] for id, values in evidence.activations().items()}
    else:
        for name, values in (evidence.weights if kind == "weights" else evidence.gradients()).items():
            parts.setdefault(name.split("/")[0], []).append(values)
    found = {id: spread(np.concatenate([part.ravel() for part in values])) for id, values in parts.items()}
    return {id: one for id, one in found.items() if one is not None}


class HistogramsPlot(EvidencePlot):
    """A column for each look: the more numbers lie at a height, the stronger its colour."""

    key = "histograms"
    title = "Histograms"
    tip = "How weights, gradients or activations of a layer are spread, and how that moves while it learns."
    empty = "Load data and draw a network: how the weights of each layer are spread appears here."
    place = 11

    def __init__(self) -> None:
        super().__init__()
        self._looks: dict[str, Looks[dict[str, Spread]]] = {kind: Looks() for kind in _KINDS}
        self._shares: Numbers = np.zeros((0, 0))
        self._edges: Numbers = np.zeros(0)
        self._columns: list[int] = []
        self._marked: int | None = None
        self.kind = QComboBox()
        self.kind.setAccessibleName(tr("Which numbers"))
        self.kind.setToolTip(tr("Which numbers of the layer are looked at"))
        for kind, words in _KINDS.items():
            self.kind.addItem(tr(words), kind)
        self.layer = QComboBox()
        self.layer.setAccessibleName(tr("Layer"))
        self.layer.setToolTip(tr("Which layer is looked at"))
        self.add_control(self.kind)
        self.add_control(self.layer)
        self.kind.currentIndexChanged.connect(self.refresh)
        self.layer.currentIndexChanged.connect(self._on_layer_chosen)
        self.chart = Chart(tr("Histograms over the steps"))
        self._image = pg.ImageItem()
        self.chart.item.addItem(self._image)
        self._mark = StepMark(self.chart.item)
        self.set_body(self.chart)

    def look(self, frame: LivingFrame, evidence: Evidence) -> None:
        """Compute the spread of every layer beside the window, so that another layer has its past too."""
        kind: str = self.kind.currentData()
        past = self.is_past
        looks = self._looks[kind]
        looks.begin(frame.network, frame.run)
        others = looks.missing(frame.step, self.kept(), past=past)
        if past and not others and looks.has(frame.network, frame.step) and frame.step in self._columns:
            self._put_mark(frame.step)
            self.show_body()
            return
        work = partial(looked_at, evidence, others[:1] if self.is_paced else others, partial(spreads, kind=kind))
        self.compute(work, lambda seen: self._show(frame, kind, seen, past=past))

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return a line for each look and bin."""
        looks, bins = self._shares.shape
        return {
            "step": np.repeat(self._columns, bins).tolist(),
            "from": np.tile(self._edges[:-1], looks).tolist(),
            "to": np.tile(self._edges[1:], looks).tolist(),
            "share": self._shares.ravel().tolist(),
        }

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.chart.recolour()
        self._image.setLookupTable(_heat(theme()))
        self._mark.recolour()

    def _show(self, frame: LivingFrame, kind: str, seen: list[tuple[int, dict[str, Spread]]], *, past: bool) -> None:
        network, looks = frame.network, self._looks[kind]
        if not looks.is_of(network, frame.run):
            return
        (step, found), *others = seen
        keep = looks.put if past else looks.add
        keep(network, step, found)
        for other, then in others:
            looks.put(network, other, then)
        self._marked = frame.step if past else None
        ids = [id for id in network.order if id in found]
        if not ids:
            self.show_empty(tr("No layer of this network has weights. Add one on the canvas."))
            return
        if [self.layer.itemData(index) for index in range(self.layer.count())] != ids:
            before = self.layer.currentData()
            self.layer.blockSignals(True)
            self.layer.clear()
            for id in ids:
                self.layer.addItem(network.node(id).name, id)
            self.layer.setCurrentIndex(max(0, self.layer.findData(before)))
            self.layer.blockSignals(False)
        if kind == self.kind.currentData():
            self._draw_layer()
        if others and not self.is_paced:
            self.refresh()  # there may be more to look back at

    def _draw_layer(self) -> None:
        kind, id = self.kind.currentData(), self.layer.currentData()
        looks = self._looks[kind]
        seen = [(step, look[id]) for step, look in zip(looks.steps, looks.values, strict=True) if id in look]
        if not seen:
            return
        self._columns = [step for step, _ in seen]
        low, high = min(one.low for _, one in seen), max(one.high for _, one in seen)
        self._edges = np.linspace(low, high, BINS + 1)
        self._shares = np.stack([one.shares(self._edges) for _, one in seen])
        # The root lets rare numbers be seen beside the many.
        strength = np.sqrt(self._shares)
        self._image.setImage(strength, levels=(0.0, max(1e-9, float(strength.max()))), autoLevels=False)
        self._image.setRect(QRectF(0, low, len(seen), high - low))
        self.chart.item.setXRange(0, len(seen), padding=0)
        self.chart.item.setYRange(low, high, padding=0.02)
        self._put_mark(self._marked)
        places = np.unique(np.linspace(0, len(seen) - 1, min(_TICKS, len(seen))).astype(int)).tolist()
        self.chart.name_ticks("bottom", [(place + 0.5, f"{self._columns[place]:,}") for place in places])
        self.chart.name_axes(tr("step (a column a look)"), tr(_KINDS[kind]).lower())
        what = {
            "weights": tr("All weights and biases of the layer."),
            "gradients": tr("Gradients of the mean cost of up to 1,024 training rows."),
            "activations": tr("What its units say of up to 1,024 training rows."),
        }[kind]
        self.say(tr("{what} The stronger the colour, the more of them.").format(what=what))
        self.show_body()

    def _put_mark(self, step: int | None) -> None:
        self._marked = step
        self._mark.put(self._columns.index(step) + 0.5 if step in self._columns else None, is_log=False)

    def _on_layer_chosen(self) -> None:
        if self.layer.currentData() is not None:
            self._draw_layer()


def _heat(colours: Theme) -> NDArray[np.uint8]:
    """Return 256 colours from that of the panel to that of positive numbers."""
    ends = [colours.color("panel"), colours.color("positive")]
    start, end = (np.array([color.red(), color.green(), color.blue()], np.float64) for color in ends)
    share = np.linspace(0, 1, 256)[:, None]
    return (start + (end - start) * share).round().astype(np.uint8)
