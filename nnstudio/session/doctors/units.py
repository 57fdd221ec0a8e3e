"""Units that say nothing, or always the same."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from nnstudio.i18n import Phrase
from nnstudio.project import Edit, edits, together
from nnstudio.session.doctor import Finding, Rule, set_rate
from nnstudio.session.examination import Examination, Numbers

MANY = 0.4
"""The share of a layer's units from which on it is told."""

FLAT = 0.02
"""A unit whose mean slope is smaller than this share of the steepest is saturated."""

_MOST_NUMBERS = 4
"""A sentence tells the numbers of so many units; all of them are lit."""

_RECTIFIERS = ("relu", "relu6", "thresholded_relu")
_SLOPES = {"sigmoid": lambda a: 4 * a * (1 - a), "tanh": lambda a: 1 - a * a}
"""The slope at an output, between 0 and 1."""


class DeadUnits(Rule):
    """Units that say zero for every row, so that no slope reaches them.

    References
    ----------
    A. Maas, A. Hannun, A. Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013.
    """

    key = "dead_units"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield each layer many of whose units are dead."""
        for id in seen.hidden:
            bent = seen.activation(id)
            if bent is None or bent.key not in _RECTIFIERS:
                continue
            said = _by_unit(seen, id)
            dead = np.flatnonzero((said == 0).all(axis=0))
            if len(dead) < MANY * said.shape[1] or seen.has_learned:
                continue
            yield Finding(
                key=self.key,
                sentence=f"{len(dead)} of {said.shape[1]} units of '{seen.network.node(id).name}' are dead "
                f"({_which(dead)}): they say zero for every row and cannot learn any more.",
                cure=_leak(seen, id),
                nodes=(id,),
                units=tuple(dead.tolist()),
                begins_anew=True,
            )


def _leak(seen: Examination, id: str) -> Edit:
    """Return the cure of dead units; steps that throw units to the dead side are too large besides."""
    rate = seen.settings.optimizer.rate
    leaky = edits.set_activation(id, "leaky_relu")
    if rate is None:
        return together("Use leaky ReLU there", leaky, edits.new_weights())
    words = Phrase("Use leaky ReLU there, and a rate of {rate:g}", rate=rate / 10)
    return together(words, leaky, set_rate(seen, rate / 10), edits.new_weights())


class SaturatedUnits(Rule):
    """Units at the flat ends of their activation, through which hardly any slope passes.

    References
    ----------
    Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, "Efficient backprop", 1998, section 4.4.
    """

    key = "saturated_units"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield each layer many of whose units are flat, while nothing was learned."""
        if seen.has_learned or seen.epoch < 1:
            return
        for id in seen.hidden:
            bent = seen.activation(id)
            slope = _SLOPES.get(bent.key) if bent is not None else None
            if slope is None:
                continue
            slopes = slope(_by_unit(seen, id)).mean(axis=0)
            flat = np.flatnonzero(slopes < FLAT)
            if len(flat) < MANY * len(slopes):
                continue
            yield Finding(
                key=self.key,
                sentence=f"{len(flat)} of {len(slopes)} units of '{seen.network.node(id).name}' are saturated "
                f"({_which(flat)}): their weights are so large that they say the same whatever comes in.",
                cure=together(
                    "Draw smaller start weights",
                    *(edits.set_initializer(other, "glorot_uniform") for other in seen.kernels),
                    edits.new_weights(),
                ),
                nodes=(id,),
                units=tuple(flat.tolist()),
                begins_anew=True,
            )


def _which(units: NDArray[np.intp]) -> str:
    """Return the first few numbers of units, from 1."""
    shown = ", ".join(str(unit + 1) for unit in units[:_MOST_NUMBERS].tolist())
    return f"{shown} …" if len(units) > _MOST_NUMBERS else shown


def _by_unit(seen: Examination, id: str) -> Numbers:
    """Return what each unit or channel says, of shape (rows and places, units)."""
    said = seen.outputs[id]
    return said.reshape(-1, said.shape[-1]).astype(np.float64)
