"""What a trained run says of new rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnstudio.data import Predictions, Table, read_csv, table_from_frame, table_from_rows
from nnstudio.project.run import Run


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
        """Return the table's rows and the answers beside them as CSV; no column of the table is replaced."""
        import polars  # late, because it takes a third of a second

        frame = self.table.frame
        for wanted, values in self.columns().items():
            name, count = wanted, 2
            while name in frame.columns:
                name, count = f"{wanted} {count}", count + 1
            frame = frame.with_columns(polars.Series(name, values, strict=False))
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


def predict_table(run: Run, table: Table) -> TablePredictions:
    """Return a run's answers for the rows of a table.

    Raises
    ------
    DataError
        When a column is missing or a cell does not fit.
    """
    encoded = run.pipeline.encode_inputs(table)
    return TablePredictions(table, run.pipeline.decode(run.answer(encoded.values)), encoded.unseen)


def predict_rows(run: Run, rows: Any) -> list[dict[str, Any]]:
    """Return a run's answers for rows given in any form.

    Parameters
    ----------
    run : Run
    rows : list of dict, polars or pandas frame, or path of a CSV file

    Raises
    ------
    DataError
        When a column is missing or a cell does not fit.
    """
    if isinstance(rows, (str, Path)):
        table = read_csv(rows)
    elif isinstance(rows, (list, tuple)):
        table = table_from_rows(rows)
    else:
        table = table_from_frame(rows)
    columns = predict_table(run, table).columns()
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
