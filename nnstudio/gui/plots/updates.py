"""How far each layer's weights move in a step, compared with how large they are."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from nnstudio.engine import Array, History, Network, weight_views
from nnstudio.gui.kept_states import alike
from nnstudio.gui.living import LivingFrame, LivingView
from nnstudio.gui.plots.layer_curves import layer_chart, layer_table, norms, show_layers
from nnstudio.gui.plots.looks import Looks
from nnstudio.gui.plots.plot import Plot
from nnstudio.i18n import tr
from nnstudio.session import Rung

_USUAL = 1e-3


def ratios(weights: Mapping[str, Array], changes: Mapping[str, Array]) -> dict[str, float]:
    """Return the length of each layer's change divided by that of its weights; nothing for weights that are zero."""
    sizes, moves = norms(weights), norms(changes)
    return {id: moves[id] / size for id, size in sizes.items() if size > 0 and id in moves}


class UpdatesPlot(Plot):
    """The change of each layer's weights a step over their size, while the plot is seen and between kept states."""

    key = "updates"
    title = "Updates"
    tip = "How far each layer's weights move in a step, compared with their size; about 0.001 is usual."
    needs_gradients = True
    place = 9

    def __init__(self) -> None:
        super().__init__()
        self._looks: Looks[dict[str, float]] = Looks()
        self._before: LivingFrame | None = None
        self._network: Network | None = None
        self.lines = layer_chart(tr("Update of each layer's weights"), tr("change / size"))
        self.set_body(self.lines)

    def draw(self, frame: LivingFrame | None, view: LivingView | None, history: History | None) -> None:
        """Compare with the weights of the moment before; this is quick."""
        del view, history
        before, self._before = self._before, frame
        if frame is None:
            self.show_empty()
            return
        found: dict[str, float] = {}
        if before is not None and before.network is frame.network and frame.step > before.step:
            steps = frame.step - before.step
            changes = {
                name: np.subtract(values, before.weights[name], dtype=np.float64) / steps
                for name, values in frame.weights.items()
            }
            found = ratios(frame.weights, changes)
            self._network = frame.network
            self._looks.add(frame.network, frame.step, found, frame.run)
        self._look_back(frame)
        self._draw_lines()

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return every look at every layer."""
        return layer_table(self._network or Network(), self._looks, "change over size")

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.lines.recolour()

    def _look_back(self, frame: LivingFrame) -> None:
        """Compare states that are kept with those before them, where nobody looked."""
        network, run = frame.network, frame.run
        self._looks.begin(network, run)
        states = [rung for rung in alike(network, self.kept()) if rung.step <= frame.step]
        wanted = {rung.step for rung in self._looks.missing(network, run, frame.step, states)}
        if not self.is_paced and frame.step not in self._looks.steps:
            wanted.add(frame.step)
        pairs = [pair for pair in itertools.pairwise(states) if pair[1].step in wanted and pair[0].step < pair[1].step]
        if pairs:
            self.compute(partial(_compared, network, pairs), partial(self._take, network, run))

    def _take(self, network: Network, run: str, found: list[tuple[int, dict[str, float]]]) -> None:
        newest, *_ = found
        self._looks.begin(network, run)
        if not len(self._looks) or self._looks.steps[-1] < newest[0]:
            self._looks.add(network, *newest, run)
        for step, seen in found:
            self._looks.put(step, seen)
        self._network = network
        self._draw_lines()

    def _draw_lines(self) -> None:
        if not len(self._looks):
            self.show_empty(tr("Press Train while this plot is open: how far weights move in a step appears here."))
            return
        self.say(
            tr(
                "How far a step moves a layer's weights, over their size: the mean of the steps between two looks. "
                "About 0.001, the dotted line, is usual."
            )
        )
        if self._network is not None:
            show_layers(self.lines, self._network, self._looks)
            self.lines.compare_with([0, self._looks.steps[-1]], [_USUAL, _USUAL])
        self.show_body()


def _compared(network: Network, pairs: Sequence[tuple[Rung, Rung]]) -> list[tuple[int, dict[str, float]]]:
    """Return how far steps have moved each layer between two states, with the later step; the newest first."""
    found = []
    for before, after in reversed(pairs):
        weights = weight_views(network, after.state.answer)
        moved = np.subtract(after.state.answer, before.state.answer, dtype=np.float64) / (after.step - before.step)
        found.append((after.step, ratios(weights, weight_views(network, moved))))
    return found
