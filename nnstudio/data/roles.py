"""Proposes what each column is for. A person can change every proposal, and each says why it was made."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import pairwise
from typing import Literal

import numpy as np

from nnstudio.data.cells import numbers
from nnstudio.data.columns import Column, ColumnUse, Kind, Role
from nnstudio.data.kinds import LARGEST_SHARE, MOST_WORDS
from nnstudio.data.table import Table
from nnstudio.errors import DataError

TARGET_NAMES = (
    "target",
    "class",
    "label",
    "species",
    "outcome",
    "output",
    "result",
    "answer",
    "diagnosis",
    "survived",
    "churn",
    "price",
    "quality",
)
IDENTIFIER_NAMES = ("id", "index", "key", "row", "nr", "no", "number", "uuid", "guid", "rownames")
MOST_CLASS_NUMBERS = 10
"""A target of at most this many different whole numbers is taken for classes."""

ROWS_PER_CLASS = 5


def propose_columns(table: Table, target: str | None = None) -> tuple[ColumnUse, ...]:
    """Propose kind and role of every column.

    Parameters
    ----------
    table : Table
    target : str, optional
        The column to predict; the likeliest one when not given.

    Returns
    -------
    tuple of ColumnUse
        In the order of the columns.

    Raises
    ------
    DataError
        When there is no column of the target's name.
    """
    if target is not None and target not in table.column_names:
        near = get_close_matches(target, table.column_names, n=3) or table.column_names[:5]
        names = ", ".join(f"'{name}'" for name in near)
        raise DataError(f"{table.name} has no column '{target}'. Did you mean {names}?", column=target)
    reasons = {column.name: _reason_to_ignore(column, table) for column in table.columns}
    chosen = target or _likely_target(table, reasons)
    return tuple(_use(column, table, chosen, reasons[column.name]) for column in table.columns)


def _use(column: Column, table: Table, target: str | None, reason: str) -> ColumnUse:
    role: Role = "target" if column.name == target else "ignore" if reason else "input"
    kind: Kind = column.kind
    if role == "target":
        kind, reason = _kind_of_target(column, table)
    missing: Literal["mean", "most_frequent"] = "mean" if kind == "number" else "most_frequent"
    return ColumnUse(name=column.name, kind=kind, role=role, reason=reason, missing=missing)


def _kind_of_target(column: Column, table: Table) -> tuple[Kind, str]:
    if column.kind == "number":
        rows = table.row_count - column.missing
        few = column.whole and 2 <= column.distinct <= MOST_CLASS_NUMBERS
        if few and column.distinct == 2:
            return "yes_no", "It has two different values, so it is taken for a yes/no answer."
        if few and rows >= ROWS_PER_CLASS * column.distinct:
            return "category", f"It has {column.distinct} different whole numbers, so they are taken for classes."
        return "number", ""
    if column.kind in ("category", "text") and column.distinct == 2:
        return "yes_no", "It has two different words, so it is taken for a yes/no answer."
    if column.kind in ("text", "date"):
        return "category", ""
    return column.kind, ""


def _likely_target(table: Table, reasons: dict[str, str]) -> str | None:
    """Return the column with a telling name, else the last one that is of use, else a last column of words."""
    usable = [column.name for column in table.columns if not reasons[column.name]]
    for wanted in TARGET_NAMES:
        for name in reversed(table.column_names):
            # Also one that is of no use: then Train says why, which is better than learning something else.
            if name.lower() == wanted:
                return name
    last = table.columns[-1]
    if last.kind == "text" and 2 <= last.distinct <= MOST_WORDS and last.distinct < table.row_count:
        return last.name
    # A date is seldom what one wants to predict.
    plain = [name for name in usable if table.column(name).kind != "date"]
    return plain[-1] if plain else None


def _reason_to_ignore(column: Column, table: Table) -> str:
    rows = table.row_count
    present = rows - column.missing
    if not present:
        return "Ignored: all its cells are missing."
    if column.distinct == 1:
        return "Ignored: it never changes, so nothing can be learned from it."
    if _is_identifier(column, table):
        return "Ignored: it looks like an identifier, a different value for every row."
    if column.kind == "text":
        if column.distinct > MOST_WORDS:
            return f"Ignored: it is text with {column.distinct} different words."
        share = round(100 * column.distinct / rows)
        return f"Ignored: it is text, and {share} % of its words differ (more than {LARGEST_SHARE:.0%})."
    return ""


def _is_identifier(column: Column, table: Table) -> bool:
    if column.distinct < table.row_count or table.row_count < 10:
        return False
    if column.kind == "text":
        return True
    if column.kind != "number" or not column.whole:
        return False
    name = column.name.lower()
    if name in IDENTIFIER_NAMES or name.endswith(("_id", " id")):
        return True
    found = numbers(table, column.name)
    if np.isnan(found).any():
        return False
    return all(after - before == 1 for before, after in pairwise(found.tolist()))
