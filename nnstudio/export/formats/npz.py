"""One file of NumPy arrays."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np

from nnstudio.export.arrays import Arrays, arrays_of
from nnstudio.export.exporter import Exporter
from nnstudio.project import Run, write_atomically


class NpzExporter(Exporter):
    """All arrays in one file that NumPy opens; nothing in it is pickled."""

    key = "npz"
    title = "NumPy arrays"
    suffix = ".npz"

    def write(self, run: Run, path: Path) -> None:
        """Write the arrays, atomically."""
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays_of(run))
        write_atomically(path, buffer.getbuffer())

    def read(self, path: Path) -> Arrays:
        """Return the arrays of the file."""
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
