"""Colours, notes and blocks: edited, kept in the file, and of no concern to what is trained."""

import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nnstudio.data import table_from_rows
from nnstudio.engine.layers.dense import Dense
from nnstudio.errors import ProjectFileError
from nnstudio.project import Document, Edit, Project, commit, edits, open_project, save_project, start_training
from nnstudio.project.drawing import COLOURS, LARGEST, LONGEST_TEXT, SMALLEST

TABLE = table_from_rows([{"a": i * 0.31 % 1, "b": i * 0.77 % 1, "c": "xyz"[i % 3]} for i in range(60)], "three.csv")


@pytest.fixture
def drawn() -> Project:
    project = edits.set_table(TABLE).apply(Project())
    for edit in (
        edits.colour_nodes(("input", "answer"), "blue"),
        edits.add_note("Why two?\nAsk Ada.", (40.5, -120.0)),
        edits.group(("hidden_1", "hidden_2"), "inside"),
    ):
        project = edit.apply(project)
    return project


def test_nodes_get_a_colour_and_lose_it(drawn: Project) -> None:
    assert drawn.colours == {"input": "blue", "answer": "blue"}
    assert edits.colour_nodes(("input", "nobody"), "").apply(drawn).colours == {"answer": "blue"}
    assert edits.colour_nodes(("nobody",), "red").apply(drawn) == drawn
    with pytest.raises(ValueError, match="no colour 'pink'"):
        edits.colour_nodes(("input",), "pink")


def test_a_note_is_added_changed_and_removed(drawn: Project) -> None:
    (note,) = drawn.notes
    assert (note.id, note.text, note.place, note.colour) == ("note_1", "Why two?\nAsk Ada.", (40.5, -120.0), "")
    changed = edits.change_note("note_1", "No.", size=(1e9, 0.0), colour="orange").apply(drawn).notes[0]
    assert (changed.text, changed.place, changed.size, changed.colour) == (
        "No.",
        note.place,
        (LARGEST, SMALLEST),
        "orange",
    )
    long = edits.add_note("a" * (LONGEST_TEXT + 9), (0, 0)).apply(drawn)
    assert [note.id for note in long.notes] == ["note_1", "note_2"]
    assert len(long.notes[1].text) == LONGEST_TEXT
    assert edits.remove_nodes((), ("note_1",)).apply(long).notes == long.notes[1:]


def test_typing_into_a_note_is_one_step_of_undo_and_dragging_it_another(drawn: Project) -> None:
    document = Document(drawn)
    for text in ("N", "No", "No."):
        document.apply(edits.change_note("note_1", text))
    for x in range(1, 4):
        document.apply(edits.change_note("note_1", place=(float(x), 0.0)))
    assert document.past == ("Change a note", "Move a note")
    document.undo()
    assert document.project.notes[0].text == "No."
    document.undo()
    assert document.project is drawn


def test_notes_are_moved_and_deleted_together_with_nodes(drawn: Project) -> None:
    moved = edits.move_nodes({"input": (7.0, 7.0)}, note_places={"note_1": (8.0, 8.0)})
    assert moved.title == "Move a layer and a note"
    project = moved.apply(drawn)
    assert (project.positions["input"], project.notes[0].place) == ((7.0, 7.0), (8.0, 8.0))
    gone = edits.remove_nodes(("hidden_1",), ("note_1",))
    assert gone.title == "Delete a layer and a note"
    project = gone.apply(drawn)
    assert "hidden_1" not in project.network
    assert project.notes == ()


def test_a_node_is_in_one_block_at_most(drawn: Project) -> None:
    again = edits.group(("hidden_2", "answer"), "").apply(drawn)
    assert [(block.id, block.title, block.members) for block in again.blocks] == [
        ("block_1", "inside", ("hidden_1",)),
        ("block_2", "block 2", ("hidden_2", "answer")),
    ]
    all_of_it = edits.group(("hidden_1", "hidden_2", "answer"), "all").apply(again)
    assert [block.title for block in all_of_it.blocks] == ["all"]
    assert edits.group(("nobody",), "none").apply(drawn) is drawn


def test_a_block_is_folded_named_coloured_and_dissolved(drawn: Project) -> None:
    for edit in (
        edits.set_collapsed("block_1", True),
        edits.rename_block("block_1", " body "),
        edits.colour_block("block_1", "grey"),
    ):
        drawn = edit.apply(drawn)
    (block,) = drawn.blocks
    assert (block.collapsed, block.title, block.colour) == (True, "body", "grey")
    assert edits.ungroup("block_1").apply(drawn).blocks == ()
    with pytest.raises(ValueError, match="no colour"):
        edits.colour_block("block_1", "pink")


def test_removed_nodes_leave_no_colour_and_no_empty_block(drawn: Project) -> None:
    one = edits.remove_nodes(("input", "hidden_1")).apply(drawn)
    assert one.colours == {"answer": "blue"}
    assert one.blocks[0].members == ("hidden_2",)
    assert edits.remove_nodes(("hidden_2",)).apply(one).blocks == ()
    assert set(one.positions) == {node.id for node in one.network.nodes}


def test_a_proposed_network_takes_over_neither_colours_nor_blocks_but_notes_stay(drawn: Project) -> None:
    project = edits.propose_network((5,)).apply(drawn)
    assert (project.colours, project.blocks) == ({}, ())
    assert project.notes == drawn.notes


def test_what_is_trained_does_not_depend_on_the_drawing_beside_the_network(tmp_path: Path) -> None:
    project = edits.set_table(TABLE).apply(Project())
    start = start_training(project)
    training = start.training()
    training.advance(3)
    trained = commit(project, start, training, "paused")
    node = trained.network.nodes[1].id
    project = edits.group((node,), "x").apply(edits.colour_nodes((node,), "red").apply(trained))
    project = edits.add_note("hello", (0, 0)).apply(project)
    assert project.design == trained.design
    assert project.moved_on() == trained.moved_on()
    save_project(project, tmp_path / "a.nns")
    opened = open_project(tmp_path / "a.nns")
    assert opened.run is not None
    assert trained.run is not None
    assert opened.run.state == trained.run.state


def test_colours_notes_and_blocks_are_in_the_file(drawn: Project, tmp_path: Path) -> None:
    drawn = edits.set_collapsed("block_1", True).apply(drawn)
    save_project(drawn, tmp_path / "a.nns")
    opened = open_project(tmp_path / "a.nns")
    assert (opened.colours, opened.notes, opened.blocks) == (drawn.colours, drawn.notes, drawn.blocks)


def test_a_file_from_before_there_were_colours_notes_and_blocks_opens(drawn: Project, tmp_path: Path) -> None:
    def forget(data: dict[str, Any]) -> None:
        for key in ("colours", "notes", "blocks"):
            del data[key]

    opened = open_project(_changed(drawn, tmp_path, forget))
    assert opened.network == drawn.network
    assert (opened.colours, opened.notes, opened.blocks) == ({}, (), ())


_NOTE = {"id": "n", "text": "", "place": [0, 0]}
_BLOCK = {"id": "b", "title": "", "members": ["input"]}


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("colours", {"nobody": "blue"}, "nobody"),
        ("colours", {"input": "#ff0000"}, "no colour"),
        ("colours", ["blue"], "colours"),
        ("positions", {"input": [float("nan"), 0]}, "positions"),
        ("notes", [{**_NOTE, "place": [float("inf"), 0]}], "place"),
        ("notes", [{**_NOTE, "place": [10**400, 0]}], "place"),
        ("notes", [{**_NOTE, "size": [-1, 40]}], "size"),
        ("notes", [{**_NOTE, "text": "a" * (LONGEST_TEXT + 1)}], "text"),
        ("notes", [{**_NOTE, "text": "\ud800"}], "text"),
        ("notes", [{**_NOTE, "id": "../x"}], "id"),
        ("notes", [_NOTE, _NOTE], "Two notes"),
        ("notes", [{**_NOTE, "link": "x"}], "link"),
        ("blocks", [{**_BLOCK, "members": []}], "members"),
        ("blocks", [{**_BLOCK, "members": ["nobody"]}], "nobody"),
        ("blocks", [_BLOCK, {**_BLOCK, "id": "c"}], "two blocks"),
        ("blocks", [{**_BLOCK, "members": ["input", "input"]}], "twice"),
        ("blocks", [_BLOCK, {**_BLOCK, "members": ["answer"]}], "Two blocks"),
        ("blocks", [{**_BLOCK, "colour": "pink"}], "no colour"),
        ("blocks", 7, "blocks"),
    ],
)
def test_a_damaged_drawing_is_refused(drawn: Project, tmp_path: Path, key: str, value: Any, says: str) -> None:
    path = _changed(drawn, tmp_path, lambda data: data.update({key: value}))
    with pytest.raises(ProjectFileError, match=says) as caught:
        open_project(path)
    assert "is damaged" in str(caught.value)


def test_each_colour_can_be_given_to_all_that_has_one(drawn: Project) -> None:
    for colour in COLOURS:
        project = edits.colour_nodes(("input",), colour).apply(drawn)
        project = edits.change_note("note_1", colour=colour).apply(project)
        project = edits.colour_block("block_1", colour).apply(project)
        assert {project.colours["input"], project.notes[0].colour, project.blocks[0].colour} == {colour}


def test_a_new_layer_has_none_of_it(drawn: Project) -> None:
    project = edits.add_node(Dense(), (0, 0)).apply(drawn)
    assert (project.colours, project.notes, project.blocks) == (drawn.colours, drawn.notes, drawn.blocks)


def _changed(project: Project, folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """Save a project and change its ``project.json``."""
    whole, path = folder / "whole.nns", folder / "changed.nns"
    save_project(project, whole)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            if name == "project.json":
                data = json.loads(old.read(name))
                change(data)
                new.writestr(name, json.dumps(data))
            else:
                with old.open(name) as source, new.open(name, "w") as target:
                    shutil.copyfileobj(source, target)
    return path


def test_half_a_character_is_left_out_of_what_a_person_writes(tmp_path: Path) -> None:
    document = Document(edits.propose_network().apply(edits.set_table(TABLE).apply(Project())))
    document.apply(edits.rename("answer", "right \ud800"))
    document.apply(edits.add_note("left \udfff", (0.0, 0.0)))
    document.apply(edits.change_note(document.project.notes[0].id, text="left \udfff again"))
    save_project(document.project, tmp_path / "half.nns")
    again = open_project(tmp_path / "half.nns")
    assert again.network.node("answer").title == "right"
    assert again.notes[0].text == "left  again"


@pytest.mark.parametrize("draw", [edits.use_template("perceptron"), edits.propose_network()])
def test_a_new_drawing_covers_no_note_that_stays(draw: Edit) -> None:
    project = edits.set_table(TABLE).apply(Project())
    plain = draw.apply(project)
    first = next(iter(plain.positions.values()))
    for place in (first, (first[0], first[1] + 500)):
        noted = edits.add_note("keep this in sight", place).apply(project)
        drawn = draw.apply(noted)
        assert drawn.notes == noted.notes
        for x, y in drawn.positions.values():
            assert abs(x - place[0]) > 150 or abs(y - place[1]) > 150
        assert drawn.network == plain.network
    aside = edits.add_note("far away", (0.0, -2_000.0)).apply(project)
    assert draw.apply(aside).positions == plain.positions
