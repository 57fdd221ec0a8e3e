"""Laws of the drawing: whatever is done, it is legal or says why not, can be undone, copied and kept in a file."""

import inspect
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from nnstudio.components import members
from nnstudio.data import table_from_rows
from nnstudio.engine import Layer, bind
from nnstudio.engine.layers.add import Add
from nnstudio.engine.layers.concatenate import Concatenate
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.dropout import Dropout
from nnstudio.engine.layers.input import Input
from nnstudio.project import Document, Edit, Project, edits, open_project, save_project
from nnstudio.project.drawing import COLOURS
from nnstudio.project.fragment import fragment_from_text, fragment_of

TABLE = table_from_rows([{"a": i * 0.31 % 1, "b": i * 0.77 % 1, "c": "xyz"[i % 3]} for i in range(60)], "three.csv")

BESIDE_THE_DRAWING = {
    *("choose_run", "delete_run", "pin_run", "rename_run"),
    *("balance_classes", "set_class_weights"),
    *(
        "apply_fix",
        "empty_cell",
        "new_weights",
        "reset_training",
        "set_column_use",
        "set_settings",
        "set_split",
        "set_table",
    ),
}
"""Edits that change something else; a problem's cure is drawn in a rule of its own."""

DRAWING = [getattr(edits, name) for name in edits.__all__ if name not in BESIDE_THE_DRAWING]


def _layers() -> tuple[Layer, ...]:
    made = [Input(shape=(4,)), Input(shape=(4, 4, 1))]
    for member in members("layers"):
        required = any(field.is_required() for field in member.model_fields.values())
        layer = None if required else member()
        if isinstance(layer, Layer) and not isinstance(layer, Input):
            made.append(layer)  # type: ignore[arg-type]  # the list holds layers of all kinds
    return tuple(made)


LAYERS = st.sampled_from(_layers())
PLACES = st.tuples(*[st.integers(-20, 20).map(lambda step: step * 40.0)] * 2)
TITLES = st.text("ab 1é", max_size=4)


def _ids(project: Project) -> st.SearchStrategy[str]:
    """Return an id, now and then of nothing."""
    return st.sampled_from([*(node.id for node in project.network.nodes)] * 3 + ["nobody"])


def _edges(project: Project) -> st.SearchStrategy[tuple[str, str]]:
    ids = _ids(project)
    known = project.network.edges
    return st.one_of(st.sampled_from(known), st.tuples(ids, ids)) if known else st.tuples(ids, ids)


def _note_ids(project: Project) -> st.SearchStrategy[str]:
    return st.sampled_from([*(note.id for note in project.notes), "nobody"])


def _column_names(project: Project) -> st.SearchStrategy[list[str]]:
    names = project.table.column_names if project.table is not None else ()
    return st.lists(st.sampled_from([*names, "nobody"]), max_size=2, unique=True)


def _fragments(project: Project) -> st.SearchStrategy[Any]:
    ids, notes = st.sets(_ids(project), max_size=4), st.sets(_note_ids(project), max_size=2)
    return st.builds(lambda ids, notes: fragment_of(project, ids, notes), ids, notes)


def _keys(family: str) -> st.SearchStrategy[str]:
    keys = [member.key for member in members(family) if not any(f.is_required() for f in member.model_fields.values())]
    return st.sampled_from(keys)


VALUES: dict[str, Callable[[Project], st.SearchStrategy[Any]]] = {
    "activation": lambda _: _keys("activations"),
    "after": lambda project: st.none() | _ids(project),
    "collapsed": lambda _: st.booleans(),
    "colour": lambda _: st.sampled_from(["", *COLOURS]),
    "cost": lambda _: _keys("costs"),
    "edge": _edges,
    "fragment": _fragments,
    "hidden": lambda _: st.none() | st.just((3, 2)),
    "id": _ids,
    "ids": lambda project: st.sets(_ids(project), max_size=4),
    "initializer": lambda _: _keys("initializers"),
    "key": lambda _: _keys("templates"),
    "layer": lambda _: LAYERS,
    "name": lambda project: _column_names(project).map(lambda names: names[0] if names else "nobody"),
    "names": _column_names,
    "new": _edges,
    "node": _ids,
    "note_ids": lambda project: st.sets(_note_ids(project), max_size=2),
    "note_places": lambda project: st.none() | st.dictionaries(_note_ids(project), PLACES, max_size=2),
    "old": _edges,
    "place": lambda _: PLACES,
    "places": lambda project: st.dictionaries(_ids(project), PLACES, max_size=3),
    "position": lambda _: PLACES,
    "shift": lambda _: PLACES,
    "size": lambda _: PLACES,
    "sizes": lambda project: st.just({node.id: (160.0, 100.0) for node in project.network.nodes}),
    "source": _ids,
    "sources": lambda project: st.lists(_ids(project), max_size=3),
    "target": _ids,
    "text": lambda _: TITLES,
    "title": lambda _: TITLES,
    "units": lambda _: st.integers(1, 9),
}
"""How the arguments of an edit are drawn, by their names: one line for each new name."""


def _block_ids(project: Project) -> st.SearchStrategy[str]:
    return st.sampled_from([*(block.id for block in project.blocks), "nobody"])


IDS_OF: dict[tuple[str, str], Callable[[Project], st.SearchStrategy[Any]]] = {
    ("change_note", "id"): _note_ids,
    ("colour_block", "id"): _block_ids,
    ("rename_block", "id"): _block_ids,
    ("set_collapsed", "id"): _block_ids,
    ("ungroup", "id"): _block_ids,
}
"""What the ids of an edit are of, where they are not of nodes."""


def edit_of(make: Callable[..., Edit], project: Project) -> st.SearchStrategy[Edit]:
    arguments = {}
    for name in inspect.signature(make).parameters:
        if name in ("merge", "changed"):
            continue
        strategy = IDS_OF.get((make.__name__, name)) or VALUES[name]
        arguments[name] = strategy(project)
    return st.builds(make, **arguments)


def _rich() -> Project:
    """Return a drawing with a bit of everything."""
    project = PROPOSED
    for edit in (
        edits.insert_on_edge(Add(), ("hidden_2", "answer"), (300.0, 0.0)),
        edits.connect("hidden_1", "add_1"),
        edits.insert_between("input", "hidden_1", Dropout()),
        edits.insert_between("add_1", "answer", Concatenate()),
        edits.add_node(Dense(units=3), (200.0, 200.0), after="dropout_1"),
        edits.connect("hidden_3", "concatenate_1"),
        edits.group(("hidden_1", "hidden_2", "add_1"), "body"),
        edits.group(("hidden_3",), "side"),
        edits.colour_nodes(("hidden_1", "answer"), "blue"),
        edits.add_note("here", (0.0, 0.0)),
        edits.add_note("there", (80.0, 0.0)),
    ):
        project = edit.apply(project)
    return project


PROPOSED = edits.set_table(TABLE).apply(Project())
RICH = _rich()


class Drawing(RuleBasedStateMachine):
    """A person who does anything that can be done to a drawing, in any order."""

    @initialize(start=st.sampled_from([RICH, RICH, PROPOSED, Project()]))
    def begin(self, start: Project) -> None:
        self.document = Document(start)
        self.start = start

    @rule(data=st.data(), makes=st.lists(st.sampled_from(DRAWING), min_size=4, max_size=8))
    def edit(self, data: st.DataObject, makes: list[Callable[..., Edit]]) -> None:
        for make in makes:  # several, so that little of the time goes into undoing
            self.document.apply(data.draw(edit_of(make, self.document.project)))
            self.it_is_legal_or_says_why_not()

    @rule(data=st.data())
    def cure(self, data: st.DataObject) -> None:
        fixes = [fix for problem in self.document.project.problems() for fix in problem.fixes]
        if fixes:
            self.document.apply(edits.apply_fix(data.draw(st.sampled_from(fixes))))

    @rule()
    def undo(self) -> None:
        self.document.undo()

    @rule()
    def redo(self) -> None:
        self.document.redo()

    @rule(data=st.data())
    def copy_and_paste(self, data: st.DataObject) -> None:
        project = self.document.project
        ids = data.draw(st.sets(_ids(project)))
        notes = data.draw(st.sets(_note_ids(project)))
        part = fragment_of(project, ids, notes)
        x, y = part.centre
        pasted = edits.paste(fragment_from_text(part.to_text()), (x + 40.0, y + 40.0))
        assert pasted.apply(project) == edits.duplicate(ids, notes).apply(project)
        if len(project.network.nodes) < 30:
            self.document.apply(pasted)

    @rule()
    def save_and_open(self) -> None:
        project = self.document.project
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.nns"
            save_project(project, path)
            opened = open_project(path)
        for name in ("network", "positions", "colours", "notes", "blocks", "settings", "columns", "split", "note"):
            assert getattr(opened, name) == getattr(project, name)
        assert opened.design == project.design

    @invariant()
    def it_is_legal_or_says_why_not(self) -> None:
        project = self.document.project
        # As a new value, so that everything is checked again.
        assert Project(**{name: getattr(project, name) for name in Project.model_fields}) == project
        assert len(project.network.order) == len(project.network.nodes), "the wires run in a circle"
        found = project.network.problems()
        assert all(str(problem) for problem in (*found, *project.problems()))
        if not [problem for problem in found if problem.severity == "error"]:
            program = bind(project.network, batch=2)
            sizes = [project.network.parameter_count(node.id) for node in project.network.nodes]
            assert program.flat.size == sum(size or 0 for size in sizes)

    def teardown(self) -> None:
        end = self.document.project
        while self.document.redo_title is not None:
            self.document.redo()
        last = self.document.project
        while self.document.undo_title is not None:
            self.document.undo()
        assert self.document.project is self.start
        while self.document.redo_title is not None:
            self.document.redo()
        assert self.document.project is last
        while self.document.project is not end:
            assert self.document.undo_title is not None
            self.document.undo()


Drawing.TestCase.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
TestAnySequenceOfEdits = Drawing.TestCase


def test_the_arguments_of_every_edit_of_the_drawing_can_be_drawn() -> None:
    assert len(DRAWING) > 25
    unknown = {
        f"{make.__name__}: {name}"
        for make in DRAWING
        for name in inspect.signature(make).parameters
        if name not in VALUES and name not in ("merge", "changed")
    }
    assert unknown == set(), "say in VALUES how these are drawn"
