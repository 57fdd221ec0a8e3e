"""From a project to a training that begins or goes on, and back to a project that holds what was learned."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from nnstudio.data import Pipeline, Split, Table
from nnstudio.engine import (
    Array,
    Change,
    History,
    Network,
    Program,
    State,
    Training,
    TrainingPlan,
    measure,
    measure_baseline,
    measure_quickly,
    steered,
)
from nnstudio.engine.state import plain
from nnstudio.errors import NetworkError
from nnstudio.project.edits.class_weights import weights_by_name, weights_by_place
from nnstudio.project.edits.runs import keep_run, next_id
from nnstudio.project.encoded_rows import encoded_rows
from nnstudio.project.inputs import deal_out
from nnstudio.project.project import Project
from nnstudio.project.run import Run, Status
from nnstudio.project.settings import Settings


@dataclass(frozen=True, eq=False)
class Start:
    """All that a training thread needs to begin or go on, frozen.

    Attributes
    ----------
    run : str
        The id of the run it becomes.
    plan : TrainingPlan
    network, pipeline, split, settings, data_name
        What the run will remember.
    design_with : callable
        Returns the run's design, which depends on the network as it is when it pauses.
    state : State or None
        Where to go on; None begins at the first step.
    history, journal
        What came before.
    parent, parent_step, note
        The run whose weights are kept or that it goes on from, and what was kept, in words.
    seconds : float
        Time spent training before.
    """

    run: str
    plan: TrainingPlan
    network: Network
    pipeline: Pipeline
    split: Split
    settings: Settings
    design_with: Callable[[Network], str]
    data_name: str
    data_digest: str
    test: tuple[Mapping[str, Array], Array]
    state: State | None = None
    history: History | None = None
    journal: tuple[Change, ...] = ()
    parent: str = ""
    parent_step: int | None = None
    note: str = ""
    seconds: float = 0.0

    def training(self) -> Training:
        """Bind the network and return the training where it begins or goes on."""
        training = Training(self.plan)
        if self.state is not None:
            training.restore(self.state)
            if self.history is not None:
                training.history = self.history.truncated(self.state.step)
            training.journal = self.journal
            if training.optimizer != self.settings.optimizer:
                training.change(optimizer=self.settings.optimizer)
            if self.state.settings["batch_size"] != self.settings.batch_size:
                training.change(batch_size=self.settings.batch_size)
            weights = self.plan.class_weights or {}
            if plain(weights) != self.state.settings.get("class_weights", {}):
                training.change(class_weights=weights)
            layers = steered(training.program.network, self.network)
            if layers:
                training.change(layers=layers)
        return training


def start_training(project: Project, *, fresh: bool = False, epochs: int | None = None) -> Start:
    """Return what a training of this project needs.

    A paused run goes on exactly where it was. A run that was stopped goes on from its weights with fresh optimizer
    memory. When the drawing or the data have changed since, weights whose names and shapes still fit are kept and
    others are drawn anew, in a new run.

    Parameters
    ----------
    project : Project
    fresh : bool
        Begin again from the same first weights.
    epochs : int, optional
        How many more epochs; what the settings say when not given.

    Returns
    -------
    Start

    Raises
    ------
    NetworkError
        When there are problems; the message lists every one.
    """
    errors = [problem for problem in project.problems() if problem.severity == "error"]
    if errors:
        raise NetworkError("\n".join(str(problem) for problem in errors))
    table, split, pipeline = project.table, project.rows, project.pipeline
    if table is None or split is None or pipeline is None:
        raise NetworkError("There are no data to learn from. Open a CSV file first.")
    run = None if fresh else project.run
    goes_on = project.goes_on and not fresh
    settings = project.settings
    tested, truth = encoded_rows(table, pipeline, split).tested
    kept, note = _kept_weights(project, run) if run is not None and not goes_on else ({}, "")
    done = run.state.epoch if run is not None and goes_on else 0
    total = done + epochs if epochs is not None else settings.epochs
    if total is not None and epochs is None and done >= total:
        total = done + total  # all epochs were done; Train asks for as many again
    has_new_schedule, schedule_from = False, 0
    if run is not None and goes_on:
        has_new_schedule = run.settings.schedule != settings.schedule
        schedule_from = done if has_new_schedule else run.schedule_from
    plan = TrainingPlan(
        network=run.network if run is not None and goes_on else project.network,
        **rows_of_plan(project.network, table, pipeline, split),
        optimizer=settings.optimizer,
        schedule=settings.schedule,
        schedule_from=schedule_from,
        clipping=settings.clipping,
        early_stopping=settings.early_stopping,
        class_weights=weights_by_place(settings.class_weights, pipeline),
        batch_size=settings.batch_size,
        epochs=total,
        shuffle=settings.shuffle,
        seed=run.settings.seed if run is not None and goes_on else settings.seed,
        precision=settings.precision,
        initial_weights=kept or None,
    )
    start = Start(
        run=next_id(project),
        plan=plan,
        network=project.network,
        pipeline=pipeline,
        split=split,
        settings=settings,
        design_with=project.replace(runs=(), current="").design_with,
        data_name=table.name,
        data_digest=table.digest,
        test=(deal_out(project.network, tested), truth),
        parent=run.id if kept and run is not None else "",
        note=note,
    )
    if run is None or not goes_on:
        return start
    state = run.state if run.status == "paused" else _with_fresh_optimizer(run.state, settings)
    if has_new_schedule:
        state = replace(state, schedule=settings.schedule.fresh_memory(), _digest=[])
    return replace(
        start,
        run=run.id,
        state=state,
        history=run.history,
        journal=run.journal,
        parent=run.parent,
        parent_step=run.parent_step,
        note=run.note,
        seconds=run.seconds,
    )


def rows_of_plan(network: Network, table: Table, pipeline: Pipeline, split: Split) -> dict[str, Any]:
    """Return what a plan says of rows: those that are trained on, and how it is looked at the others."""
    rows = encoded_rows(table, pipeline, split)
    (inputs, targets), (others, truth) = rows.train, rows.validation
    return {
        "inputs": deal_out(network, inputs),
        "targets": targets,
        "validation": (deal_out(network, others), truth) if split.validation else None,
        "lines": table.file_rows(split.train),
        "measure": partial(_measured, pipeline),
    }


def commit(project: Project, start: Start, training: Training, status: Status, seconds: float = 0.0) -> Project:
    """Return the project with what was learned, as its current run.

    Parameters
    ----------
    project : Project
        The project of this moment, which may have changed since the start.
    start : Start
    training : Training
        Standing still.
    status : str
        How the run ended: ``"paused"``, ``"stopped"`` or ``"finished"``.
    seconds : float
        Time spent training since the start.
    """
    metrics, baseline = measure_training(start, training)
    network = training.program.network
    stands = training.state()
    known = next((run for run in project.runs if run.id == start.run), None)
    settings = start.settings.model_copy(
        update={
            "optimizer": training.optimizer,
            "batch_size": stands.settings["batch_size"],
            "class_weights": weights_by_name(stands.settings.get("class_weights", {}), start.pipeline.class_names),
            "seed": start.plan.seed,  # from which it was drawn, whatever the panel says by now
        }
    )
    run = Run(
        id=start.run,
        network=network,
        pipeline=start.pipeline,
        split=start.split,
        settings=settings,
        design=start.design_with(network),
        data_name=start.data_name,
        data_digest=start.data_digest,
        state=stands.settled(),
        history=training.history.truncated(training.step),
        journal=training.journal,
        status=status,
        name=known.name if known is not None else "",
        pinned=known is not None and known.pinned,
        parent=start.parent,
        parent_step=start.parent_step,
        note=start.note,
        seconds=start.seconds + seconds,
        schedule_from=start.plan.schedule_from,
        metrics=metrics,
        baseline=baseline,
        measured_on="test" if start.split.test else "training",
    )
    return keep_run(project, run)


def measure_training(start: Start, training: Training) -> tuple[dict[str, float], dict[str, float]]:
    """Return metrics and baseline on the test rows, or on the training rows where there is no test."""
    x, t = start.test
    pipeline = start.pipeline
    truth = pipeline.in_units(t)
    program = Program(training.program.network, training.program.precision, start.plan.seed)
    program.load(training.answer_weights, training.program.memory)
    metrics = measure(pipeline.task, pipeline.in_units(program.predict(x)), truth)
    return metrics, measure_baseline(pipeline.task, pipeline.in_units(start.plan.targets), truth)


def _measured(pipeline: Pipeline, answers: Array, targets: Array) -> dict[str, float]:
    """Return how good answers are in the units of the file, as far as that is quick to say."""
    return measure_quickly(pipeline.task, pipeline.in_units(answers), pipeline.in_units(targets))


def _with_fresh_optimizer(state: State, settings: Settings) -> State:
    optimizer = settings.optimizer
    return replace(
        state,
        updates=0,
        optimizer={},  # begun anew by the training
        settings={
            **state.settings,
            "optimizer": optimizer.model_dump(mode="json"),
            "batch_size": settings.batch_size,
        },
        _digest=[],
    )


def _kept_weights(project: Project, run: Run) -> tuple[Mapping[str, Array], str]:
    """Return the run's weights that still fit, and what was kept, in words."""
    shapes = {**project.network.weight_shapes(), **project.network.memory_shapes()}
    known = {**run.weights, **run.memory}
    kept = {name: values for name, values in known.items() if shapes.get(name) == values.shape}
    if not kept:
        return {}, "All weights were drawn anew."
    if len(kept) == len(shapes):
        return kept, "All weights were kept."
    drawn = sorted({name.partition("/")[0] for name in shapes if name not in kept})
    names = ", ".join(f"'{project.network.node(id).name}'" for id in drawn)
    return kept, f"Weights of {names} were drawn anew, the others kept."
