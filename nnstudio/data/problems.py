"""Why columns as they are used cannot be trained on, or only at a price."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nnstudio.components import Fix, Problem
from nnstudio.data.columns import ColumnUse
from nnstudio.data.pipeline import Pipeline
from nnstudio.data.split import Split
from nnstudio.data.table import Table
from nnstudio.data.transforms.one_hot import OneHot

MOST_ONE_HOT = 200
"""A column that makes an input of each of more words than this is doubtful."""

WORDS_BYTES = 2**29
"""Memory that the words of one column may take as inputs or classes; over more the window would stand still."""

_NUMBER_BYTES = 8

_FEW_ROWS = 10
"""Of many classes with fewer rows than this it is said that little is learned of them."""

_REASONS = 2
"""Columns of which it is said why they were set aside."""


def check_columns(table: Table, columns: Sequence[ColumnUse], split: Split) -> tuple[Problem, ...]:
    """Return everything that keeps these columns from being trained on.

    Parameters
    ----------
    table : Table
    columns : sequence of ColumnUse
    split : Split

    Returns
    -------
    tuple of Problem
        Without a node: they concern the data.
    """
    inputs = [use for use in columns if use.is_input]
    targets = [use for use in columns if use.is_target]
    found: list[Problem] = []
    if len(table.columns) == 1:
        found.append(
            _problem(
                f"{table.name} has one column only.", "Training needs a column to predict and one to predict it from."
            )
        )
    elif not targets:
        found.append(_problem("No column is the target.", "Choose in the data panel which column to predict."))
    elif not inputs:
        found.append(_problem("No column is an input.", _why_no_input(columns)))
    if table.row_count == 1:
        found.append(_problem(f"{table.name} has one row only.", "Learning needs several examples."))
    elif targets and not split.train:
        found.append(_problem("No row is left for training.", "Fill in the target, or give training a larger share."))
    kinds = {use.kind == "number" for use in targets}
    if len(targets) > 1 and kinds != {True}:
        found.append(
            _problem("Several targets can be learned together only if all are numbers.", "Keep one target column.")
        )
    if len(targets) == 1 and table.row_count > 1 and split.train:
        found += _check_target(table, targets[0], split)
    return tuple(found)


def doubts_of_words(pipeline: Pipeline, rows: int) -> tuple[Problem, ...]:
    """Return which columns make so many inputs or classes of their words that they take much room and teach little.

    Parameters
    ----------
    pipeline : Pipeline
    rows : int
        Of the table. A column whose words take more than `WORDS_BYTES` in all of them cannot be trained on.
    """
    return (
        *(
            _many_inputs(transform.column, len(transform.words), rows)
            for transform in pipeline.inputs
            if isinstance(transform, OneHot) and len(transform.words) > MOST_ONE_HOT
        ),
        *_many_classes(pipeline, rows),
    )


def _many_inputs(column: str, words: int, rows: int) -> Problem:
    what = f"The column '{column}' has {words:,} different words, and each makes an input of its own"
    fix = Fix(key="leave_out", title=f"Leave '{column}' out", arguments={"names": [column]})
    room = rows * words * _NUMBER_BYTES
    if room > WORDS_BYTES:
        hint = "Leave the column out, or open a file with fewer rows."
        return Problem(node="", what=f"{what}: {_gigabytes(room, rows)}.", hint=hint, fixes=(fix,))
    return Problem(
        node="",
        what=f"{what}.",
        hint="So many inputs take much memory and time, and of a word in few rows little is learned. Leave the "
        "column out, unless it matters.",
        severity="warning",
        fixes=(fix,),
    )


def _many_classes(pipeline: Pipeline, rows: int) -> Iterator[Problem]:
    classes = len(pipeline.class_names)
    if classes <= MOST_ONE_HOT:
        return
    what = f"The target '{pipeline.target_names[0]}' has {classes:,} different words, and each is a class of its own"
    room = rows * classes * _NUMBER_BYTES
    if room > WORDS_BYTES:
        hint = "Choose another column to predict, or open a file with fewer rows."
        yield Problem(node="", what=f"{what}: {_gigabytes(room, rows)}.", hint=hint)
    elif rows < _FEW_ROWS * classes:
        yield Problem(
            node="",
            what=f"{what}, with {rows / classes:.1f} rows on average.",
            hint="Of a class in few rows little is learned. Choose another column to predict, unless this is what you "
            "want to know.",
            severity="warning",
        )


def _gigabytes(room: int, rows: int) -> str:
    return f"in {rows:,} rows they take {room / 2**30:,.1f} GB of memory"


def doubts_of_spelling(table: Table, columns: Sequence[ColumnUse]) -> tuple[Problem, ...]:
    """Return which columns have words that are probably the same, though some have other capitals."""
    found = []
    for use in columns:
        if use.role == "ignore" or use.kind not in ("category", "text", "yes_no"):
            continue
        spellings = table.spellings(use.name)
        if not spellings:
            continue
        fix = Fix(key="spell_alike", title=f"Write words of '{use.name}' alike", arguments={"name": use.name})
        word, usual = next(iter(spellings.items()))
        more = f" (and {len(spellings) - 1:,} more)" if len(spellings) > 1 else ""
        found.append(
            Problem(
                node="",
                what=f"In the column '{use.name}' the word '{word}'{more} differs from '{usual}' in capitals only.",
                hint="They are taken for different words. Write them alike, unless they mean different things.",
                severity="warning",
                fixes=(fix,),
            )
        )
    return tuple(found)


def never_changes(table: Table, use: ColumnUse, rows: Sequence[int]) -> bool:
    """Return whether a column says the same in all of these rows; what stands in for missing values is the same too."""
    cells = table.words(use.name)
    seen = {cells[row] for row in rows}
    return len(seen if use.missing_indicator else seen - {None}) <= 1


def _why_no_input(columns: Sequence[ColumnUse]) -> str:
    """Return what to do, with the reasons why columns were set aside."""
    reasons = [
        f"'{use.name}' was set aside: {use.reason.removeprefix('Ignored: ').rstrip('.')}."
        for use in columns
        if use.role == "ignore" and use.reason.startswith("Ignored: ")
    ]
    more = [f"So were {len(reasons) - _REASONS} more."] if len(reasons) > _REASONS else []
    return " ".join(["Choose in the data panel what to predict from.", *reasons[:_REASONS], *more])


def _check_target(table: Table, target: ColumnUse, split: Split) -> list[Problem]:
    cells = table.words(target.name)
    seen = {cells[row] for row in split.train}
    if target.kind == "number":
        return []
    if len(seen) == 1:
        return [
            _problem(
                f"The target '{target.name}' has one class only, '{next(iter(seen))}', in the rows for training.",
                "Learning to tell classes apart needs at least two.",
            )
        ]
    if target.kind == "yes_no" and len(seen) > 2:
        return [
            _problem(
                f"The target '{target.name}' is read as yes/no but has {len(seen)} different values.",
                "Read it as a category in the data panel.",
            )
        ]
    hidden = {cells[row] for row in (*split.validation, *split.test)} - seen
    if hidden:
        words = ", ".join(f"'{word}'" for word in sorted(map(str, hidden))[:5])
        return [
            _problem(
                f"The class {words} of '{target.name}' has too few rows: none of them is trained on.",
                "Give it more rows, or set validation and test to 0 %.",
            )
        ]
    return []


def _problem(what: str, hint: str) -> Problem:
    return Problem(node="", what=what, hint=hint)
