"""The rows of a training, in the order of each epoch, brought batch by batch into a sweep without allocating."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnstudio.engine import rng
from nnstudio.engine.layer import Array
from nnstudio.engine.plan import TrainingPlan
from nnstudio.engine.program import Program, shares
from nnstudio.engine.sweep import Sweep
from nnstudio.errors import NetworkError

_BETWEEN = 0.5
"""A single target above this means yes, whether no is written 0 or -1."""

GATHER_BYTES = 32 * 2**20
"""Rows are gathered in the order of an epoch at once where they fit into this, else batch by batch."""

_WIDE = 512
"""Rows of so many bytes are as quick to read from anywhere: gathering them first would only copy them twice."""


class Batches:
    """Inputs, targets and weights of all rows, and their order.

    Parameters
    ----------
    plan : TrainingPlan
    program : Program
        Whose precision the rows are cast to, once.

    Attributes
    ----------
    rows : int
        How many rows there are.
    class_weights : dict of int to float
        How much each class counts; empty where all count the same.
    shuffled : bool
        Whether the rows of this epoch are in an order of their own; those of a full batch stay as they are.

    Raises
    ------
    NetworkError
        When the rows do not fit the network, or are not finite.
    """

    def __init__(self, plan: TrainingPlan, program: Program) -> None:
        self._seed = plan.seed
        self._may_shuffle = plan.shuffle
        dtype = program.dtype
        with np.errstate(over="ignore"):  # what is too large for the precision is told below
            self._x = {id: np.ascontiguousarray(rows, dtype) for id, rows in program.as_inputs(plan.inputs).items()}
            self._t = np.ascontiguousarray(program.as_targets(plan.targets), dtype)
        self.rows = len(self._t)
        self._check(program, plan.lines)
        self._row_weights = _checked(plan.row_weights, self.rows, program)
        self._weights: Array | None = None
        self._in_file_order = np.arange(self.rows)
        self._order = self._in_file_order.copy()
        self._shuffler = rng.stream(plan.seed, "order")
        self.shuffled = False
        self._gathers = sum(rows.nbytes for rows in self._x.values()) + self._t.nbytes <= GATHER_BYTES
        self._epoch_weights: Array | None = None
        self._epoch_x: dict[str, Array] = {}
        self._epoch_t = self._t.copy() if plan.shuffle and self._gathers else self._t
        self._is_gathered: set[str] = set()
        self.weigh_classes(plan.class_weights or {})

    def weigh_classes(self, class_weights: Mapping[Any, float]) -> None:
        """Let each class count so much from now on, also in the middle of an epoch.

        Parameters
        ----------
        class_weights : mapping of int to float
            By the class's column in one-hot targets, or 0 and 1 for a single output; those that are left out count 1.

        Raises
        ------
        ValueError
            When a weight is negative or not finite.
        """
        weights = {int(index): float(weight) for index, weight in class_weights.items()}
        if not all(math.isfinite(weight) and weight >= 0 for weight in weights.values()):
            raise ValueError("The weight of a class is a finite number, zero or more.")
        self.class_weights = weights
        self._weights = self._row_weights
        if weights:
            self._weights = np.ones((self.rows, 1), self._t.dtype) if self._weights is None else self._weights.copy()
            classes = self._t.argmax(axis=1) if self._t.shape[1] > 1 else (self._t[:, 0] > _BETWEEN).astype(int)
            for index, weight in weights.items():
                self._weights[classes == index] *= weight
        gathered = self._weights is not None and self._gathers and self._may_shuffle
        self._epoch_weights = self._weights[self._order] if gathered and self._weights is not None else self._weights

    def begin(self, epoch: int, *, full_batch: bool) -> None:
        """Bring the rows into the order of an epoch, which depends on the seed and the epoch only."""
        self.arrange(epoch, shuffled=self._may_shuffle and not full_batch)

    def arrange(self, epoch: int, *, shuffled: bool) -> None:
        """Bring the rows into the order of an epoch, shuffled or as in the file."""
        if not shuffled and not self.shuffled:
            return
        self.shuffled = shuffled
        self._order[:] = self._in_file_order
        if shuffled:
            rng.restart(self._shuffler, self._seed, "order", epoch)
            self._shuffler.shuffle(self._order)
        self._is_gathered.clear()
        if self._gathers:
            np.take(self._t, self._order, axis=0, out=self._epoch_t, mode="clip")
            if self._weights is not None and self._epoch_weights is not None:
                np.take(self._weights, self._order, axis=0, out=self._epoch_weights, mode="clip")

    def fill(self, sweep: Sweep, start: int, stop: int) -> float:
        """Bring the rows of a batch into a sweep, and return how much they weigh together."""
        for id, rows in self._x.items():
            self._fill_input(sweep, id, rows, start, stop)
        if self._gathers or not self.shuffled:
            np.copyto(sweep.targets, self._epoch_t[start:stop])
        else:
            np.take(self._t, self._order[start:stop], axis=0, out=sweep.targets, mode="clip")
        weights = self._weights_between(start, stop)
        if weights is None:
            sweep.share.fill(1 / (stop - start))
            return stop - start
        total = float(np.add.reduce(weights, axis=None))
        if total > 0:
            np.multiply(weights, 1 / total, out=sweep.share)
        else:
            sweep.share.fill(0)
        return total

    def _fill_input(self, sweep: Sweep, id: str, rows: Array, start: int, stop: int) -> None:
        """Bring the rows of a batch into one input, the shortest way."""
        given = sweep.inputs[id]
        if not self.shuffled:
            np.copyto(given, rows[start:stop])
        elif self._gathers and rows[0].nbytes < _WIDE:
            np.copyto(given, self._gathered(id, rows)[start:stop])
        else:
            # `take` writes to what lies row by row, without gaps.
            landing = given if given.flags.c_contiguous else sweep.landing(id)
            np.take(rows, self._order[start:stop], axis=0, out=landing, mode="clip")
            if landing is not given:
                np.copyto(given, landing)

    def _gathered(self, id: str, rows: Array) -> Array:
        """Return rows in the order of the epoch, gathered when they are first asked for in it."""
        if id not in self._epoch_x:
            self._epoch_x[id] = rows.copy()
        if id not in self._is_gathered:
            np.take(rows, self._order, axis=0, out=self._epoch_x[id], mode="clip")
            self._is_gathered.add(id)
        return self._epoch_x[id]

    def places(self, start: int, stop: int) -> NDArray[np.int64]:
        """Return where rows of the epoch's order stand among those of the plan."""
        return self._order[start:stop] if self.shuffled else self._in_file_order[start:stop]

    def weight(self, start: int, stop: int) -> float:
        """Return how much the rows of a batch weigh together."""
        weights = self._weights_between(start, stop)
        return stop - start if weights is None else float(weights.sum())

    def _weights_between(self, start: int, stop: int) -> Array | None:
        if self._weights is None or self._epoch_weights is None:
            return None
        if self._gathers or not self.shuffled:
            return self._epoch_weights[start:stop]
        return self._weights[self._order[start:stop]]

    def _check(self, program: Program, lines: NDArray[np.int64] | None) -> None:
        if not self.rows:
            raise NetworkError("There are no rows to train on. Give the split more training rows.")
        for id, rows in self._x.items():
            node = program.network.node(id)
            if len(rows) != self.rows:
                raise NetworkError(f"{node} got {len(rows)} rows, but there are {self.rows} targets.")
            if not np.isfinite(rows).all():
                raise NetworkError(f"{node} got values that are not finite numbers{_where(rows, lines)}.")
        if not np.isfinite(self._t).all():
            raise NetworkError(f"The targets hold values that are not finite numbers{_where(self._t, lines)}.")


def _where(values: Array, lines: NDArray[np.int64] | None) -> str:
    """Return the line of the first row that is not finite in this precision, and what to do, in words."""
    if lines is None:
        return ""
    row = int(np.argmin(np.isfinite(values).reshape(len(values), -1).all(axis=1)))
    line = f"line {int(lines[row]):,} of the data"
    return f": {line} is the first. Correct it, standardise its column, or compute in float64"


def _checked(weights: ArrayLike | None, count: int, program: Program) -> Array | None:
    """Return the rows' own weights, of shape (rows, 1), or None where all weigh the same."""
    if weights is None:
        return None
    shares(weights, count, program.dtype)  # checks them
    return np.asarray(weights, program.dtype).reshape(count, 1)
