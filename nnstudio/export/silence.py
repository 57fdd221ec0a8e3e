"""What silenced units become in a format that knows weights only: weights of 0 in the layers that listen to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nnstudio.engine import Array, Network
from nnstudio.engine.holds import Holds


def inexpressible(network: Network) -> tuple[str, ...]:
    """Return in words which silenced units no weights can silence, because a layer without weights listens to them."""
    found = []
    for node in network.nodes:
        deaf = [id for id in network.targets(node.id) if not _listens(network, node.id, id)]
        if node.layer.holds.silent and not network.gives_answer(node.id) and deaf:
            found.append(
                f"Units of '{node.name}' are silenced, which weights cannot express before "
                f"'{network.node(deaf[0]).name}'. Wake them first."
            )
    return tuple(found)


def without_holds(network: Network) -> Network:
    """Return the network with nothing held, as other programs know it."""
    return Network(nodes=tuple(node.held(Holds()) for node in network.nodes), edges=network.edges)


def silenced_weights(network: Network, weights: Mapping[str, Array]) -> dict[str, Array]:
    """Return copies of weights in which nobody listens to silenced units any more.

    Parameters
    ----------
    network : Network
        One of which everything can be expressed.
    weights : mapping of str to Array
        By ``node/weight``.
    """
    found: dict[str, Any] = {name: values.copy() for name, values in weights.items()}
    for node in network.nodes:
        units = list(node.layer.holds.silent)
        for target in network.targets(node.id) if units and not network.gives_answer(node.id) else ():
            found[f"{target}/kernel"][..., units, :] = 0
    return found


def _listens(network: Network, source: str, target: str) -> bool:
    """Return whether a layer weighs each unit of another by itself, along the last axis but one of its kernel."""
    shape, kernel = network.shapes()[source], network.weight_shapes().get(f"{target}/kernel")
    if not shape or kernel is None or len(kernel) < 2 or network.node(target).layer.takes_codes:
        return False
    return network.sources(target) == (source,) and kernel[-2] == shape[-1]
