"""What becomes of the wires when nodes come and go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

from nnstudio.engine import Edge, Layer, Network, Node
from nnstudio.engine.layer import shape_after
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.output import Output
from nnstudio.engine.network import LONGEST_TITLE
from nnstudio.project.names import fresh_id


def replaced(network: Network, nodes: tuple[Node, ...] | None = None, edges: tuple[Edge, ...] | None = None) -> Network:
    """Return a network with other nodes or other wires; holds on weights that are no longer the same are let go."""
    made = Network(nodes=network.nodes if nodes is None else nodes, edges=network.edges if edges is None else edges)
    return made.without_stale_holds(network)


def with_node(network: Network, layer: Layer) -> tuple[Network, str]:
    """Return the network with a further node that has no wires yet, and its id."""
    stem = "hidden" if isinstance(layer, Dense) else layer.key
    single = isinstance(layer, (Input, Output)) and stem not in network
    id = stem if single else fresh_id(f"{stem}_1", {node.id for node in network.nodes})
    title = layer.title if single else _numbered(layer, id)
    return replaced(network, nodes=(*network.nodes, Node(id=id, title=title, layer=layer))), id


def _numbered(layer: Layer, id: str) -> str:
    """Return what a further layer of its kind is called: by its title, as the palette spells it, and its number."""
    if isinstance(layer, Dense):
        return id.replace("_", " ")
    title, number = layer.title, id.rpartition("_")[2]
    # Abbreviations, such as LSTM, keep their capitals.
    stem = title if title[1:2].isupper() else title[:1].lower() + title[1:]
    return f"{stem[: LONGEST_TITLE - len(number) - 1]} {number}"


class WireRules:
    """Tells why a wire may not be drawn; what lies before and behind the fixed end is found out once.

    Parameters
    ----------
    network : Network
    id : str
        The node at the fixed end.
    from_output : bool
        Whether the wire starts there.
    """

    def __init__(self, network: Network, id: str, *, from_output: bool) -> None:
        self._network = network
        self._id = id
        self._from_output = from_output

    @cached_property
    def _closing(self) -> frozenset[str]:
        """The nodes to which a wire would close a circle."""
        network = self._network
        return (network.leading_to(self._id) if self._from_output else network.reachable(self._id)) | {self._id}

    def why_not(self, other: str) -> str:
        """Return why no wire may join the fixed end and another node, or an empty text.

        How many wires the target takes is not asked: a new one may take the place of another.
        """
        source, target = self._ends(other)
        if not self._network.node(source).layer.has_output:
            return "An output is the end: no wire starts from it."
        if self._network.node(target).layer.most_inputs == 0:
            return "An input is the beginning: no wire leads into it."
        if target in self._network.targets(source):
            return "There is a wire already."
        if other in self._closing:
            return (
                "That would close a circle. Signals flow in one direction only; "
                "for a memory over time use LSTM, GRU or Simple RNN."
            )
        return ""

    def misfit(self, other: str) -> str:
        """Return why shapes do not suit each other where a wire may be drawn, or an empty text."""
        return self._network.misfit(*self._ends(other))

    def _ends(self, other: str) -> Edge:
        return (self._id, other) if self._from_output else (other, self._id)


def may_connect(network: Network, source: str, target: str) -> bool:
    """Return whether there may be a wire that is not there yet, as `WireRules` say."""
    known = source in network and target in network
    return known and not WireRules(network, source, from_output=True).why_not(target)


def into_wire(network: Network, id: str, edge: Edge) -> Network:
    """Return the network with a loose node put into a wire, in whose place its two wires stand."""
    if edge not in network.edges or not network.node(id).layer.is_inner:
        return network
    return replaced(network, edges=_through(network.edges, id, edge))


def into_other_wire(network: Network, id: str, edge: Edge) -> Network:
    """Return the network with an inner node taken out of its wires and put into another one.

    Its old neighbours are joined as if it were removed.
    """
    rest = _rejoined(network, network.nodes, (id,))
    return replaced(network, edges=_through(rest.edges, id, edge))


def without(network: Network, gone: Collection[str]) -> Network:
    """Return the network without some nodes.

    Where one wire led into what is removed, it is joined to all that was behind, in the place of the wires that were
    there, so that the order of inputs stays. A joined wire that gives a fault of shapes which was not there before is
    left out.
    """
    nodes = tuple(node for node in network.nodes if node.id not in gone)
    return _rejoined(network, nodes, gone).without_stale_holds(network)


def _through(edges: Sequence[Edge], id: str, edge: Edge) -> tuple[Edge, ...]:
    """Return the wires with one that leads through a node instead of past it."""
    through = [(edge[0], id), (id, edge[1])]
    return tuple(new for old in edges for new in (through if old == edge else [old]))


def _rejoined(network: Network, nodes: tuple[Node, ...], gone: Collection[str]) -> Network:
    origins = _origins(network, gone)
    bare = tuple(edge for edge in network.edges if edge[0] not in gone and edge[1] not in gone)
    kept = set(bare)
    joined, edges = set[Edge](), list[Edge]()
    for source, target in network.edges:
        if target in gone:
            continue
        if source not in gone:
            edges.append((source, target))
            continue
        found = origins.get(source, ())
        edge = (found[0], target) if len(found) == 1 else None
        if edge is not None and edge not in kept and edge not in joined and edge[0] != target:
            joined.add(edge)
            edges.append(edge)
    if not joined:
        return Network(nodes=nodes, edges=bare)
    known = _faults(network) | _faults(Network(nodes=nodes, edges=bare))
    while True:
        candidate = Network(nodes=nodes, edges=tuple(edge for edge in edges if edge in joined or edge in kept))
        blamed = _blamed(candidate, _faults(candidate) - known, joined)
        if not blamed:
            return candidate
        joined -= blamed


def _origins(network: Network, gone: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return for each removed node the ids of the nodes that stay and whose signals came to it."""
    found: dict[str, tuple[str, ...]] = {}
    for id in network.order:
        if id in gone:
            came = [found[source] if source in gone else (source,) for source in network.sources(id)]
            found[id] = tuple(dict.fromkeys(origin for origins in came for origin in origins))
    return found


def _faults(network: Network) -> set[str]:
    """Return the ids of the nodes that cannot take the shapes which their wires bring."""
    found = set()
    for node in network.nodes:
        given = network.input_shapes(node.id)
        if given is not None and node.layer.takes_wires(len(given)) and shape_after(node.layer, given) is None:
            found.add(node.id)
    return found


def _blamed(network: Network, faults: set[str], joined: Collection[Edge]) -> set[Edge]:
    """Return the joined wires that lead into nodes with faults, or else those from which such nodes are reached."""
    near = {edge for edge in joined if edge[1] in faults}
    return near or {edge for edge in joined if faults & network.reachable(edge[1])}
