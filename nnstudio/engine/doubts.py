"""What would be trained, but not well: told before anybody waits for it."""

from __future__ import annotations

from typing import Any

from nnstudio.components import Fix, Problem
from nnstudio.engine.layer import Layer, Shape

_ALL_THE_SAME = ("zeros", "ones", "constant")


def doubts_of(id: str, name: str, layer: Layer, shape: Shape | None, *, is_deep: bool) -> list[Problem]:
    """Return what is doubtful about a layer.

    Parameters
    ----------
    id, name : str
        Of its node.
    layer : Layer
    shape : tuple of int, or None
        Of a row of its output.
    is_deep : bool
        Whether the network has many layers.
    """
    return [*_slope(id, name, layer), *_first_weights(id, name, layer, shape, is_deep=is_deep)]


def _slope(id: str, name: str, layer: Layer) -> list[Problem]:
    activation = layer.last_activation()
    if activation is None or activation.key != "threshold" or getattr(activation, "surrogate", "") != "none":
        return []
    arguments: dict[str, Any] = {"node": id, "activation": "threshold"}
    return [
        Problem(
            node=id,
            what=f"{name} passes no slope back, so neither it nor anything before it can learn.",
            hint="Choose a stand-in slope for the threshold.",
            severity="warning",
            fixes=(Fix(key="set_activation", title="Use the straight-through slope", arguments=arguments),),
        )
    ]


def _first_weights(id: str, name: str, layer: Layer, shape: Shape | None, *, is_deep: bool) -> list[Problem]:
    activation, drawn = layer.last_activation(), getattr(layer, "kernel_initializer", None)
    if activation is None or drawn is None or shape is None:
        return []
    wanted = activation.suggested_initializer
    kind = {"he": "He", "lecun": "LeCun"}.get(wanted.partition("_")[0], "")
    if drawn.key in _ALL_THE_SAME and shape[-1] > 1:
        what = f"All weights of {name} start at the same value, so its units would all learn the same."
        hint, title = f"Draw its start weights with {wanted}.", "Draw them at random"
    elif is_deep and kind and drawn.key.startswith("glorot"):
        what = f"{name} has {activation.title} but start weights for tanh, with which signals fade in deep networks."
        hint, title = f"{kind} start weights keep them alive.", f"Use {kind} start weights"
    else:
        return []
    fix = Fix(key="set_initializer", title=title, arguments={"node": id, "initializer": wanted})
    return [Problem(node=id, what=what, hint=hint, severity="warning", fixes=(fix,))]
