"""What is said of the thing under the pointer."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF

from nnstudio.components import Problem
from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.gui.canvas.painting import badge_rect
from nnstudio.gui.canvas.synapses import Synapses
from nnstudio.gui.living import LivingFrame
from nnstudio.i18n import tr


def describe(
    geometry: Geometry,
    synapses: Synapses,
    problems: Mapping[str, list[Problem]],
    frame: LivingFrame | None,
    point: QPointF,
    reach: float,
) -> str:
    """Return a sentence on the badge, the neuron or the edge at a point of the scene, or an empty text."""
    for id, told in problems.items():
        if id in geometry.cards and badge_rect(geometry.cards[id]).contains(point):
            return "\n".join(str(problem) for problem in told)
    tile = geometry.tile_at(point)
    if tile is not None:
        return _neuron(geometry, frame, *tile)
    if frame is None or geometry.card_at(point):
        return ""
    found = synapses.edge_at(point, reach)
    if found is None:
        return ""
    bundle, index = found
    kernel = frame.weights.get(bundle.kernel)
    i, j = int(bundle.sources[index]), int(bundle.targets[index])
    if kernel is None or i >= kernel.shape[0] or j >= kernel.shape[1]:
        return ""
    source, target = unit_name(geometry, bundle.source, i), unit_name(geometry, bundle.target, j)
    return f"{source} → {target}: {float(kernel[i, j]):.4g}"


def unit_name(geometry: Geometry, id: str, unit: int) -> str:
    """Return what to call a unit: its own name, or its layer's with its number from 1."""
    names = geometry.cards[id].subject.names
    if unit < len(names):
        return names[unit]
    return f"{geometry.network.node(id).name} · {unit + 1}"


def _neuron(geometry: Geometry, frame: LivingFrame | None, id: str, unit: int) -> str:
    name = unit_name(geometry, id, unit)
    if frame is None:
        return name
    parts = []
    values = frame.activations.get(id)
    if values is not None and unit < len(values):
        parts.append(tr("says {value}").format(value=f"{float(values[unit]):.4g}"))
    maps = frame.maps.get(id)
    if maps is not None and unit < len(maps):
        low, high = float(np.min(maps[unit])), float(np.max(maps[unit]))
        parts.append(tr("from {low} to {high}").format(low=f"{low:.3g}", high=f"{high:.3g}"))
    bias = frame.weights.get(f"{id}/bias")
    if bias is not None and unit < len(bias):
        parts.append(tr("bias {value}").format(value=f"{float(bias[unit]):.4g}"))
    return f"{name}: {', '.join(parts)}" if parts else name
