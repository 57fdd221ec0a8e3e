"""Columns of very many words are told of before they take room, and what is trained on takes no more than it needs."""

import tracemalloc
from collections.abc import Callable

import numpy as np
import pytest

from nnstudio.data import Pipeline, Table, table_from_rows
from nnstudio.data.problems import MOST_ONE_HOT, WORDS_BYTES
from nnstudio.errors import NetworkError
from nnstudio.project import Project, edits, start_training


def _table(rows: int, words: int) -> Table:
    chance = np.random.default_rng(0)
    return table_from_rows(
        [
            {"x": float(number), "word": f"w{row % words:05}", "answer": ("yes", "no")[row % 2]}
            for row, number in enumerate(chance.normal(size=rows))
        ]
    )


def _as_input(table: Table) -> Project:
    project = edits.set_table(table, "answer").apply(Project())
    use = next(use for use in project.columns if use.name == "word")
    project = edits.set_column_use(use.model_copy(update={"role": "input"})).apply(project)
    return edits.propose_network().apply(project)


def _as_target(table: Table) -> Project:
    return edits.set_table(table, "word").apply(Project())


@pytest.mark.parametrize(
    ("use", "what"),
    [
        (_as_input, "different words, and each makes an input of its own: in 20,000 rows"),
        (_as_target, "10,000 different words, and each is a class of its own: in 20,000 rows"),
    ],
    ids=["input", "target"],
)
def test_words_that_take_too_much_room_are_in_the_way_of_training(use: Callable[[Table], Project], what: str) -> None:
    project = use(_table(20_000, 10_000))
    (problem,) = [problem for problem in project.problems() if problem.severity == "error"]
    assert what in problem.what
    assert "GB of memory" in problem.what
    assert "fewer rows" in problem.hint
    tracemalloc.start()
    try:
        with pytest.raises(NetworkError, match="GB of memory"):
            start_training(project)
        assert tracemalloc.get_traced_memory()[1] < WORDS_BYTES / 20
    finally:
        tracemalloc.stop()


def test_leaving_the_column_out_mends_it() -> None:
    project = _as_input(_table(20_000, 10_000))
    (problem,) = [problem for problem in project.problems() if problem.severity == "error"]
    mended = edits.apply_fix(problem.fixes[0]).apply(project)
    assert not [problem for problem in mended.problems() if problem.severity == "error"]


def test_of_many_classes_with_few_rows_it_is_said_that_little_is_learned() -> None:
    words = MOST_ONE_HOT + 50
    doubts = [
        problem for problem in _as_target(_table(3 * words, words)).problems() if "class of its own" in problem.what
    ]
    assert [(problem.severity, "3.0 rows on average" in problem.what) for problem in doubts] == [("warning", True)]
    assert not _as_target(_table(30 * words, words)).problems()


def test_targets_of_many_classes_take_no_more_room_than_their_rows() -> None:
    words = tuple(f"w{place:05}" for place in range(20_000))
    pipeline = Pipeline(inputs=(), target_names=("word",), task="classes", wants="one_hot", class_names=words)
    table = _table(40, 20_000)
    tracemalloc.start()
    try:
        encoded = pipeline.encode_targets(table)
        assert tracemalloc.get_traced_memory()[1] < 2 * encoded.nbytes
    finally:
        tracemalloc.stop()
    assert encoded.sum(axis=1).tolist() == [1.0] * 40
    assert encoded.argmax(axis=1).tolist() == list(range(40))
