"""The layered layout: nothing overlaps, the flow runs to the right, and long wires have lanes."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.engine import Network, Node
from nnstudio.engine.layers.activation import ActivationLayer
from nnstudio.engine.layers.add import Add
from nnstudio.engine.layers.input import Input
from nnstudio.project import Block, Project, edits
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


def test_what_a_skip_passes_stays_in_one_line() -> None:
    network = _network(6, [(0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (0, 4), (1, 3)])
    places = layout(network, {node.id: (80.0, 120.0) for node in network.nodes})
    assert len({y for _, y in places.values()}) == 1


def test_a_skip_moves_neither_of_two_branches() -> None:
    network = _network(8, [(0, 1), (1, 2), (2, 3), (0, 3), (0, 4), (4, 5), (5, 3)])
    places = layout(network, {node.id: (80.0, 120.0) for node in network.nodes})
    assert abs(places["n1"][1] - places["n4"][1]) >= 120
    assert places["n3"][1] == (places["n2"][1] + places["n5"][1]) / 2


@settings(max_examples=40, deadline=None)
@given(_graphs(), st.permutations(range(24)))
def test_another_order_of_wires_moves_no_card_to_another_column(network: Network, order: list[int]) -> None:
    if any(a in network.reachable(b) for a, b in network.edges):
        return  # which wire of a circle leads back is told by the order
    shuffled = tuple(edge for _, edge in sorted(zip(order, network.edges, strict=False)))
    sizes = {node.id: (80.0, 120.0) for node in network.nodes}
    other = layout(Network(nodes=network.nodes, edges=shuffled), sizes)
    joined = {id for edge in network.edges for id in edge}
    assert all(other[id][0] == place[0] for id, place in layout(network, sizes).items() if id in joined)


def test_a_folded_block_moves_as_one_and_keeps_what_is_inside() -> None:
    network = _network(4, [(0, 1), (1, 2), (2, 3)])
    positions = {"n0": (900.0, 0.0), "n1": (100.0, 40.0), "n2": (140.0, 90.0), "n3": (0.0, 300.0)}
    block = Block(id="b", title="block", members=("n1", "n2"), collapsed=True)
    project = Project(network=network, positions=positions, blocks=(block,))
    tidied = edits.tidy(dict.fromkeys(positions, (80.0, 120.0))).apply(project).positions
    assert (tidied["n2"][0] - tidied["n1"][0], tidied["n2"][1] - tidied["n1"][1]) == (40.0, 50.0)
    assert tidied["n0"][0] + 80 < (tidied["n1"][0] + tidied["n2"][0]) / 2 < tidied["n3"][0] - 80


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


@settings(max_examples=40, deadline=None)
@given(_graphs(), st.integers(-9, 9), st.integers(-9, 9))
def test_tidying_follows_where_the_drawing_stands_and_twice_is_once(network: Network, right: int, down: int) -> None:
    sizes = {node.id: (80.0, 120.0) for node in network.nodes}
    here = Project(network=network, positions={id: (16.0 * index, 8.0) for index, id in enumerate(sizes)})
    there = here.replace(positions={id: (x + 8.0 * right, y + 8.0 * down) for id, (x, y) in here.positions.items()})
    tidied, elsewhere = (edits.tidy(sizes).apply(project) for project in (here, there))
    shifts = {(x - tidied.positions[id][0], y - tidied.positions[id][1]) for id, (x, y) in elsewhere.positions.items()}
    assert shifts == {(8.0 * right, 8.0 * down)}
    assert edits.tidy(sizes).apply(tidied).positions == tidied.positions
