"""Parts of a drawing: copied, mailed as text, pasted; hostile text is refused in a plain sentence."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.data import table_from_rows
from nnstudio.errors import FragmentError
from nnstudio.project import Project, edits
from nnstudio.project.fragment import LONGEST, MOST_NODES, Fragment, fragment_from_text, fragment_of

TABLE = table_from_rows([{"a": i * 0.31 % 1, "b": i * 0.77 % 1, "c": "xyz"[i % 3]} for i in range(60)], "three.csv")


@pytest.fixture(scope="module")
def drawn() -> Project:
    project = edits.set_table(TABLE).apply(Project())
    for edit in (
        edits.colour_nodes(("hidden_1", "answer"), "green"),
        edits.add_note("über the ends: ½", (100.0, 80.0)),
        edits.group(("hidden_1", "hidden_2"), "body"),
        edits.group(("input", "answer"), "ends"),
    ):
        project = edit.apply(project)
    return project


@pytest.fixture(scope="module")
def part(drawn: Project) -> Fragment:
    return fragment_of(drawn, ("hidden_1", "hidden_2", "answer", "nobody"), ("note_1",))


def test_a_fragment_holds_what_lies_among_its_nodes(part: Fragment) -> None:
    assert part.edges == (("hidden_1", "hidden_2"), ("hidden_2", "answer"))
    assert part.colours == {"hidden_1": "green", "answer": "green"}
    assert [block.title for block in part.blocks] == ["body"]
    assert part.centre == (350.0, 40.0)


def test_a_fragment_goes_through_text_that_can_be_read(part: Fragment) -> None:
    text = part.to_text()
    assert "über the ends: ½" in text
    assert fragment_from_text(text) == part


def test_pasting_keeps_relative_places_and_gives_fresh_ids_and_titles(drawn: Project, part: Fragment) -> None:
    project = edits.paste(part, (1350.0, 1040.0)).apply(drawn)
    new = project.network.nodes[len(drawn.network.nodes) :]
    assert [(node.id, node.title) for node in new] == [
        ("hidden_3", "hidden 3"),
        ("hidden_4", "hidden 4"),
        ("answer_1", "answer 2"),
    ]
    assert [node.layer for node in new] == [node.layer for node in part.nodes]
    assert [project.positions[node.id] for node in new] == [(1200.0, 1000.0), (1400.0, 1000.0), (1600.0, 1000.0)]
    assert project.network.edges[-2:] == (("hidden_3", "hidden_4"), ("hidden_4", "answer_1"))
    assert (project.notes[1].id, project.notes[1].place) == ("note_2", (1100.0, 1080.0))
    assert project.blocks[-1].members == ("hidden_3", "hidden_4")
    assert project.blocks[-1].title == "body 2"
    assert project.colours["answer_1"] == "green"


def test_into_an_empty_drawing_it_comes_with_its_own_ids(part: Fragment) -> None:
    project = edits.paste(part, part.centre).apply(Project())
    assert fragment_of(project, [node.id for node in part.nodes], ("note_1",)) == part


def test_duplicating_is_copying_and_pasting_a_little_aside(drawn: Project) -> None:
    part = fragment_of(drawn, ("hidden_1", "answer"), ("note_1",))
    x, y = part.centre
    duplicated = edits.duplicate(("hidden_1", "answer"), ("note_1",)).apply(drawn)
    assert duplicated == edits.paste(fragment_from_text(part.to_text()), (x + 40, y + 40)).apply(drawn)
    assert duplicated != drawn


def test_an_unknown_layer_is_refused_with_its_nearest_names(part: Fragment) -> None:
    data = json.loads(part.to_text())
    data["nodes"][0]["layer"]["type"] = "dence"
    with pytest.raises(FragmentError, match=r"There is no 'dence' among the layers\. Did you mean 'dense'"):
        fragment_from_text(json.dumps(data))


def _with(**values: Any) -> str:
    return json.dumps({"format": "nn-studio-drawing", "version": 1, **values})


_NODE = {"id": "a", "title": "", "layer": {"type": "dense"}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a part of a drawing"),
        ("Dear Ada, here is my network", "not a part of a drawing"),
        ("[" * 100_000, "not a part of a drawing"),
        ("9" * 5_000, "not a part of a drawing"),
        ("{}", "not a part of a drawing"),
        ("[1]", "not a part of a drawing"),
        (" " * (LONGEST + 1), "too long"),
        ('{"format": "nn-studio-drawing"}', "does not say a version"),
        ('{"format": "nn-studio-drawing", "version": 2}', "newer NN Studio"),
        (_with(nodes=[_NODE] * (MOST_NODES + 1)), "at most 5,000"),
        (_with(nodes=[_NODE, _NODE]), "Two nodes have the id 'a'"),
        (_with(nodes=[_NODE], edges=[["a", "b"]]), "'b', which does not exist"),
        (_with(nodes=[_NODE], edges=[["a", "a"]]), "to itself"),
        (_with(nodes=[_NODE], positions={"a": [float("nan"), 0]}), "finite"),
        (_with(nodes=[_NODE], positions={"a": [10**400, 0]}), "cannot be pasted"),
        (_with(nodes=[_NODE], positions={"b": [0, 0]}), "'b', which does not exist"),
        (_with(nodes=[_NODE], colours={"a": "pink"}), "no colour 'pink'"),
        (_with(nodes=[{**_NODE, "id": "A b"}]), "cannot be pasted"),
        (_with(nodes=[{**_NODE, "title": "\ud800"}]), "cannot be pasted"),
        (_with(nodes=[{**_NODE, "layer": {"type": "dense", "units": -1}}]), "cannot be pasted"),
        (_with(nodes=[{**_NODE, "layer": {"type": ["dense"]}}]), "cannot be pasted"),
        (_with(nodes={"a": 1}), "cannot be pasted"),
        (_with(blocks=[{"id": "b", "title": "", "members": ["a"]}]), "which does not exist"),
        (_with(nobody=1), "cannot be pasted"),
    ],
)
def test_text_that_is_no_fragment_is_refused_in_a_sentence(text: str, says: str) -> None:
    with pytest.raises(FragmentError, match=says):
        fragment_from_text(text)


def test_far_places_stay_finite() -> None:
    text = _with(nodes=[_NODE, {**_NODE, "id": "b"}], positions={"a": [1e308, 0], "b": [-1e308, 0]})
    project = edits.paste(fragment_from_text(text), (0.0, 0.0)).apply(Project())
    assert project.positions == {"a": (1e7, 0.0), "b": (-1e7, 0.0)}


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["a", "dense"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "a"]), inner),
    max_leaves=8,
)
_PARTS = st.sampled_from(["nodes", "edges", "positions", "colours", "notes", "blocks"])


@given(st.dictionaries(_PARTS, _JSON | st.lists(st.fixed_dictionaries({"id": _JSON, "title": _JSON, "layer": _JSON}))))
@settings(max_examples=150, deadline=None)
def test_no_text_of_any_kind_makes_it_crash(parts: dict[str, Any]) -> None:
    try:
        found = fragment_from_text(_with(**parts))
    except FragmentError as error:
        refusal = str(error)
    else:
        refusal = "."
        assert edits.paste(found, (0.0, 0.0)).apply(Project()).network.nodes == found.nodes
    assert refusal.endswith((".", "?"))
