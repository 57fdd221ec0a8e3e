"""A table as it was read: the words of the file, and what its columns hold."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from nnstudio.data.columns import Column
from nnstudio.data.kinds import find_columns
from nnstudio.errors import DataError

if TYPE_CHECKING:
    import polars

MISSING_WORDS = ("", "na", "n/a", "#n/a", "nan", "null", "none", "?", "-")
"""Cells that count as missing, in small letters."""


class Source(BaseModel):
    """Where a table came from and how it was read.

    Attributes
    ----------
    path : str
        The file.
    checksum : str
        Of its bytes, to find out later whether it is still the same.
    delimiter, encoding : str
        What was found.
    header : bool
        Whether the first row names the columns.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    path: str
    checksum: str
    delimiter: str
    encoding: str
    header: bool


class Table:
    """Rows of words. Missing cells are None; nothing is changed after it was made.

    Parameters
    ----------
    name : str
        What to call it, usually the file's name.
    frame : polars.DataFrame
        Text columns with unique names.
    lines : Array of shape (rows,), optional
        The line of the file on which each row begins, from 1.
    source : Source, optional
        Where it came from.
    warnings : dict of str to tuple of str, optional
        What was noticed while reading, by column.
    columns : tuple of Column, optional
        What the columns hold, where that is known; else it is found.
    """

    def __init__(
        self,
        name: str,
        frame: polars.DataFrame,
        lines: NDArray[np.int64] | None = None,
        source: Source | None = None,
        warnings: Mapping[str, tuple[str, ...]] | None = None,
        columns: tuple[Column, ...] | None = None,
    ) -> None:
        self.name = name
        self.source = source
        self.frame = without_missing_words(frame)
        self._lines = lines
        self.columns = columns or find_columns(
            self.frame, decimal_comma=self.may_have_decimal_commas, warnings=warnings or {}
        )

    @property
    def may_have_decimal_commas(self) -> bool:
        """Whether cells are parted by something else than commas."""
        return self.source is not None and self.source.delimiter != ","

    @property
    def row_count(self) -> int:
        """The number of rows."""
        return self.frame.height

    @property
    def column_names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def _by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    def column(self, name: str) -> Column:
        """Return a column.

        Raises
        ------
        DataError
            When there is none of this name.
        """
        if name not in self._by_name:
            raise DataError(f"{self.name} has no column '{name}'. It has {_listed(self.column_names)}.", column=name)
        return self._by_name[name]

    def words(self, name: str) -> list[str | None]:
        """Return a column's cells as they were written; None where missing."""
        self.column(name)
        return self.frame[name].to_list()

    def cell(self, row: int, name: str) -> str:
        """Return one cell as it was written; empty where missing."""
        return self.frame[name][row] or ""

    def head(self, count: int) -> list[tuple[str | None, ...]]:
        """Return the first rows."""
        return self.frame.head(count).rows()

    def file_row(self, row: int) -> int:
        """Return the line of the file on which a row begins, from 1."""
        return int(self._lines[row]) if self._lines is not None else row + 1

    def file_rows(self, rows: Sequence[int]) -> NDArray[np.int64]:
        """Return the lines of the file on which rows begin, from 1."""
        chosen = np.asarray(rows, np.int64)
        return self._lines[chosen] if self._lines is not None else chosen + 1

    def row_at(self, line: int) -> int | None:
        """Return the row that begins on a line of the file, counted from 1; None where none does."""
        if self._lines is None:
            return line - 1 if 1 <= line <= self.row_count else None
        found = np.flatnonzero(self._lines == line)
        return int(found[0]) if len(found) else None

    def take(self, rows: Sequence[int] | NDArray[np.int64]) -> Table:
        """Return a table of some of the rows; its columns stay what they were found to be."""
        chosen = np.asarray(rows, np.int64)
        lines = None if self._lines is None else self._lines[chosen]
        return Table(self.name, self.frame[chosen], lines, self.source, columns=self.columns)

    def without_cell(self, row: int, name: str) -> Table:
        """Return the table with one cell left empty."""
        import polars

        cells = self.words(name)
        cells[row] = None
        frame = self.frame.with_columns(polars.Series(name, cells, polars.String))
        columns = tuple(
            column.model_copy(update={"missing": column.missing + 1}) if column.name == name else column
            for column in self.columns
        )
        return Table(self.name, frame, self._lines, self.source, columns=columns)

    def spellings(self, name: str) -> dict[str, str]:
        """Return the words of a column that differ from a more frequent one in capitals only.

        Returns
        -------
        dict of str to str
            By the word, the more frequent way of writing it.
        """
        counts = self.frame[name].drop_nulls().value_counts()
        words = sorted(counts.iter_rows(), key=lambda row: (-row[1], row[0]))
        usual: dict[str, str] = {}
        return {word: usual[plain] for word, _ in words if usual.setdefault(plain := word.casefold(), word) != word}

    def with_one_spelling(self, name: str) -> Table:
        """Return the table with such words of a column written in the more frequent way."""
        import polars

        spellings = self.spellings(name)
        cells = [None if word is None else spellings.get(word, word) for word in self.words(name)]
        frame = self.frame.with_columns(polars.Series(name, cells, polars.String))
        columns = tuple(
            column.model_copy(update={"distinct": column.distinct - len(spellings)}) if column.name == name else column
            for column in self.columns
        )
        return Table(self.name, frame, self._lines, self.source, columns=columns)

    def to_csv(self) -> bytes:
        """Return the table as UTF-8 CSV with a header and commas."""
        return self.frame.write_csv().encode()

    @cached_property
    def digest(self) -> str:
        """A short text that differs when any word differs."""
        return hashlib.blake2b(self.to_csv(), digest_size=16).hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Table) and (
            self is other or (self.name == other.name and self.frame.shape == other.frame.shape and self._same(other))
        )

    def __hash__(self) -> int:
        return hash((self.name, self.digest))

    def _same(self, other: Table) -> bool:
        return self.digest == other.digest


def table_from_rows(rows: Sequence[Mapping[str, Any]], name: str = "rows") -> Table:
    """Return a table of rows given as mappings of column to value.

    Raises
    ------
    DataError
        When there are no rows.
    """
    import polars  # late, because it takes a third of a second

    if not rows:
        raise DataError(f"{name}: there are no rows.")
    names = list(dict.fromkeys(key for row in rows for key in row))
    data = {key: [_word(row.get(key)) for row in rows] for key in names}
    return Table(name, polars.DataFrame(data, schema=dict.fromkeys(names, polars.String)))


def table_from_frame(frame: Any, name: str = "rows") -> Table:
    """Return a table of a polars or pandas data frame.

    Raises
    ------
    DataError
        When it is neither, or has no rows.
    """
    if hasattr(frame, "to_dicts"):
        return table_from_rows(frame.to_dicts(), name)
    if hasattr(frame, "to_dict"):
        return table_from_rows(frame.to_dict("records"), name)
    raise DataError(f"{name}: expected rows, a polars or pandas frame, or the path of a CSV file.")


def without_missing_words(frame: polars.DataFrame) -> polars.DataFrame:
    """Return the frame with cells stripped of spaces, and None where a cell says that there is nothing."""
    import polars

    cells = polars.all().str.strip_chars()
    return frame.select(
        polars.when(cells.str.to_lowercase().is_in(MISSING_WORDS)).then(None).otherwise(cells).name.keep()
    )


def _word(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(f"'{name}'" for name in names[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8} more"
