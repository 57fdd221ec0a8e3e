"""One file of NumPy arrays."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

import numpy as np

from nnstudio.export.arrays import Arrays, arrays_of
from nnstudio.export.exporter import Exporter
from nnstudio.project import Run


class NpzExporter(Exporter):
    """All arrays in one file that NumPy opens; nothing in it is pickled."""

    key = "npz"
    title = "NumPy arrays"
    suffix = ".npz"

    def write(self, run: Run, path: Path) -> None:
        """Write the arrays, atomically."""
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **arrays_of(run))
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            file.write(buffer.getvalue())
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)

    def read(self, path: Path) -> Arrays:
        """Return the arrays of the file."""
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
