"""Wires that run in circles, which signals cannot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nnstudio.engine.network import Edge, Network


def closing_wires(network: Network) -> dict[Edge, tuple[str, ...]]:
    """Return the wires that close circles, found by walking from where nothing comes in.

    Parameters
    ----------
    network : Network

    Returns
    -------
    dict of (str, str) to tuple of str
        By each wire the ids along its circle, ending with the wire's source. Without these wires there is no circle.
    """
    if len(network.order) == len(network.nodes):
        return {}
    starts = [node.id for node in network.nodes if not network.sources(node.id)]
    found: dict[Edge, tuple[str, ...]] = {}
    done: set[str] = set()
    for start in (*starts, *(node.id for node in network.nodes)):
        if start in done:
            continue
        done.add(start)
        place = {start: 0}
        path: list[tuple[str, Iterator[str]]] = [(start, iter(network.targets(start)))]
        while path:
            id, targets = path[-1]
            target = next(targets, None)
            if target is None:
                path.pop()
                del place[id]
            elif target in place:
                found[(id, target)] = tuple(one for one, _ in path[place[target] :])
            elif target not in done:
                done.add(target)
                place[target] = len(path)
                path.append((target, iter(network.targets(target))))
    return found
