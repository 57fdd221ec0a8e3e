"""Wires: moved, put through other layers, and joined again where the shapes allow it."""

from itertools import pairwise, product

import pytest

from nnstudio.components import Fix
from nnstudio.engine import Layer, Network, Node
from nnstudio.engine.layers.add import Add
from nnstudio.engine.layers.concatenate import Concatenate
from nnstudio.engine.layers.conv2d import Conv2d
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.dropout import Dropout
from nnstudio.engine.layers.flatten import Flatten
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.output import Output
from nnstudio.engine.layers.reshape import Reshape
from nnstudio.project import Edit, Project, edits
from nnstudio.project.wires import WireRules


def _drawn(layers: dict[str, Layer], *edges: tuple[str, str]) -> Project:
    nodes = tuple(Node(id=id, layer=layer) for id, layer in layers.items())
    positions = {id: (200.0 * index, 0.0) for index, id in enumerate(layers)}
    return Project(network=Network(nodes=nodes, edges=edges), positions=positions)


@pytest.fixture
def joined() -> Project:
    layers = {
        "input": Input(shape=(4,)),
        "a": Dense(units=3),
        "b": Dense(units=3),
        "c": Dense(units=3),
        "sum": Concatenate(),
        "output": Output(),
    }
    edges = [("input", "a"), ("input", "b"), ("input", "c"), ("a", "sum"), ("b", "sum"), ("c", "sum")]
    return _drawn(layers, *edges, ("sum", "output"))


def test_a_wire_whose_start_is_moved_keeps_its_place_among_the_inputs(joined: Project) -> None:
    assert edits.rewire(("b", "sum"), ("input", "sum")).apply(joined).network.sources("sum") == ("a", "input", "c")


def test_a_wire_whose_end_is_moved_takes_the_place_of_the_only_one_there(joined: Project) -> None:
    network = edits.rewire(("a", "sum"), ("a", "c")).apply(joined).network
    assert network.sources("sum") == ("b", "c")
    assert network.sources("c") == ("a",)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("a", "sum"), ("b", "sum")),  # is there already
        (("input", "a"), ("sum", "a")),  # closes a loop
        (("input", "a"), ("output", "a")),  # out of an Output
        (("a", "sum"), ("a", "input")),  # into an Input
        (("a", "sum"), ("a", "a")),
        (("a", "sum"), ("input", "output")),  # both ends at once
        (("a", "sum"), ("a", "sum")),
        (("a", "sum"), ("a", "nobody")),
        (("a", "c"), ("a", "b")),  # is not there
    ],
)
def test_a_wire_is_not_moved_where_it_may_not_be(joined: Project, old: tuple[str, str], new: tuple[str, str]) -> None:
    assert edits.rewire(old, new).apply(joined) is joined


def test_a_wire_can_be_drawn_where_nothing_is_said_against_it_from_either_end(joined: Project) -> None:
    network = joined.network
    said = set()
    for source, target in product([node.id for node in network.nodes], repeat=2):
        reason = WireRules(network, source, from_output=True).why_not(target)
        assert WireRules(network, target, from_output=False).why_not(source) == reason
        assert (edits.connect(source, target).apply(joined) is joined) == bool(reason), (source, target)
        said.add(reason.split(".")[0])
    assert said == {
        "",
        "An output is the end: no wire starts from it",
        "An input is the beginning: no wire leads into it",
        "There is a wire already",
        "That would close a circle",
    }


def test_a_loose_layer_is_put_into_a_wire(joined: Project) -> None:
    project = edits.add_node(Dropout(), (0.0, 0.0)).apply(joined)
    put = edits.put_into_wire("dropout_1", ("b", "sum"), (9.0, 9.0)).apply(project)
    assert put.network.sources("sum") == ("a", "dropout_1", "c")
    assert put.network.sources("dropout_1") == ("b",)
    assert put.positions["dropout_1"] == (9.0, 9.0)


def test_a_layer_with_wires_leaves_them_for_another_and_its_neighbours_join() -> None:
    layers = {
        "input": Input(shape=(4,)),
        "drop": Dropout(),
        "a": Dense(units=3),
        "b": Dense(units=2),
        "output": Output(),
    }
    project = _drawn(layers, *pairwise(layers))
    put = edits.put_into_wire("drop", ("a", "b")).apply(project)
    assert set(put.network.edges) == {("input", "a"), ("a", "drop"), ("drop", "b"), ("b", "output")}
    assert edits.put_into_wire("drop", ("input", "drop")).apply(project) is project
    assert edits.put_into_wire("output", ("a", "b")).apply(project) is project
    assert edits.put_into_wire("input", ("a", "b")).apply(project) is project


def test_an_input_that_is_dropped_on_a_wire_does_not_cut_it(joined: Project) -> None:
    network = edits.insert_on_edge(Input(), ("a", "sum"), (0.0, 0.0)).apply(joined).network
    assert network.edges == joined.network.edges
    assert len(network.nodes) == len(joined.network.nodes) + 1


def test_neighbours_join_in_the_place_of_the_removed_layer(joined: Project) -> None:
    layers = {**{node.id: node.layer for node in joined.network.nodes}, "drop": Dropout()}
    edges = [edge for edge in joined.network.edges if edge != ("a", "sum")]
    edges.insert(3, ("drop", "sum"))
    project = _drawn(layers, *edges, ("a", "drop"))
    assert edits.remove_nodes(("drop",)).apply(project).network.sources("sum") == ("a", "b", "c")


def test_neighbours_whose_shapes_do_not_fit_are_not_joined() -> None:
    layers = {"input": Input(shape=(8, 8, 1)), "flat": Flatten(), "answer": Dense(units=2), "output": Output()}
    project = _drawn(layers, *pairwise(layers))
    assert edits.remove_nodes(("flat",)).apply(project).network.edges == (("answer", "output"),)


def test_a_join_that_would_give_a_fault_farther_behind_is_left_out() -> None:
    layers = {
        "input": Input(shape=(4,)),
        "narrow": Dense(units=3),
        "drop": Dropout(),
        "other": Dense(units=3),
        "sum": Add(),
        "output": Output(),
    }
    edges = [("input", "narrow"), ("narrow", "drop"), ("drop", "sum"), ("input", "other"), ("other", "sum")]
    project = _drawn(layers, *edges, ("sum", "output"))
    network = edits.remove_nodes(("narrow",)).apply(project).network
    assert ("input", "drop") not in network.edges
    assert edits.remove_nodes(("drop",)).apply(project).network.sources("sum") == ("narrow", "other")


def test_layers_that_are_removed_together_are_bridged_together() -> None:
    layers = {
        "input": Input(shape=(16,)),
        "picture": Reshape(shape=(4, 4, 1)),
        "conv": Conv2d(),
        "flat": Flatten(),
        "answer": Dense(units=2),
        "output": Output(),
    }
    project = _drawn(layers, *pairwise(layers))
    network = edits.remove_nodes(("flat", "picture", "conv")).apply(project).network
    assert network.edges == (("input", "answer"), ("answer", "output"))


def test_where_several_wires_led_in_nothing_is_joined(joined: Project) -> None:
    network = edits.remove_nodes(("sum",)).apply(joined).network
    assert network.edges == (("input", "a"), ("input", "b"), ("input", "c"))


def test_a_layer_between_two_others_makes_room_for_itself(joined: Project) -> None:
    project = edits.add_note("far", (1000.0, 0.0)).apply(joined)
    put = edits.insert_between("sum", "output", Dropout()).apply(project)
    assert put.network.sources("output") == ("dropout_1",)
    assert put.network.sources("dropout_1") == ("sum",)
    assert [put.positions[id] for id in ("sum", "dropout_1", "output")] == [(800.0, 0.0), (1000.0, 0.0), (1200.0, 0.0)]
    assert put.notes[0].place == (1200.0, 0.0)
    assert edits.insert_between("a", "output", Dropout()).apply(project) is project


def test_a_layer_between_two_others_stands_clear_of_a_third(joined: Project) -> None:
    project = edits.move_nodes({"output": (1200.0, 0.0), "c": (1000.0, 30.0)}).apply(joined)
    put = edits.insert_between("sum", "output", Dropout()).apply(project)
    x, y = put.positions["dropout_1"]
    assert abs(y - 30.0) >= 150 or abs(x - 1000.0) >= 100
    assert put.positions["output"] == (1200.0, 0.0)


def test_a_second_wire_into_a_layer_that_takes_one_replaces_the_first(joined: Project) -> None:
    assert edits.connect("a", "output").apply(joined).network.sources("output") == ("a",)
    assert edits.connect("nobody", "output").apply(joined) is joined


def test_a_cure_for_a_layer_that_leads_nowhere_keeps_what_does_not_fit_apart() -> None:
    layers = {"input": Input(shape=(8, 8, 1)), "flat": Flatten(), "answer": Dense(units=2), "output": Output()}
    cure: Edit = edits.apply_fix(Fix(key="remove_node", title="", arguments={"node": "flat"}))
    assert ("input", "answer") not in cure.apply(_drawn(layers, *pairwise(layers))).network.edges


def test_a_layer_in_a_wire_gets_a_column_and_what_is_to_the_right_moves_on(joined: Project) -> None:
    places = {"a": (0.0, 0.0), "b": (0.0, 300.0), "c": (0.0, 600.0), "sum": (200.0, 300.0)}
    project = edits.move_nodes(places).apply(joined)
    note = edits.add_note("to the right", (260.0, 0.0)).apply(project)
    put = edits.insert_on_edge(Dropout(), ("b", "sum"), (120.0, 290.0)).apply(note)
    assert put.positions["dropout_1"] == (200.0, 290.0)
    assert put.positions["sum"] == (400.0, 300.0)
    assert {id: put.positions[id] for id in "abc"} == {id: places[id] for id in "abc"}
    assert put.notes[0].place == (460.0, 0.0)
    loose = edits.add_node(Dropout(), (0.0, 900.0)).apply(project)
    dragged = edits.put_into_wire("dropout_1", ("b", "sum"), (120.0, 290.0)).apply(loose)
    assert dragged.positions["dropout_1"] == (200.0, 290.0)
    assert dragged.positions["sum"] == (400.0, 300.0)


@pytest.mark.parametrize(
    ("key", "first"),
    [
        ("dense", "hidden 1"),
        ("batch_normalization", "batch normalisation 1"),
        ("conv2d", "conv 2-D 1"),
        ("lstm", "LSTM 1"),
        ("prelu", "PReLU 1"),
        ("input", "Input"),
    ],
)
def test_a_new_layer_is_called_as_the_palette_spells_it(key: str, first: str) -> None:
    layer = Layer.model_validate({"type": key})
    project = edits.add_node(layer, (0.0, 0.0)).apply(Project())
    assert project.network.nodes[-1].title == first
    project = edits.add_node(layer, (200.0, 0.0)).apply(project)
    again = {"Input": "input 1"}.get(first, first.replace(" 1", " 2"))
    assert project.network.nodes[-1].title == again
