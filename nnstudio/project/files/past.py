"""The past of runs in a project file: some of the states that were kept, between which steps are trained again.

A file needs none of it. Each run may have ``past.json``, the plans that it followed and which of them each state is of,
and ``past.npz``, the states as plain arrays. First weights that were drawn are drawn again, and cost no room.
"""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nnstudio.engine import Array, Layer, Network, Program, Rung, State, Training, TrainingPlan, steered
from nnstudio.errors import ProjectFileError, StudioError
from nnstudio.project.evaluation import has_data_of
from nnstudio.project.files.archive import DAMAGES, Archive
from nnstudio.project.project import Project
from nnstudio.project.run import Run
from nnstudio.project.start import rows_of_plan

PAST_BYTES = 8 * 2**20
"""What the states of all runs may take in a file, before it is packed."""

_OF_A_PLAN = {
    *("network", "optimizer", "schedule", "clipping", "early_stopping", "class_weights"),
    *("batch_size", "epochs", "shuffle", "seed", "precision", "schedule_from"),
}
"""What is saved of a plan; its rows are those of the run."""


@dataclass(frozen=True, eq=False)
class Past:
    """What is known of a run's past when it is opened.

    Attributes
    ----------
    rungs : tuple of Rung
        By rising steps; the last is where the run stands.
    is_certain : bool
        Whether they were kept. The first weights of a run of which nothing was kept are drawn again with the settings
        that it has now: only training again to its end tells whether it went so.
    """

    rungs: tuple[Rung, ...]
    is_certain: bool = True


def may_be_drawn(rung: Rung) -> bool:
    """Return whether a state is likely to be that of first weights, which can be drawn again from the seed."""
    return rung.step == 0 and rung.plan.initial_weights is None


def past_members(run: Run, rungs: Sequence[Rung]) -> dict[str, bytes]:
    """Return the members of a project file that hold the past of a run.

    Parameters
    ----------
    run : Run
    rungs : sequence of Rung
        Earlier states of the run, by rising steps.
    """
    plans: list[TrainingPlan] = []
    told: list[dict[str, Any]] = []
    arrays: dict[str, Array] = {}
    for rung in rungs:
        if not any(rung.plan is plan for plan in plans):
            plans.append(rung.plan)
        place = next(at for at, plan in enumerate(plans) if plan is rung.plan)
        told.append({"plan": place, "changes": rung.changes, "is_anchor": rung.is_anchor})
        if may_be_drawn(rung) and Training(rung.plan).state() == rung.state:
            told[-1]["drawn"] = rung.state.digest()
        else:
            arrays |= {f"{len(told) - 1}/{name}": values for name, values in rung.state.to_arrays().items()}
    index = {"plans": [plan.model_dump(mode="json", include=_OF_A_PLAN) for plan in plans], "states": told}
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    folder = f"runs/{run.id}/"
    return {f"{folder}past.json": json.dumps(index, indent=1).encode(), f"{folder}past.npz": buffer.getvalue()}


def open_past(path: Path, project: Project) -> dict[str, Past]:
    """Return what a project file tells of the past of its runs, by their ids.

    Runs whose data are not those of the project are left out, and those that have no past in the file and changed their
    settings on the way or began with weights of another run.

    Parameters
    ----------
    path : Path
    project : Project
        As it was read from the file.

    Raises
    ------
    ProjectFileError
        When what the file holds of the past is damaged; the project itself may be whole.
    """
    archive = Archive(path, path.name)
    try:
        names = set(archive.names())
        known = [run for run in project.runs if has_data_of(project, run)]
        kept = {run.id: Past(_read(archive, project, run)) for run in known if f"runs/{run.id}/past.json" in names}
        return kept | {run.id: Past(_begun(project, run), False) for run in known if _may_be_begun(run, kept)}
    except (*DAMAGES, StudioError) as error:
        raise ProjectFileError(
            f"What {path.name} holds of earlier steps is damaged ({error}); only the ends of its runs can be seen."
        ) from error
    finally:
        archive.close()


def _read(archive: Archive, project: Project, run: Run) -> tuple[Rung, ...]:
    folder = f"runs/{run.id}/"
    index = json.loads(archive.read(f"{folder}past.json"))
    groups: dict[str, dict[str, Array]] = {}
    for name, values in archive.npz(f"{folder}past.npz").items():
        place, _, part = name.partition("/")
        groups.setdefault(place, {})[part] = values
    plans = [_plan(project, run, dict(plan)) for plan in index["plans"]]
    programs = [Program(plan.network, plan.precision, plan.seed) for plan in plans]
    rungs: list[Rung] = []
    for at, told in enumerate(index["states"]):
        plan, program = plans[int(told["plan"])], programs[int(told["plan"])]
        if "drawn" in told:
            state = Training(plan).state()
            if state.digest() != told["drawn"]:
                continue  # here other weights are drawn from the same seed
        else:
            state = State.from_arrays(groups[str(at)])
            _check(state, program, run)
        rung = Rung(state, int(told["changes"]), plan, bool(told["is_anchor"]))
        if rung.changes < 0 or state.step > run.state.step or rung.place >= (run.state.step, len(run.journal)):
            raise ValueError(f"a state of {run.id} lies beyond its end")
        if rungs and rung.place < rungs[-1].place:
            raise ValueError(f"the states of {run.id} are in no order")
        rungs.append(rung)
    return (*rungs, _end(run, _plan(project, run, {"network": run.network})))


def _may_be_begun(run: Run, kept: Collection[str]) -> bool:
    """Return whether a run of which nothing was kept may have begun with weights that can be drawn again."""
    costs = run.history.read("cost").step
    return run.id not in kept and not run.journal and not run.parent and len(costs) > 0 and costs[0] == 1


def _begun(project: Project, run: Run) -> tuple[Rung, ...]:
    plan = _plan(project, run, {"network": run.network, "epochs": None})
    return Rung(Training(plan).state(), 0, plan, is_anchor=True), _end(run, plan)


def _end(run: Run, plan: TrainingPlan) -> Rung:
    return Rung(run.state, len(run.journal), plan, is_anchor=True)


def _plan(project: Project, run: Run, saved: Mapping[str, Any]) -> TrainingPlan:
    """Return a plan of a run, with what is not saved of it taken from the run."""
    assert project.table is not None
    own = {**run.settings.model_dump(include=_OF_A_PLAN - {"class_weights"}), "schedule_from": run.schedule_from}
    values = {**own, **{name: saved[name] for name in _OF_A_PLAN if name in saved}}
    plan = TrainingPlan.model_validate({**values, **rows_of_plan(run.network, project.table, run.pipeline, run.split)})
    if steered(plan.network, run.network) is None and not _may_become(plan.network, run):
        raise ValueError(f"a plan of {run.id} has another network")
    return plan


def _may_become(network: Network, run: Run) -> bool:
    """Return whether operations may have made a run's network of another, which has the same ends."""
    operated = any(change.is_operation for change in run.journal)
    return operated and _ends(network) == _ends(run.network)


def _ends(network: Network) -> dict[str, Layer]:
    """Return the layers at which a network begins and ends by their ids; what they are called does not matter."""
    return {id: network.node(id).layer for id in (*network.input_ids, *network.output_ids)}


def _check(state: State, program: Program, run: Run) -> None:
    """Refuse a state that cannot be one of a network."""
    weights = program.flat
    if (
        state.weights.shape != weights.shape
        or state.weights.dtype != weights.dtype
        or state.memory.shape != program.memory.shape
        or state.answer.shape != weights.shape
        or set(state.streams) != set(program.streams)
        or any(values.dtype.kind not in "fiu" for values in (state.memory, *state.optimizer.values()))
        or not np.isfinite(state.weights).all()
    ):
        raise ValueError(f"a state of {run.id} does not fit its network")
