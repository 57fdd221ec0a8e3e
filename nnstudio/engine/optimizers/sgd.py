"""Gradient descent, plain and with momentum."""

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
from pydantic import Field

from nnstudio.components import Preset
from nnstudio.engine.optimizer import Array, Descent, Update, blocks, room


class Sgd(Descent):
    """Walks downhill by the learning rate times the slope; momentum keeps it rolling.

    With momentum m and weight decay d: ``g <- g + d w``, ``v <- m v + g`` (``v = g`` at the first update), then
    ``w <- w - rate v``, or with Nesterov's look ahead ``w <- w - rate (g + m v)``.

    References
    ----------
    H. Robbins, S. Monro, "A stochastic approximation method", 1951. I. Sutskever et al., "On the importance of
    initialization and momentum in deep learning", 2013, in the form that PyTorch computes.
    """

    key = "sgd"
    title = "SGD"
    slots = ("velocity",)
    presets = MappingProxyType(
        {"momentum": Preset("Momentum", "SGD that keeps nine tenths of its last move.", {"momentum": 0.9})}
    )

    momentum: float = Field(
        0.0, ge=0, lt=1, title="Momentum", description="The share of the last move that is kept; 0 is off."
    )
    nesterov: bool = Field(False, title="Nesterov", description="Look ahead along the momentum.")
    weight_decay: float = Field(
        0.0, ge=0, le=10, title="Weight decay", description="Pulls every weight towards zero; 0 is off."
    )

    def bind(self, weights: Array, gradients: Array, memory: Mapping[str, Array]) -> Update:
        """Return the update over these flat vectors."""
        return _SgdUpdate(self, weights, gradients, memory["velocity"])


class _SgdUpdate(Update):
    def __init__(self, sgd: Sgd, weights: Array, gradients: Array, velocity: Array) -> None:
        self._sgd = sgd
        self._blocks = tuple(blocks(weights, gradients, velocity))
        self._room, self._slope = room(weights), room(weights)
        self._number = number = weights.dtype.type
        self._momentum = number(sgd.momentum)
        self._decay = number(sgd.weight_decay)

    def update(self, count: int, rate: float) -> None:
        sgd, step_size = self._sgd, self._number(rate)
        for w, g, v in self._blocks:
            step = self._room[: len(w)]
            if sgd.weight_decay:
                # Beside the gradient, not in it: what no gradient reaches must not add up there.
                slope = self._slope[: len(w)]
                np.multiply(w, self._decay, out=slope)
                np.add(slope, g, out=slope)
                g = slope
            if not sgd.momentum:
                np.multiply(g, step_size, out=step)
            else:
                if count == 1:
                    np.copyto(v, g)
                else:
                    np.multiply(v, self._momentum, out=v)
                    np.add(v, g, out=v)
                if sgd.nesterov:
                    np.multiply(v, self._momentum, out=step)
                    np.add(step, g, out=step)
                    np.multiply(step, step_size, out=step)
                else:
                    np.multiply(v, step_size, out=step)
            np.subtract(w, step, out=w)
