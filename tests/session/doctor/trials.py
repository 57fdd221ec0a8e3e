"""Trains sick projects, lets the doctor look, and trains the cured one beside its twin."""

from typing import Literal

import numpy as np

from nnstudio.engine import Training
from nnstudio.project import Project, commit, start_training
from nnstudio.session.doctor import Finding
from nnstudio.session.doctors import examine
from nnstudio.session.examination import Examination


def trained(project: Project, epochs: int) -> tuple[Project, Training]:
    """Return the project with a run of so many epochs more, and its training."""
    start = start_training(project)
    training = start.training()
    until = training.epoch + epochs
    while training.epoch < until and not training.finished and not training.diverged:
        training.advance(training.steps_left_in_epoch)
    return commit(project, start, training, "paused"), training


def looked_at(project: Project, training: Training) -> tuple[Finding, ...]:
    """Return what the doctor finds."""
    return examine(
        Examination(
            project=project,
            weights=training.answer_weights.copy(),
            memory=training.program.memory.copy(),
            history=training.history,
            step=training.step,
            epoch=training.epoch,
            divergence=training.divergence,
            origin=training.origin,
        )
    )


def validation_cost(project: Project, judged_by: Literal["cost", "balanced"] = "cost") -> float:
    """Return the cost of the validation rows under the current run, of all rows or as the mean over the classes."""
    run, rows, pipeline = project.run, project.rows, project.pipeline
    assert run is not None
    assert rows is not None
    assert pipeline is not None
    assert project.table is not None
    x = pipeline.encode_inputs(project.table).values[list(rows.validation)]
    targets = pipeline.encode_targets(project.table, rows.validation)
    if judged_by == "cost":
        return run.program().cost(x, targets)
    classes = pipeline.probabilities(pipeline.in_units(targets)).argmax(axis=1)
    costs = [run.program().cost(x[classes == one], targets[classes == one]) for one in np.unique(classes)]
    return float(np.mean(costs))
