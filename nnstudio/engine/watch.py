"""What is looked at when an epoch ends: validation rows, the schedule of the learning rate, early stopping."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nnstudio.engine.layer import Array
from nnstudio.engine.plan import TrainingPlan
from nnstudio.engine.program import Program

VALIDATION_ROWS = 2_000
"""Between two looks at the validation rows lie at least this many training rows."""


class Watch:
    """Looks at costs, and remembers what schedule and early stopping need.

    Parameters
    ----------
    plan : TrainingPlan
    program : Program
    rows : int
        Training rows.

    Attributes
    ----------
    metrics : mapping of str to float
        Of the validation rows, when they were last looked at.
    """

    def __init__(self, plan: TrainingPlan, program: Program, rows: int) -> None:
        self._plan, self._program = plan, program
        self._every = max(1, -(-VALIDATION_ROWS // rows))
        self._validation = self._prepare_validation()
        self.schedule = plan.schedule.fresh_memory()
        self.stopping = self._fresh_stopping()
        self.metrics: Mapping[str, float] = {}

    def rate_factor(self, epoch: float) -> float:
        """Return what the learning rate is multiplied with after so many epochs."""
        return self._plan.schedule.factor(epoch, self.schedule)

    @property
    def stops_early(self) -> bool:
        """Whether early stopping has lost its patience."""
        stopping = self._plan.early_stopping
        return stopping is not None and stopping.is_over(self.stopping)

    def end_epoch(self, epoch: int, mean: float, answer_weights: Array, *, is_last: bool) -> float | None:
        """Look at the cost after an epoch; return that of the validation rows where it was their turn.

        Parameters
        ----------
        epoch : int
            How many are done.
        mean : float
            The epoch's own cost.
        answer_weights : Array of shape (weights,)
            The weights that predictions use.
        is_last : bool
            Whether no epoch follows.
        """
        seen, validation = mean, None
        if self._validation is not None:
            if epoch % self._every and not is_last:
                return None
            seen = validation = self._validate(answer_weights)
        self._plan.schedule.observe(seen, self.schedule)
        stopping, program = self._plan.early_stopping, self._program
        ends = stopping is not None and stopping.observe(seen, self.stopping, program.flat, program.memory)
        if ends and "weights" in self.stopping:
            program.load(self.stopping["weights"], self.stopping["memory"])
        return validation

    def restore(self, schedule: Array, stopping: Mapping[str, Array]) -> None:
        """Return to what was remembered once; what does not belong to this plan is begun anew."""
        self.schedule = self._plan.schedule.fresh_memory()
        if schedule.shape == self.schedule.shape:
            np.copyto(self.schedule, schedule)
        self.stopping = self._fresh_stopping()
        if set(self.stopping) == set(stopping):
            for name, values in self.stopping.items():
                np.copyto(values, stopping[name])

    def _validate(self, answer_weights: Array) -> float:
        program = self._program
        if answer_weights is program.flat:
            return self._look()
        moving = program.flat.copy()
        program.load(answer_weights)
        cost = self._look()
        program.load(moving)
        return cost

    def _look(self) -> float:
        assert self._validation is not None
        rows, targets = self._validation
        if self._plan.measure is not None:
            self.metrics = self._plan.measure(self._program.predict(rows), targets)
        return self._program.cost(rows, targets)

    def _fresh_stopping(self) -> dict[str, Array]:
        stopping = self._plan.early_stopping
        return {} if stopping is None else stopping.fresh_memory(self._program.flat, self._program.memory)

    def _prepare_validation(self) -> tuple[dict[str, Array], Array] | None:
        if self._plan.validation is None:
            return None
        x, t = self._plan.validation
        program, dtype = self._program, self._program.dtype
        rows = {id: np.ascontiguousarray(values, dtype) for id, values in program.as_inputs(x).items()}
        targets = np.ascontiguousarray(program.as_targets(t), dtype)
        return (rows, targets) if len(targets) else None
