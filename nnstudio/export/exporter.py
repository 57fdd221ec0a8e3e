"""What an exporter is, and how an export is written and checked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from nnstudio.components import Component
from nnstudio.errors import ExportError
from nnstudio.export.arrays import Arrays, answers, plain_answers
from nnstudio.export.silence import inexpressible
from nnstudio.project import Project, Run, has_data_of

LARGEST_DIFFERENCE = 1e-5
MOST_ROWS = 1_000
ROWS_WITHOUT_DATA = 64


@dataclass(frozen=True)
class Verification:
    """How far an export is from the network it was made of.

    Attributes
    ----------
    largest_difference : float
        Between the answers of the studio and those computed from the written file.
    rows : int
        On how many rows.
    """

    largest_difference: float
    rows: int


class Exporter(Component):
    """The base of formats in which a run can be written.

    Attributes
    ----------
    suffix : str
        The ending of the file, empty for a folder.
    """

    family = "exporters"
    suffix: ClassVar[str] = ""

    def cannot(self, run: Run) -> tuple[str, ...]:
        """Return in words what the format cannot express of this run."""
        return inexpressible(run.network)

    def write(self, run: Run, path: Path) -> None:
        """Write a run.

        Raises
        ------
        OSError
            When it cannot be written.
        """
        raise NotImplementedError

    def read(self, path: Path) -> Arrays:
        """Return the arrays that were written, read back from the file."""
        raise NotImplementedError


def export_run(project: Project, run: Run, exporter: Exporter, path: Path) -> Verification:
    """Write a run and check what was written.

    The file is read back, and a network made of it alone answers rows of the project's data, or random rows where those
    are gone; chains of dense layers are also computed in plain NumPy.

    Raises
    ------
    ExportError
        When it cannot be written, cannot be expressed, or does not give the same answers.
    """
    missing = exporter.cannot(run)
    if missing:
        raise ExportError(f"{exporter.title} cannot express this network: {' '.join(missing)}")
    try:
        exporter.write(run, path)
        arrays = exporter.read(path)
    except OSError as error:
        raise ExportError(
            f"{path.name} could not be written to {path.parent}: {error.strerror or error}. Choose another place."
        ) from error
    inputs = _rows(project, run)
    expected = run.answer(inputs)
    given = inputs.astype(expected.dtype)
    tries = [answers(arrays, given), plain_answers(arrays, given)]
    difference = max(float(np.abs(found - expected).max(initial=0)) for found in tries if found is not None)
    scale = max(1.0, float(np.abs(expected).max(initial=0)))
    if not difference <= LARGEST_DIFFERENCE * scale:
        raise ExportError(
            f"{path.name} was written, but its answers differ by up to {difference:.1e}. "
            "Do not use it; please report this."
        )
    return Verification(difference, len(inputs))


def _rows(project: Project, run: Run) -> NDArray[Any]:
    if project.table is not None and has_data_of(project, run):
        chosen = (run.split.test or run.split.train)[:MOST_ROWS]
        return run.pipeline.encode_inputs(project.table.take(chosen)).values
    return np.random.default_rng(0).standard_normal((ROWS_WITHOUT_DATA, len(run.pipeline.features)))
