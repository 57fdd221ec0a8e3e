"""The shapes that a faulty network would likely have: one fault does not hide what is wrong behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nnstudio.engine.layer import Layer, Shape, ShapeError, shape_after
from nnstudio.engine.problems.circles import closing_wires
from nnstudio.engine.problems.shape_cures import Cure, Side, cures_of_joined, cures_of_one

if TYPE_CHECKING:
    from nnstudio.engine.network import Edge, Network, Node


@dataclass(frozen=True)
class Fault:
    """Why a layer cannot take what it gets.

    Attributes
    ----------
    error : ShapeError
    given : tuple of Shape
        What its wires bring.
    cures : tuple of Cure
        The best first.
    """

    error: ShapeError
    given: tuple[Shape, ...]
    cures: tuple[Cure, ...]


@dataclass(frozen=True)
class LikelyFlow:
    """What flows, with faults thought away.

    Attributes
    ----------
    circles : mapping of (str, str) to tuple of str
        The wires that close a circle, each with the ids along it, ending with the wire's source.
    order : tuple of str
        All ids, sources before targets, as if those wires were not there.
    shapes : mapping of str to Shape or None
        The shape of one row of each node's output; behind a fault, the one after its first cure.
    guessed : frozenset of str
        The ids of those whose shape is likely but not certain: at a fault and behind it.
    faults : mapping of str to Fault
    """

    circles: Mapping[Edge, tuple[str, ...]]
    order: tuple[str, ...]
    shapes: Mapping[str, Shape | None]
    guessed: frozenset[str]
    faults: Mapping[str, Fault]


def likely_flow(network: Network) -> LikelyFlow:
    """Return what flows through a network, as far as it can be told.

    Parameters
    ----------
    network : Network
    """
    circles = closing_wires(network)
    order = _order(network, circles) if circles else network.order
    shapes: dict[str, Shape | None] = {}
    given_to: dict[str, tuple[Shape, ...] | None] = {}
    guessed: set[str] = set()
    faults: dict[str, Fault] = {}
    for id in order:
        node = network.node(id)
        sources = tuple(source for source in network.sources(id) if (source, id) not in circles)
        brought = tuple(shape for source in sources if (shape := shapes[source]) is not None)
        whole = len(brought) == len(network.sources(id)) and node.layer.takes_wires(len(brought))
        given_to[id] = brought if whole else None
        if not guessed.isdisjoint(sources):
            guessed.add(id)
        if not whole:
            shapes[id] = _despite_its_wires(node.layer, brought)
            guessed.add(id)
            continue
        try:
            shapes[id] = node.layer.output_shape(brought)
        except ShapeError as error:
            before = [network.node(source) for source in sources]
            sides = [
                Side(one.id, one.name, one.layer, shape, given_to[one.id])
                for one, shape in zip(before, brought, strict=True)
            ]
            one_only = len(sides) == 1
            cures = cures_of_one(id, node.layer, sides[0]) if one_only else cures_of_joined(id, node.layer, sides)
            guessed.add(id)
            faults[id] = Fault(error, brought, cures)
            shapes[id] = cures[0].shape if cures else _of_any_input(node.layer)
    return LikelyFlow(circles, order, shapes, frozenset(guessed), faults)


def origin_of(network: Network, id: str) -> Node:
    """Return the node where the numbers come from that a node gives, seen through layers that only rearrange them."""
    node, seen = network.node(id), {id}
    while node.layer.rearranges and len(network.sources(node.id)) == 1:
        node = network.node(network.sources(node.id)[0])
        if node.id in seen:  # in a circle
            break
        seen.add(node.id)
    return node


def _despite_its_wires(layer: Layer, brought: Sequence[Shape]) -> Shape | None:
    """Return what a layer would give if it had the right number of wires, all known."""
    if brought and layer.most_inputs != 0:
        count = max(1, layer.fewest_inputs)
        likely = shape_after(layer, [*brought, *[brought[0]] * count][:count])
        if likely is not None:
            return likely
    return _of_any_input(layer)


def _of_any_input(layer: Layer) -> Shape | None:
    """Return the shape that a layer gives whatever comes in, or None where that depends on it."""
    count = max(1, layer.fewest_inputs) if layer.most_inputs != 0 else 0
    for rank in (1, 2, 3):
        # Two sizes with many divisors: what is the same for both does not depend on them.
        small, large = (shape_after(layer, [(size,) * rank] * count) for size in (60, 84))
        if small is not None and small == large:
            return small
    return None


def _order(network: Network, circles: Mapping[Edge, tuple[str, ...]]) -> tuple[str, ...]:
    edges = tuple(edge for edge in network.edges if edge not in circles)
    return type(network)(nodes=network.nodes, edges=edges).order
