"""Columns are left out with the inputs that took them, and a cell that is left empty stays so."""

from pathlib import Path

import pytest

from nnstudio.data import ColumnUse, read_csv, table_from_rows
from nnstudio.project import Document, Project, edits, open_project, save_project, start_training


def project_of(tmp_path: Path) -> Project:
    path = tmp_path / "heights.csv"
    rows = [f"{i / 7:.2f};{(i * 5 % 11) / 3:.2f};{i * 3 % 7};{'low' if i % 2 else 'high'}" for i in range(60)]
    path.write_text("a;b;c;class\n" + "\n".join(rows).replace(".", ","), encoding="utf-8")
    return edits.set_table(read_csv(path), "class").apply(Project())


def test_a_column_that_is_left_out_takes_its_input_with_it(tmp_path: Path) -> None:
    document = Document(project_of(tmp_path))
    before = document.project
    document.apply(edits.leave_out(["b"]))
    after = document.project
    assert after.pipeline is not None
    assert after.pipeline.features == ("a", "c")
    assert after.network.shapes()[after.network.input_ids[0]] == (2,)
    assert after.network.node("answer") == before.network.node("answer")
    assert start_training(after).plan.network == after.network
    document.undo()
    assert document.project == before


def test_a_cell_that_is_left_empty_stays_so_in_the_file_and_no_other_changes(tmp_path: Path) -> None:
    referred = project_of(tmp_path).replace(embed_data=False)
    project = edits.empty_cell(4, "a").apply(referred)
    save_project(project, tmp_path / "heights.nns")
    table, before = open_project(tmp_path / "heights.nns").table, referred.table
    assert table is not None
    assert before is not None
    assert table.words("a")[4] is None
    assert table.column("a").missing == 1
    assert table.column("a").kind == "number"
    for name in before.column_names:
        kept = [row for row in range(60) if (row, name) != (4, "a")]
        assert [table.words(name)[row] for row in kept] == [before.words(name)[row] for row in kept]
    assert before.words("a")[4] == "0,57"
    assert table.file_row(4) == before.file_row(4)


@pytest.mark.parametrize(("count", "is_told"), [(200, False), (201, True)])
def test_a_column_with_an_input_for_each_of_very_many_words_is_told_and_can_be_left_out(
    count: int, is_told: bool
) -> None:
    rows = [{"size": i / 7, "name": f"word {i % count}", "class": "ab"[i % 2]} for i in range(2 * count)]
    read = edits.set_table(table_from_rows(rows), "class").apply(Project())
    words = ColumnUse(name="name", kind="category", role="input")
    read = edits.set_split(read.split.model_copy(update={"train": 1.0, "validation": 0.0, "test": 0.0})).apply(read)
    document = Document(edits.fit_ends().apply(edits.set_column_use(words).apply(read)))
    found = document.project.problems()
    assert bool(found) is is_told
    for problem in found:
        assert problem.severity == "warning"
        assert f"'name' has {count} different words" in problem.what
        (fix,) = problem.fixes
        before = document.project
        document.apply(edits.apply_fix(fix))
        assert document.project.problems() == ()
        assert document.project.pipeline is not None
        assert document.project.pipeline.features == ("size",)
        document.undo()
        assert document.project == before


def test_where_no_network_can_be_proposed_it_is_said_why_and_not_that_data_are_missing() -> None:
    rows = [{"name": f"person {i}", "class": "ab"[i % 2]} for i in range(60)]
    project = edits.set_table(table_from_rows(rows, "people.csv"), "class").apply(Project())
    assert not project.network.nodes
    words = project.why_empty()
    assert words.startswith("people.csv is loaded, but no network can be proposed for it. No column is an input.")
    assert "'name' was set aside: it looks like an identifier" in words
    assert "Load a CSV" not in "".join(map(str, project.problems()))
    mended = edits.set_column_use(ColumnUse(name="name", kind="category", role="input")).apply(project)
    assert "Propose a network" in mended.why_empty()
    offered = next(problem for problem in mended.problems() if problem.what == "The canvas is empty.")
    assert offered.fixes[0].key == "propose_network"
    assert "Load a CSV" not in offered.hint
    assert edits.apply_fix(offered.fixes[0]).apply(mended).why_empty() == ""
    assert Project().why_empty() == ""


def test_words_that_differ_in_capitals_are_told_and_written_alike() -> None:
    words = ["Nord", "nord", "Nord", "South"]
    rows = [{"size": i / 7, "place": words[i % 4], "class": "ab"[i % 3 % 2]} for i in range(80)]
    document = Document(edits.set_table(table_from_rows(rows), "class").apply(Project()))
    before = document.project
    assert before.table is not None
    assert before.table.spellings("place") == {"nord": "Nord"}
    (problem,) = before.problems()
    assert problem.severity == "warning"
    assert "'nord' differs from 'Nord'" in problem.what
    document.apply(edits.apply_fix(problem.fixes[0]))
    after = document.project
    assert after.problems() == ()
    assert after.embed_data
    assert after.pipeline is not None
    assert after.pipeline.features == ("size", "place=Nord", "place=South")
    assert after.table is not None
    assert after.table.column("place").distinct == 2
    assert start_training(after).plan.network == after.network
    document.undo()
    assert document.project == before
