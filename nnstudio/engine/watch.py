"""What is looked at when an epoch ends: validation rows, the schedule of the learning rate, early stopping."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from nnstudio.engine.batch_cost import LONG_STEP, size_of_row
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
    takes_long : bool
        Whether looking at the validation rows takes so long that somebody may want to give it up.
    metrics : mapping of str to float
        Of the validation rows, when they were last looked at.
    """

    def __init__(self, plan: TrainingPlan, program: Program, rows: int) -> None:
        self._plan, self._program = plan, program
        self._every = max(1, -(-VALIDATION_ROWS // rows))
        self._validation = self._prepare_validation()
        looked_at = 0 if self._validation is None else len(self._validation[1])
        self.takes_long = looked_at * size_of_row(program.network) > LONG_STEP
        self.schedule = plan.schedule.fresh_memory()
        self.stopping = self._fresh_stopping()
        self.metrics: Mapping[str, float] = {}

    def rate_factor(self, epoch: float) -> float:
        """Return what the learning rate is multiplied with after so many epochs."""
        return self._plan.schedule.factor(max(0.0, epoch - self._plan.schedule_from), self.schedule)

    @property
    def stops_early(self) -> bool:
        """Whether early stopping has lost its patience."""
        stopping = self._plan.early_stopping
        return stopping is not None and stopping.is_over(self.stopping)

    def look(self, epoch: int, answer_weights: Array, between: Callable[[], None], *, is_last: bool) -> float | None:
        """Return the cost of the validation rows where it is their turn, and leave their metrics.

        Parameters
        ----------
        epoch : int
            How many are done with the one that ends.
        answer_weights : Array of shape (weights,)
            The weights that predictions use.
        between : callable
            Called between parts of what takes long; what it raises ends the look.
        is_last : bool
            Whether no epoch follows.
        """
        if self._validation is None or (epoch % self._every and not is_last):
            return None
        program = self._program
        moving = None
        if answer_weights is not program.flat:
            moving = program.flat.copy()
            program.load(answer_weights)
        program.between.call = between if self.takes_long else None
        try:
            return self._measure(*self._validation)
        finally:
            program.between.call = None
            if moving is not None:
                program.load(moving)

    def end_epoch(self, mean: float, validation: float | None) -> None:
        """Let schedule and early stopping see the cost after an epoch.

        Parameters
        ----------
        mean : float
            The epoch's own cost.
        validation : float or None
            That of the validation rows, where it was their turn.
        """
        if self._validation is not None and validation is None:
            return
        seen = mean if validation is None else validation
        self._plan.schedule.observe(seen, self.schedule)
        stopping, program = self._plan.early_stopping, self._program
        ends = stopping is not None and stopping.observe(seen, self.stopping, program.flat, program.memory)
        if ends and "weights" in self.stopping:
            program.load(self.stopping["weights"], self.stopping["memory"])

    def restore(self, schedule: Array, stopping: Mapping[str, Array]) -> None:
        """Return to what was remembered once; what does not belong to this plan is begun anew."""
        self.schedule = self._plan.schedule.fresh_memory()
        if schedule.shape == self.schedule.shape:
            np.copyto(self.schedule, schedule)
        self.stopping = self._fresh_stopping()
        if set(self.stopping) == set(stopping):
            for name, values in self.stopping.items():
                np.copyto(values, stopping[name])

    def _measure(self, rows: Mapping[str, Array], targets: Array) -> float:
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
