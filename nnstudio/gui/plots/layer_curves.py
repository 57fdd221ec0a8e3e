"""Curves of layers over the steps, on an axis of powers of ten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from nnstudio.engine import Array, Network
from nnstudio.gui.plots.curve_chart import Curve, CurveChart
from nnstudio.gui.plots.looks import Looks
from nnstudio.i18n import tr


def norms(values: Mapping[str, Array]) -> dict[str, float]:
    """Return the length of each layer's part of a vector: the root of the sum of squares, by the layer's id."""
    squares: dict[str, float] = {}
    for name, part in values.items():
        id = name.split("/")[0]
        squares[id] = squares.get(id, 0.0) + float(np.square(part, dtype=np.float64).sum())
    return {id: float(np.sqrt(square)) for id, square in squares.items()}


def layer_curves(looks: Looks[dict[str, float]]) -> list[Curve]:
    """Return a curve for each layer that has weights, in the order of the flow; zeros cannot be drawn."""
    curves = []
    network = looks.network or Network()
    for id in network.order:
        found = [(step, look[id]) for step, look in zip(looks.steps, looks.values, strict=True) if look.get(id, 0) > 0]
        if not found:
            continue
        steps, values = np.array(found, np.float64).T
        name = network.node(id).name
        curves.append(Curve(id, f"{name}  {values[-1]:.2g}", steps, values))
    return curves


def show_layers(chart: CurveChart, looks: Looks[dict[str, float]], mark: int | None = None) -> None:
    """Show a curve for each layer, from the first step to the last look, with a mark at the step that is shown."""
    chart.show_curves(layer_curves(looks))
    chart.chart.item.setXRange(0, max(1, *looks.steps), padding=0.02)
    chart.mark(mark)


def layer_table(looks: Looks[dict[str, float]], what: str) -> Mapping[str, Sequence[Any]]:
    """Return a line for each look and layer."""
    network = looks.network or Network()
    lines = [
        (step, network.node(id).name, look[id])
        for step, look in zip(looks.steps, looks.values, strict=True)
        for id in network.order
        if id in look
    ]
    return {
        "step": [step for step, _, _ in lines],
        "layer": [name for _, name, _ in lines],
        what: [value for _, _, value in lines],
    }


def layer_chart(name: str, left: str) -> CurveChart:
    """Return an empty chart for curves of layers."""
    return CurveChart(name, tr("step"), left, points=True, powers=True)
