"""The runs of a project: which are kept, which is shown, and how one goes on from the past of another."""

from __future__ import annotations

from itertools import chain

from nnstudio.engine import Optimizer, Rung, measure
from nnstudio.i18n import Phrase
from nnstudio.project.earlier_drawing import with_network
from nnstudio.project.edits.class_weights import weights_by_name
from nnstudio.project.edits.edit import Edit
from nnstudio.project.evaluation import has_data_of
from nnstudio.project.project import Project
from nnstudio.project.run import Run

MOST_RUNS = 20
"""So many runs are kept besides those that are pinned; the oldest goes first."""


def next_id(project: Project) -> str:
    """Return an id that no run of the project has."""
    ids = chain((run.id for run in project.runs), project.unread_runs)
    numbers = [int(number) for id in ids if (number := id.rpartition("_")[2]).isdigit()]
    return f"run_{max(numbers, default=0) + 1}"


def keep_run(project: Project, run: Run) -> Project:
    """Return the project with a run as the current one, in place of what was known of it; the oldest may go."""
    known = any(other.id == run.id for other in project.runs)
    runs = tuple(run if other.id == run.id else other for other in project.runs) if known else (*project.runs, run)
    return project.replace(runs=_within_budget(runs, run.id), current=run.id)


def choose_run(id: str) -> Edit:
    """Show another run, with the network that was trained where only the drawing has changed since."""

    def apply(project: Project) -> Project:
        shown = project.replace(current=id)
        run = shown.run
        if run is None:
            return project.replace(current="")
        return with_network(shown, run.network) if run.design != shown.design and shown.has_data_of_run else shown

    return Edit("Show another run", apply)


def rename_run(id: str, name: str) -> Edit:
    """Call a run by another name."""
    name = name.strip()[:200]
    return Edit(
        Phrase("Name a run “{name}”", name=name), lambda project: _changed(project, id, name=name), f"name of {id}"
    )


def pin_run(id: str, pinned: bool) -> Edit:
    """Keep a run however many follow, or no longer."""
    return Edit("Pin a run" if pinned else "Unpin a run", lambda project: _changed(project, id, pinned=pinned))


def delete_run(id: str) -> Edit:
    """Forget a run; where it is shown, the first weights are shown instead."""

    def apply(project: Project) -> Project:
        current = "" if project.current == id else project.current
        return project.replace(runs=tuple(run for run in project.runs if run.id != id), current=current)

    return Edit("Delete a run", apply)


def fork_run(parent: Run, id: str, moment: Rung) -> Edit:
    """Go on from a moment of a run as a run of its own; the parent stays as it is.

    The drawing, and how it is trained, become those of that moment too.

    Parameters
    ----------
    parent : Run
    id : str
        The new run's id.
    moment : Rung
        A moment of the parent.
    """
    plan, network, state = moment.plan, moment.network, moment.state.settled()

    def apply(project: Project) -> Project:
        then = {
            "optimizer": Optimizer.model_validate(state.settings["optimizer"]),
            "batch_size": state.settings["batch_size"],
            "class_weights": weights_by_name(state.settings.get("class_weights", {}), parent.pipeline.class_names),
            **{name: getattr(plan, name) for name in ("schedule", "clipping", "early_stopping", "shuffle")},
        }
        # The drawing becomes that of the moment too, unless the data have changed since.
        same = project.current == parent.id and project.has_data_of_run
        child = parent.model_copy(
            update={
                "id": id,
                "name": "",
                "pinned": False,
                "network": network,
                "settings": parent.settings.model_copy(update=then),
                "state": state,
                "history": parent.history.truncated(state.step),
                "journal": parent.journal[: moment.changes],
                "schedule_from": plan.schedule_from,
                "status": "paused",
                "parent": parent.id,
                "parent_step": state.step,
                "note": f"Goes on from step {state.step:,} of {parent.title}.",
                "seconds": 0.0,
            }
        )
        if same:
            child = child.model_copy(update={"design": project.design_with(network)})
        settings = project.settings.model_copy(update=then)
        child = child.model_copy(update={"metrics": _measured(project, child)})
        if same:
            settings = settings.model_copy(update={"precision": parent.settings.precision})
            project = with_network(project, network)
        return keep_run(project.replace(settings=settings), child)

    return Edit(Phrase("Continue from step {step:,} of {run}", step=state.step, run=parent.title), apply)


def goes_on_as(project: Project, run: Run, **changes: object) -> Project:
    """Return the project in which a run has other weights, layers or the like, and is measured anew."""
    changed = run.model_copy(update=changes)
    changed = changed.model_copy(update={"metrics": _measured(project, changed)})
    return project.replace(runs=tuple(changed if other is run else other for other in project.runs))


def _measured(project: Project, run: Run) -> dict[str, float]:
    """Return how good a run is on the rows on which it was measured before; nothing where these are no longer there."""
    if project.table is None or not has_data_of(project, run):
        return {}
    rows, pipeline = project.table.take(list(run.split.test or run.split.train)), run.pipeline
    said = pipeline.in_units(run.answer(pipeline.encode_inputs(rows).values))
    return measure(pipeline.task, said, pipeline.in_units(pipeline.encode_targets(rows)))


def _within_budget(runs: tuple[Run, ...], current: str) -> tuple[Run, ...]:
    free = [run.id for run in runs if not run.pinned]
    gone = {id for id in free[: max(0, len(free) - MOST_RUNS)] if id != current}
    return tuple(run for run in runs if run.id not in gone)


def _changed(project: Project, id: str, **values: object) -> Project:
    return project.replace(runs=tuple(run.model_copy(update=values) if run.id == id else run for run in project.runs))
