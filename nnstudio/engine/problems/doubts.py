"""What would be trained, but not well: told before anybody waits for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from nnstudio.components import Fix, Problem
from nnstudio.engine.layer import Layer, Shape, shape_after
from nnstudio.engine.layers.embedding import Embedding
from nnstudio.engine.layers.global_average_pooling1d import GlobalAveragePooling1d
from nnstudio.engine.layers.input import Input
from nnstudio.engine.problems.likely_flow import LikelyFlow, origin_of
from nnstudio.engine.problems.shape_cures import called, insert, set_parameter

if TYPE_CHECKING:
    from nnstudio.engine.network import Network, Node

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


def doubts_of_codes(network: Network, flow: LikelyFlow, node: Node) -> Iterator[Problem]:
    """Yield where measured numbers are read as codes, and where codes are computed with as if they were measured.

    Parameters
    ----------
    network : Network
    flow : LikelyFlow
        Of this network.
    node : Node
        The one that reads.
    """
    for source in network.sources(node.id):
        origin = origin_of(network, source)
        kind = getattr(origin.layer, "kind", "")
        if node.layer.takes_codes and kind != "codes":
            yield _numbers_as_codes(network, node, network.node(source), origin)
        elif kind == "codes" and not node.layer.takes_codes and not node.layer.rearranges:
            yield _codes_as_numbers(flow, node, network.node(source), origin)


def _numbers_as_codes(network: Network, node: Node, source: Node, origin: Node) -> Problem:
    if isinstance(origin.layer, Input):
        fixes = [set_parameter(origin.id, "kind", "codes", f"Let '{origin.name}' bring codes")]
        brings, hint = "brings measured numbers", "Set the kind of the input to codes."
    else:
        fixes = [
            Fix(
                key="connect",
                title=f"Connect '{network.node(id).name}' to '{node.name}'",
                arguments={"source": id, "target": node.id},
            )
            for id in network.input_ids
            if getattr(network.node(id).layer, "kind", "") == "codes"
        ]
        fixes.append(Fix(key="remove_node", title=f"Remove '{node.name}'", arguments={"node": node.id}))
        brings, hint = "brings what it computed", "Wire an Input of codes straight to it."
    return Problem(
        node=node.id,
        other=source.id,
        what=f"{node} reads whole numbers as codes, but '{source.name}' {brings}.",
        hint=hint,
        severity="warning",
        fixes=tuple(fixes),
    )


def _codes_as_numbers(flow: LikelyFlow, node: Node, source: Node, origin: Node) -> Problem:
    shape = flow.shapes[source.id]
    fixes: list[Fix] = []
    if node.id not in flow.faults:  # a fault of shape offers its own
        for chain in ((Embedding(),), (Embedding(), GlobalAveragePooling1d())):
            given = shape
            for layer in chain:
                given = None if given is None else shape_after(layer, [given])
            if given is not None and shape_after(node.layer, [given]) is not None:
                fixes.append(insert(node.id, {source.id: chain}, f"Insert {called(chain)}"))
    fixes.append(set_parameter(origin.id, "kind", "numbers", f"Let '{origin.name}' bring numbers"))
    return Problem(
        node=node.id,
        other=source.id,
        what=f"{node} computes with the codes of '{origin.name}' as if they were measured numbers.",
        hint="An Embedding gives each code a place of its own, which is learned.",
        severity="warning",
        fixes=tuple(fixes),
    )


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
            sickness="threshold_units",
        )
    ]


def _first_weights(id: str, name: str, layer: Layer, shape: Shape | None, *, is_deep: bool) -> list[Problem]:
    activation, drawn = layer.last_activation(), getattr(layer, "kernel_initializer", None)
    if activation is None or drawn is None or shape is None:
        return []
    wanted = activation.suggested_initializer
    kind = {"he": "He", "lecun": "LeCun"}.get(wanted.partition("_")[0], "")
    sickness = ""
    if drawn.key in _ALL_THE_SAME and shape[-1] > 1:
        what = f"All weights of {name} start at the same value, so its units would all learn the same."
        hint, title = f"Draw its start weights with {wanted}.", "Draw them at random"
        sickness = "symmetric_weights"
    elif is_deep and kind and drawn.key.startswith("glorot"):
        what = f"{name} has {activation.title} but start weights for tanh, with which signals fade in deep networks."
        hint, title = f"{kind} start weights keep them alive.", f"Use {kind} start weights"
    else:
        return []
    fix = Fix(key="set_initializer", title=title, arguments={"node": id, "initializer": wanted})
    return [Problem(node=id, what=what, hint=hint, severity="warning", fixes=(fix,), sickness=sickness)]
