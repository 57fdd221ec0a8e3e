"""The wires that close circles: without them signals flow in one direction, and each tells its circle."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from nnstudio.engine import Network, Node
from nnstudio.engine.layers.add import Add
from nnstudio.engine.problems.circles import closing_wires


@st.composite
def _networks(draw: st.DrawFn) -> Network:
    ids = [f"n{index}" for index in range(draw(st.integers(1, 9)))]
    pairs = [(a, b) for a in ids for b in ids if a != b]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    return Network(nodes=tuple(Node(id=id, layer=Add()) for id in ids), edges=tuple(edges))


@given(_networks())
def test_without_the_wires_that_close_circles_there_is_none(network: Network) -> None:
    closing = closing_wires(network)
    rest = Network(nodes=network.nodes, edges=tuple(edge for edge in network.edges if edge not in closing))
    assert len(rest.order) == len(network.nodes)
    assert bool(closing) == (len(network.order) < len(network.nodes))
    for (source, target), circle in closing.items():
        assert (circle[0], circle[-1]) == (target, source)
        assert {*pairwise(circle), (source, target)} <= set(network.edges)
