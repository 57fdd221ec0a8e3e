"""Where numbers ran away first: the layer, and the row that it was looking at. Asked only after it has happened."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine.layer import Array
from nnstudio.engine.network import Network
from nnstudio.engine.plan import TrainingPlan
from nnstudio.engine.program import GRADIENT_CHUNK, Program
from nnstudio.engine.state import State

PATIENCE_SECONDS = 0.5
"""Steps are done again for no longer than this; then the row stays unknown."""


@dataclass(frozen=True)
class Origin:
    """What was the first to be no finite number.

    Attributes
    ----------
    node : str
        The id of the layer, or of the output where the cost alone is not finite.
    row : int or None
        The place of the row among those that are trained on; None where no row by itself is the cause.
    """

    node: str
    row: int | None


class Steps(Protocol):
    """What is asked of a training."""

    plan: TrainingPlan
    program: Program
    step: int

    @property
    def rows_of_step(self) -> NDArray[np.int64]:
        """The places of the rows that the last step looked at."""

    def advance(self, steps: int) -> NDArray[np.float64]:
        """Do the next steps."""

    def restore(self, state: State) -> None:
        """Return to a state."""


def find_origin(failed: Steps, good: State, begin: Callable[[], Steps]) -> Origin | None:
    """Return where the numbers ran away, or None where that cannot be told.

    Where the weights were sound at the step that failed, its own forward pass shows it. Else an earlier update has
    spoilt them: the steps since the last good state are done again up to that update, and its rows are looked at one by
    one.

    Parameters
    ----------
    failed : Steps
        A training whose last step gave no finite cost, as that step left it.
    good : State
        The last that was sound.
    begin : callable
        Returns another training of the same plan.
    """
    with np.errstate(all="ignore"):
        if np.isfinite(failed.program.flat).all():
            return _in_answers(failed)
        again = begin()
        again.restore(good)
        return _in_an_update(again, failed.step) or Origin(_first_weight(failed.program), None)


def how_it_ran_away(step: int, cost: float, good: int) -> str:
    """Return what happened at a step, in words with a ``{where}`` among them, and to which step the weights go back."""
    return (
        f"The numbers ran away at step {step:,}{{where}}: the cost became {cost}. "
        f"The weights of step {good:,} were put back."
    )


def where_it_was(origin: Origin | None, network: Network, line: int | None) -> str:
    """Return the place in words that follow those of what happened, or nothing.

    Parameters
    ----------
    origin : Origin or None
    network : Network
        Of the training.
    line : int or None
        Of the file, where the row came from one.
    """
    if origin is None:
        return ""
    layer = f", first in {network.node(origin.node)}"
    return layer if line is None else f"{layer} at line {line:,} of the data"


def _in_answers(failed: Steps) -> Origin | None:
    """Return the first layer of the flow with an answer that is not finite, and the first such row of the batch."""
    program, rows = failed.program, failed.rows_of_step
    for start in range(0, len(rows), GRADIENT_CHUNK):
        chunk = rows[start : start + GRADIENT_CHUNK]
        sweep = program.sweep(len(chunk), "train")
        if len(rows) > GRADIENT_CHUNK:  # else it still shows what it said at that step
            _fill(failed, chunk)
            sweep.forward()
        found = sweep.first_not_finite()
        if found:
            sound = np.isfinite(sweep.outputs[found]).reshape(len(chunk), -1).all(axis=1)
            return Origin(found, int(chunk[np.argmin(sound)]))
    for row in rows:
        _fill(failed, np.array([row]))
        alone = program.sweep(1, "train")
        alone.forward()
        if not np.isfinite(alone.cost()):
            return Origin(program.network.output_ids[0], int(row))
    return None


def _in_an_update(again: Steps, last: int) -> Origin | None:
    """Do steps again until one spoils the weights, and return which it spoilt first and by which of its rows."""
    patience = time.monotonic() + PATIENCE_SECONDS
    while again.step < last and time.monotonic() < patience:
        before = again.program.flat.copy()
        again.advance(1)
        if not np.isfinite(again.program.flat).all():
            spoilt = _first_weight(again.program)
            np.copyto(again.program.flat, before)
            return Origin(spoilt, _row_of_slope(again, spoilt))
    return None


def _row_of_slope(again: Steps, node: str) -> int | None:
    """Return the first row of the last step by which alone a layer's slope is not finite."""
    program = again.program
    slopes = [values for name, values in program.gradients.items() if name.partition("/")[0] == node]
    for row in again.rows_of_step:
        _fill(again, np.array([row]))
        alone = program.sweep(1, "train")
        alone.forward()
        alone.cost()
        alone.backward()
        if not all(np.isfinite(values).all() for values in slopes):
            return int(row)
    return None


def _first_weight(program: Program) -> str:
    """Return the first layer of the flow with a weight that is not finite."""
    spoilt = {name.partition("/")[0] for name, values in program.weights.items() if not np.isfinite(values).all()}
    return next(id for id in program.network.order if id in spoilt)


def _fill(training: Steps, rows: Array) -> None:
    """Bring rows of the plan into the sweep that trains so many."""
    program, plan = training.program, training.plan
    sweep = program.sweep(len(rows), "train")
    for id, values in program.as_inputs(plan.inputs).items():
        sweep.inputs[id][...] = values[rows]
    sweep.targets[...] = program.as_targets(plan.targets)[rows]
    sweep.share.fill(1 / len(rows))
