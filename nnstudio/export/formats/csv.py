"""A folder of text files, one for each array."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from urllib.parse import quote, unquote

import numpy as np

from nnstudio.export.arrays import Arrays, arrays_of
from nnstudio.export.exporter import Exporter
from nnstudio.project import Run


class CsvExporter(Exporter):
    """A folder with a CSV file for each array, for spreadsheets and eyes; numbers keep all their digits."""

    key = "csv"
    title = "CSV files"

    def write(self, run: Run, path: Path) -> None:
        """Write the files; the slash of a name becomes a folder."""
        path.mkdir(parents=True, exist_ok=True)
        for name, array in arrays_of(run).items():
            place = path.joinpath(*(quote(part, safe=" =") for part in f"{name}.csv".split("/")))
            place.parent.mkdir(parents=True, exist_ok=True)
            table = array.reshape(1, -1) if array.ndim < 2 else array
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows([[_word(value) for value in row] for row in table.tolist()])
            place.write_text(text.getvalue(), encoding="utf-8")

    def read(self, path: Path) -> Arrays:
        """Return the arrays of the files."""
        found = {}
        for place in sorted(path.rglob("*.csv")):
            name = "/".join(unquote(part) for part in place.relative_to(path).parts).removesuffix(".csv")
            with place.open(encoding="utf-8", newline="") as file:
                rows = list(csv.reader(file))
            if name.endswith("/kernel"):
                found[name] = np.array(rows, dtype=float)
            elif name == "network":
                found[name] = np.array(rows[0][0])
            elif name.endswith("/bias"):
                found[name] = np.array(rows[0], dtype=float)
            else:
                found[name] = np.array(rows[0] if rows else [])
        return found


def _word(value: object) -> str:
    return repr(value) if isinstance(value, float) else str(value)
