"""The cost of one batch as a function of the weights, with its gradient: what optimizers lower."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from nnstudio.engine import rng
from nnstudio.engine.batches import Batches
from nnstudio.engine.layer import Array
from nnstudio.engine.network import Network
from nnstudio.engine.optimizer import Objective
from nnstudio.engine.program import GRADIENT_CHUNK, Program, weight_views
from nnstudio.engine.regularizers import MaxNorm, Regularizer

LONG_STEP = 1_000_000
"""Numbers that a step handles, of rows times what each goes through, from which on it can be given up between layers.

Shorter steps are over before anybody would notice, and asking takes time."""


def size_of_row(network: Network) -> int:
    """Return how many numbers a row meets on its way: weights, and what nodes say."""
    shapes = (*network.weight_shapes().values(), *network.shapes().values())
    return sum(math.prod(shape or ()) for shape in shapes)


class InterruptedStepError(Exception):
    """Somebody wants training to stop before the step is done."""


class BatchCost(Objective):
    """Cost, penalties and gradient of the rows that were selected.

    Parameters
    ----------
    program : Program
    batches : Batches

    Attributes
    ----------
    cost : float
        The cost that was evaluated last, without penalties.
    first_cost : float
        The first since the rows were selected.
    penalty : float
        The penalties that were evaluated last.
    share : float
        How much the selected rows weigh together.
    """

    def __init__(self, program: Program, batches: Batches) -> None:
        self._program, self._batches = program, batches
        self.weights, self.gradients = program.flat, program.flat_gradients
        self.cost = self.first_cost = self.penalty = self.share = 0.0
        self._rows = (0, 0)
        self._should_give_up: Callable[[], bool] | None = None
        self._is_long = False
        self._evaluations = 0
        self._streams: dict[str, Array] = {}
        self._before: list[tuple[Array, Array]] = []
        self._memory = np.empty_like(program.memory)
        self._sum: Array | None = None
        self._charges: list[tuple[Regularizer, Array, Array, Array]] = []
        self._limits: list[tuple[MaxNorm, Array, Array, Array]] = []
        self._size_of_row = size_of_row(program.network)
        self._held = program.network.held_places()
        self._kept = np.empty(len(self._held), program.dtype)
        own = weight_views(program.network, program.flat, writeable=True)
        slopes = weight_views(program.network, program.flat_gradients, writeable=True)
        for id in program.network.order:
            for weight in program.network.weights(id) or ():
                w, g = own[f"{id}/{weight.name}"], slopes[f"{id}/{weight.name}"]
                if weight.regularizer is not None:
                    self._charges.append((weight.regularizer, w, g, np.empty_like(w)))
                if weight.constraint is not None:
                    columns = w.reshape(-1, w.shape[-1])
                    norms = np.empty((1, w.shape[-1]), w.dtype)
                    self._limits.append((weight.constraint, columns, np.empty_like(columns), norms))

    @property
    def network(self) -> Network:
        """The network whose cost it is."""
        return self._program.network

    @property
    def rows(self) -> tuple[int, int]:
        """Where the selected rows begin and end in the order of the epoch."""
        return self._rows

    @property
    def has_penalties(self) -> bool:
        """Whether anything is charged besides the cost."""
        return bool(self._charges)

    def select(
        self,
        start: int,
        stop: int,
        should_give_up: Callable[[], bool] | None,
        *,
        again: bool,
        slots: Mapping[str, Array] | None = None,
    ) -> None:
        """Look at these rows of the epoch from now on.

        Parameters
        ----------
        start, stop : int
        should_give_up : callable, optional
            Asked between chunks and evaluations, and in a long step also between layers.
        again : bool
            Whether the cost will be evaluated more than once, each time with the same noise.
        slots : mapping of str to Array, optional
            The optimizer's memory, where the step may still be given up when it and the weights have moved.
        """
        self._rows, self._should_give_up, self._evaluations = (start, stop), should_give_up, 0
        self._is_long = should_give_up is not None and (stop - start) * self._size_of_row > LONG_STEP
        moving = [] if slots is None or should_give_up is None else [self.weights, *slots.values()]
        self._before = [(values, values.copy()) for values in moving]
        if again or self._is_long or moving or stop - start > GRADIENT_CHUNK:
            self._streams = {id: rng.pack(generator) for id, generator in self._program.streams.items()}
            np.copyto(self._memory, self._program.memory)
        else:
            self._streams = {}
        if len(self._held):
            np.take(self.weights, self._held, out=self._kept)

    def evaluate(self) -> float:
        """Return cost and penalties, and leave their gradient.

        Raises
        ------
        InterruptedStepError
            When told to stop.
        """
        if self._evaluations:
            self.interrupt()
            self.rewind()
            self._put_back(self.weights)
        start, stop = self._rows
        self.cost = self._of_chunks(start, stop) if stop - start > GRADIENT_CHUNK else self._of_rows(start, stop)
        if not self._evaluations:
            self.first_cost = self.cost
        self._evaluations += 1
        self.penalty = 0.0
        for regularizer, w, g, work in self._charges:
            self.penalty += regularizer.penalty(w, work)
            regularizer.add_gradient(w, g, work)
        if len(self._held):
            self.gradients[self._held] = 0
        return self.cost + self.penalty

    def give_up(self) -> None:
        """Return everything to where it was when the rows were selected."""
        self.rewind()
        for values, before in self._before:
            np.copyto(values, before)

    def rewind(self) -> None:
        """Return noise and layer memory to where they were when the rows were selected."""
        if self._streams:
            np.copyto(self._program.memory, self._memory)
            for id, generator in self._program.streams.items():
                rng.unpack(generator, self._streams[id])

    def constrain(self, answer: Array | None = None) -> None:
        """Bring the weights back within their constraints, and those that are held to what they were.

        Parameters
        ----------
        answer : Array of shape (weights,), optional
            Other weights to answer with, beside those that are trained.
        """
        for limit, w, work, norms in self._limits:
            limit.apply(w, work, norms)
        self._put_back(self.weights)
        if answer is not None:
            self._put_back(answer)

    def _put_back(self, weights: Array) -> None:
        if len(self._held):
            weights[self._held] = self._kept

    def residuals(self) -> tuple[Array, Array]:
        """Return the scaled differences of all answers, and how they change with each weight, row by row."""
        program = self._program
        network = program.network
        self._put_back(self.weights)
        scale = network.output.cost.square_share(program.network.shapes()[network.output_ids[0]] or (1,))
        assert scale is not None
        sweep = program.sweep(1, "train")
        start, stop = self._rows
        units = sweep.targets.shape[1]
        differences = np.empty(((stop - start) * units,))
        jacobian = np.empty((len(differences), len(program.flat)))
        whole = self._batches.weight(start, stop)
        self.cost = 0.0
        for row in range(start, stop):
            self.interrupt()
            root = math.sqrt(self._batches.fill(sweep, row, row + 1) / whole * scale)
            sweep.forward()
            for unit in range(units):
                place = (row - start) * units + unit
                differences[place] = root * float(sweep.answer[0, unit] - sweep.targets[0, unit])
                sweep.backward_from(unit)
                np.multiply(program.flat_gradients, root, out=jacobian[place])
        jacobian[:, self._held] = 0
        self.first_cost = self.cost = float(differences @ differences)
        self._evaluations += 1
        self.share = whole
        return differences, jacobian

    def _of_rows(self, start: int, stop: int) -> float:
        sweep = self._program.sweep(stop - start, "train")
        self.share = self._batches.fill(sweep, start, stop)
        between = self.interrupt if self._is_long else None
        sweep.forward(between)
        cost = sweep.cost()
        sweep.backward(between)
        return cost

    def _of_chunks(self, start: int, stop: int) -> float:
        """Sum cost and gradient over the chunks of a large batch, in fixed order."""
        program = self._program
        if self._sum is None:
            self._sum = np.empty_like(program.flat_gradients)
        self._sum.fill(0)
        self.share = whole = self._batches.weight(start, stop)
        between = self.interrupt if self._is_long else None
        cost = 0.0
        for chunk in range(start, stop, GRADIENT_CHUNK):
            self.interrupt()
            end = min(chunk + GRADIENT_CHUNK, stop)
            sweep = program.sweep(end - chunk, "train")
            share = self._batches.fill(sweep, chunk, end) / whole if whole else 0.0
            sweep.forward(between)
            cost += sweep.cost() * share
            sweep.backward(between)
            np.multiply(program.flat_gradients, share, out=program.flat_gradients)
            np.add(self._sum, program.flat_gradients, out=self._sum)
        np.copyto(program.flat_gradients, self._sum)
        return cost

    def interrupt(self) -> None:
        """Give the step up where that is wanted.

        Raises
        ------
        InterruptedStepError
        """
        if self._should_give_up is not None and self._should_give_up():
            raise InterruptedStepError
