"""What a doctor looks at: one moment of a run, with everything that rules ask for computed at most once."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from nnstudio.components import Problem
from nnstudio.data import ColumnUse, Pipeline, SplitSettings, Table, never_changes, split_rows
from nnstudio.engine import (
    Activation,
    Array,
    History,
    Layer,
    Network,
    Origin,
    Program,
    Training,
    measure,
    measure_baseline,
)
from nnstudio.project import Project, Settings, deal_out
from nnstudio.project.edits.class_weights import count_classes

Numbers = NDArray[np.float64]

MOST_ROWS = 512
"""Rows of training at most that are looked at."""

_FEW_LOOKS = 4
_LITTLE = 0.1
"""A validation cost below this share of that of always the same answer is good enough, even if it was lower."""
_WORSE = 1.25
"""How many times its lowest the validation cost is before it is called learning by heart."""

HALF_WAY = 0.5
"""How far from always the same answer to always the right one it must come to have learned."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Some of the rows that are trained on.

    Attributes
    ----------
    columns : tuple of ColumnUse
        What the columns are for.
    pipeline : Pipeline
    rows : Array
        Where they stand in the table.
    table : Table
        They alone.
    inputs, targets : Array
        Encoded.
    class_counts : dict of str to int
        How many rows each class has, among all that are trained on.
    constant : tuple of str
        The columns of the input that never change in any row that is trained on.
    """

    columns: tuple[ColumnUse, ...]
    pipeline: Pipeline
    rows: Array
    table: Table
    inputs: Array
    targets: Array
    class_counts: Mapping[str, int]
    constant: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Examination:
    """A moment of training.

    Attributes
    ----------
    project : Project
        Of this moment, with data; its drawing is what is trained.
    weights, memory : Array
        The flat vectors of the moment.
    history : History
        The costs until then.
    step, epoch : int
        Steps and epochs done.
    divergence : str
        What was said when the numbers ran away, or empty.
    origin : Origin or None
        Where they ran away first.
    """

    project: Project
    weights: Array
    memory: Array
    history: History
    step: int
    epoch: int
    divergence: str = ""
    origin: Origin | None = None

    @classmethod
    def of(cls, project: Project, training: Training) -> Examination:
        """Return that of a training that stands still.

        Parameters
        ----------
        project : Project
            What is trained, with data.
        training : Training
        """
        return cls(
            project=project,
            weights=training.answer_weights.copy(),
            memory=training.program.memory.copy(),
            history=training.history,
            step=training.step,
            epoch=training.epoch,
            divergence=training.divergence,
            origin=training.origin,
        )

    @property
    def network(self) -> Network:
        """What is trained."""
        return self.project.network

    @property
    def settings(self) -> Settings:
        """How it is trained."""
        return self.project.settings

    @cached_property
    def hidden(self) -> tuple[str, ...]:
        """The ids of the layers with a kernel before the one that answers, in the order of the flow."""
        answers = {source for id in self.network.output_ids for source in self.network.sources(id)}
        return tuple(id for id in self.kernels if id not in answers)

    @cached_property
    def kernels(self) -> tuple[str, ...]:
        """The ids of all layers with a kernel, in the order of the flow."""
        shapes = self.network.weight_shapes()
        return tuple(id for id in self.network.order if f"{id}/kernel" in shapes)

    def foretold(self, sickness: str) -> tuple[Problem, ...]:
        """Return the problems of the project from which a run that is trained all the same suffers in this way."""
        return tuple(problem for problem in self.project.problems() if problem.sickness == sickness)

    def layer(self, id: str) -> Layer:
        """Return the layer of a node."""
        return self.network.node(id).layer

    def activation(self, id: str) -> Activation | None:
        """Return the activation of a node."""
        return self.layer(id).last_activation()

    @cached_property
    def outputs(self) -> Mapping[str, Array]:
        """What each node says of the sample, of shape (rows, *shape)."""
        return self._program.activations(deal_out(self.network, self.sample.inputs))

    @cached_property
    def answers(self) -> Array:
        """What the network says of the sample, of shape (rows, units)."""
        return self.outputs[self.network.sources(self.network.output_ids[0])[0]]

    @cached_property
    def gradients(self) -> Mapping[str, Array]:
        """The gradient of the cost of the sample by ``node/weight``."""
        return self._program.cost_and_gradients(deal_out(self.network, self.sample.inputs), self.targets)[1]

    @cached_property
    def gradient_norm(self) -> float:
        """The length of the gradient of all weights together."""
        return math.sqrt(sum(float(np.square(values, dtype=np.float64).sum()) for values in self.gradients.values()))

    @cached_property
    def parameters(self) -> Mapping[str, Array]:
        """The weights by ``node/weight``."""
        return self._program.weights

    @property
    def targets(self) -> Array:
        """The encoded targets of the sample, of shape (rows, units)."""
        return self.sample.targets

    @property
    def rows(self) -> Array:
        """Where the rows of the sample stand in the table."""
        return self.sample.rows

    @cached_property
    def sample(self) -> Sample:
        """Rows of training, the same as long as the data are."""
        table, pipeline = self.project.table, self.project.pipeline
        assert table is not None
        assert pipeline is not None
        return _sample(table, self.project.columns, pipeline, self.project.split)

    @cached_property
    def costs(self) -> Numbers:
        """The cost of each epoch, or the mean of a few where there were very many."""
        return self.history.read("epoch_cost").mean

    @cached_property
    def validation(self) -> Numbers:
        """The costs of the validation rows."""
        return self.history.read("validation").mean

    @cached_property
    def has_learned(self) -> bool:
        """Whether answers are much better than always the same one, so that what looks strange does no harm."""
        pipeline = self.project.pipeline
        assert pipeline is not None
        if not np.isfinite(self.answers).all():
            return False
        said, truth = pipeline.in_units(self.answers), pipeline.in_units(self.targets)
        good = measure(pipeline.task, said, truth)
        if pipeline.task == "regression":
            return good["r2"] > HALF_WAY
        plain = measure_baseline(pipeline.task, truth, truth)["accuracy"]
        return good["accuracy"] > plain + HALF_WAY * (1 - plain)

    @property
    def line_of_origin(self) -> int | None:
        """The line of the file with the row by which the numbers ran away first."""
        table, rows = self.project.table, self.project.rows
        if self.origin is None or self.origin.row is None or table is None or rows is None:
            return None
        return table.file_row(rows.train[self.origin.row])

    @cached_property
    def by_heart(self) -> tuple[float, float] | None:
        """The validation cost of today and its lowest, where rows are learned by heart; None where they are not.

        That is so where it is well above its lowest, that was long ago, and the training cost went on falling.

        References
        ----------
        L. Prechelt, "Early stopping - but when?", 1998.
        """
        costs = self.validation
        if len(costs) < _FEW_LOOKS or not len(self.costs):
            return None
        best, now = int(np.argmin(costs)), float(np.median(costs[-3:]))
        if (
            now < max(_WORSE * costs[best], _LITTLE * self.plain_cost)
            or best > 0.7 * len(costs)
            or self.costs[-1] > 0.7 * now
        ):
            return None
        return now, float(costs[best])

    @cached_property
    def plain_cost(self) -> float:
        """About what always the same answer costs: the entropy of the classes, or the spread of the numbers."""
        pipeline = self.project.pipeline
        assert pipeline is not None
        if pipeline.task == "regression":
            return float(self.targets.var(axis=0).mean())
        shares = pipeline.class_shares(self.targets).mean(axis=0)
        return float(-(shares * np.log(np.maximum(shares, 1e-12))).sum())

    @cached_property
    def _program(self) -> Program:
        program = Program(self.network, self.settings.precision)
        program.load(self.weights, self.memory)
        return program


@lru_cache(maxsize=1)
def _sample(table: Table, columns: tuple[ColumnUse, ...], pipeline: Pipeline, split: SplitSettings) -> Sample:
    """Return the sample of these data. Encoding is most of the work of an examination, and the data seldom change."""
    train = split_rows(split, table, columns).train
    rows = np.array(train, np.int64)[:: -(-len(train) // MOST_ROWS)]
    taken = table.take(rows)
    return Sample(
        columns=columns,
        pipeline=pipeline,
        rows=rows,
        table=taken,
        inputs=pipeline.encode_inputs(taken).values,
        targets=pipeline.encode_targets(taken),
        class_counts=count_classes(table, pipeline, train),
        constant=tuple(
            use.name
            for use in columns
            if use.is_input
            and use.kind != "code"
            and never_changes(taken, use, range(len(rows)))  # most columns change within few rows
            and never_changes(table, use, train)
        ),
    )
