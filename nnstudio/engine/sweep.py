"""A network bound to buffers for one number of rows: forward, cost, backward."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from nnstudio.engine.layer import Array, Between, Operation, Shape, Site
from nnstudio.engine.network import Network
from nnstudio.engine.room import Scratch

Mode = Literal["predict", "evaluate", "train"]
"""Forward only; with the cost; with noise, cost and gradients."""


@dataclass(frozen=True)
class Memory:
    """The flat vectors of a program and where each node's part lies in them."""

    weights: Array
    gradients: Array
    remembered: Array
    parts: Mapping[str, slice]
    remembered_parts: Mapping[str, slice]
    streams: Mapping[str, np.random.Generator]


class Sweep:
    """Operations in the order of the flow, over buffers for a fixed number of rows.

    Attributes
    ----------
    inputs : dict of str to Array of shape (rows, *shape)
        By input id: write rows here.
    targets : Array of shape (rows, units)
        Write targets here.
    share : Array of shape (rows, 1)
        Each row's share of the cost; equal shares at the start.
    outputs : dict of str to Array of shape (rows, *shape)
        By node id: what each node said last.
    """

    def __init__(self, network: Network, memory: Memory, rows: int, mode: Mode, dtype: np.dtype[Any]) -> None:
        self.network = network
        self.rows = rows
        self.outputs: dict[str, Array] = {}
        self._with_one: dict[str, Array | None] = {}
        self._mode = mode
        self._dtype = dtype
        self._answer = network.sources(network.output_ids[0])[0]
        self._cost = network.output.cost
        self._scratch = Scratch(dtype)
        self._between = Between()
        self._rows_last = laid_out_with_rows_last(network)
        self._fused = mode != "predict" and self._fuses()
        self._gradient_buffers = self._make_gradient_buffers() if mode == "train" else {}

        self._operations: dict[str, Operation] = {}
        for id in network.order:
            self._make_output(id)
            self._operations[id] = self._bind(id, memory)
        self.inputs = {id: self.outputs[id] for id in network.input_ids}
        answer = self.outputs[self._answer]
        self.targets = np.zeros_like(answer)
        self.share = np.full((rows, 1), 1 / rows, dtype)
        self._answer_gradient = np.zeros_like(answer)
        self._room = self._scratch.room(0, self._answer_gradient)
        self._forward = self._way_forward()
        self._backward = self._way_back() if mode == "train" else []

    def forward(self, between: Callable[[], None] | None = None) -> None:
        """Compute every node's output from the rows in `inputs`.

        Parameters
        ----------
        between : callable, optional
            Called after each layer, and within layers that take their work in parts; what it raises ends the sweep.
        """
        self._do(self._forward, between)

    def forward_to(self, nodes: Collection[str]) -> None:
        """Compute the outputs of some nodes and of all before the last of them; others stay as they were."""
        for step in self._forward[: max((self._ends[id] for id in nodes), default=0)]:
            step()

    def cost(self) -> float:
        """Return the cost of what `forward` computed, and leave its gradient for `backward`."""
        answer = self.outputs[self._answer]
        if self._fused:
            return self._cost.evaluate_fused(answer, self.targets, self.share, self._answer_gradient, self._room)
        return self._cost.evaluate(answer, self.targets, self.share, self._answer_gradient, self._room)

    def backward(self, between: Callable[[], None] | None = None) -> None:
        """Compute the gradients of all weights; call `forward` and `cost` first.

        Parameters
        ----------
        between : callable, optional
            As of `forward`.
        """
        self._do(self._backward, between)

    def landing(self, id: str) -> Array:
        """Return room for the rows of an input, row by row; what it holds is lost as soon as anything is computed."""
        return self._scratch.array(0, self.inputs[id].shape)

    def trace(self, id: str) -> Array | None:
        """Return what a node went through in the last `forward`, of shape (rows, steps, units), or None."""
        return self._operations[id].trace()

    @property
    def answer(self) -> Array:
        """What the network said last, of shape (rows, units)."""
        return self.outputs[self._answer]

    def backward_from(self, unit: int) -> None:
        """Compute how one number of the answer changes with each weight, summed over the rows."""
        self._answer_gradient.fill(0)
        self._answer_gradient[:, unit] = 1
        self.backward()

    def first_not_finite(self) -> str:
        """Return the id of the first node whose output is not finite, or an empty string."""
        for id in self.network.order:
            if not np.isfinite(self.outputs[id]).all():
                return id
        return ""

    def _do(self, steps: Sequence[Callable[[], None]], between: Callable[[], None] | None) -> None:
        if between is None:
            for step in steps:
                step()
            return
        self._between.call = between
        try:
            for step in steps:
                step()
                between()
        finally:
            self._between.call = None

    def _fuses(self) -> bool:
        last = self.network.node(self._answer).layer.last_activation()
        return last is not None and last.key == self._cost.fuses_with and len(self.network.targets(self._answer)) == 1

    def _shape(self, id: str) -> Shape:
        shape = self.network.shapes()[id]
        assert shape is not None
        return shape

    def _new(self, id: str) -> Array:
        """Return memory for what a node says of all rows, seen with the rows first."""
        return memory_for(self._shape(id), self.rows, self._dtype, rows_last=id in self._rows_last)

    def _make_output(self, id: str) -> None:
        """Give a node its output; flat ones have a column of ones beside them where a reader wants it."""
        shape = self._shape(id)
        wants_one = any(self.network.node(target).layer.takes_one for target in self.network.targets(id))
        if wants_one and len(shape) == 1:
            wide = np.ones((self.rows, shape[0] + 1), self._dtype)
            wide[:, :-1] = 0
            self._with_one[id] = wide
            self.outputs[id] = wide[:, :-1]
        else:
            self._with_one[id] = None
            self.outputs[id] = self._new(id)

    def _make_gradient_buffers(self) -> dict[tuple[str, str], Array]:
        """One buffer for each wire that carries a gradient back: from the cost to whatever learns."""
        network = self.network
        learning, output = _nodes_that_need_a_gradient(network), network.output_ids[0]
        return {
            (source, target): self._new(source)
            for source, target in network.edges
            if source in learning and (target == output or output in network.reachable(target))
        }

    def _output_gradient(self, id: str) -> Array | None:
        """Return where a node finds its gradient: its first wire's buffer, into which others are added."""
        for target in self.network.targets(id):
            buffer = self._gradient_buffers.get((id, target))
            if buffer is not None:
                return buffer
        return None

    def _bind(self, id: str, memory: Memory) -> Operation:
        network = self.network
        sources = network.sources(id)
        part = memory.parts[id]
        return network.node(id).layer.bind(
            Site(
                rows=self.rows,
                dtype=self._dtype,
                training=self._mode == "train",
                inputs=tuple(self.outputs[source] for source in sources),
                inputs_with_one=tuple(self._with_one[source] for source in sources),
                input_gradients=tuple(self._gradient_buffers.get((source, id)) for source in sources),
                output=self.outputs[id],
                output_gradient=self._output_gradient(id),
                weights=memory.weights[part],
                gradients=memory.gradients[part],
                memory=memory.remembered[memory.remembered_parts[id]],
                fused=self._fused and id == self._answer,
                stream=memory.streams[id],
                scratch=self._scratch,
                between=self._between,
            )
        )

    def _way_forward(self) -> list[Callable[[], None]]:
        steps: list[Callable[[], None]] = []
        self._ends: dict[str, int] = {}
        for id in self.network.order:
            if self.network.sources(id):
                steps.append(self._operations[id].forward)
                steps += self._silencing(id, self.outputs[id])
            self._ends[id] = len(steps)
        return steps

    def _silencing(self, id: str, values: Array) -> list[Callable[[], None]]:
        """Return the calls that make 0 of what silenced units of a node say, or of the gradient that reaches them."""
        units = [unit for unit in self.network.node(id).layer.holds.silent if unit < values.shape[-1]]
        return [] if not units or id == self._answer else [_silencer(values, units)]

    def _way_back(self) -> list[Callable[[], None]]:
        """Return the calls of the backward pass, last node first, with sums where a node feeds several."""
        network = self.network
        last_wire = self._gradient_buffers.get((self._answer, network.output_ids[0]))
        if last_wire is not None:
            # The cost writes straight into the buffer of the last wire.
            self._answer_gradient = last_wire
        steps: list[Callable[[], None]] = []
        for id in reversed(network.order):
            wires = [(id, target) for target in network.targets(id)]
            buffers = [self._gradient_buffers[wire] for wire in wires if wire in self._gradient_buffers]
            if buffers:
                steps += [_adder(buffers[0], other) for other in buffers[1:]]
                steps += self._silencing(id, buffers[0])
                steps.append(self._operations[id].backward)
        return steps


def _adder(total: Array, other: Array) -> Callable[[], None]:
    def add() -> None:
        np.add(total, other, out=total)

    return add


def _silencer(values: Array, units: list[int]) -> Callable[[], None]:
    def silence() -> None:
        values[..., units] = 0

    return silence


def _nodes_that_need_a_gradient(network: Network) -> set[str]:
    """Return the nodes that learn, and those with a node before them that learns."""
    found: set[str] = set()
    for id in network.order:
        if network.weights(id) or any(source in found for source in network.sources(id)):
            found.add(id)
    return found


def memory_for(shape: Shape, rows: int, dtype: np.dtype[Any], *, rows_last: bool) -> Array:
    """Return memory for what a node says of all rows, seen with the rows first."""
    if not rows_last:
        return np.zeros((rows, *shape), dtype)
    if len(shape) == 3:  # a picture: height, channels, width, rows
        height, width, channels = shape
        return np.zeros((height, channels, width, rows), dtype).transpose(3, 0, 2, 1)
    return np.moveaxis(np.zeros((*shape, rows), dtype), -1, 0)


def laid_out_with_rows_last(network: Network) -> set[str]:
    """Return the nodes whose outputs lie in memory with all rows of a number side by side."""
    found: set[str] = set()
    for id in network.order:
        layer, shape, sources = network.node(id).layer, network.shapes()[id], network.sources(id)
        if shape is None or len(shape) < 2:
            continue
        follows = bool(sources) and sources[0] in found
        feeds_such = any(network.node(target).layer.layout == "rows_last" for target in network.targets(id))
        if layer.layout == "rows_last" or (layer.layout == "as_input" and follows) or (not sources and feeds_such):
            found.add(id)
    return found
