"""What a living network looks like at one moment: weights, activations and response maps."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from nnstudio.data import Pipeline, Split, Table
from nnstudio.engine import Array, Network, Program, memory_views, silenced_in_step, weight_views
from nnstudio.engine.program import Precision
from nnstudio.project import deal_out

GRID = 32
"""Points of a response map along each side; 32 by 32 is a whole number of the chunks in which predicting works."""

MARGIN = 0.08

MOST_ROWS = 1_024
"""Rows at most of which a gradient is computed while nothing trains."""

MOST_NUMBERS = 10_000_000
"""Encoded numbers at most that are held for what is shown; of wider data rows are taken evenly."""

Lens = Literal["activations", "weights", "gradients", "changes"]


@dataclass(frozen=True, eq=False)
class Surroundings:
    """What stays while training: the rows that are shown.

    Attributes
    ----------
    pipeline : Pipeline
    rows : Array of shape (rows,)
        Where each row stands in the table; rows without a target are left out, and some of data too many to hold.
    inputs : Array of shape (rows, features)
        The encoded rows.
    targets : Array of shape (rows, units)
        The encoded targets.
    labels : Array of shape (rows,)
        Each row's class, or its target as a number.
    train, test : Array of shape (rows,)
        Whether a row is trained on, or held out for the test.
    low, high : Array of shape (2,)
        The corner values of the response maps, for two inputs.
    split : Split
        All rows by their use, also those that are not shown.
    """

    pipeline: Pipeline
    rows: Array
    inputs: Array
    targets: Array
    labels: Array
    train: Array
    test: Array
    low: Array
    high: Array
    split: Split

    @property
    def all_rows(self) -> int:
        """How many rows have a target, also those that are not shown."""
        return len(self.split.train) + len(self.split.validation) + len(self.split.test)

    @property
    def is_sample(self) -> bool:
        """Whether only some of the rows are shown, because all are too many numbers to hold."""
        return len(self.rows) < self.all_rows

    @property
    def is_plane(self) -> bool:
        """Whether there are two inputs, so that everything can be drawn over a plane."""
        return bool(self.inputs.shape[1] == 2)


@dataclass(frozen=True, eq=False)
class LivingFrame:
    """One moment.

    Attributes
    ----------
    network : Network
        The network that the weights belong to.
    surroundings : Surroundings
    step, epoch : int
    weights : mapping of str to Array
        By ``node/weight``.
    maps : mapping of str to Array of shape (units, GRID, GRID)
        What each unit of a node says over the plane of two inputs, first row at the top; empty for other networks.
    outputs : mapping of str to Array
        What each node says for the row that is shown, in the shape of one row; empty where there are maps.
    traces : mapping of str to Array of shape (steps, units)
        What recurrent nodes go through while they read that row.
    memory : mapping of str to Array
        What layers remember besides their weights, by ``node/name``.
    gradients, changes : mapping of str to Array
        By ``node/weight``: the slope of the cost, and what a step changes; empty while nobody asked for them.
    lens : str
        What is to be seen: ``"activations"``, ``"weights"``, ``"gradients"`` or ``"changes"``.
    point : (float, float) or None
        Where the row that is shown lies on the maps, from the left and from the top, between 0 and 1.
    cost : float or None
    cost_is_measured : bool
        Whether the cost is that of training rows with just these weights, and not what the last epoch cost.
    metric : str
        The test metric in words.
    streams : mapping of str to Array of shape (6,)
        Where the random numbers of layers stand that silence units while training.
    next_rows : int
        How many rows the next step looks at.
    run : str
        The id of the run; empty where nothing was trained.
    kept : frozenset of str or None
        The nodes that an unfinished drawing still has of the network, as they were, with all that leads to them; None
        where the drawing is that network.
    """

    network: Network
    surroundings: Surroundings
    step: int
    epoch: int
    weights: Mapping[str, Array]
    maps: Mapping[str, Array] = field(default_factory=dict)
    outputs: Mapping[str, Array] = field(default_factory=dict)
    traces: Mapping[str, Array] = field(default_factory=dict)
    memory: Mapping[str, Array] = field(default_factory=dict)
    gradients: Mapping[str, Array] = field(default_factory=dict)
    changes: Mapping[str, Array] = field(default_factory=dict)
    lens: Lens = "activations"
    point: tuple[float, float] | None = None
    cost: float | None = None
    cost_is_measured: bool = False
    metric: str = ""
    streams: Mapping[str, Array] = field(default_factory=dict)
    next_rows: int = 0
    run: str = ""
    kept: frozenset[str] | None = None

    def on_drawing(self) -> LivingFrame:
        """Return what is known of the drawing's own nodes, to be read by their ids."""
        kept = self.kept
        if kept is None:
            return self

        def of_kept(found: Mapping[str, Array]) -> dict[str, Array]:
            return {name: values for name, values in found.items() if name.partition("/")[0] in kept}

        return replace(
            self,
            weights=of_kept(self.weights),
            maps=of_kept(self.maps),
            outputs=of_kept(self.outputs),
            gradients=of_kept(self.gradients),
            changes=of_kept(self.changes),
        )

    @property
    def flat_weights(self) -> Array:
        """All weights one after another, as a program takes them."""
        return _flat(self.weights)

    @property
    def flat_memory(self) -> Array:
        """All that layers remember, one after another, as a program takes it."""
        return _flat(self.memory)

    @property
    def answer(self) -> Array:
        """What the last layer before the output says; ask `is_answered` first where not everything is seen."""
        last = self.network.sources(self.network.output_ids[0])[0]
        return self.maps[last] if self.maps else np.ravel(self.outputs[last])

    @property
    def is_answered(self) -> bool:
        """Whether what the last layer says was computed."""
        last = self.network.sources(self.network.output_ids[0])[0]
        return last in self.maps or last in self.outputs

    @property
    def numbers(self) -> Mapping[str, Array]:
        """The numbers by ``node/weight`` that the lens shows; none where they are not known."""
        return {"gradients": self.gradients, "changes": self.changes}.get(self.lens, self.weights)

    def learned(self, id: str) -> dict[str, Array] | None:
        """Return the numbers of a layer's weights that the lens shows, by the names of the weights.

        None under the lens of activations and for layers without weights; empty where the numbers are not known.
        """
        own = f"{id}/"
        if self.lens == "activations" or not any(name.startswith(own) for name in self.weights):
            return None
        return {name.removeprefix(own): values for name, values in self.numbers.items() if name.startswith(own)}

    def strengths(self, id: str) -> Array | None:
        """Return a number for each unit of a flat node, as the lens asks, or None.

        What it says for the row that is shown; else the length of the weights that lead into it, of the cost's slope
        along them, or of what a step changes in them.
        """
        if self.lens == "activations":
            return self.said(id)
        kernel = self.numbers.get(f"{id}/kernel")
        return None if kernel is None or kernel.ndim != 2 else np.sqrt(np.square(kernel).sum(axis=0))

    def said(self, id: str) -> Array | None:
        """Return what each unit of a flat node says for the row that is shown, or None."""
        values = self.outputs.get(id)
        return None if values is None else np.ravel(values)

    def silenced(self, id: str) -> Array | None:
        """Return whom a node silences for the first row of the step that begins here, or None; drawn when asked for."""
        dtype = next((values.dtype for values in self.weights.values()), np.dtype("float32"))
        return silenced_in_step(self.network, self.streams, self.next_rows, dtype, id)


def surround(pipeline: Pipeline, table: Table, split: Split) -> Surroundings:
    """Return what stays while training on this table.

    Raises
    ------
    DataError
        When the table does not fit the pipeline.
    """
    rows = _rows_to_show(split, len(pipeline.features) + pipeline.output_units)
    is_all = len(rows) == len(split.train) + len(split.validation) + len(split.test)
    # The ranges are those of all rows, also without a target, wherever all can be held.
    inputs = pipeline.encode_inputs(table if is_all else table.take(rows)).values
    targets = pipeline.encode_targets(table, rows)
    labels = targets[:, 0] if pipeline.task == "regression" else pipeline.classes_of(targets)
    low = inputs.min(axis=0)[:2] if len(inputs) else np.zeros(2)
    high = inputs.max(axis=0)[:2] if len(inputs) else np.ones(2)
    reach = np.maximum(high - low, 1e-9)
    return Surroundings(
        pipeline=pipeline,
        rows=rows,
        inputs=inputs[rows] if is_all else inputs,
        targets=targets,
        labels=labels,
        train=np.isin(rows, split.train),
        test=np.isin(rows, split.test),
        low=low - MARGIN * reach,
        high=high + MARGIN * reach,
        split=split,
    )


def _rows_to_show(split: Split, width: int) -> Array:
    """Return the rows with a target in order, of each use the same share where all are too many numbers to hold."""
    uses = [np.array(rows, np.int64) for rows in (split.train, split.validation, split.test)]
    share = MOST_NUMBERS / (width * max(1, sum(len(rows) for rows in uses)))
    if share < 1:
        uses = [rows[np.linspace(0, len(rows) - 1, math.ceil(share * len(rows))).astype(np.int64)] for rows in uses]
    return np.sort(np.concatenate(uses))


class LivingView:
    """Makes frames of one network, with a program of its own.

    Parameters
    ----------
    network : Network
    surroundings : Surroundings
    precision : str
    """

    def __init__(self, network: Network, surroundings: Surroundings, precision: Precision = "float32") -> None:
        self.network = network
        self.surroundings = surroundings
        self._program = Program(network, precision)
        self._row = int(np.flatnonzero(surroundings.test)[0]) if surroundings.test.any() else 0
        self._made: Array | None = None
        self._grid = deal_out(network, _grid(surroundings)) if surroundings.is_plane else None

    @property
    def program(self) -> Program:
        """The program that holds the weights of the last frame, for further computing in the window thread."""
        return self._program

    @property
    def row(self) -> int:
        """Where the row that is shown stands among the rows of the surroundings."""
        return self._row

    def choose_row(self, row: int) -> bool:
        """Show what the units say for another row of the table; return whether it is among the rows that are shown."""
        found = np.flatnonzero(self.surroundings.rows == row)
        if len(found):
            self._row, self._made = int(found[0]), None
        return bool(len(found))

    def look_as(self, other: LivingView) -> None:
        """Show the row that another view of the same surroundings shows."""
        self._row, self._made = other._row, other._made

    def use_inputs(self, inputs: Array | None) -> None:
        """Show what the units say for a row that was made by hand, of shape (1, features), or for the chosen one."""
        self._made = inputs

    def answer(self) -> Array:
        """Return what the network of the last frame says of the row that is shown, of shape (units,)."""
        outputs, _ = self._program.look(deal_out(self.network, self._inputs))
        answer: Array = outputs[self.network.sources(self.network.output_ids[0])[0]][0]
        return answer

    @property
    def _inputs(self) -> Array:
        return self.surroundings.inputs[self._row : self._row + 1] if self._made is None else self._made

    def with_gradients(self, frame: LivingFrame) -> LivingFrame:
        """Return the last frame with the gradient of the cost over the training rows, or over many of them."""
        rows = np.flatnonzero(self.surroundings.train)[:MOST_ROWS]
        inputs = deal_out(self.network, self.surroundings.inputs[rows])
        _, found = self._program.cost_and_gradients(inputs, self.surroundings.targets[rows])
        return replace(frame, gradients=found)

    def with_cost(self, frame: LivingFrame, class_weights: Mapping[int, float]) -> LivingFrame:
        """Return the last frame with the cost of the training rows, or of many of them, as its network stands.

        Parameters
        ----------
        frame : LivingFrame
        class_weights : mapping of int to float
            How much rows count, by their class; those that are not named count 1.
        """
        around = self.surroundings
        rows = np.flatnonzero(around.train)
        rows = rows[np.linspace(0, len(rows) - 1, min(len(rows), MOST_ROWS)).astype(np.int64)]
        counts = [class_weights.get(int(label), 1.0) for label in around.labels[rows]] if class_weights else None
        cost = self._program.cost(deal_out(self.network, around.inputs[rows]), around.targets[rows], counts)
        return replace(frame, cost=cost, cost_is_measured=True)

    def predict(self, inputs: Array) -> Array:
        """Return what the network of the last frame says of encoded rows, of shape (rows, features)."""
        return self._program.predict(deal_out(self.network, inputs))

    def frame(
        self,
        weights: Array,
        memory: Array | None = None,
        *,
        step: int = 0,
        epoch: int = 0,
        cost: float | None = None,
        metric: str = "",
        lens: Lens = "activations",
        gradients: Array | None = None,
        changes: Array | None = None,
        streams: Mapping[str, Array] | None = None,
        next_rows: int = 0,
        run: str = "",
        nodes: Collection[str] | None = None,
    ) -> LivingFrame:
        """Return the moment at which the network has these weights.

        Parameters
        ----------
        weights : Array of shape (weights,)
            A flat vector that does not change any more.
        memory : Array of shape (memory,), optional
            What the layers remember at that moment.
        lens : str
        gradients, changes : Array of shape (weights,), optional
            Flat vectors, where they are known.
        streams : mapping of str to Array of shape (6,), optional
            Where random numbers stand.
        next_rows : int
            How many rows the next step looks at.
        run : str
            The id of the run.
        nodes : collection of str, optional
            Which nodes are seen: what others say is not computed, but for those just before. All by default.
        """
        self._program.load(weights, memory)
        maps: dict[str, Array] = {}
        outputs: dict[str, Array] = {}
        traces: dict[str, Array] = {}
        shown = self._shown(nodes)
        if not shown:
            pass
        elif self._grid is not None:
            said = self._program.activations(self._grid, shown)
            for id, values in said.items():
                if values.ndim == 2:
                    maps[id] = values.T.reshape(-1, GRID, GRID)
        else:
            said, went = self._program.look(deal_out(self.network, self._inputs), shown)
            outputs = {id: values[0] for id, values in said.items()}
            traces = {id: values[0] for id, values in went.items()}
        return LivingFrame(
            network=self.network,
            surroundings=self.surroundings,
            step=step,
            epoch=epoch,
            weights=weight_views(self.network, weights),
            maps=maps,
            outputs=outputs,
            traces=traces,
            memory=memory_views(self.network, self._program.memory.copy()),
            gradients={} if gradients is None else weight_views(self.network, gradients),
            changes={} if changes is None else weight_views(self.network, changes),
            lens=lens,
            point=self._point(),
            cost=cost,
            metric=metric,
            streams=streams or {},
            next_rows=next_rows,
            run=run,
        )

    def _shown(self, nodes: Collection[str] | None) -> list[str]:
        """Return the nodes whose outputs are wanted: those that are seen, and what leads into them."""
        network = self.network
        wanted = set(network.order if nodes is None else nodes)
        wanted |= {source for id in wanted if id in network for source in network.sources(id)}
        return [id for id in network.order if id in wanted and network.node(id).layer.has_output]

    def _point(self) -> tuple[float, float] | None:
        """Return where the row that is shown lies on the plane, from the left and from the top."""
        around = self.surroundings
        if self._grid is None:
            return None
        across, up = ((self._inputs[0] - around.low) / (around.high - around.low)).tolist()
        return (across, 1 - up) if 0 <= across <= 1 and 0 <= up <= 1 else None


def _flat(views: Mapping[str, Array]) -> Array:
    parts = [values.ravel() for values in views.values()]
    return np.concatenate(parts) if parts else np.empty(0)


def _grid(surroundings: Surroundings) -> Array:
    """Return the points of the response maps, from the top left, row by row."""
    x = np.linspace(surroundings.low[0], surroundings.high[0], GRID)
    y = np.linspace(surroundings.high[1], surroundings.low[1], GRID)
    across, down = np.meshgrid(x, y)
    return np.stack([across.ravel(), down.ravel()], axis=1)
