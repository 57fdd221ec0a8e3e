"""Whatever a spreadsheet writes is read, and what cannot be a table is refused in one sentence."""

from pathlib import Path

import pytest

from nnstudio.data import Table, propose_columns, read_csv
from nnstudio.errors import DataError


def _read(folder: Path, text: str | bytes) -> Table:
    path = folder / "some.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_csv(path)


def test_a_plain_file_keeps_its_words_and_finds_its_kinds(tmp_path: Path) -> None:
    rows = "\n".join(
        f"{i / 7},{'red' if i % 3 else 'blue'},{'yes' if i % 2 else 'no'},2024-01-{i + 1:02}" for i in range(20)
    )
    table = _read(tmp_path, f"size,colour,good,day\n{rows}\n")
    assert [(column.name, column.kind) for column in table.columns] == [
        ("size", "number"),
        ("colour", "category"),
        ("good", "yes_no"),
        ("day", "date"),
    ]
    assert table.row_count == 20
    assert float(table.cell(5, "size")) == 5 / 7
    assert table.source
    assert (table.source.delimiter, table.source.encoding, table.source.header) == (",", "utf-8", True)


def test_quoted_newlines_and_blank_lines_keep_the_lines_of_the_file(tmp_path: Path) -> None:
    table = _read(tmp_path, 'a,b\n1,"x\ny"\n\n2,z\n  \n3,w\n')
    assert table.words("b") == ["x\ny", "z", "w"]
    assert [table.file_row(row) for row in range(3)] == [2, 5, 7]
    assert [table.row_at(line) for line in range(1, 9)] == [None, 0, None, None, 1, None, 2, None]


def test_semicolons_with_decimal_commas(tmp_path: Path) -> None:
    table = _read(tmp_path, "a;b\n1,5;2\n-2,25;1.000,5\n")
    assert [column.kind for column in table.columns] == ["number", "number"]
    assert table.column("b").decimal_comma


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
def test_encodings_are_found(tmp_path: Path, encoding: str) -> None:
    text = "größe,farbe\n1,grün\n2,weiß\n3,Grün über Weiß\n"
    assert _read(tmp_path, text.encode(encoding)).words("farbe") == ["grün", "weiß", "Grün über Weiß"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(tmp_path: Path, delimiter: str) -> None:
    table = _read(tmp_path, delimiter.join("abc") + "\n" + delimiter.join("123") + "\n")
    assert table.column_names == ("a", "b", "c")


def test_a_file_without_a_header_gets_names(tmp_path: Path) -> None:
    table = _read(tmp_path, "1,2,red\n3,4,blue\n")
    assert table.column_names == ("column 1", "column 2", "column 3")
    assert table.row_count == 2


def test_old_line_ends_are_read(tmp_path: Path) -> None:
    assert _read(tmp_path, "a,b\r1,2\r3,4\r").row_count == 2
    assert _read(tmp_path, "a,b\r\n1,2\r\n3,4\r\n").words("b") == ["2", "4"]


def test_three_hundred_columns_are_read(tmp_path: Path) -> None:
    names = ",".join(f"c{index}" for index in range(300))
    table = _read(tmp_path, names + "\n" + "\n".join(",".join(str(r * c) for c in range(300)) for r in range(50)))
    assert len(table.columns) == 300


def test_missing_cells_are_found_in_all_their_spellings(tmp_path: Path) -> None:
    table = _read(tmp_path, "a,b\n1,x\n,NA\nn/a,?\nNaN,null\nNone,-\n")
    assert table.words("a") == ["1", None, None, None, None]
    assert table.words("b") == ["x", None, None, None, None]
    assert table.column("a").missing == 4


def test_doubtful_columns_are_loaded_with_a_warning(tmp_path: Path) -> None:
    rows = "\n".join(f"{index},7,,{'inf' if index == 3 else index * 2},{index % 2}" for index in range(10))
    table = _read(tmp_path, f"a,same,nothing,wild,a\n{rows}\n")
    assert table.column_names == ("a", "same", "nothing", "wild", "a 2")
    assert "always '7'" in table.column("same").warnings[0]
    assert "All its cells are missing" in table.column("nothing").warnings[0]
    assert "1 cell is infinite" in table.column("wild").warnings[0]
    assert "renamed" in table.column("a 2").warnings[0]


@pytest.mark.parametrize(
    ("text", "words", "row"),
    [
        (b"", "is empty", None),
        (b"  \n \n", "is empty", None),
        (b"a,b\n", "no rows", None),
        (b"a,b\n1,2\n3\n4,5\n", "line 3: this row has 1 cell, but the first row has 2", 3),
        (b"a,b\n1,2\n\n3,4,5\n", "line 4: this row has 3 cells", 4),
        (b'a,b\n"x\ny",2\n1\n', "line 4: this row has 1 cell", 4),
        (bytes(range(256)) * 20, "not a text file", None),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a text file", None),
    ],
)
def test_what_cannot_be_a_table_is_refused_in_one_sentence(
    tmp_path: Path, text: bytes, words: str, row: int | None
) -> None:
    with pytest.raises(DataError, match=words) as caught:
        _read(tmp_path, text)
    assert caught.value.row == row
    assert "some.csv" in str(caught.value)


def test_a_file_that_vanished_is_told(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"There is no file gone\.csv"):
        read_csv(tmp_path / "gone.csv")


def test_identifiers_and_text_are_proposed_as_ignored_with_the_reason(tmp_path: Path) -> None:
    rows = "\n".join(
        f"{index + 1},row {index},note {index % 60},{index * 1.5},{'yes' if index % 3 else 'no'}"
        for index in range(300)
    )
    table = _read(tmp_path, f"nr,name,note,size,answer\n{rows}\n")
    uses = {use.name: use for use in propose_columns(table)}
    assert uses["nr"].role == uses["name"].role == uses["note"].role == "ignore"
    assert "identifier" in uses["nr"].reason
    assert "60 different words" in uses["note"].reason
    assert (uses["size"].role, uses["answer"].role) == ("input", "target")


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([index % 2 for index in range(40)], "yes_no"),
        ([index % 4 for index in range(40)], "category"),
        (list(range(40)), "number"),
        ([index / 3 for index in range(40)], "number"),
        (["ab"[index % 2] for index in range(40)], "yes_no"),
        (["abc"[index % 3] for index in range(40)], "category"),
    ],
)
def test_the_kind_of_a_target_is_proposed(tmp_path: Path, values: list[object], kind: str) -> None:
    rows = "\n".join(f"{index * 0.37 % 1},{value}" for index, value in enumerate(values))
    table = _read(tmp_path, f"x,target\n{rows}\n")
    assert propose_columns(table, "target")[1].kind == kind


def test_a_wrong_target_is_told_with_the_nearest(tmp_path: Path) -> None:
    table = _read(tmp_path, "length,species\n1,a\n2,b\n")
    with pytest.raises(DataError, match="Did you mean 'species'"):
        propose_columns(table, "specie")
