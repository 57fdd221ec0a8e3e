"""A folder of text files, one for each array."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine import Network
from nnstudio.errors import ExportError
from nnstudio.export.arrays import Arrays, arrays_of
from nnstudio.export.exporter import Exporter
from nnstudio.project import Run

_INDEX = "index.csv"


class CsvExporter(Exporter):
    """A folder with a CSV file for each array, for spreadsheets and eyes; numbers keep all their digits."""

    key = "csv"
    title = "CSV files"

    def write(self, run: Run, path: Path) -> None:
        """Write the files and ``index.csv``, which says which array each of them holds.

        Raises
        ------
        ExportError
            When the folder holds other files.
        """
        index = path / _INDEX
        if path.is_dir() and any(path.iterdir()) and not index.is_file():
            raise ExportError(f"The folder {path.name} holds other files. Choose a new or an empty one.")
        path.mkdir(exist_ok=True)
        places: list[tuple[str, str]] = []
        for name, array in arrays_of(run).items():
            # Columns may be called anything; files may not.
            parts = [re.sub(r"[^a-z0-9_]+", "_", part.lower())[:60] or "_" for part in name.split("/", 2)]
            place = "/".join(parts)
            if place in {taken for _, taken in places}:
                place = f"{place}_{len(places)}"
            places.append((name, place))
            file = path / f"{place}.csv"
            file.parent.mkdir(parents=True, exist_ok=True)
            _write_rows(file, _as_table(array))
        _write_rows(index, np.array([(name, f"{place}.csv") for name, place in places]))

    def read(self, path: Path) -> Arrays:
        """Return the arrays of the files that the index names."""
        found: dict[str, NDArray[Any]] = {}
        for name, place in _read_rows(path / _INDEX):
            rows = _read_rows(path / place)
            found[name] = np.array(rows[0][0] if name == "network" else rows[0] if len(rows) == 1 else rows)
        network = Network.model_validate_json(str(found["network"]))
        for name, shape in (*network.weight_shapes().items(), *network.memory_shapes().items()):
            found[name] = np.array(found[name], dtype=float).reshape(shape)
        return found


def _as_table(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array with all axes but the last one after another."""
    return np.atleast_2d(array) if array.ndim < 2 else array.reshape(-1, array.shape[-1])


def _write_rows(place: Path, table: NDArray[Any]) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([[_word(value) for value in row] for row in table.tolist()])
    place.write_text(text.getvalue(), encoding="utf-8")


def _read_rows(place: Path) -> list[list[str]]:
    csv.field_size_limit(2**31 - 1)  # a word may be a whole text
    with place.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file)) or [[]]


def _word(value: object) -> str:
    return repr(value) if isinstance(value, float) else str(value)
