"""What plots compute from a moment: the answers for rows, and what goes on inside over a sample of them.

Nothing here touches the window, so that it can be asked in a thread beside it. Plots that show the same moment share
what was computed.
"""

from __future__ import annotations

import copy
import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine import Array, Network, Program, State, weight_views
from nnstudio.engine.program import Precision
from nnstudio.gui.moments.living import LivingFrame, LivingView, Surroundings
from nnstudio.project import deal_out

Use = Literal["train", "validation", "test"]
Numbers = NDArray[np.float64]
_Found = TypeVar("_Found")

USES: tuple[Use, ...] = ("test", "train", "validation")
"""In the order in which they are offered: held-out rows tell most."""

MOST_ROWS = 20_000
"""Rows that answers are computed for; of more, every n-th."""

SAMPLE = 1024
"""Training rows over which the inside is looked at."""

MOST_NUMBERS = 2**24
"""Numbers that all layers together may say in such a look; of those that say very much, fewer rows are taken."""


@dataclass(frozen=True, eq=False)
class Answers:
    """What the network says of rows, in the units of the file.

    Attributes
    ----------
    rows : Array of shape (rows,)
        Where they stand in the table.
    truth : Array of shape (rows,) or (rows, targets)
        The class of each row, or its numbers.
    said : Array of shape (rows, classes) or (rows, targets)
        A probability for each class, or numbers.
    names : tuple of str
        Of the classes or of the targets.
    total : int
        How many such rows there are, of which these are all or a part.
    """

    rows: NDArray[np.int64]
    truth: NDArray[Any]
    said: Numbers
    names: tuple[str, ...]
    total: int

    @property
    def guessed(self) -> NDArray[np.int64]:
        """The likeliest class of each row."""
        likeliest: NDArray[np.int64] = self.said.argmax(axis=1)
        return likeliest


class Evidence:
    """What can be known of one moment; each thing is computed once, when it is first asked for.

    Parameters
    ----------
    frame : LivingFrame
    view : LivingView
        What made the frame.
    """

    def __init__(self, frame: LivingFrame, view: LivingView) -> None:
        around = frame.surroundings
        self.around = around
        self.network = frame.network
        self.step = frame.step
        self.weights: Mapping[str, Array] = frame.weights
        self._machine = _machine_of(view)
        self._flat_weights, self._flat_memory = frame.flat_weights, frame.flat_memory
        self._known: dict[str, Any] = {}

    def answers(self, use: Use) -> Answers:
        """Return the answers for rows of a use."""
        return self._once(f"answers {use}", lambda program: _answers(program, self.around, use))

    def all_answers(self) -> Mapping[Use, Answers]:
        """Return the answers for every use that there are rows for, the training rows first."""
        there = uses_of(self.around)
        return {use: self.answers(use) for use in ("train", "validation", "test") if use in there}

    def activations(self) -> Mapping[str, Array]:
        """Return what each layer says for up to 1,024 training rows, by its id, shape (rows, *shape)."""
        return self._once("activations", lambda program: _activations(program, self.around))

    def gradients(self) -> Mapping[str, Array]:
        """Return the gradient of the mean cost of up to 1,024 training rows, by ``node/weight``."""
        return self._once("gradients", lambda program: _gradients(program, self.around))

    def predict(self, inputs: Array) -> Array:
        """Return what the network says of encoded rows, of shape (rows, features)."""
        with self._machine.lock:
            return self._loaded().predict(deal_out(self.network, inputs))

    def of(self, state: State) -> Evidence:
        """Return the evidence of another moment of the same network; it keeps nothing for others."""
        found = copy.copy(self)
        found.step, found.weights = state.step, weight_views(self.network, state.answer)
        found._flat_weights, found._flat_memory, found._known = state.answer, state.memory, {}
        return found

    def _once(self, name: str, compute: Callable[[Program], _Found]) -> _Found:
        with self._machine.lock:
            if name not in self._known:
                self._known[name] = compute(self._loaded())
            found: _Found = self._known[name]
            return found

    def _loaded(self) -> Program:
        """Return the program with the weights of this moment, to be used while its lock is held."""
        program = self._machine.program()
        program.load(self._flat_weights, self._flat_memory)
        return program


def evidence_of(frame: LivingFrame, view: LivingView) -> Evidence:
    """Return the evidence of a moment, the same for all who ask for it; called in the window thread."""
    if frame not in _evidence:
        _evidence[frame] = Evidence(frame, view)
    return _evidence[frame]


def uses_of(around: Surroundings) -> tuple[Use, ...]:
    """Return which uses there are rows for."""
    return tuple(use for use in USES if _chosen(around, use).any())


class _Machine:
    """A program that threads take turns with; made when one first needs it, beside the window."""

    def __init__(self, network: Network, precision: Precision) -> None:
        self.lock = threading.Lock()
        self._network, self._precision = network, precision
        self._made: Program | None = None

    def program(self) -> Program:
        """Return the program, while the lock is held."""
        if self._made is None:
            self._made = Program(self._network, self._precision)
        return self._made


_evidence: WeakKeyDictionary[LivingFrame, Evidence] = WeakKeyDictionary()
_machines: WeakKeyDictionary[LivingView, _Machine] = WeakKeyDictionary()


def _machine_of(view: LivingView) -> _Machine:
    if view not in _machines:
        _machines[view] = _Machine(view.network, view.program.precision)
    return _machines[view]


def _chosen(around: Surroundings, use: Use) -> NDArray[np.bool_]:
    if use == "train":
        return around.train
    return around.test if use == "test" else ~(around.train | around.test)


def _sample(around: Surroundings, use: Use, most: int) -> tuple[NDArray[np.int64], int]:
    """Return at most so many rows, evenly taken, and how many there are."""
    found, count = np.flatnonzero(_chosen(around, use)), len(getattr(around.split, use))
    if len(found) <= most:
        return found, count
    return found[np.linspace(0, len(found) - 1, most).astype(np.int64)], count


def _answers(program: Program, around: Surroundings, use: Use) -> Answers:
    chosen, total = _sample(around, use, MOST_ROWS)
    pipeline = around.pipeline
    outputs = program.predict(deal_out(program.network, around.inputs[chosen]))
    rows, targets = around.rows[chosen], around.targets[chosen]
    if pipeline.task == "regression":
        return Answers(rows, pipeline.in_units(targets), pipeline.in_units(outputs), pipeline.target_names, total)
    said = np.clip(pipeline.class_shares(outputs), 0, 1)
    return Answers(rows, pipeline.classes_of(targets), said, pipeline.class_names, total)


def _activations(program: Program, around: Surroundings) -> Mapping[str, Array]:
    network, shapes = program.network, program.network.shapes()
    shown = [id for id in network.order if network.node(id).layer.has_output and id not in network.input_ids]
    each = sum(math.prod(shapes[id] or ()) for id in shown)
    chosen, _ = _sample(around, "train", min(SAMPLE, max(1, MOST_NUMBERS // max(1, each))))
    return program.activations(deal_out(network, around.inputs[chosen]), shown)


def _gradients(program: Program, around: Surroundings) -> Mapping[str, Array]:
    chosen, _ = _sample(around, "train", SAMPLE)
    _, gradients = program.cost_and_gradients(deal_out(program.network, around.inputs[chosen]), around.targets[chosen])
    return gradients
