"""Columns are left out with the inputs that took them, and a cell that is left empty stays so."""

from pathlib import Path

from nnstudio.data import read_csv
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
