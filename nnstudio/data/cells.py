"""Reads a column's cells as numbers or dates, and says where one does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.kinds import to_dates, to_numbers
from nnstudio.errors import DataError

if TYPE_CHECKING:
    import polars

    from nnstudio.data.table import Table


def numbers(table: Table, name: str) -> NDArray[np.float64]:
    """Return a column as numbers; not-a-number where a cell is missing or infinite.

    Raises
    ------
    DataError
        When a cell is not a number, with file, row, column and value.
    """
    column = table.column(name)
    words = table.frame[name]
    found = to_numbers(words, decimal_comma=column.decimal_comma)
    _refuse_strangers(table, words, found, "a number")
    values = found.to_numpy().astype(np.float64)
    values[~np.isfinite(values)] = np.nan
    return values


def dates(table: Table, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return a column's years, months (1 to 12) and weekdays (Monday is 1); not-a-number where missing.

    Raises
    ------
    DataError
        When a cell is not a date, with file, row, column and value.
    """
    table.column(name)
    words = table.frame[name]
    found = to_dates(words)
    if found is None:
        from nnstudio.data.kinds import DATE_FORMATS

        counts = [words.str.to_datetime(form, strict=False) for form in DATE_FORMATS]
        found = min(counts, key=lambda parsed: parsed.null_count())
        _refuse_strangers(table, words, found, "a date of the form of the others")
    assert found is not None
    parts = (found.dt.year(), found.dt.month(), found.dt.weekday())
    year, month, weekday = (part.cast(float).to_numpy().astype(np.float64) for part in parts)
    return year, month, weekday


def _refuse_strangers(table: Table, words: polars.Series, found: polars.Series, wanted: str) -> None:
    strange = (words.is_not_null() & found.is_null()).arg_true()
    if strange.len():
        row = int(strange[0])
        line = table.file_row(row)
        raise DataError(
            f"{table.name}, line {line}, column '{words.name}': '{words[row]}' is not {wanted}. "
            "Mend the cell, leave it empty, or read the column as a category.",
            row=line,
            column=words.name,
        )
