"""What is said of the thing under the pointer."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF

from nnstudio.gui.canvas.geometry import Geometry
from nnstudio.gui.canvas.scene import Scene
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.i18n import tr


def describe(scene: Scene, frame: LivingFrame | None, point: QPointF, edge_reach: float, wire_reach: float) -> str:
    """Return a sentence on the badge, the neuron, the edge or the wire at a point of the scene, or an empty text."""
    geometry, frame = scene.geometry, frame.on_drawing() if frame is not None else None
    for key, told in scene.problems.items():
        if geometry.cards[key].badge.contains(point):
            return "\n".join(str(problem) for problem in told)
    tile = geometry.tile_at(point)
    if tile is not None:
        return _neuron(geometry, frame, *tile)
    if geometry.card_at(point):
        return ""
    return _edge(scene, frame, point, edge_reach) or _wire(geometry, point, wire_reach)


def _edge(scene: Scene, frame: LivingFrame | None, point: QPointF, reach: float) -> str:
    found = scene.synapses.edge_at(point, reach) if frame is not None else None
    if found is None or frame is None:
        return ""
    bundle, index = found
    kernel = frame.numbers.get(bundle.kernel)
    i, j = int(bundle.sources[index]), int(bundle.targets[index])
    if kernel is None or i >= kernel.shape[0] or j >= kernel.shape[1]:
        return ""
    source, target = unit_name(scene.geometry, bundle.source, i), unit_name(scene.geometry, bundle.target, j)
    what = {"gradients": tr("slope "), "changes": tr("change ")}.get(frame.lens, "")
    return f"{source} → {target}: {what}{float(kernel[i, j]):.4g}"


def _wire(geometry: Geometry, point: QPointF, reach: float) -> str:
    """Return what flows along a wire."""
    edge = geometry.wire_at(point, reach)
    if edge is None:
        return ""
    pill = geometry.pills([geometry.wires.number(edge)])[0]
    source, target = (geometry.network.node(id).name for id in edge)
    shape = geometry.network.shapes()[edge[0]]
    flow = f"{source} → {target}: {pill.shape}"
    if shape is None:
        return flow
    numbers = tr("{count} numbers a row, {kind}").format(count=f"{math.prod(shape):,}", kind=pill.kind)
    return f"{flow} · {numbers}"


def unit_name(geometry: Geometry, id: str, unit: int) -> str:
    """Return what to call a unit: its own name, or that of its layer, or of a folded block, with its number from 1."""
    card = geometry.cards[id]
    if unit < len(card.subject.names):
        return card.subject.names[unit]
    name = geometry.network.node(id).name if id in geometry.network else card.title
    return f"{name} · {unit + 1}"


def _neuron(geometry: Geometry, frame: LivingFrame | None, id: str, unit: int) -> str:
    name = unit_name(geometry, id, unit)
    if frame is None:
        return name
    parts = []
    strengths = frame.strengths(id)
    if frame.lens != "activations" and strengths is not None and unit < len(strengths):
        words = {
            "weights": tr("the weights into it are {value} long"),
            "gradients": tr("the slope along its weights is {value} long"),
            "changes": tr("a step changes its weights by {value}"),
        }[frame.lens]
        parts.append(words.format(value=f"{float(strengths[unit]):.4g}"))
    values = frame.said(id)
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
