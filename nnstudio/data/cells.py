"""Reads a column's cells as numbers or dates, and says where one does not fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.columns import Kind
from nnstudio.data.kinds import DATE_FORMATS, look_like_commas, to_dates, to_mixed_numbers, to_numbers
from nnstudio.errors import DataError

if TYPE_CHECKING:
    import polars

    from nnstudio.data.table import Table


def numbers(table: Table, name: str, *, comma_in_training: bool | None = None) -> NDArray[np.float64]:
    """Return a column as numbers; not-a-number where a cell is missing or infinite.

    Parameters
    ----------
    table : Table
    name : str
        The column.
    comma_in_training : bool, optional
        Whether numbers of this column were written with a comma when it was learned. Then they are read so here too
        wherever they can be; few rows alone do not tell.

    Raises
    ------
    DataError
        When a cell is not a number, with file, row, column and value.
    """
    column = table.column(name)
    words = table.frame[name]
    if comma_in_training and table.source is None:
        found = to_mixed_numbers(words)
    elif comma_in_training:
        comma = column.decimal_comma or (table.may_have_decimal_commas and look_like_commas(words))
        found = to_numbers(words, decimal_comma=comma)
    else:
        plain = to_numbers(words, decimal_comma=False)
        reads = comma_in_training is False and plain.null_count() == words.null_count()
        found = plain if reads else to_numbers(words, decimal_comma=column.decimal_comma)
    _refuse_strangers(table, words, found, "a number")
    values = found.to_numpy().astype(np.float64)
    values[~np.isfinite(values)] = np.nan
    return values


def missing(table: Table, name: str, kind: Kind) -> NDArray[np.bool_]:
    """Return where a cell has no value: it is empty, or an infinite number in a column of numbers."""
    column = table.column(name)
    words = table.frame[name]
    absent: NDArray[np.bool_] = words.is_null().to_numpy()
    if kind == "number":
        found = to_numbers(words, decimal_comma=column.decimal_comma)
        absent = absent | found.is_infinite().fill_null(value=False).to_numpy()
    return absent


def mean_and_scale(table: Table, name: str, values: NDArray[np.float64]) -> tuple[float, float]:
    """Return mean and standard deviation of the values that are there; a scale of one where nothing varies.

    Raises
    ------
    DataError
        When the numbers are too large for that.
    """
    present = values[~np.isnan(values)]
    if not len(present):
        return 0.0, 1.0
    with np.errstate(over="ignore", invalid="ignore"):
        mean, scale = float(present.mean()), float(present.std())
    if not np.isfinite([mean, scale]).all():
        raise DataError(
            f"{table.name}, column '{name}': its numbers are too large to compute with, up to "
            f"{np.abs(present).max():.3g}. Divide them, or ignore the column.",
            column=name,
        )
    # Rounding leaves a tiny deviation even where all values are the same.
    return mean, scale if present.max() > present.min() and scale > 0 else 1.0


def dates(
    table: Table, name: str, form: str = ""
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return a column's years, months (1 to 12) and weekdays (Monday is 1); not-a-number where missing.

    Parameters
    ----------
    table : Table
    name : str
        The column.
    form : str
        How dates were written when the column was learned; few rows alone do not tell day from month.

    Raises
    ------
    DataError
        When a cell is not a date, with file, row, column and value.
    """
    table.column(name)
    words = table.frame[name]
    found = words.str.to_datetime(form, strict=False) if form else None
    if found is None or found.null_count() > words.null_count():
        # Beside a known form only one that begins with the year cannot be mistaken.
        found = to_dates(words, [other for other in DATE_FORMATS if not form or other.startswith("%Y")])
    if found is None:
        tries = [words.str.to_datetime(other, strict=False) for other in ([form] if form else DATE_FORMATS)]
        found = min(tries, key=lambda parsed: parsed.null_count())
        _refuse_strangers(table, words, found, "a date of the form of the others")
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
