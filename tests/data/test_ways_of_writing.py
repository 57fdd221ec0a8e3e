"""Numbers and dates are read at prediction as they were written in training, whatever few rows alone suggest."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.data import Table, fit_pipeline, propose_columns, propose_split, read_csv, split_rows
from nnstudio.data.cells import missing, numbers
from nnstudio.errors import DataError


def file(folder: Path, text: str, name: str = "t.csv") -> Table:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_csv(path)


def semicolons(folder: Path) -> Table:
    rows = [f"{index},5;{index}.{index:03d};{index * 2},25" for index in range(1, 40)]
    return file(folder, "a;b;y\n" + "\n".join(rows) + "\n")


def test_points_part_thousands_where_another_column_has_decimal_commas(tmp_path: Path) -> None:
    table = semicolons(tmp_path)
    assert numbers(table, "b")[:3].tolist() == [1001, 2002, 3003]
    assert table.column("b").whole


def test_a_part_of_a_table_is_read_as_the_whole(tmp_path: Path) -> None:
    table = semicolons(tmp_path)
    few = table.take([2])
    assert numbers(few, "b").tolist() == numbers(table, "b")[2:3].tolist() == [3003]


def test_rows_at_prediction_have_the_commas_of_the_training(tmp_path: Path) -> None:
    table = semicolons(tmp_path)
    pipeline = fit_pipeline(table, propose_columns(table, "y"), range(30))
    wanted = pipeline.encode_inputs(table.take([3])).values
    alone = file(tmp_path, "a;b\n4,5;4.004\n", "alone.csv")
    assert pipeline.encode_inputs(alone).values.tolist() == wanted.tolist()
    commas = file(tmp_path, "a,b\n4.5,4004\n", "commas.csv")
    assert pipeline.encode_inputs(commas).values.tolist() == wanted.tolist()


def test_a_day_stays_a_day_in_few_rows(tmp_path: Path) -> None:
    days = [f"{1 + index % 28:02d}/02/2020;{index}" for index in range(40)]
    table = file(tmp_path, "d;y\n" + "\n".join(days) + "\n")
    pipeline = fit_pipeline(table, propose_columns(table, "y"), range(30))
    whole = pipeline.encode_inputs(table).values
    for row in (0, 1, 2, 20):
        assert pipeline.encode_inputs(table.take([row])).values.tolist() == whole[row : row + 1].tolist()
    alone = file(tmp_path, "d\n03/02/2020\n", "alone.csv")
    assert pipeline.encode_inputs(alone).values.tolist() == whole[2:3].tolist()


@pytest.mark.parametrize("cells", [["inf", *range(1, 15)], [f"1.000.{500 + n}" for n in range(15)]])
def test_strange_numbers_do_not_keep_a_file_from_opening(tmp_path: Path, cells: list[object]) -> None:
    table = file(tmp_path, "a;y\n" + "\n".join(f"{cell};{index % 3},5" for index, cell in enumerate(cells)) + "\n")
    assert {use.name for use in propose_columns(table)} == {"a", "y"}


def test_an_infinite_cell_is_missing_everywhere(tmp_path: Path) -> None:
    rows = [f"{index}.5,{'inf' if index == 3 else index * 2.5}" for index in range(40)]
    table = file(tmp_path, "a,y\n" + "\n".join(rows) + "\n")
    columns = propose_columns(table, "y")
    assert np.flatnonzero(missing(table, "y", "number")).tolist() == [3]
    split = split_rows(propose_split(table), table, columns)
    assert split.left_out == 1
    pipeline = fit_pipeline(table, columns, split.train)
    assert np.isfinite(pipeline.encode_targets(table, split.train)).all()
    with pytest.raises(DataError, match="line 5, column 'y': the target is missing or infinite"):
        pipeline.encode_targets(table)


def test_a_column_that_never_changes_is_not_divided_by_rounding(tmp_path: Path) -> None:
    rows = [f"0.1,{index}" for index in range(30)] + ["0.3,30"]
    table = file(tmp_path, "a,y\n" + "\n".join(rows) + "\n")
    pipeline = fit_pipeline(table, propose_columns(table, "y"), range(30))
    assert pipeline.inputs[0].scales() == (1.0,)
    assert np.abs(pipeline.encode_inputs(table).values).max() < 1


def test_numbers_beyond_computing_are_named(tmp_path: Path) -> None:
    rows = [f"{sign}1e308,{index}" for index, sign in enumerate(["", "-"] * 20)]
    table = file(tmp_path, "a,y\n" + "\n".join(rows) + "\n")
    columns = [
        use.model_copy(update={"role": "target" if use.name == "y" else "input", "kind": "number"})
        for use in propose_columns(table)
    ]
    with pytest.raises(DataError, match="column 'a': its numbers are too large"):
        fit_pipeline(table, columns, range(30))


def test_a_mark_before_the_text_does_not_stick_to_the_first_name(tmp_path: Path) -> None:
    path = tmp_path / "bom.csv"
    path.write_bytes(b"\xef\xbb\xbfid x,y\n1,2\n3,4\n")
    table = read_csv(path)
    assert table.source is not None
    again = read_csv(path, encoding=table.source.encoding, delimiter=",", header=True)
    assert again.column_names == table.column_names == ("id x", "y")


def test_a_file_of_empty_quotes_and_a_folder_are_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has empty cells only"):
        file(tmp_path, '""\n""\n')
    with pytest.raises(DataError, match=r"is a folder\. Choose a file in it"):
        read_csv(tmp_path)


def test_a_cell_may_hold_a_long_text(tmp_path: Path) -> None:
    table = file(tmp_path, 'a,b\n"' + "x" * 200_000 + '",1\ny,2\n')
    assert table.row_count == 2


def test_points_stay_points_where_they_cannot_part_thousands(tmp_path: Path) -> None:
    table = semicolons(tmp_path)
    pipeline = fit_pipeline(table, propose_columns(table, "y"), range(30))
    wanted = pipeline.encode_inputs(table.take([3])).values
    pointed = file(tmp_path, "a;b\n4.5;4004\n", "pointed.csv")
    assert pipeline.encode_inputs(pointed).values.tolist() == wanted.tolist()


def test_a_column_learned_with_points_is_read_with_points_beside_commas(tmp_path: Path) -> None:
    rows = [f"{index}.125,{index * 3}" for index in range(40)]
    table = file(tmp_path, "a,y\n" + "\n".join(rows) + "\n")
    pipeline = fit_pipeline(table, propose_columns(table, "y"), range(30))
    other = file(tmp_path, "a;note\n3.125;1,5\n4.125;2,5\n", "other.csv")
    assert pipeline.encode_inputs(other).values.tolist() == pipeline.encode_inputs(table.take([3, 4])).values.tolist()


def test_a_date_in_another_order_is_refused_and_the_year_first_is_not(tmp_path: Path) -> None:
    days = [f"{1 + index % 28:02d}/02/2020;{index}" for index in range(40)]
    table = file(tmp_path, "d;y\n" + "\n".join(days) + "\n")
    pipeline = fit_pipeline(table, propose_columns(table, "y"), range(30))
    with pytest.raises(DataError, match="line 3, column 'd': '03/15/2020' is not a date"):
        pipeline.encode_inputs(file(tmp_path, "d\n03/02/2020\n03/15/2020\n", "odd.csv"))
    iso = file(tmp_path, "d\n2020-02-03\n", "iso.csv")
    assert pipeline.encode_inputs(iso).values.tolist() == pipeline.encode_inputs(table.take([2])).values.tolist()
