"""How good a trained run is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from nnstudio.data import Table
from nnstudio.engine import measure, measure_baseline
from nnstudio.errors import NotTrainedError
from nnstudio.project.project import Project


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
        if project.table is None or run.design != project.design:
            raise NotTrainedError(
                "The data or the drawing have changed since this run. Name a CSV file to evaluate on, or train again."
            )
        split = "test" if run.split.test else "training"
        table = project.table.take(run.split.test or run.split.train)
        seen = pipeline.encode_targets(project.table, run.split.train)
    else:
        complete = table.frame.select(pipeline.target_names).drop_nulls().height == table.row_count
        if not complete:
            table = table.take(_rows_with_targets(table, pipeline.target_names))
        seen = (
            pipeline.encode_targets(project.table, run.split.train)
            if project.table is not None and run.design == project.design
            else pipeline.encode_targets(table)
        )
    x, t = pipeline.encode_inputs(table).values, pipeline.encode_targets(table)
    program = run.program()
    return Evaluation(
        rows=table.row_count,
        split=split,
        cost=program.cost(x, t),
        metrics=measure(pipeline.task, pipeline.in_units(program.predict(x)), pipeline.in_units(t)),
        baseline=measure_baseline(pipeline.task, pipeline.in_units(seen), pipeline.in_units(t)),
    )


def _rows_with_targets(table: Table, names: tuple[str, ...]) -> list[int]:
    cells = [table.words(name) for name in names]
    return [row for row in range(table.row_count) if all(words[row] is not None for words in cells)]
