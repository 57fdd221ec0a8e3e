"""Edits that change the drawing and the run that was trained on it together, so that training goes on.

Each carries over what was learned; see `engine/surgery`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nnstudio.engine import Array, Change, Network
from nnstudio.engine.lanes import unit_count
from nnstudio.engine.surgery import (
    Surgery,
    add_units,
    identity_for,
    insert_identity,
    keeps_optimizer,
    loudness,
    removal_costs,
    remove_units,
    silent_units,
    split_unit,
)
from nnstudio.errors import NetworkError
from nnstudio.i18n import Phrase
from nnstudio.project.edits.edit import Edit
from nnstudio.project.edits.network_edits import insert_between
from nnstudio.project.edits.runs import goes_on_as
from nnstudio.project.inputs import deal_out
from nnstudio.project.project import Project
from nnstudio.project.run import Run

MEASURED_ROWS = 512
"""Training rows on which it is measured what an operation does."""

MOST_TRIED = 64
"""Units of a layer up to which each is tried; more would take too long."""

TRIED_AT_EACH_END = 12
"""Units of a wider layer that are tried of those that say least, and of those that say most."""


@dataclass(frozen=True)
class Importance:
    """What the units of a layer are worth.

    Attributes
    ----------
    cost : float
        Of the measured rows.
    without : mapping of int to float
        What that becomes without each of the units that were tried.
    order : tuple of int
        The units, from 0, the one that matters least first. Of a wide layer only those that say least and most are
        tried; the others stand between them by how much they say.
    """

    cost: float
    without: Mapping[int, float]
    order: tuple[int, ...]

    @property
    def is_whole(self) -> bool:
        """Whether all units were tried."""
        return len(self.without) == len(self.order)


def widen(node: str, count: int) -> Edit:
    """Add units to a layer, which goes on saying the same."""
    return _operate(_units("Add", count), lambda network, _: add_units(network, node, count))


def split(node: str, unit: int) -> Edit:
    """Split a unit in two, which together say what it said."""
    title = Phrase("Split unit {unit}", unit=unit + 1)
    return _operate(title, lambda network, run: split_unit(network, node, unit, run.settings.seed + run.state.step))


def remove(node: str, units: Collection[int]) -> Edit:
    """Remove units from a layer; the others keep what they learned."""
    return _operate(_units("Remove", len(units)), lambda network, _: remove_units(network, node, units))


def resize(project: Project, node: str, count: int, between: Callable[[], None] | None = None) -> Edit | None:
    """Return the edit that gives a trained layer so many units: new ones, or without those that matter least.

    Parameters
    ----------
    project : Project
    node : str
    count : int
    between : callable, optional
        As of `importance`.
    """
    units = unit_count(project.network, node)
    if count == units:
        return None
    if count > units:
        return widen(node, count - units)
    return remove(node, importance(project, node, between).order[: units - count])


def insert_layer(source: str, target: str) -> Edit:
    """Put a layer into a wire that says what it hears, until it learns more."""

    def apply(project: Project) -> Project:
        run = trained_on_drawing(project)
        drawn = insert_between(source, target, identity_for(project.network, (source, target))).apply(project)
        new = [node.id for node in drawn.network.nodes if node.id not in project.network]
        if not new:
            return project
        return _with_run(drawn, run, insert_identity(run.network, drawn.network, new[0]))

    return Edit("Insert a layer, keeping what was learned", apply)


def trained_on_drawing(project: Project) -> Run:
    """Return the current run, where it was trained on the drawing as it is.

    Raises
    ------
    NetworkError
        When there is none.
    """
    run = project.run
    if run is None or not project.goes_on:
        raise NetworkError("Nothing was trained on the drawing as it is, so there is nothing to keep. Train it first.")
    return run


def importance(project: Project, node: str, between: Callable[[], None] | None = None) -> Importance:
    """Return what the units of a layer are worth, tried on training rows; of a wide layer only some are tried.

    Parameters
    ----------
    project : Project
    node : str
    between : callable, optional
        Called before each unit is tried; what it raises ends the work.
    """
    run = trained_on_drawing(project)
    inputs, targets = _rows(project, run)
    program, x = run.program(), deal_out(run.network, inputs)
    by_loudness = np.argsort(loudness(program, node, x), kind="stable").tolist()
    ends = len(by_loudness) if len(by_loudness) <= MOST_TRIED else TRIED_AT_EACH_END
    quiet, middle, loud = by_loudness[:ends], by_loudness[ends:-ends], by_loudness[ends:][-ends:]
    tried = sorted((*quiet, *loud))
    costs = removal_costs(run.network, node, program, x, targets, tried, between)
    without = dict(zip(tried, costs.tolist(), strict=True))

    def least_first(units: Sequence[int]) -> list[int]:
        return sorted(sorted(units), key=lambda unit: without[unit])

    return Importance(program.cost(x, targets), without, (*least_first(quiet), *middle, *least_first(loud)))


def cost_without(project: Project, node: str, unit: int) -> tuple[float, float]:
    """Return the cost of the measured rows as the network is, and without a unit."""
    run = trained_on_drawing(project)
    inputs, targets = _rows(project, run)
    program, x = run.program(), deal_out(run.network, inputs)
    (without,) = removal_costs(run.network, node, program, x, targets, (unit,)).tolist()
    return program.cost(x, targets), without


def dead_units(project: Project, node: str) -> tuple[int, ...]:
    """Return which units of a layer say zero for every measured row."""
    run = trained_on_drawing(project)
    return silent_units(run.program(), node, deal_out(run.network, _rows(project, run)[0]))


def what_was_kept(before: Project, after: Project) -> str:
    """Return in words what an operation kept, with the largest difference of the outputs it made."""
    old, new = before.run, after.run
    if old is None or new is None or not new.journal:
        return ""
    inputs, targets = _rows(before, old)
    difference = float(np.abs(new.answer(inputs) - old.answer(inputs)).max())
    memory = "" if keeps_optimizer(old.state) else " The optimizer begins with fresh memory."
    rows = len(inputs)
    if difference > 1e-5:
        costs = [run.program().cost(deal_out(run.network, inputs), targets) for run in (old, new)]
        price = f"Cost {costs[0]:.3g} → {costs[1]:.3g} on {rows:,} training rows"
        said = f"{price}; outputs differ by {difference:.2g} at most."
    else:
        said = f"Outputs stay the same ({difference:.2g} at most on {rows:,} rows)."
    return f"{new.journal[-1].value}. {said}{memory}"


def _operate(title: str, operation: Callable[[Network, Run], Surgery]) -> Edit:
    def apply(project: Project) -> Project:
        run = trained_on_drawing(project)
        surgery = operation(project.network, run)
        return _with_run(project.replace(network=surgery.after), run, surgery)

    return Edit(title, apply)


def _with_run(drawn: Project, run: Run, surgery: Surgery) -> Project:
    """Return the changed drawing with the run that goes on with it."""
    return goes_on_as(
        drawn,
        run,
        network=drawn.network,
        design=drawn.design,
        state=surgery.carry(run.state, run.settings.precision, run.settings.seed),
        journal=(*run.journal, Change(run.state.step, "surgery", surgery.text)),
    )


def _rows(project: Project, run: Run) -> tuple[Array, Array]:
    assert project.table is not None
    rows = project.table.take(run.split.train[:MEASURED_ROWS])
    return run.pipeline.encode_inputs(rows).values, run.pipeline.encode_targets(rows)


def _units(verb: str, count: int) -> Phrase:
    return Phrase(verb + (" 1 unit" if count == 1 else " {count:,} units"), count=count)
