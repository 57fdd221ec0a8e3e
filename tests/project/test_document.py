"""The document's laws: every sequence of edits can be undone to the same object and done again."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.components import Fix
from nnstudio.data import table_from_rows
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.dropout import Dropout
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.output import Output
from nnstudio.paths import samples
from nnstudio.project import Document, Edit, Project, edits, open_project

TABLE = table_from_rows([{"a": i * 0.31 % 1, "b": i * 0.77 % 1, "c": "xyz"[i % 3]} for i in range(60)], "three.csv")
IDS = st.sampled_from(["input", "output", "hidden_1", "hidden_2", "dropout_1", "answer"])


def _connected(source: str, target: str) -> Edit:
    """Connect two nodes where there are both, as the window does."""

    def apply(project: Project) -> Project:
        there = source in project.network and target in project.network
        return edits.connect(source, target).apply(project) if there else project

    return Edit("Connect", apply)


EDITS = st.one_of(
    st.builds(lambda x: edits.add_node(Dense(), (x, 0)), st.integers(0, 500)),
    st.builds(lambda x: edits.add_node(Dropout(), (x, 0)), st.integers(0, 500)),
    st.just(edits.add_node(Input(), (0, 0))),
    st.just(edits.add_node(Output(), (0, 0))),
    st.builds(_connected, IDS, IDS),
    st.builds(lambda a, b: edits.disconnect(a, b), IDS, IDS),
    st.builds(lambda a: edits.remove_nodes((a,)), IDS),
    st.builds(lambda a, x: edits.move_nodes({a: (x, x)}), IDS, st.integers(-9, 9)),
    st.builds(lambda a, t: edits.rename(a, t), IDS, st.text(max_size=5)),
    st.just(edits.set_table(TABLE)),
    st.just(edits.propose_network()),
    st.just(edits.fit_ends()),
    st.just(edits.new_weights()),
)


@given(st.lists(EDITS, max_size=14))
@settings(max_examples=60, deadline=None)
def test_any_sequence_of_edits_is_legal_or_lists_its_problems_and_can_be_undone_and_done_again(
    sequence: list[Edit],
) -> None:
    document = Document()
    start = document.project
    for edit in sequence:
        document.apply(edit)
        network = document.project.network
        assert set(network.order) <= {node.id for node in network.nodes}
        assert all(str(problem) for problem in document.project.problems())
    end = document.project
    while document.undo_title is not None:
        document.undo()
    assert document.project is start
    while document.redo_title is not None:
        document.redo()
    assert document.project is end


def test_edits_that_merge_are_one_step_of_undo() -> None:
    document = Document()
    document.apply(edits.add_node(Dense(), (0, 0)))
    for x in range(5):
        document.apply(edits.move_nodes({"hidden_1": (x, 0.0)}, merge="nudge"))
    assert document.past == ("Add Dense", "Move a layer")
    document.undo()
    assert document.project.positions["hidden_1"] == (0, 0)


def test_edits_that_merge_and_end_where_they_began_leave_no_trace() -> None:
    document = Document()
    document.apply(edits.add_node(Dense(), (0, 0)))
    before = document.project
    for x in (8.0, 0.0):
        document.apply(edits.move_nodes({"hidden_1": (x, 0.0)}, merge="nudge"))
    assert document.past == ("Add Dense",)
    assert document.project is before


def test_an_edit_that_changes_nothing_leaves_no_trace_and_listeners_hear_once() -> None:
    document = Document()
    heard: list[tuple[Project, Project]] = []
    unsubscribe = document.subscribe(lambda before, after: heard.append((before, after)))
    document.apply(edits.disconnect("a", "b"))
    document.apply(edits.add_node(Dense(), (0, 0)))
    unsubscribe()
    document.undo()
    assert len(heard) == 1
    assert heard[0][1].network.nodes[0].id == "hidden_1"


def test_a_layer_is_put_into_a_wire_and_its_neighbours_rejoin_when_it_goes() -> None:
    project = edits.set_table(TABLE).apply(Project())
    before = project.network.edges
    put = edits.insert_on_edge(Dropout(), ("input", "hidden_1"), (0, 0)).apply(project)
    assert ("input", "dropout_1") in put.network.edges
    assert ("dropout_1", "hidden_1") in put.network.edges
    assert ("input", "hidden_1") not in put.network.edges
    gone = edits.remove_nodes(("dropout_1",)).apply(put)
    assert set(gone.network.edges) == set(before)


def test_a_wire_that_would_close_a_circle_is_not_drawn() -> None:
    project = edits.set_table(TABLE).apply(Project())
    assert edits.connect("answer", "hidden_1").apply(project) is project


def test_the_sentence_on_how_a_network_came_about_goes_when_it_is_true_no_more() -> None:
    document = Document(edits.set_table(TABLE).apply(Project()))
    sentence = document.project.note
    document.apply(edits.rename("hidden_1", "first"))
    document.apply(edits.move_nodes({"hidden_1": (8.0, 0.0)}))
    assert document.project.note == sentence
    document.apply(edits.set_units("hidden_1", 17))
    assert document.project.note == ""
    document.undo()
    assert document.project.note == sentence


def test_data_onto_an_empty_canvas_propose_a_network_and_onto_a_drawn_one_only_replace_the_data() -> None:
    project = edits.set_table(TABLE).apply(Project())
    assert not project.problems()
    assert "'c' is one of 3 classes" in project.note
    other = table_from_rows([{"p": i / 7, "q": i / 3, "r": i / 5, "t": i * 1.5} for i in range(40)])
    replaced = edits.set_table(other).apply(project)
    assert replaced.network == project.network
    fixes = {fix.key for problem in replaced.problems() for fix in problem.fixes}
    assert {"fit_ends", "propose_network"} <= fixes
    fitted = edits.fit_ends().apply(replaced)
    assert not [problem for problem in fitted.problems() if problem.severity == "error"]
    assert fitted.network.node("hidden_1") == project.network.node("hidden_1")
    assert not edits.propose_network().apply(replaced).problems()


@pytest.mark.parametrize(
    ("layer", "key"),
    [
        ({"units": 5, "activation": "softmax"}, "set_units"),
        ({"units": 3, "activation": "tanh"}, "set_activation"),
    ],
)
def test_a_problems_cure_mends_it(layer: Any, key: str) -> None:
    project = edits.set_table(TABLE).apply(Project())
    broken = edits.set_layer("answer", Dense.model_validate(layer)).apply(project)
    problems = broken.problems()
    assert problems
    fix: Fix = next(fix for problem in problems for fix in problem.fixes if fix.key == key)
    assert not edits.apply_fix(fix).apply(broken).problems()


def test_a_component_in_a_layer_may_be_written_as_its_key() -> None:
    assert Dense.model_validate({"units": 2, "activation": "tanh"}).activation.key == "tanh"


@pytest.mark.parametrize(
    ("hidden", "words"),
    [
        ((8,), "a hidden layer of 8 "),
        ((8, 8, 8), "3 hidden layers of 8 "),
        ((16, 8), "2 hidden layers of 16 and 8 "),
        ((16, 8, 4), "3 hidden layers of 16, 8 and 4 "),
    ],
)
def test_a_proposal_names_sizes_that_differ_and_one_for_all_that_do_not(hidden: tuple[int, ...], words: str) -> None:
    drawn = edits.propose_network(hidden).apply(open_project(samples() / "iris.nns"))
    assert words in drawn.note
