"""A pipeline is fitted on the training rows alone, goes through a file unchanged, and turns answers into words."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnstudio.data import (
    ColumnUse,
    Pipeline,
    Split,
    SplitSettings,
    Table,
    check_columns,
    fit_pipeline,
    propose_columns,
    propose_split,
    split_rows,
    table_from_rows,
)
from nnstudio.errors import DataError


def _table(count: int = 40) -> Table:
    stream = np.random.default_rng(0)
    return table_from_rows(
        [
            {
                "size": float(stream.normal(5, 2)),
                "colour": ["red", "green", "blue"][index % 3],
                "wet": ["yes", "no"][index % 2],
                "day": f"2024-{index % 12 + 1:02}-15",
                "species": ["a", "b"][index % 2] if index % 5 else "c",
            }
            for index in range(count)
        ]
    )


def test_features_are_standardised_one_hot_yes_no_and_circles() -> None:
    table = _table()
    pipeline = fit_pipeline(table, propose_columns(table), range(30))
    assert pipeline.features[:5] == ("size", "colour=blue", "colour=green", "colour=red", "wet=yes")
    assert pipeline.features[5:] == (
        "day year",
        "day month sine",
        "day month cosine",
        "day weekday sine",
        "day weekday cosine",
    )
    x = pipeline.encode_inputs(table).values
    assert x[:30, 0].mean() == pytest.approx(0, abs=1e-12)
    assert x[:30, 0].std() == pytest.approx(1)
    assert (x[:, 1:4].sum(axis=1) == 1).all()
    assert x[0, 6] == pytest.approx(0)  # January begins the circle
    assert x[3, 6] == pytest.approx(1)  # April is a quarter round
    assert pipeline.task == "classes"
    assert (pipeline.encode_targets(table).sum(axis=1) == 1).all()


def test_nothing_is_learned_from_rows_outside_training() -> None:
    rows = [dict(zip(_table().column_names, row, strict=True)) for row in _table().head(40)]
    changed = [row if index < 30 else {**row, "size": "999", "colour": "violet"} for index, row in enumerate(rows)]
    table, other = table_from_rows(rows), table_from_rows(changed)
    columns = propose_columns(table)
    assert fit_pipeline(table, columns, range(30)) == fit_pipeline(other, columns, range(30))


def test_an_unseen_word_is_all_zeros_and_counted() -> None:
    table = _table()
    pipeline = fit_pipeline(table, propose_columns(table), range(30))
    stranger = table_from_rows([{"size": 1, "colour": "violet", "wet": "yes", "day": "2024-01-01"}])
    encoded = pipeline.encode_inputs(stranger)
    assert encoded.values[0, 1:4].tolist() == [0, 0, 0]
    assert encoded.unseen == {"colour": 1}


def test_missing_values_are_filled_and_marked_by_choice() -> None:
    rows: list[dict[str, Any]] = [{"a": value, "t": value or 0} for value in (1, 1, 4, None)]
    table = table_from_rows(rows)
    uses = [
        ColumnUse(name="a", kind="number", role="input", missing_indicator=True),
        ColumnUse(name="t", kind="number", role="target"),
    ]
    pipeline = fit_pipeline(table, uses, range(4))
    assert pipeline.features == ("a", "a missing")
    assert pipeline.encode_inputs(table).values[3].tolist() == [0, 1]  # the mean, standardised
    most_frequent = fit_pipeline(table, [uses[0].model_copy(update={"missing": "most_frequent"}), uses[1]], range(4))
    assert most_frequent.encode_inputs(table).values[3, 0] == most_frequent.encode_inputs(table).values[0, 0]


def test_a_cell_that_does_not_fit_says_file_row_column_and_value() -> None:
    table = _table()
    pipeline = fit_pipeline(table, propose_columns(table), range(30))
    wrong = table_from_rows([{"size": "big", "colour": "red", "wet": "yes", "day": "2024-01-01"}], "new.csv")
    with pytest.raises(DataError, match=r"new\.csv, line 1, column 'size': 'big' is not a number"):
        pipeline.encode_inputs(wrong)
    with pytest.raises(DataError, match="has no column 'size'"):
        pipeline.encode_inputs(table_from_rows([{"colour": "red"}]))
    odd = table_from_rows([{"size": 1, "colour": "red", "wet": "yes", "day": "tomorrow"}])
    with pytest.raises(DataError, match="'tomorrow' is not a date"):
        pipeline.encode_inputs(odd)


def test_answers_become_words_and_units_again() -> None:
    table = _table()
    pipeline = fit_pipeline(table, propose_columns(table), range(30))
    answers = pipeline.decode(np.array([[0.1, 0.7, 0.2], [0.9, 0.05, 0.05]]))
    assert answers.words == (["b", "a"],)
    assert answers.probabilities is not None
    columns = [
        use.model_copy(update={"role": "target" if use.name == "size" else "input"}) for use in propose_columns(table)
    ]
    regression = fit_pipeline(table, columns, range(30))
    y = regression.encode_targets(table)
    np.testing.assert_allclose(regression.decode(y).words[0], [float(word or 0) for word in table.words("size")])


def test_two_classes_are_one_unit_with_yes_last() -> None:
    table = table_from_rows([{"x": index / 2, "ok": ["yes", "no"][index % 2]} for index in range(20)])
    pipeline = fit_pipeline(table, propose_columns(table), range(20))
    assert (pipeline.task, pipeline.class_names, pipeline.output_units) == ("yes_no", ("no", "yes"), 1)
    assert pipeline.decode(np.array([[0.8]])).words == (["yes"],)


@given(st.lists(st.floats(-1e12, 1e12), min_size=2, max_size=30), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_a_pipeline_survives_being_written(values: list[float], seed: int) -> None:
    table = table_from_rows([{"x": value, "k": f"w{index % 3}", "t": index} for index, value in enumerate(values)])
    uses = propose_columns(table, "t")
    uses = tuple(use.model_copy(update={"role": "target" if use.name == "t" else "input"}) for use in uses)
    pipeline = fit_pipeline(table, uses, range(len(values)))
    again = Pipeline.model_validate_json(pipeline.model_dump_json())
    assert again == pipeline
    assert again.encode_inputs(table).values.tobytes() == pipeline.encode_inputs(table).values.tobytes()
    assert split_rows(SplitSettings(seed=seed), table, uses) == split_rows(SplitSettings(seed=seed), table, uses)


def test_the_split_is_stratified_complete_and_repeatable() -> None:
    table = table_from_rows([{"x": index, "c": "rare" if index % 10 == 0 else "common"} for index in range(200)])
    columns = propose_columns(table, "c")
    split = split_rows(SplitSettings(), table, columns)
    assert sorted(split.train + split.validation + split.test) == list(range(200))
    assert (len(split.train), len(split.validation), len(split.test)) == (120, 40, 40)
    for rows in (split.train, split.validation, split.test):
        assert sum(row % 10 == 0 for row in rows) == pytest.approx(len(rows) / 10, abs=1)
    assert split_rows(SplitSettings(seed=1), table, columns) != split
    assert propose_split(table.take(range(29))).train == 1


def test_rows_without_a_target_are_left_out() -> None:
    table = table_from_rows([{"x": index, "t": None if index < 3 else index} for index in range(40)])
    split = split_rows(SplitSettings(), table, propose_columns(table, "t"))
    assert split.left_out == 3
    assert min(split.train + split.validation + split.test) == 3


def test_a_target_of_very_many_different_words_is_dealt_out() -> None:
    table = table_from_rows([{"x": index, "name": f"name {index % 60_000}"} for index in range(90_000)])
    split = split_rows(SplitSettings(), table, propose_columns(table, "name"))
    assert (len(split.train), len(split.validation), len(split.test)) == (54_000, 18_000, 18_000)
    # A name that comes once lands near the end of the order, which is for training.
    assert min(row % 60_000 for row in (*split.test, *split.validation)) < 30_000
    assert all(row % 60_000 < 30_000 for row in split.test)


@pytest.mark.parametrize(
    ("rows", "target", "words"),
    [
        ([{"x": index, "t": "same"} for index in range(40)], "t", "one class only, 'same', in the rows for training"),
        ([{"x": index} for index in range(40)], "x", "one column only"),
        ([{"x": 1, "t": 2}], "t", "one row only"),
        ([{"x": index, "t": None} for index in range(40)], "t", "No row is left"),
    ],
)
def test_why_a_table_cannot_be_trained_on_is_told(rows: list[dict[str, Any]], target: str, words: str) -> None:
    table = table_from_rows(rows)
    columns = propose_columns(table, target)
    problems = check_columns(table, columns, split_rows(propose_split(table), table, columns))
    assert words in "\n".join(map(str, problems))


def test_a_number_can_be_read_as_a_class() -> None:
    table = table_from_rows([{"x": index / 3, "grade": index % 3 + 1} for index in range(60)])
    columns = propose_columns(table, "grade")
    pipeline = fit_pipeline(table, columns, range(60))
    assert pipeline.class_names == ("1", "2", "3")
    assert check_columns(table, columns, Split(train=tuple(range(60)))) == ()
