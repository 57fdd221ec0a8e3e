"""Where a pinned neuron or weight stands after units of its layer, or of the layer before, came or went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from nnstudio.engine import Array
from nnstudio.gui.moments.pin import Pin
from nnstudio.project import Run


def moved_pin(pin: Pin, before: Run, after: Run) -> Pin | None:
    """Return the same neuron or weight among the units that there are now; None where it is gone.

    It is known by its weights, which an operation on units carries over as they are.

    Parameters
    ----------
    pin : Pin
    before, after : Run
        A run before and after an operation, or after that was taken back.
    """
    if pin.node not in before.network or pin.node not in after.network:
        return pin
    old, new = before.weights, after.weights
    if pin.weight:
        return _moved_weight(pin, old, new)
    was, now = before.network.shapes()[pin.node], after.network.shapes()[pin.node]
    kernel = f"{pin.node}/kernel"
    if was is None or now is None or was[-1] == now[-1] or kernel not in old or kernel not in new:
        return pin
    # A gate's weights stand in blocks of units: those of the first gate tell one unit from another.
    place = _place(old[kernel][..., : was[-1]], new[kernel][..., : now[-1]], -1, pin.index[0])
    return None if place is None else replace(pin, index=(place,))


def _moved_weight(pin: Pin, old: Mapping[str, Array], new: Mapping[str, Array]) -> Pin | None:
    if pin.name not in old or pin.name not in new:
        return pin
    index = list(pin.index)
    for axis in range(len(index)):
        place = _place(old[pin.name], new[pin.name], axis, index[axis])
        if place is None:
            return None
        index[axis] = place
    return replace(pin, index=tuple(index))


def _place(old: Array, new: Array, axis: int, at: int) -> int | None:
    """Return where the slice of an array that stood at a place stands in another, the nearest of equal ones."""
    was, now = old.shape[axis], new.shape[axis]
    if was == now:
        return at
    wanted, others = np.take(old, at, axis), np.moveaxis(new, axis, 0)
    if others.shape[1:] == wanted.shape:
        same = np.flatnonzero((others == wanted).reshape(now, -1).all(axis=1))
        if len(same):
            return int(same[np.abs(same - at).argmin()])
    return at if now > was else None  # what is new stands behind what there was
