"""How good a trained run is, and what it says of new rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from nnstudio.data import Predictions, Table, read_csv, table_from_frame, table_from_rows
from nnstudio.engine import measure, measure_baseline
from nnstudio.errors import NotTrainedError
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


@dataclass(frozen=True)
class TablePredictions:
    """Answers for the rows of a table.

    Attributes
    ----------
    table : Table
    predictions : Predictions
    unseen : dict of str to int
        By column, how many words were not seen in training.
    """

    table: Table
    predictions: Predictions
    unseen: Mapping[str, int]

    def columns(self) -> dict[str, list[Any]]:
        """Return the answers as columns: ``predicted`` and ``probability <class>``."""
        answers = self.predictions
        several = len(answers.names) > 1
        found: dict[str, list[Any]] = {
            f"predicted {name}" if several else "predicted": words
            for name, words in zip(answers.names, answers.words, strict=True)
        }
        if answers.probabilities is not None:
            for index, name in enumerate(answers.class_names):
                found[f"probability {name}"] = answers.probabilities[:, index].tolist()
        return found

    def to_csv(self) -> bytes:
        """Return the table's rows and the answers beside them as CSV."""
        import polars  # late, because it takes a third of a second

        frame = self.table.frame.with_columns(
            polars.Series(name, values, strict=False) for name, values in self.columns().items()
        )
        return frame.write_csv().encode()

    def warning(self) -> str:
        """Return in words how many words were not seen in training; empty where all were."""
        if not self.unseen:
            return ""
        parts = ", ".join(f"{count} in '{column}'" for column, count in self.unseen.items())
        total = sum(self.unseen.values())
        return (
            f"{total} {'word was' if total == 1 else 'words were'} not seen in training and count as nothing: {parts}."
        )


def trained_run(project: Project) -> Run:
    """Return the current run.

    Raises
    ------
    NotTrainedError
        When nothing was trained.
    """
    if project.run is None:
        raise NotTrainedError("This project has not been trained yet. Train it first.")
    return project.run


def predict_table(run: Run, table: Table) -> TablePredictions:
    """Return a run's answers for the rows of a table.

    Raises
    ------
    DataError
        When a column is missing or a cell does not fit.
    """
    encoded = run.pipeline.encode_inputs(table)
    return TablePredictions(table, run.pipeline.decode(run.program().predict(encoded.values)), encoded.unseen)


def predict_rows(project: Project, rows: Any) -> list[dict[str, Any]]:
    """Return the current run's answers for rows given in any form; see `Project.predict`."""
    if isinstance(rows, (str, Path)):
        table = read_csv(rows)
    elif isinstance(rows, (list, tuple)):
        table = table_from_rows(rows)
    else:
        table = table_from_frame(rows)
    columns = predict_table(trained_run(project), table).columns()
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


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
    run = trained_run(project)
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
