"""Trains sick projects, lets the doctor look, and trains the cured one beside its twin."""

from collections.abc import Iterable, Iterator

import numpy as np
import polars

from nnstudio.data.table import table_from_frame
from nnstudio.engine import Training
from nnstudio.project import Project, commit, deal_out, start_training
from nnstudio.session.doctor import Finding
from nnstudio.session.doctors import examine
from nnstudio.session.examination import Examination
from tests.session.doctor.sicknesses import Judge


def trained(project: Project, epochs: int) -> tuple[Project, Training]:
    """Return the project with a run of so many epochs more, and its training."""
    start = start_training(project)
    training = start.training()
    until = training.epoch + epochs
    while training.epoch < until and not training.finished and not training.diverged:
        training.advance(training.steps_left_in_epoch)
    return commit(project, start, training, "paused"), training


def moments(project: Project, epochs: Iterable[int]) -> Iterator[Training]:
    """Yield one training after each of these epochs."""
    training = start_training(project).training()
    for epoch in epochs:
        while training.epoch < epoch and not training.diverged:
            training.advance(training.steps_left_in_epoch)
        yield training


def looked_at(project: Project, training: Training) -> tuple[Finding, ...]:
    """Return what the doctor finds."""
    return examine(Examination.of(project, training))


def validation_cost(project: Project, judged_by: Judge = "cost", unknown: str = "") -> float:
    """Return the cost of the validation rows under the current run.

    Parameters
    ----------
    project : Project
    judged_by : str
        Whether it is the run's own cost of all rows, its mean over the classes, or that of squared differences.
    unknown : str
        A column without values in these rows.
    """
    run, rows, pipeline = project.run, project.rows, project.pipeline
    assert run is not None
    assert rows is not None
    assert pipeline is not None
    assert project.table is not None
    table = project.table
    if unknown:
        table = table_from_frame(
            table.frame.with_columns(polars.lit(None, polars.String).alias(unknown)), "unknown.csv"
        )
    x = pipeline.encode_inputs(table).values[list(rows.validation)]
    targets = pipeline.encode_targets(project.table, rows.validation)
    if judged_by == "squares":
        return float(np.square(run.program().predict(deal_out(run.network, x)) - targets).mean())
    if judged_by == "cost":
        return run.program().cost(deal_out(run.network, x), targets)
    classes = pipeline.probabilities(pipeline.in_units(targets)).argmax(axis=1)
    each = [classes == one for one in np.unique(classes)]
    return float(np.mean([run.program().cost(deal_out(run.network, x[one]), targets[one]) for one in each]))
