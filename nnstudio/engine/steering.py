"""Which parameters of layers may change while a network trains: those that move no weight and no shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nnstudio.engine.holds import Holds
from nnstudio.engine.layer import Layer
from nnstudio.engine.network import Network
from nnstudio.engine.regularizers import MaxNorm, Regularizer

_STEERABLE = (float, Regularizer, MaxNorm, Holds, type(None))


def steered(before: Network, after: Network) -> Mapping[str, Layer] | None:
    """Return the layers that a running training can take over; None where more than that differs.

    Rates, strengths, penalties, constraints and what is held can; what has to do with shapes, functions, wires or
    first weights cannot.

    Parameters
    ----------
    before, after : Network

    Returns
    -------
    mapping of str to Layer, or None
        The changed layers by their nodes' ids; empty where the networks train alike.
    """
    if before is after:
        return {}
    if before.edges != after.edges or [node.id for node in before.nodes] != [node.id for node in after.nodes]:
        return None
    changed = {
        new.id: new.layer
        for old, new in zip(before.nodes, after.nodes, strict=True)
        if old.layer is not new.layer and old.layer != new.layer
    }
    if not all(_is_steerable(before.node(id).layer, layer) for id, layer in changed.items()):
        return None
    if changed and (
        before.weight_shapes() != after.weight_shapes()
        or before.memory_shapes() != after.memory_shapes()
        or before.shapes() != after.shapes()
    ):
        return None
    return changed


def with_layers(network: Network, layers: Mapping[str, Layer | Mapping[str, Any]]) -> Network:
    """Return the network with other layers in some of its nodes.

    Parameters
    ----------
    network : Network
    layers : mapping of str to Layer
        By the nodes' ids; a layer may also be given as the plain values that were noted of it.

    Raises
    ------
    ValueError
        When a running training cannot take them over.
    """
    if not layers:
        return network
    read = {id: Layer.model_validate(layer) for id, layer in layers.items()}
    nodes = tuple(
        node.model_copy(update={"layer": read[node.id]}) if node.id in read else node for node in network.nodes
    )
    changed = Network(nodes=nodes, edges=network.edges)
    if not set(read) <= {node.id for node in nodes} or steered(network, changed) is None:
        raise ValueError("These layers cannot be changed while the network trains.")
    return changed


def _is_steerable(before: Layer, after: Layer) -> bool:
    if type(before) is not type(after):
        return False
    for name in type(before).model_fields:
        old, new = getattr(before, name), getattr(after, name)
        if old != new and not (isinstance(old, _STEERABLE) and isinstance(new, _STEERABLE)):
            return False
    return True
