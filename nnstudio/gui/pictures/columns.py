"""The layers of a network in columns, from left to right: what both drawings for papers begin with."""

from __future__ import annotations

from nnstudio.engine import Network

Edge = tuple[str, str]


def columns_of(network: Network) -> list[list[str]]:
    """Return the ids of the nodes by how many layers lie before them at most; outputs that only judge are left out.

    Parameters
    ----------
    network : Network
    """
    depth: dict[str, int] = {}
    for id in network.order:
        if network.node(id).layer.has_output:
            depth[id] = max((depth[source] + 1 for source in network.sources(id) if source in depth), default=0)
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for id, column in depth.items():
        columns[column].append(id)
    return columns


def edges_between(network: Network) -> list[Edge]:
    """Return the wires between the nodes that are drawn."""
    drawn = {id for column in columns_of(network) for id in column}
    return [edge for edge in network.edges if set(edge) <= drawn]
