"""Finds out what the columns of a table hold, by whole columns at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nnstudio.data.columns import Column, Kind

if TYPE_CHECKING:
    import polars

YES_WORDS = ("yes", "true", "y", "t", "1", "ja", "oui", "si", "sí")
NO_WORDS = ("no", "false", "n", "f", "0", "nein", "non")
DATE_FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
)
_WITH_COMMA = r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)?(,\d+)?([eE][+-]?\d+)?$"
MOST_WORDS = 50
"""More different words than this are text, not categories."""

LARGEST_SHARE = 0.2
"""So are words of which more than this share of the rows differ."""


def find_columns(
    frame: polars.DataFrame, *, decimal_comma: bool, warnings: Mapping[str, tuple[str, ...]]
) -> tuple[Column, ...]:
    """Describe the columns of a frame of words.

    Parameters
    ----------
    frame : polars.DataFrame
        Text columns, None where a cell is missing.
    decimal_comma : bool
        Whether a comma may be the decimal sign, because it does not part the cells.
    warnings : dict of str to tuple of str
        What was noticed before, by column.
    """
    found = tuple(_find(series, decimal_comma, warnings.get(series.name, ())) for series in frame.iter_columns())
    if not any(column.decimal_comma and not column.whole for column in found):
        return found
    # Where one column has decimal commas, points in the others part thousands: a file is written in one way.
    return tuple(
        column.model_copy(update={"decimal_comma": True, "whole": True})
        if column.kind == "number" and not column.decimal_comma and _parts_thousands(frame[column.name])
        else column
        for column in found
    )


def to_numbers(words: polars.Series, *, decimal_comma: bool) -> polars.Series:
    """Return words as numbers, None where a word is not one."""
    import polars

    if decimal_comma:
        words = words.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return words.cast(polars.Float64, strict=False)


def to_mixed_numbers(words: polars.Series) -> polars.Series:
    """Return words as numbers where those with a comma have it as the decimal sign and the others a point."""
    with_comma = to_numbers(words, decimal_comma=True)
    plain = to_numbers(words, decimal_comma=False)
    return plain.zip_with(~words.str.contains(",", literal=True).fill_null(value=False), with_comma)


def look_like_commas(words: polars.Series) -> bool:
    """Return whether all words can be numbers with a decimal comma, in which points part thousands."""
    return bool(words.drop_nulls().str.contains(_WITH_COMMA).all())


def date_format(words: polars.Series, forms: Sequence[str] = DATE_FORMATS) -> str:
    """Return the first of these formats that fits all words, or an empty text."""
    for form in forms:
        if words.str.to_datetime(form, strict=False).null_count() == words.null_count():
            return form
    return ""


def to_dates(words: polars.Series, forms: Sequence[str] = DATE_FORMATS) -> polars.Series | None:
    """Return words as dates in the first format that fits all of them, or None."""
    form = date_format(words, forms)
    return words.str.to_datetime(form, strict=False) if form else None


def _parts_thousands(words: polars.Series) -> bool:
    present = words.drop_nulls()
    dotted = present.str.contains(".", literal=True)
    shaped = present.str.contains(r"^[+-]?(\d{1,3}(\.\d{3})+|\d{1,3})$")
    return bool(dotted.any()) and bool(shaped.all())


def _find(words: polars.Series, may_have_comma: bool, noticed: tuple[str, ...]) -> Column:
    present = words.drop_nulls()
    distinct = present.n_unique()
    warnings = list(noticed)
    kind, comma, whole = _kind(present, distinct, words.len(), may_have_comma)
    if not present.len():
        warnings.append("All its cells are missing.")
    elif distinct == 1:
        warnings.append(f"It is always '{present[0]}'.")
    if kind == "number":
        endless = int(to_numbers(present, decimal_comma=comma).is_infinite().sum())
        if endless:
            cells = "cell is" if endless == 1 else "cells are"
            warnings.append(f"{endless} {cells} infinite and counted as missing.")
    return Column(
        name=words.name,
        kind=kind,
        missing=words.null_count(),
        distinct=distinct,
        warnings=tuple(warnings),
        decimal_comma=comma,
        whole=whole,
    )


def _kind(present: polars.Series, distinct: int, rows: int, may_have_comma: bool) -> tuple[Kind, bool, bool]:
    """Return the kind, whether numbers have a decimal comma, and whether they are whole."""
    if not present.len():
        return "number", False, False
    numbers = to_numbers(present, decimal_comma=False)
    if not numbers.null_count():
        return "number", False, bool((numbers == numbers.floor()).all())
    if may_have_comma and look_like_commas(present):
        return "number", True, not present.str.contains(",", literal=True).any()
    if distinct <= 2 and present.str.to_lowercase().is_in([*YES_WORDS, *NO_WORDS]).all():
        return "yes_no", False, False
    if present.str.contains(r"^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}").all() and to_dates(present) is not None:
        return "date", False, False
    is_text = distinct > MOST_WORDS or distinct > max(2, LARGEST_SHARE * rows)
    return ("text" if is_text else "category"), False, False
