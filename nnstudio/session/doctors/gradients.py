"""Gradients that fade or blow up on their way back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnstudio.engine import Initializer
from nnstudio.engine.clippings import ByNorm
from nnstudio.project import Edit, edits, together
from nnstudio.session.doctor import Finding, Rule, cell_to_blame
from nnstudio.session.examination import Examination

FADED = 5e-3
"""The mean slope of the first layer, divided by that of the steepest one, below which it hardly learns."""

LONG = 50.0
"""A gradient of all weights together that is longer than this blows up; usual ones are shorter than ten."""

_LARGEST_GAIN = 1.65
"""Start weights that stretch more than this, which is well above the 1.4 of He's, are too large."""

_FEWEST_LAYERS = 3
_SQUASHING = ("sigmoid", "tanh", "hard_sigmoid", "hard_tanh", "softsign")


class VanishingGradients(Rule):
    """The first layers get almost no slope.

    References
    ----------
    X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.
    """

    key = "vanishing_gradients"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield the first layer where its slope is a small part of the steepest."""
        if seen.epoch < 1 or seen.has_learned or len(seen.kernels) < _FEWEST_LAYERS:
            return
        slopes = {id: _mean_slope(seen, id) for id in seen.kernels}
        steepest = max(slopes.values())
        first = seen.kernels[0]
        if steepest <= 0 or not np.isfinite(steepest) or slopes[first] > FADED * steepest:
            return
        squashed = [id for id in seen.hidden if (bent := seen.activation(id)) is not None and bent.key in _SQUASHING]
        if not squashed:
            return
        changes = [
            change
            for id in squashed
            for change in (edits.set_activation(id, "relu"), edits.set_initializer(id, "he_normal"))
        ]
        faded = tuple(id for id in seen.kernels if slopes[id] < FADED * steepest)
        times = steepest / max(slopes[first], 1e-300)
        many = f"{times:,.0f} times" if times < 1e9 else "far"
        yield Finding(
            key=self.key,
            sentence=f"Gradients vanish: slopes of '{seen.network.node(first).name}' are {many} smaller than those of "
            "the last layers, so it hardly learns.",
            cure=together("Use ReLU with He start weights", *changes, edits.new_weights()),
            nodes=faded,
            begins_anew=True,
        )


class ExplodingGradients(Rule):
    """The gradient is so long that every step leaps.

    References
    ----------
    R. Pascanu, T. Mikolov, Y. Bengio, "On the difficulty of training recurrent neural networks", 2013.
    """

    key = "exploding_gradients"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield the steepest layer where the whole gradient is long."""
        if seen.settings.clipping is not None or seen.has_learned or cell_to_blame(seen) is not None:
            return
        norm = seen.gradient_norm
        if np.isfinite(norm) and norm < LONG:
            return
        steepest = max(seen.kernels, key=lambda id: np.nan_to_num(_mean_slope(seen, id), nan=np.inf))
        told = f"the gradient is {norm:,.0f} long" if np.isfinite(norm) else "the gradient is no number any more"
        yield Finding(
            key=self.key,
            sentence=f"Gradients explode: {told}, steepest in '{seen.network.node(steepest).name}', so steps leap.",
            cure=_shorten(seen),
            nodes=(steepest,),
            begins_anew=True,
        )


def _shorten(seen: Examination) -> Edit:
    """Return the cure of long gradients: smaller start weights where they were drawn too large, else clipping."""
    shapes = seen.network.weight_shapes()
    large = {
        id: bent.suggested_initializer
        for id in seen.kernels
        if (bent := seen.activation(id)) is not None
        and (drawn := getattr(seen.layer(id), "kernel_initializer", None)) is not None
        and _gain(drawn, shapes[f"{id}/kernel"]) > _LARGEST_GAIN
    }
    if large:
        smaller = (edits.set_initializer(id, suggested) for id, suggested in large.items())
        return together("Draw smaller start weights", *smaller, edits.new_weights())
    settings = seen.settings.model_copy(update={"clipping": ByNorm(limit=1.0)})
    return together("Clip gradients to length 1", edits.set_settings(settings, ["clipping"]), edits.new_weights())


def _gain(initializer: Initializer, shape: tuple[int, ...]) -> float:
    """Return by how much start weights stretch what comes in: about one where they suit tanh, 1.4 for ReLU."""
    drawn = initializer.draw(shape, np.random.default_rng(0))
    return float(np.sqrt(np.square(drawn).mean() * np.prod(shape[:-1])))


def _mean_slope(seen: Examination, id: str) -> float:
    """Return the root of the mean square of a kernel's gradient."""
    return float(np.sqrt(np.square(seen.gradients[f"{id}/kernel"], dtype=np.float64).mean()))
