"""What a pin is: a neuron or a weight that is looked at closely, over rows and over training.

Nothing here touches the window, so that it can be asked in a thread beside it.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnstudio.data import Table
from nnstudio.engine import Array, Network, Program, Rung, weight_views
from nnstudio.engine.program import Precision
from nnstudio.gui.moments.kept_states import alike, coarse_first, spread_out
from nnstudio.gui.moments.living import LivingFrame, Surroundings
from nnstudio.gui.moments.patches import Sight, peaks_of, sees_pictures, sight_of
from nnstudio.project import deal_out

Numbers = NDArray[np.float64]

MOST_ROWS = 2_000
"""Rows over which a pin is looked at; of more, every n-th."""

TOP_ROWS = 5
"""Rows that are named of those that excite a neuron."""

MOST_POINTS = 512
"""Points that a history keeps; when there are more, every second one goes."""

_CHUNK = 256
"""Rows that are looked at together, so that layers with large pictures need little memory."""


@dataclass(frozen=True)
class Pin:
    """A neuron, or a weight.

    Attributes
    ----------
    node : str
        The id of its layer.
    index : tuple of int
        The neuron, or the place among the weights, from 0.
    weight : str
        The name of the weights; empty for a neuron.
    """

    node: str
    index: tuple[int, ...]
    weight: str = ""

    @property
    def name(self) -> str:
        """The weights it is one of, as ``node/weight``."""
        return f"{self.node}/{self.weight}"

    def fits(self, network: Network) -> bool:
        """Return whether a network has such a neuron or weight."""
        if self.node not in network:
            return False
        if self.weight:
            shape = network.weight_shapes().get(self.name, ())
            return len(shape) == len(self.index) and all(at < size for at, size in zip(self.index, shape, strict=True))
        shape = network.shapes()[self.node] or ()
        return network.node(self.node).layer.has_output and bool(shape) and self.index[0] < shape[-1]

    def is_gone(self, network: Network) -> bool:
        """Return whether a network has no such neuron or weight any more; one whose shape is not known may have it."""
        known = self.node in network and network.shapes()[self.node] is None
        return not known and not self.fits(network)

    def source(self, network: Network) -> str:
        """Return the node on whose side a weight begins."""
        return network.sources(self.node)[0]


class Trace:
    """What a pin was at steps of its run, by rising steps; the more there are, the wider apart.

    Attributes
    ----------
    steps : list of int
    values : list of float
    """

    def __init__(self) -> None:
        self.steps: list[int] = []
        self.values: list[float] = []

    def put(self, step: int, value: float) -> None:
        """Keep what it is at a step."""
        at = bisect_left(self.steps, step)
        if at < len(self.steps) and self.steps[at] == step:
            self.values[at] = value
            return
        self.steps.insert(at, step)
        self.values.insert(at, value)
        if len(self.steps) > MOST_POINTS:
            self.steps = [*self.steps[:-1:2], self.steps[-1]]
            self.values = [*self.values[:-1:2], self.values[-1]]

    def cut(self, step: int) -> None:
        """Forget what is behind a step, because the run was put back there."""
        at = bisect_left(self.steps, step + 1)
        del self.steps[at:], self.values[at:]


@dataclass(frozen=True)
class TopRow:
    """A row that excites a neuron.

    Attributes
    ----------
    line : int
        Of the file.
    value : str
        What the neuron says.
    truth : str
    group : int or None
        The class of the row.
    part : Array of shape (height, width), or None
        For a filter: the part of the picture that excites it.
    """

    line: int
    value: str
    truth: str
    group: int | None
    part: Array | None = field(default=None, compare=False)


@dataclass(frozen=True, eq=False)
class Findings:
    """What a probe has found.

    Attributes
    ----------
    frame : LivingFrame
        The moment at which it looked.
    values : mapping of Pin to Array of shape (rows,)
        What a neuron says for each row, or what a weight adds to the sum of its neuron.
    classes : Array of shape (rows,), or None
        Of the rows; None where answers are numbers.
    tops : mapping of Pin to list of TopRow
        The rows for which a neuron says most.
    past : mapping of Pin to list of (int, float)
        Steps before, and what the pin was then.
    """

    frame: LivingFrame
    values: Mapping[Pin, Numbers]
    classes: NDArray[np.int64] | None
    tops: Mapping[Pin, list[TopRow]]
    past: Mapping[Pin, list[tuple[int, float]]]


class Probe:
    """Looks at pins with a program of its own; one thread at a time.

    Parameters
    ----------
    network : Network
    around : Surroundings
    table : Table
        Whose rows the surroundings are.
    precision : str
    """

    def __init__(self, network: Network, around: Surroundings, table: Table, precision: Precision) -> None:
        self.network, self.around, self.table = network, around, table
        self.places = sampled(len(around.rows))
        pipeline = around.pipeline
        named = pipeline.task != "regression"
        self.classes = pipeline.classes_of(around.targets[self.places]) if named else None
        self._precision = precision
        self._made: Program | None = None
        self._sights: dict[str, Sight | None] = {}

    def look(
        self,
        frame: LivingFrame,
        pins: Sequence[Pin],
        rungs: Sequence[Rung] = (),
        past_of: Sequence[Pin] = (),
        seconds: float = 1.0,
        is_wanted: Callable[[], bool] = lambda: True,
    ) -> Findings:
        """Return what pins are at a moment, and what some of them were before.

        Parameters
        ----------
        frame : LivingFrame
            A moment of the probe's network.
        pins : sequence of Pin
        rungs : sequence of Rung
            Earlier states of the same run.
        past_of : sequence of Pin
            Whose past is wanted.
        seconds : float
            No further earlier state is looked at after this time.
        is_wanted : callable
            Asked before each earlier state.
        """
        program = self._program
        _bind(program, self.network)
        inputs = self.around.inputs[self.places]
        program.load(frame.flat_weights, frame.flat_memory)
        values = look(program, pins, inputs)
        tops = {pin: self._top(program, pin, inputs, found) for pin, found in values.items() if not pin.weight}
        past: dict[Pin, list[tuple[int, float]]] = {pin: [] for pin in past_of}
        known_states = alike(self.network, rungs) if past_of else []
        neurons = [pin for pin in past_of if not pin.weight]
        weights = [pin for pin in past_of if pin.weight]
        for rung in known_states if weights else ():
            known = weight_views(self.network, rung.state.answer)
            for pin in weights:
                past[pin].append((rung.step, float(known[pin.name][pin.index])))
        end = time.perf_counter() + seconds
        for rung in coarse_first(spread_out(known_states)) if neurons else ():
            if time.perf_counter() > end or not is_wanted():
                break
            # What was held or how much noise there was may have been otherwise then.
            _bind(program, rung.network)
            program.load(rung.state.answer, rung.state.memory)
            for pin, found in look(program, neurons, inputs).items():
                past[pin].append((rung.step, float(found.mean())))
        return Findings(frame, values, self.classes, tops, past)

    def _top(self, program: Program, pin: Pin, inputs: Array, values: Numbers) -> list[TopRow]:
        """Return the rows for which a neuron says most; a filter, at one place of its map."""
        sight = self._sight(program, pin.node)
        peaks = None if sight is None else peaks_of(program, sight, pin.node, pin.index[0], inputs, TOP_ROWS)
        if peaks is not None:
            values = peaks.values
        places = largest(values, TOP_ROWS)
        parts = [None] * len(places) if peaks is None else peaks.parts
        rows = self.around.rows[self.places[places]]
        named = self.table.take(rows)
        truths = zip(*(named.words(name) for name in self.around.pipeline.target_names), strict=True)
        return [
            TopRow(
                line=self.table.file_row(row),
                value=f"{float(values[place]):.3g}",
                truth=", ".join(word or "?" for word in truth),
                group=int(self.classes[place]) if self.classes is not None else None,
                part=part,
            )
            for place, row, truth, part in zip(places.tolist(), rows.tolist(), truths, parts, strict=True)
        ]

    def _sight(self, program: Program, node: str) -> Sight | None:
        """Return where a node looks in the picture, which its weights do not change."""
        if node not in self._sights:
            self._sights[node] = sight_of(program, node) if sees_pictures(self.network, node) else None
        return self._sights[node]

    @property
    def _program(self) -> Program:
        if self._made is None:
            self._made = Program(self.network, self._precision)
        return self._made


def look(program: Program, pins: Sequence[Pin], inputs: Array) -> dict[Pin, Numbers]:
    """Return what neurons say for each row, and what weights add to the sums of their neurons.

    What a neuron of a picture or a sequence says is the mean over its places. Weights between layers that are not
    flat are left out.

    Parameters
    ----------
    program : Program
    pins : sequence of Pin
    inputs : Array of shape (rows, features)
        Encoded rows.

    Returns
    -------
    dict of Pin to Array of shape (rows,)
    """
    network = program.network
    nodes = {pin: pin.source(network) if pin.weight else pin.node for pin in pins}
    shapes = network.shapes()
    shown = [pin for pin in pins if not pin.weight or len(shapes[nodes[pin]] or ()) == len(pin.index) - 1]
    found = {pin: np.empty(len(inputs)) for pin in shown}
    wanted = tuple({nodes[pin] for pin in shown})
    for start in range(0, len(inputs) if wanted else 0, _CHUNK):
        rows = inputs[start : start + _CHUNK]
        said = program.activations(deal_out(network, rows), wanted)
        for pin, values in found.items():
            of_unit = said[nodes[pin]][..., pin.index[0]]
            means = of_unit.reshape(len(rows), -1).mean(axis=1)
            factor = float(program.weights[pin.name][pin.index]) if pin.weight else 1.0
            values[start : start + _CHUNK] = factor * means
    return found


def sampled(count: int) -> NDArray[np.int64]:
    """Return the places of the rows that are looked at: all of them, or so many evenly taken."""
    return np.linspace(0, count - 1, min(count, MOST_ROWS)).round().astype(np.int64)


def largest(values: Numbers, count: int) -> NDArray[np.int64]:
    """Return where the largest numbers stand, the largest first; of equal ones the first."""
    order: NDArray[np.int64] = np.argsort(-values, kind="stable")
    return order[np.isfinite(values[order])][:count]


def _bind(program: Program, network: Network) -> None:
    if program.network is not network and program.network != network:
        program.rebind(network)
