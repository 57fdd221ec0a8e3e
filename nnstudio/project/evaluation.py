"""How good a trained run is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from nnstudio.data import Pipeline, Table
from nnstudio.data.cells import missing
from nnstudio.engine import measure, measure_baseline
from nnstudio.errors import DataError, NotTrainedError
from nnstudio.project.inputs import deal_out
from nnstudio.project.project import Project
from nnstudio.project.run import Run


@dataclass(frozen=True)
class Evaluation:
    """How good a run is on some rows.

    Attributes
    ----------
    rows : int
    split : str
        ``"test"``, ``"training"`` or ``"file"``.
    cost : float
    metrics, baseline : dict of str to float
    """

    rows: int
    split: Literal["test", "training", "file"]
    cost: float
    metrics: Mapping[str, float]
    baseline: Mapping[str, float]


def evaluate(project: Project, table: Table | None = None) -> Evaluation:
    """Return how good the current run is.

    Parameters
    ----------
    project : Project
    table : Table, optional
        Rows with targets; the held-out test rows when not given, or the training rows where there is no test.

    Raises
    ------
    NotTrainedError
        When nothing was trained, or the run's data are no longer there.
    DataError
        When the table does not fit.
    """
    run = project.trained_run()
    pipeline = run.pipeline
    split: Literal["test", "training", "file"] = "file"
    if table is None:
        if project.table is None or not has_data_of(project, run):
            raise NotTrainedError(
                "The data have changed since this run. Name a CSV file to evaluate on, or train again."
            )
        split = "test" if run.split.test else "training"
        table = project.table.take(run.split.test or run.split.train)
    else:
        table = table.take(_rows_with_targets(table, pipeline))
        if not table.row_count:
            raise DataError(f"{table.name} has no row with a target, so there is nothing to compare answers with.")
    # Without the rows of the training there is no baseline that was learned from them.
    seen = None
    if project.table is not None and has_data_of(project, run):
        seen = pipeline.encode_targets(project.table, run.split.train)
    x = deal_out(run.network, pipeline.encode_inputs(table).values)
    t = pipeline.encode_targets(table)
    program = run.program()
    return Evaluation(
        rows=table.row_count,
        split=split,
        cost=program.cost(x, t),
        metrics=measure(pipeline.task, pipeline.in_units(program.predict(x)), pipeline.in_units(t)),
        baseline={} if seen is None else measure_baseline(pipeline.task, pipeline.in_units(seen), pipeline.in_units(t)),
    )


def has_data_of(project: Project, run: Run) -> bool:
    """Return whether the project's table is the one that a run was trained on, whatever is drawn by now."""
    if project.table is None:
        return False
    return project.table.digest == run.data_digest if run.data_digest else run.design == project.design


def _rows_with_targets(table: Table, pipeline: Pipeline) -> list[int]:
    complete = np.ones(table.row_count, bool)
    for name in pipeline.target_names:
        complete &= ~missing(table, name, "number" if pipeline.task == "regression" else "category")
    return [int(row) for row in np.flatnonzero(complete)]
