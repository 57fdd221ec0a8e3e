"""What differs between two projects is told once, the same from both sides, and nothing where nothing differs."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.engine.layers.dropout import Dropout
from nnstudio.paths import samples
from nnstudio.project import Edit, Project, edits, open_project
from nnstudio.project.diff import Part, compare

IRIS = open_project(samples() / "iris.nns")

EDITS: tuple[Edit, ...] = (
    edits.set_units("hidden_1", 5),
    edits.set_activation("hidden_1", "tanh"),
    edits.rename("answer", "the answer"),
    edits.add_node(Dropout(rate=0.3), (0.0, 0.0), "hidden_1"),
    edits.remove_nodes(("hidden_1",)),
    edits.disconnect("hidden_1", "answer"),
    edits.connect("input", "answer"),
    edits.set_settings(IRIS.settings.model_copy(update={"batch_size": 7})),
    edits.set_split(IRIS.split.model_copy(update={"seed": 9})),
    edits.set_column_use(IRIS.columns[0].model_copy(update={"role": "ignore"})),
)

SEQUENCES = st.lists(st.sampled_from(EDITS), max_size=4)


def after(project: Project, done: list[Edit]) -> Project:
    for edit in done:
        project = edit.apply(project)
    return project


def turned(part: Part) -> tuple[object, ...]:
    """Return a part as it looks from the other side; what a new layer is set to is told of new ones only."""
    kind = {"added": "removed", "removed": "added", "changed": "changed"}[part.kind]
    name = part.name if kind != "changed" or not part.id else ""
    changes = frozenset((change.path, change.after, change.before) for change in part.changes)
    return part.id, name, kind, changes if kind == "changed" else frozenset()


def as_it_is(part: Part) -> tuple[object, ...]:
    name = part.name if part.kind != "changed" or not part.id else ""
    changes = frozenset((change.path, change.before, change.after) for change in part.changes)
    return part.id, name, part.kind, changes if part.kind == "changed" else frozenset()


@given(SEQUENCES)
@settings(max_examples=40, deadline=None)
def test_nothing_differs_from_itself(done: list[Edit]) -> None:
    project = after(IRIS, done)
    assert compare(project, project) == ()
    assert compare(project, project.model_copy()) == ()


@given(SEQUENCES, SEQUENCES)
@settings(max_examples=60, deadline=None)
def test_both_sides_tell_the_same(first: list[Edit], second: list[Edit]) -> None:
    a, b = after(IRIS, first), after(IRIS, second)
    assert {turned(part) for part in compare(a, b)} == {as_it_is(part) for part in compare(b, a)}


@given(SEQUENCES)
@settings(max_examples=40, deadline=None)
def test_what_differs_is_told(done: list[Edit]) -> None:
    project = after(IRIS, done)
    same = (
        [(node.id, node.title, node.layer) for node in project.network.nodes]
        == [(node.id, node.title, node.layer) for node in IRIS.network.nodes]
        and set(project.network.edges) == set(IRIS.network.edges)
        and project.settings == IRIS.settings
        and project.split == IRIS.split
        and [(use.name, use.role, use.kind) for use in project.columns]
        == [(use.name, use.role, use.kind) for use in IRIS.columns]
    )
    assert (compare(IRIS, project) == ()) == same


def test_added_removed_and_changed_are_told_with_their_parameters() -> None:
    project = after(IRIS, [EDITS[3], EDITS[0], EDITS[7]])
    parts = {(part.name, part.kind): part for part in compare(IRIS, project)}
    (dropout,) = (part for (_, kind), part in parts.items() if kind == "added" and part.id)
    assert ("rate", "–", "0.3") in {(change.path, change.before, change.after) for change in dropout.changes}
    hidden = next(part for part in parts.values() if part.id == "hidden_1")
    assert [(change.path, change.before, change.after) for change in hidden.changes] == [("units", "16", "5")]
    training = parts["Training", "changed"]
    assert [(change.path, change.after) for change in training.changes] == [("batch_size", "7")]
    wires = {(name, kind) for (name, kind), part in parts.items() if not part.id and "→" in name}
    assert wires == {("hidden 1 → dropout 1", "added")}
