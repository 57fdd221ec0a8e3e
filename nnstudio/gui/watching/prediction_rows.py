"""Rows with what the network says of them, as the panel of predictions shows them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from nnstudio.data import Pipeline, Table
from nnstudio.engine import Array, measure
from nnstudio.gui.metric_words import percent
from nnstudio.gui.panels.predictions import PredictionRows
from nnstudio.i18n import tr
from nnstudio.project import Run, TablePredictions

MOST_PREDICTIONS = 5_000

MOST_WHILE_TRAINING = 500
"""Rows that are shown of a network that trains; all of them follow when it pauses."""

_MOST_INPUTS = 6
_MOST_COLUMNS = 8


@dataclass(frozen=True, eq=False)
class KnownRows:
    """Rows whose truth is known, made ready once for however many networks are asked.

    Attributes
    ----------
    lines : list of int or None
        Where they stand in the file.
    features : Array of shape (rows, features)
        Encoded.
    cells : list of tuple of str or None
        The first input columns of each row in words.
    truths : list of sequences of str or None
        The targets in words, one for each column.
    numbers : Array of shape (rows, targets)
        The truth of a regression in the units of the file; empty for classes.
    """

    lines: Sequence[int | None]
    features: Array
    cells: Sequence[tuple[str | None, ...]]
    truths: Sequence[Sequence[str | None]]
    numbers: NDArray[np.float64]


@dataclass(frozen=True)
class Judged:
    """How good a network that trains is on the rows that are shown; of one that was trained, its run says this.

    Attributes
    ----------
    pipeline : Pipeline
    measured_on : str
    metrics, baseline : mapping of str to float
    """

    pipeline: Pipeline
    measured_on: str
    metrics: Mapping[str, float]
    baseline: Mapping[str, float]


def known_rows(pipeline: Pipeline, table: Table) -> KnownRows:
    """Return the rows of a table that has all columns of a pipeline, with its targets."""
    is_regression = pipeline.task == "regression"
    return KnownRows(
        lines=table.file_rows(range(table.row_count)).tolist(),
        features=pipeline.encode_inputs(table).values,
        cells=list(zip(*(table.words(name) for name in pipeline.input_columns[:_MOST_INPUTS]), strict=True)),
        truths=[table.words(name) for name in pipeline.target_names],
        numbers=pipeline.in_units(pipeline.encode_targets(table)) if is_regression else np.empty((0, 0)),
    )


def rows_while_training(
    pipeline: Pipeline, known: KnownRows, outputs: Array, measured_on: str, step: int, *, some: bool
) -> PredictionRows:
    """Return rows with what a network that trains says of them at a step; `some` of those there are, or all."""
    metrics = measure(pipeline.task, pipeline.in_units(outputs), known.numbers) if known.numbers.size else {}
    found = prediction_rows(Judged(pipeline, measured_on, metrics, {}), known, outputs)
    when = tr("Step {step} of the training").format(step=f"{step:,}")
    if some:
        when += tr(", the first {count} rows").format(count=len(known.lines))
    return replace(found, headline=f"{when}: {found.headline}")


def prediction_rows(run: Run | Judged, known: KnownRows, outputs: Array) -> PredictionRows:
    """Return rows with truth and prediction, the wrong ones or the largest errors first.

    Parameters
    ----------
    run : Run or Judged
    known : KnownRows
    outputs : Array of shape (rows, units)
        What its network answers.
    """
    where = tr("test") if run.measured_on == "test" else tr("training")
    if run.pipeline.task == "regression":
        return _numbers(run, known, outputs, where)
    return _classes(run, known, outputs, where)


def file_rows(predictions: TablePredictions) -> PredictionRows:
    """Return the rows of a file with their predictions, in the order of the file."""
    table, columns = predictions.table, predictions.columns()
    names = table.column_names[:_MOST_COLUMNS]
    cells = [table.words(name) for name in names]
    rows = [
        (
            table.file_row(row),
            *(values[row] for values in columns.values()),
            *(words[row] for words in cells),
        )
        for row in range(min(table.row_count, MOST_PREDICTIONS))
    ]
    headline = tr("{count} rows of {name} are predicted.").format(count=table.row_count, name=table.name)
    text = f"{headline} {predictions.warning()}".strip()
    return PredictionRows(text, (tr("line"), *columns, *names), rows, [False] * len(rows), from_file=True)


def _numbers(run: Run | Judged, known: KnownRows, outputs: Array, where: str) -> PredictionRows:
    names, inputs = run.pipeline.target_names, run.pipeline.input_columns[:_MOST_INPUTS]
    said = run.pipeline.in_units(outputs)
    errors = said - known.numbers
    order = np.argsort(-np.abs(errors).max(axis=1)).tolist()
    rows = [
        (
            known.lines[row],
            *known.numbers[row].tolist(),
            *said[row].tolist(),
            *errors[row].tolist(),
            *known.cells[row],
        )
        for row in order
    ]
    predicted = (f"{tr('predicted')} {name}" for name in names)
    headings = (tr("line"), *names, *predicted, *(tr("error") for _ in names), *inputs)
    headline = tr("{count} {where} rows, the largest errors first. Mean error {mae}; R² {r2}.").format(
        count=len(rows), where=where, mae=f"{run.metrics.get('mae', 0):.4g}", r2=f"{run.metrics.get('r2', 0):.3f}"
    )
    return PredictionRows(headline, headings, rows, [False] * len(rows))


def _classes(run: Run | Judged, known: KnownRows, outputs: Array, where: str) -> PredictionRows:
    said = run.pipeline.decode(outputs)
    assert said.probabilities is not None
    truths, answers = known.truths[0], said.words[0]
    wrong = [truth != word for truth, word in zip(truths, answers, strict=True)]
    certain = said.probabilities.max(axis=1)
    order = np.lexsort((-certain, ~np.array(wrong))).tolist()
    rows = [
        (
            known.lines[row],
            "✗" if wrong[row] else "✓",
            truths[row],
            answers[row],
            percent(float(certain[row])),
            *known.cells[row],
        )
        for row in order
    ]
    inputs = run.pipeline.input_columns[:_MOST_INPUTS]
    headings = (tr("line"), "", tr("truth"), tr("predicted"), tr("probability"), *inputs)
    right = len(wrong) - sum(wrong)
    headline = tr("{right} of {count} {where} rows right ({share}).").format(
        right=right, count=len(wrong), where=where, share=percent(right / max(1, len(wrong)))
    )
    baseline = run.baseline.get("accuracy")
    if baseline is not None:
        headline += " " + tr("Always the most frequent: {share}.").format(share=percent(baseline))
    return PredictionRows(headline, headings, rows, [wrong[row] for row in order])
