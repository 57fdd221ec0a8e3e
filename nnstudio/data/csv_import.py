"""Reads CSV files: encoding, delimiter and header are found; what cannot be a table is refused in one sentence."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from nnstudio.data.table import MISSING_WORDS, Source, Table
from nnstudio.errors import DataError

if TYPE_CHECKING:
    import polars

DELIMITERS = (",", ";", "\t", "|")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
csv.field_size_limit(2**31 - 1)  # a cell may hold a whole text
_SAMPLE_RECORDS = 60
_SAMPLE_BYTES = 200_000
_NUMBER = re.compile(r"^[+-]?(\d+([.,]\d*)?|[.,]\d+)([eE][+-]?\d+)?$")


def read_csv(
    path: str | Path, *, delimiter: str | None = None, encoding: str | None = None, header: bool | None = None
) -> Table:
    """Read a CSV file.

    Cells are stripped of spaces. Empty cells and NA, N/A, NaN, null, None, ? and - are missing. Blank lines are left
    out. Columns of the same name are renamed.

    Parameters
    ----------
    path : str or Path
        The file.
    delimiter, encoding : str, optional
        What parts the cells, and how characters are stored; found when not given.
    header : bool, optional
        Whether the first row names the columns; found when not given.

    Returns
    -------
    Table

    Raises
    ------
    DataError
        When the file cannot be read, is empty, has no rows, is not text, or has a row of another length.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError(
            f"There is no file {path.name} in {path.resolve().parent}. It may have been moved or deleted."
        ) from None
    except OSError as error:
        what = "is a folder. Choose a file in it" if path.is_dir() else f"could not be read: {error.strerror or error}"
        raise DataError(f"{path.name} {what}.") from error
    text, encoding = _decode(path.name, data, encoding)
    if not text.strip():
        raise DataError(f"{path.name} is empty. Choose a file that has a row for each example.")
    delimiter = delimiter or _find_delimiter(text)
    filled = (record for record in _records(path.name, text, delimiter) if any(cell.strip() for cell in record[1]))
    first_line, first = next(filled, (0, []))
    if not first:
        raise DataError(f"{path.name} has empty cells only. Choose a file that has a row for each example.")
    header = _is_header(first) if header is None else header
    words, lines = _parse(path.name, text, delimiter, len(first))
    if header:
        words, lines = words[1:], lines[1:]
    if not words.height:
        raise DataError(
            f"{path.name} has column names on line {first_line} but no rows. "
            "Choose a file that has a row for each example."
        )
    names, warnings = _unique_names(first if header else [f"column {index + 1}" for index in range(len(first))])
    words.columns = names
    source = Source(
        path=str(path.resolve()),
        checksum=hashlib.blake2b(data, digest_size=16).hexdigest(),
        delimiter=delimiter,
        encoding=encoding,
        header=header,
    )
    return Table(path.name, words, lines, source, warnings)


def _decode(name: str, data: bytes, encoding: str | None) -> tuple[str, str]:
    for candidate in [encoding] if encoding else _candidates(data):
        try:
            text = data.decode(candidate)
        except (UnicodeDecodeError, LookupError):
            continue
        if _is_text(text):
            text = text.removeprefix("\ufeff")  # a mark that the next reading must not take for a letter either
            return text.replace("\r\n", "\n").replace("\r", "\n"), candidate.removesuffix("-sig")
    raise DataError(f"{name} is not a text file. Save the table as CSV and open that.")


def _candidates(data: bytes) -> Iterator[str]:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            yield encoding
            return
    yield "utf-8"
    sample = data[:_SAMPLE_BYTES]
    if b"\0" in sample:
        # Text without a mark whose every other byte is zero.
        zeros = np.frombuffer(sample[: len(sample) // 2 * 2], np.uint8).reshape(-1, 2) == 0
        even, odd = zeros.mean(axis=0)
        if odd > 0.4 and even < 0.1:
            yield "utf-16-le"
        elif even > 0.4 and odd < 0.1:
            yield "utf-16-be"
        return
    # Late, because it is rarely needed.
    from charset_normalizer import from_bytes

    # Western one-byte encodings are far more common than what few accented letters can be mistaken for.
    guess = from_bytes(
        sample, cp_isolation=["cp1252", "latin_1", "cp1250", "cp1251", "gb18030", "shift_jis", "big5"]
    ).best()
    if guess is not None:
        yield guess.encoding
    yield from ("cp1252", "latin-1")


def _is_text(text: str) -> bool:
    sample = text[:_SAMPLE_BYTES]
    strange = sum(1 for letter in sample if letter < " " and letter not in "\t\r\n\f")
    return strange <= len(sample) / 1000


def _find_delimiter(text: str) -> str:
    """Return what cuts the first records into the same number of cells, the more the better."""
    best, best_score = ",", (0.0, 0)
    sample = text[:_SAMPLE_BYTES]
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(sample), delimiter=delimiter)
        try:
            lengths = [len(record) for record in islice(reader, _SAMPLE_RECORDS) if any(record)]
        except csv.Error:
            continue
        if not lengths:
            continue
        length, count = Counter(lengths).most_common(1)[0]
        score = (count / len(lengths) if length > 1 else 0.0, length)
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _is_header(cells: list[str]) -> bool:
    """Return whether a first row names the columns: none of its cells is a number, and most are words."""
    if any(_NUMBER.match(cell.strip()) for cell in cells):
        return False
    return sum(cell.strip().lower() not in MISSING_WORDS for cell in cells) * 2 >= len(cells)


def _records(name: str, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each record with the line on which it begins."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=False)
    line = 1
    try:
        for record in reader:
            yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise DataError(f"{name}, line {line}: this row cannot be read ({error}).", row=line) from error


def _parse(name: str, text: str, delimiter: str, width: int) -> tuple[polars.DataFrame, NDArray[np.int64]]:
    """Return the cells of all rows that are not blank, and the line of each."""
    import polars

    try:
        words = polars.read_csv(
            text.encode(),
            has_header=False,
            separator=delimiter,
            infer_schema=False,
            empty_string_is_null=False,
            new_columns=[str(index) for index in range(width)],
        )
    except polars.exceptions.PolarsError:
        words = None
    # A row that is too short ends in empty cells for the parser; only where there are such, records are counted.
    if words is None or words.width != width or bool((words[:, -1] == "").any()) or '"' in text:
        return _parse_records(name, text, delimiter, width)
    lines = np.arange(1, words.height + 1)
    blank = words.select(polars.all_horizontal(polars.all().str.strip_chars() == "")).to_series().to_numpy()
    return words.filter(~blank), lines[~blank]


def _parse_records(name: str, text: str, delimiter: str, width: int) -> tuple[polars.DataFrame, NDArray[np.int64]]:
    """Return the same record by record, which is slower and knows where a row has another length."""
    import polars

    lines: list[int] = []
    records: list[list[str]] = []
    for line, record in _records(name, text, delimiter):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != width:
            cells = "cell" if len(record) == 1 else "cells"
            raise DataError(
                f"{name}, line {line}: this row has {len(record)} {cells}, but the first row has {width}. "
                "Give every row the same number of cells.",
                row=line,
            )
        lines.append(line)
        records.append(record)
    names = [str(index) for index in range(width)]
    frame = polars.DataFrame(records, schema=dict.fromkeys(names, polars.String), orient="row")
    return frame, np.array(lines, np.int64)


def _unique_names(cells: list[str]) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """Return a name for every column, and a warning where it was renamed."""
    names: list[str] = []
    warnings: dict[str, tuple[str, ...]] = {}
    taken = {cell.strip() for cell in cells}
    for index, cell in enumerate(cells):
        wanted = cell.strip() or f"column {index + 1}"
        name, count = wanted, 2
        while name in names or (name != wanted and name in taken):
            name, count = f"{wanted} {count}", count + 1
        if name != wanted:
            warnings[name] = (f"Another column is called '{wanted}' too, so this one was renamed.",)
        names.append(name)
    return names, warnings
