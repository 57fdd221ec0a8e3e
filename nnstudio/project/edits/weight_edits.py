"""Weights that are set by hand, to see what they are for. Each is one edit of the run that stands still."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from nnstudio.engine import Change, State, weight_views
from nnstudio.engine.optimizer import ANSWER
from nnstudio.errors import NetworkError
from nnstudio.i18n import Phrase
from nnstudio.project.edits.edit import Edit
from nnstudio.project.edits.runs import goes_on_as
from nnstudio.project.edits.surgery_edits import trained_on_drawing
from nnstudio.project.project import Project
from nnstudio.project.run import Run


def set_weight(name: str, index: tuple[int, ...], value: float) -> Edit:
    """Give one weight of the trained network another value; training goes on from there.

    Parameters
    ----------
    name : str
        ``node/weight``.
    index : tuple of int
        Where it stands in the weight.
    value : float

    Raises
    ------
    NetworkError
        When it is applied and there is no trained network, no such weight, or the value is no number.
    """
    node, _, weight = name.rpartition("/")
    told = f"{weight} {', '.join(str(place + 1) for place in index)} = {value:g}"

    def apply(project: Project) -> Project:
        run = trained_on_drawing(project)
        if not np.isfinite(value):
            raise NetworkError(f"A weight cannot be {value}. Choose a number.")
        state = _changed(run, name, index, value)
        change = Change(run.state.step, "weight", f"{run.network.node(node).name}: {told}")
        return goes_on_as(project, run, state=state, journal=(*run.journal, change))

    return Edit(Phrase("Set a weight of '{layer}': {weight}", layer=node, weight=told), apply)


def _changed(run: Run, name: str, index: tuple[int, ...], value: float) -> State:
    """Return the state with another weight, also in the mean with which some optimizers answer."""
    state, flat = run.state, run.state.weights.copy()
    slots = dict(state.optimizer)
    if ANSWER in slots:
        slots[ANSWER] = slots[ANSWER].copy()
    for values in (flat, slots.get(ANSWER)):
        if values is None:
            continue
        views = weight_views(run.network, values, writeable=True)
        if name not in views or len(index) != views[name].ndim:
            raise NetworkError(f"There is no weight {name} with {len(index)} places.")
        views[name][index] = value
    for values in (flat, *slots.values()):
        values.flags.writeable = False
    return replace(state, weights=flat, optimizer=slots, _digest=[])
