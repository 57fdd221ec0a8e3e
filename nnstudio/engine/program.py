"""A network bound to memory: flat weights, flat gradients, and sweeps for any number of rows."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from nnstudio.engine import rng, threads
from nnstudio.engine.layer import Array, Between, Shape, Weight
from nnstudio.engine.network import Network
from nnstudio.engine.sweep import Memory, Mode, Sweep
from nnstudio.errors import NetworkError

Precision = Literal["float32", "float64"]
Rows = ArrayLike | Mapping[str, ArrayLike]

CHUNK = 256
"""Rows that predicting takes at a time, the last chunk padded: a row's bytes must not depend on its company."""

GRADIENT_CHUNK = 4096
"""Rows above which a gradient is gathered from chunks, in fixed order."""

KEPT_SWEEPS = 6


def bind(
    network: Network,
    batch: int = 32,
    precision: Precision = "float32",
    weights: Mapping[str, ArrayLike] | None = None,
    seed: int = 0,
) -> Program:
    """Bind a network to memory.

    Parameters
    ----------
    network : Network
        A network without problems.
    batch : int
        The number of rows that `Program.cost_and_gradients` is prepared for; others are prepared when they come.
    precision : str
        ``"float32"`` or ``"float64"``.
    weights : mapping of str to array, optional
        First weights by their names ``node/weight``; those that are not given are drawn.
    seed : int
        From which first weights are drawn.

    Returns
    -------
    Program

    Raises
    ------
    NetworkError
        When the network has problems; the message lists every one.
    """
    return Program(network, precision, seed, weights, batch)


class Program:
    """Owns the weights of a network and computes with them.

    Attributes
    ----------
    flat, flat_gradients : Array of shape (weights,)
        All weights and their gradients, one after another in the order of the flow.
    memory : Array of shape (memory,)
        What layers remember besides their weights, such as moving means, in the order of the flow.
    threads : int
        The number of threads of the matrix library that suits this network.
    between : Between
        Called before each chunk of rows of `predict`, `activations` and `cost`; what it raises ends the work.
    """

    def __init__(
        self,
        network: Network,
        precision: Precision = "float32",
        seed: int = 0,
        weights: Mapping[str, ArrayLike] | None = None,
        batch: int = 32,
    ) -> None:
        errors = [problem for problem in network.problems() if problem.severity == "error"]
        if errors:
            raise NetworkError("\n".join(str(problem) for problem in errors))
        self.network = network
        self.precision: Precision = precision
        self.dtype = np.dtype(precision)
        self.seed = seed
        self.between = Between()
        self._parts = _parts({id: network.weights(id) or () for id in network.order})
        remembered_parts = _parts({id: network.remembered(id) or () for id in network.order})
        size = max((part.stop for part in self._parts.values()), default=0)
        self.flat = np.zeros(size, self.dtype)
        self.flat_gradients = np.zeros(size, self.dtype)
        self.memory = np.zeros(max((part.stop for part in remembered_parts.values()), default=0), self.dtype)
        self.streams = {id: rng.stream(seed, "noise", id) for id in network.order}
        self._memory = Memory(self.flat, self.flat_gradients, self.memory, self._parts, remembered_parts, self.streams)
        self.weights = weight_views(network, self.flat)
        self.gradients = weight_views(network, self.flat_gradients)
        self._sweeps: dict[tuple[int, Mode], Sweep] = {}
        self.threads = threads.suitable(batch * _largest_product(network))
        self.draw(seed)
        if weights:
            self.set_weights(weights)

    def draw(self, seed: int) -> None:
        """Draw first weights from this seed; the same seed draws the same."""
        for id in self.network.order:
            start = self._parts[id].start
            for weight in self.network.weights(id) or ():
                values = weight.initializer.draw(weight.shape, rng.stream(seed, "weights", id, weight.name))
                size = math.prod(weight.shape)
                self.flat[start : start + size] = values.reshape(-1)
                start += size
        fresh = memory_views(self.network, self.memory, writeable=True)
        for id in self.network.order:
            for weight in self.network.remembered(id) or ():
                stream = rng.stream(seed, "memory", id, weight.name)
                fresh[f"{id}/{weight.name}"][...] = weight.initializer.draw(weight.shape, stream)

    def set_weights(self, weights: Mapping[str, ArrayLike]) -> None:
        """Copy weights in by their names.

        Raises
        ------
        NetworkError
            When a name does not exist or a shape differs.
        """
        shapes = {**self.network.weight_shapes(), **self.network.memory_shapes()}
        own = {
            **weight_views(self.network, self.flat, writeable=True),
            **memory_views(self.network, self.memory, writeable=True),
        }
        for name, values in weights.items():
            given = np.asarray(values)
            if name not in shapes:
                raise NetworkError(f"There is no weight '{name}'. There are {', '.join(shapes)}.")
            if given.shape != shapes[name]:
                raise NetworkError(f"The weight '{name}' has the shape {shapes[name]}, but {given.shape} was given.")
            own[name][...] = given

    def rebind(self, network: Network) -> None:
        """Compute with another network that has the same weights and shapes, such as one with other rates."""
        self.network = network
        self._sweeps.clear()

    def load(self, flat: Array, memory: Array | None = None) -> None:
        """Copy a flat vector of weights in, and what layers remember."""
        np.copyto(self.flat, flat)
        if memory is not None:
            np.copyto(self.memory, memory)

    def predict(self, x: Rows) -> Array:
        """Return the network's answers.

        Parameters
        ----------
        x : Array of shape (rows, *shape), or mapping of input id to such arrays
            Any number of rows.

        Returns
        -------
        Array of shape (rows, units)
        """
        answer = self.network.sources(self.network.output_ids[0])[0]
        return self.activations(x, (answer,))[answer]

    def activations(self, x: Rows, nodes: Collection[str] | None = None) -> dict[str, Array]:
        """Return what nodes say for each row, without noise.

        Parameters
        ----------
        x : Array of shape (rows, *shape), or mapping of input id to such arrays
            Any number of rows.
        nodes : collection of str, optional
            The ids that are asked for; all by default.

        Returns
        -------
        dict of str to Array of shape (rows, *shape)
        """
        threads.use(self.threads)
        given = self.as_inputs(x)
        count = len(next(iter(given.values())))
        sweep = self.sweep(CHUNK, "predict")
        wanted = tuple(self.network.order if nodes is None else nodes)
        results = {id: np.empty((count, *sweep.outputs[id].shape[1:]), self.dtype) for id in wanted}
        for start, stop in _chunks(count, CHUNK):
            self.between()
            _fill(sweep, given, start, stop)
            sweep.forward_to(wanted)
            for id, result in results.items():
                result[start:stop] = sweep.outputs[id][: stop - start]
        return results

    def look(self, x: Rows, nodes: Collection[str] | None = None) -> tuple[dict[str, Array], dict[str, Array]]:
        """Return what nodes say for a few rows, and what recurrent ones go through.

        Parameters
        ----------
        x : Array of shape (rows, *shape), or mapping of input id to such arrays
            All of them go through together.
        nodes : collection of str, optional
            The ids that are asked for; all by default.

        Returns
        -------
        outputs : dict of str to Array of shape (rows, *shape)
        traces : dict of str to Array of shape (rows, steps, units)
        """
        threads.use(self.threads)
        given = self.as_inputs(x)
        count = len(next(iter(given.values())))
        sweep = self.sweep(count, "predict")
        _fill(sweep, given, 0, count)
        wanted = [id for id in self.network.order if nodes is None or id in nodes]
        sweep.forward_to(wanted)
        outputs = {id: sweep.outputs[id].copy() for id in wanted if id in sweep.outputs}
        traces = {id: found.copy() for id in outputs if (found := sweep.trace(id)) is not None}
        return outputs, traces

    def cost(self, x: Rows, y: ArrayLike, row_weights: ArrayLike | None = None) -> float:
        """Return the cost of these rows, without noise.

        Parameters
        ----------
        x : Array of shape (rows, *shape), or mapping of input id to such arrays
        y : Array of shape (rows, units)
        row_weights : Array of shape (rows,), optional

        Returns
        -------
        float
        """
        threads.use(self.threads)
        given, targets = self.as_inputs(x), self.as_targets(y)
        share = shares(row_weights, len(targets), self.dtype)
        sweep = self.sweep(CHUNK, "evaluate")
        total = 0.0
        for start, stop in _chunks(len(targets), CHUNK):
            self.between()
            _fill(sweep, given, start, stop)
            _fill_targets(sweep, targets, share, start, stop)
            sweep.forward()
            total += sweep.cost()
        return total

    def cost_and_gradients(
        self, x: Rows, y: ArrayLike, row_weights: ArrayLike | None = None
    ) -> tuple[float, dict[str, Array]]:
        """Return the cost of these rows as one batch, and the gradient of every weight.

        Noise is on and the same at every call, so that a gradient can be compared with differences of the cost.

        Parameters
        ----------
        x : Array of shape (rows, *shape), or mapping of input id to such arrays
        y : Array of shape (rows, units)
        row_weights : Array of shape (rows,), optional

        Returns
        -------
        cost : float
        gradients : dict of str to Array
            By ``node/weight``, copies.
        """
        given, targets = self.as_inputs(x), self.as_targets(y)
        share = shares(row_weights, len(targets), self.dtype)
        for id, stream in self.streams.items():
            rng.restart(stream, self.seed, "noise", id)
        total, gathered, memory = 0.0, np.zeros_like(self.flat), self.memory.copy()
        for start, stop in _chunks(len(targets), GRADIENT_CHUNK):
            sweep = self.sweep(stop - start, "train")
            _fill(sweep, given, start, stop)
            _fill_targets(sweep, targets, share, start, stop)
            sweep.forward()
            total += sweep.cost()
            sweep.backward()
            np.add(gathered, self.flat_gradients, out=gathered)
        np.copyto(self.flat_gradients, gathered)
        np.copyto(self.memory, memory)
        return total, {name: values.copy() for name, values in self.gradients.items()}

    def sweep(self, rows: int, mode: Mode) -> Sweep:
        """Return the operations for this number of rows; those used last are kept."""
        key = (rows, mode)
        found = self._sweeps.pop(key, None)
        if found is None:
            found = Sweep(self.network, self._memory, rows, mode, self.dtype)
            while len(self._sweeps) >= KEPT_SWEEPS:
                del self._sweeps[next(iter(self._sweeps))]
        self._sweeps[key] = found
        return found

    def as_inputs(self, x: Rows) -> dict[str, Array]:
        """Return rows by input id, checked against the network's input shapes.

        Raises
        ------
        NetworkError
            When an input is missing or has another shape.
        """
        ids = self.network.input_ids
        if isinstance(x, Mapping):
            missing = [id for id in ids if id not in x]
            if missing:
                raise NetworkError(f"No rows were given for the input '{missing[0]}'.")
            named = {id: np.asarray(x[id]) for id in ids}
        elif len(ids) == 1:
            named = {ids[0]: np.asarray(x)}
        else:
            raise NetworkError(f"The network has {len(ids)} inputs; give rows for each by its id: {', '.join(ids)}.")
        for id, rows in named.items():
            shape = self.network.shapes()[id]
            if rows.shape[1:] != shape:
                raise NetworkError(
                    f"{self.network.node(id)} expects rows of shape {shape}, but rows of shape {rows.shape[1:]} came."
                )
        if len({len(rows) for rows in named.values()}) > 1:
            raise NetworkError("The inputs have different numbers of rows.")
        return named

    def as_targets(self, y: ArrayLike) -> Array:
        """Return targets as rows, checked against the network's output.

        Raises
        ------
        NetworkError
            When the shape differs.
        """
        targets = np.asarray(y)
        output = self.network.output_ids[0]
        shape = self.network.shapes()[output]
        assert shape is not None
        if targets.ndim == 1 and shape == (1,):
            targets = targets[:, None]
        if targets.shape[1:] != shape:
            raise NetworkError(
                f"{self.network.node(output)} expects {shape[0]} numbers a row as targets, "
                f"but {'×'.join(map(str, targets.shape[1:])) or 'one'} came."
            )
        return targets


def weight_views(network: Network, flat: Array, *, writeable: bool = False) -> Mapping[str, Array]:
    """Return the parts of a flat vector of weights by their names.

    Parameters
    ----------
    network : Network
    flat : Array of shape (weights,)
    writeable : bool
        Whether the views may be written to.

    Returns
    -------
    mapping of str to Array
        ``node/weight`` to a view of the weight's shape.
    """
    return _views(network.weight_shapes(), flat, writeable=writeable)


def memory_views(network: Network, memory: Array, *, writeable: bool = False) -> Mapping[str, Array]:
    """Return the parts of what layers remember by their names, as `weight_views` does for weights."""
    return _views(network.memory_shapes(), memory, writeable=writeable)


def _views(shapes: Mapping[str, Shape], flat: Array, *, writeable: bool) -> Mapping[str, Array]:
    views: dict[str, Array] = {}
    start = 0
    for name, shape in shapes.items():
        size = math.prod(shape)
        view = flat[start : start + size].reshape(shape)
        view.flags.writeable = writeable
        views[name] = view
        start += size
    return MappingProxyType(views)


def shares(row_weights: ArrayLike | None, count: int, dtype: np.dtype[np.generic]) -> Array:
    """Return each row's share of a batch's cost, adding up to one.

    Parameters
    ----------
    row_weights : Array of shape (rows,), or None for equal ones

    Returns
    -------
    Array of shape (rows, 1)
    """
    if row_weights is None:
        return np.full((count, 1), 1 / max(1, count), dtype)
    weights = np.asarray(row_weights, np.float64).reshape(-1, 1)
    if len(weights) != count:
        raise NetworkError(f"There are {count} rows but {len(weights)} row weights.")
    if weights.size and (weights.min() < 0 or weights.sum() <= 0 or not np.isfinite(weights).all()):
        raise NetworkError("Row weights must be zero or more, not all zero, and finite.")
    share: Array = (weights / weights.sum()).astype(dtype)
    return share


def _parts(arrays: Mapping[str, tuple[Weight, ...]]) -> dict[str, slice]:
    parts, start = {}, 0
    for id, weights in arrays.items():
        size = sum(math.prod(weight.shape) for weight in weights)
        parts[id] = slice(start, start + size)
        start += size
    return parts


def _largest_product(network: Network) -> int:
    found = 0
    for id in network.order:
        given = network.input_shapes(id)
        if given:
            found = max(found, network.node(id).layer.multiplications(given))
    return found


def _chunks(count: int, size: int) -> Iterator[tuple[int, int]]:
    for start in range(0, count, size):
        yield start, min(start + size, count)


def _fill(sweep: Sweep, given: Mapping[str, Array], start: int, stop: int) -> None:
    for id, rows in given.items():
        buffer = sweep.inputs[id]
        buffer[: stop - start] = rows[start:stop]
        buffer[stop - start :] = 0


def _fill_targets(sweep: Sweep, targets: Array, share: Array, start: int, stop: int) -> None:
    sweep.targets[: stop - start] = targets[start:stop]
    sweep.share[: stop - start] = share[start:stop]
    sweep.targets[stop - start :] = 0
    sweep.share[stop - start :] = 0
