"""How far each layer's weights move in a step, compared with how large they are."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from nnstudio.engine import Array, History, Network, Rung, weight_views
from nnstudio.gui.moments.kept_states import alike
from nnstudio.gui.moments.living import LivingFrame, LivingView
from nnstudio.gui.plots.layer_curves import layer_chart, layer_table, norms, show_layers
from nnstudio.gui.plots.looks import Looks
from nnstudio.gui.plots.plot import Plot
from nnstudio.i18n import tr

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
    place = 9

    def __init__(self) -> None:
        super().__init__()
        self._looks: Looks[dict[str, float]] = Looks()
        self._before: LivingFrame | None = None
        self.lines = layer_chart(tr("Update of each layer's weights"), tr("change / size"))
        self.set_body(self.lines)

    def draw(self, frame: LivingFrame | None, view: LivingView | None, history: History | None) -> None:
        """Compare with the weights of the moment before; this is quick."""
        del view, history
        before, self._before = self._before, frame
        if frame is None:
            self.show_empty()
            return
        self._looks.begin(frame.network, frame.run)
        is_known = self.is_past and self._looks.has(frame.network, frame.step)
        if not is_known and before is not None and before.network is frame.network and frame.step > before.step:
            steps = frame.step - before.step
            changes = {
                name: np.subtract(values, before.weights[name], dtype=np.float64) / steps
                for name, values in frame.weights.items()
            }
            keep = self._looks.put if self.is_past else self._looks.add
            keep(frame.network, frame.step, ratios(frame.weights, changes))
        self._look_around(frame)
        if is_known:
            self.lines.mark(frame.step)
            self.show_body()
        else:
            self._draw_lines()

    def table(self) -> Mapping[str, Sequence[Any]]:
        """Return every look at every layer."""
        return layer_table(self._looks, "change over size")

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self.lines.recolour()

    def _look_around(self, frame: LivingFrame) -> None:
        """Compare states that are kept with those before them, where nobody looked."""
        network, run, past = frame.network, frame.run, self.is_past
        states = [rung for rung in alike(network, self.kept()) if past or rung.step <= frame.step]
        wanted = {rung.step for rung in self._looks.missing(frame.step, states, past=past)}
        if not self.is_paced and not self._looks.has(network, frame.step):
            wanted.add(frame.step)
        pairs = [pair for pair in itertools.pairwise(states) if pair[1].step in wanted and pair[0].step < pair[1].step]
        if pairs:
            self.compute(partial(_compared, network, pairs), partial(self._take, network, run))

    def _take(self, network: Network, run: str, found: list[tuple[int, dict[str, float]]]) -> None:
        if not self._looks.is_of(network, run):
            return
        for step, seen in found:
            self._looks.put(network, step, seen)
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
        shown = self._before
        show_layers(self.lines, self._looks, shown.step if shown is not None and self.is_past else None)
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
