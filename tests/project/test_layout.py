"""The layered layout: nothing overlaps, the flow runs to the right, and long wires have lanes."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.engine import Network, Node
from nnstudio.engine.layers.activation import ActivationLayer
from nnstudio.engine.layers.add import Add
from nnstudio.engine.layers.input import Input
from nnstudio.project import Project, edits
from nnstudio.project.layout import layout


def _network(count: int, edges: list[tuple[int, int]]) -> Network:
    nodes = tuple(Node(id=f"n{index}", layer=Add()) for index in range(count))
    return Network(nodes=nodes, edges=tuple((f"n{a}", f"n{b}") for a, b in edges))


@st.composite
def _graphs(draw: st.DrawFn) -> Network:
    count = draw(st.integers(1, 14))
    pairs = [(a, b) for a in range(count) for b in range(count) if a != b]
    edges = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=24)) if pairs else []
    return _network(count, edges)


@settings(max_examples=60, deadline=None)
@given(_graphs(), st.lists(st.sampled_from([(64.0, 123.0), (84.0, 430.0), (162.0, 250.0)]), min_size=14, max_size=14))
def test_no_two_cards_overlap_whatever_is_drawn(network: Network, shapes: list[tuple[float, float]]) -> None:
    sizes = {node.id: shapes[index] for index, node in enumerate(network.nodes)}
    places = layout(network, sizes)
    assert set(places) == set(sizes)
    assert places == layout(network, sizes)
    for a, b in combinations(places, 2):
        apart_x = abs(places[a][0] - places[b][0]) - (sizes[a][0] + sizes[b][0]) / 2
        apart_y = abs(places[a][1] - places[b][1]) - (sizes[a][1] + sizes[b][1]) / 2
        assert max(apart_x, apart_y) > 0, (a, b, places)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 12), st.data())
def test_sources_stand_left_of_targets(count: int, data: st.DataObject) -> None:
    pairs = [(a, b) for a in range(count) for b in range(a + 1, count)]
    network = _network(count, data.draw(st.lists(st.sampled_from(pairs), unique=True, max_size=20)))
    places = layout(network, {node.id: (80.0, 120.0) for node in network.nodes})
    assert all(places[a][0] < places[b][0] for a, b in network.edges)


def test_a_chain_is_straight_and_a_skip_passes_beside_it() -> None:
    edges = [(0, 1), (1, 2), (2, 3), (3, 4), (0, 4)]
    network = _network(5, edges)
    places = layout(network, {node.id: (80.0, 120.0) for node in network.nodes})
    inner = {places[f"n{index}"][1] for index in (1, 2, 3)}
    assert len(inner) == 1
    straight = (places["n0"][1] + places["n4"][1]) / 2
    assert abs(inner.pop() - straight) > 60  # the skip has the straight way, the chain stands beside it


def test_two_branches_of_one_kind_stand_on_either_side() -> None:
    network = _network(4, [(0, 1), (0, 2), (1, 3), (2, 3)])
    places = layout(network, {node.id: (80.0, 120.0) for node in network.nodes})
    middle = places["n0"][1]
    assert places["n3"][1] == middle
    assert abs((places["n1"][1] + places["n2"][1]) / 2 - middle) <= 8


def test_tidy_keeps_the_middle_and_can_leave_the_rest_alone() -> None:
    nodes = tuple(
        Node(id=id, layer=layer) for id, layer in (("a", Input(shape=(2,))), ("b", ActivationLayer()), ("c", Add()))
    )
    network = Network(nodes=nodes, edges=(("a", "b"), ("b", "c")))
    project = Project(network=network, positions={"a": (400.0, 0.0), "b": (0.0, 80.0), "c": (-400.0, 40.0)})
    sizes = dict.fromkeys(("a", "b", "c"), (80.0, 120.0))
    tidied = edits.tidy(sizes).apply(project)
    assert tidied.positions["a"][0] < tidied.positions["b"][0] < tidied.positions["c"][0]
    assert abs(sum(x for x, _ in tidied.positions.values())) <= 24
    partly = edits.tidy(sizes, ("a", "b")).apply(project)
    assert partly.positions["c"] == (-400.0, 40.0)
    assert partly.positions["a"][0] < partly.positions["b"][0]
