"""Changes of a network that carry over what it has learned: weights, layer memory and the optimizer's memory.

Every operation says where each weight of the new network comes from: its place in the old one, or nowhere. All that is
as long as the weights then moves along the same way, so an optimizer's memory of a weight stays with that weight.

References
----------
T. Chen, I. Goodfellow, J. Shlens, "Net2Net: accelerating learning via knowledge transfer", 2016.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from nnstudio.engine import rng
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.activations.rectifiers import Relu
from nnstudio.engine.holds import Holds
from nnstudio.engine.lanes import Paths, Places, follow, unit_count, with_unit_count
from nnstudio.engine.layer import Array, Layer, Shape
from nnstudio.engine.layers.conv1d import Conv1d
from nnstudio.engine.layers.conv2d import Conv2d
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.network import Edge, Network, Node
from nnstudio.engine.optimizer import ANSWER, Optimizer, Search
from nnstudio.engine.program import Precision, Program, Rows
from nnstudio.engine.state import State, frozen
from nnstudio.errors import NetworkError


@dataclass(frozen=True, eq=False)
class Surgery:
    """A changed network, and where its weights come from.

    Attributes
    ----------
    before, after : Network
    origins : mapping of str to Array of int
        For weights and layer memory by name, in the new shape: the place in the old array, or -1. What is not named
        stays as it was.
    factors : mapping of str to Array
        By what weights are multiplied on the way.
    fresh : mapping of str to Array
        Values of weights that come from nowhere; what is not named is drawn.
    text : str
        What was done, such as ``"hidden: 8 → 12 units"``.
    """

    before: Network
    after: Network
    origins: Mapping[str, Places] = field(default_factory=dict)
    factors: Mapping[str, Array] = field(default_factory=dict)
    fresh: Mapping[str, Array] = field(default_factory=dict)
    text: str = ""

    def carry(self, state: State, precision: Precision, seed: int) -> State:
        """Return the state that goes on with the changed network.

        Every slot of the optimizer that is as long as the weights goes along; where its memory has another form, as
        that of a search has, it begins anew.

        Parameters
        ----------
        state : State
            Of the network before.
        precision : str
        seed : int
            From which new weights are drawn.
        """
        program = Program(self.after, precision, seed, dict(self.fresh))
        moves, factors = self._moves(self.before.weight_shapes(), self.after.weight_shapes())
        places, _ = self._moves(self.before.memory_shapes(), self.after.memory_shapes())
        weights = _moved(state.weights, moves, program.flat) * factors.astype(program.dtype)
        memory = _moved(state.memory, places, program.memory)
        slots = _fresh_slots(state, len(weights), program.dtype) if keeps_optimizer(state) else {}
        for name, values in slots.items():
            if name == ANSWER:
                slots[name] = _moved(state.optimizer[name], moves, program.flat) * factors.astype(program.dtype)
            elif len(values) == len(weights):
                slots[name] = _moved(state.optimizer[name], moves, values)
            else:
                slots[name] = state.optimizer[name]
        stopping = dict(state.stopping)
        if "weights" in stopping:
            stopping["weights"] = _moved(stopping["weights"], moves, program.flat) * factors.astype(program.dtype)
            stopping["memory"] = _moved(stopping["memory"], places, program.memory)
        return replace(
            state,
            weights=frozen(weights),
            memory=frozen(memory),
            optimizer={name: frozen(values) for name, values in slots.items()},
            updates=state.updates if slots or not state.optimizer else 0,
            streams={id: state.streams.get(id, rng.pack(stream)) for id, stream in program.streams.items()},
            stopping={name: frozen(values) for name, values in stopping.items()},
            _digest=[],
        )

    def _moves(self, old: Mapping[str, Shape], new: Mapping[str, Shape]) -> tuple[Places, Array]:
        """Return for each number of a flat vector its place in the old one, or -1, and its factor."""
        starts, start = {}, 0
        for name, shape in old.items():
            starts[name] = start
            start += math.prod(shape)
        moves, factors = [np.zeros(0, np.int64)], [np.zeros(0)]
        for name, shape in new.items():
            size = math.prod(shape)
            if name not in starts:
                places = np.full(size, -1)
            else:
                places = self.origins[name].reshape(-1) if name in self.origins else np.arange(size)
                places = np.where(places < 0, -1, places + starts[name])
            moves.append(places)
            factors.append(self.factors[name].reshape(-1) if name in self.factors else np.ones(size))
        return np.concatenate(moves), np.concatenate(factors)


def keeps_optimizer(state: State) -> bool:
    """Return whether what the optimizer remembers can go along: all but those that search remember weight by weight."""
    return not isinstance(_optimizer_of(state), Search)


def refusal(network: Network, id: str) -> str:
    """Return why the units of a layer cannot be changed while keeping what is learned; empty where they can."""
    if any(problem.severity == "error" for problem in network.problems()):
        return "The network cannot be trained as it is drawn. Mend its problems first."
    try:
        add_units(network, id, 1)
    except NetworkError as error:
        return str(error)
    return ""


def add_units(network: Network, id: str, count: int) -> Surgery:
    """Add units that nobody listens to yet: their incoming weights are drawn, their outgoing ones are zero.

    Copies would be exact as well, but copies learn the same for ever; these differ from the first step on, and the
    outputs stay what they were whatever the activation is.
    """
    units = unit_count(network, id)
    return _with_units(network, id, [*range(units), *[-1] * count])


def split_unit(network: Network, id: str, unit: int, seed: int = 0) -> Surgery:
    """Split a unit in two that hear the same and share its outgoing weights, each another part of each weight.

    Equal halves would learn the same for ever; between 0.3 and 0.7 of each outgoing weight goes to the first.
    """
    units = unit_count(network, id)
    halves = [1 if index == unit else 0 for index in range(units)] + [2]
    made = _with_units(network, id, [*range(units), unit], halves, seed)
    return replace(made, text=f"{network.node(id).name}: unit {unit + 1} split, {units:,} → {units + 1:,} units")


def remove_units(network: Network, id: str, gone: Collection[int]) -> Surgery:
    """Remove units with all their weights.

    Raises
    ------
    NetworkError
        When none would be left.
    """
    left = [index for index in range(unit_count(network, id)) if index not in gone]
    if not left:
        raise NetworkError(f"{network.node(id)} would have no units left. Delete the layer instead.")
    return _with_units(network, id, left)


def removal_costs(
    network: Network,
    id: str,
    program: Program,
    x: Rows,
    targets: ArrayLike,
    units: Sequence[int],
    between: Callable[[], None] | None = None,
) -> Array:
    """Return the cost of these rows without each of these units in turn, of shape (units,).

    Parameters
    ----------
    network : Network
    id : str
    program : Program
        Of this network, with the weights that it has learned.
    x, targets
        As of `Program.cost`.
    units : sequence of int
        At least one; each takes as long as building and asking the whole network.
    between : callable, optional
        Called before each unit; what it raises ends the work.

    Raises
    ------
    NetworkError
        When none may go.
    """
    made = [remove_units(network, id, {unit}) for unit in units]
    smaller = Program(made[0].after, program.precision, program.seed)
    weights, memories = network.weight_shapes(), network.memory_shapes()
    costs = np.empty(len(made))
    for place, surgery in enumerate(made):
        if between is not None:
            between()
        moves, _ = surgery._moves(weights, surgery.after.weight_shapes())
        places, _ = surgery._moves(memories, surgery.after.memory_shapes())
        smaller.load(program.flat[moves], program.memory[places])
        costs[place] = smaller.cost(x, targets)
    return costs


def loudness(program: Program, id: str, x: Rows) -> Array:
    """Return the root of the mean square of what each unit of a layer says for these rows, of shape (units,)."""
    said = program.activations(x, (id,))[id].reshape(-1, unit_count(program.network, id))
    size: Array = np.sqrt(np.square(said, dtype=np.float64).mean(axis=0))
    return size


def silent_units(program: Program, id: str, x: Rows) -> tuple[int, ...]:
    """Return which units of a layer say zero for every one of these rows."""
    said = program.activations(x, (id,))[id]
    largest = np.abs(said).reshape(-1, said.shape[-1]).max(axis=0)
    return tuple(np.flatnonzero(largest == 0).tolist())


def identity_for(network: Network, edge: Edge) -> Layer:
    """Return the layer that says what it hears when it stands in this wire: Dense for flat rows, else a convolution.

    Behind units that are never negative it has ReLU, so that it can learn more than a linear layer can.

    Raises
    ------
    NetworkError
        When there is none.
    """
    source, target = edge
    shape = network.shapes()[source]
    if shape is None or not 1 <= len(shape) <= 3 or network.node(target).layer.takes_codes:
        raise NetworkError(
            f"No layer can be put behind {network.node(source)} without changing what is learned: only flat rows, "
            "sequences and pictures of numbers can pass unchanged. Choose another wire."
        )
    said = network.node(source).layer.last_activation()
    activation = Relu() if isinstance(said, Relu) else Linear()
    if len(shape) == 1:
        return Dense(units=shape[0], activation=activation)
    if len(shape) == 2:
        return Conv1d(filters=shape[-1], padding="same", activation=activation)
    return Conv2d(filters=shape[-1], activation=activation)


def insert_identity(before: Network, after: Network, id: str) -> Surgery:
    """Let a layer from `identity_for`, which the network after has and the one before has not, say what it hears."""
    layer = after.node(id).layer
    shape = after.weight_shapes()[f"{id}/kernel"]
    kernel = np.zeros(shape)
    middle = tuple((size - 1) // 2 for size in shape[:-2])
    kernel[middle] = np.eye(shape[-1])
    fresh = {f"{id}/kernel": kernel}
    return Surgery(before, after, fresh=fresh, text=f"{layer.title} inserted; it passes on what it gets")


def _with_units(
    network: Network, id: str, origin: Sequence[int], half: Sequence[int] | None = None, seed: int = 0
) -> Surgery:
    """Return the network whose layer has these units, given by their old places or -1."""
    paths = follow(network, id, origin, [0] * len(origin) if half is None else half, seed)
    for changed in paths.changed:
        last = network.node(changed).layer.last_activation()
        if last is not None and not last.elementwise:
            raise NetworkError(
                f"{network.node(changed)} has {last.title}, which shares out one whole among its units. "
                "Choose another layer."
            )
    after = Network(
        nodes=tuple(_renewed(node, paths, len(origin)) for node in network.nodes),
        edges=network.edges,
    )
    text = f"{network.node(id).name}: {unit_count(network, id):,} → {len(origin):,} units"
    others = [network.node(other).name for other in paths.changed if other != id]
    if others:
        text += f", with {' and '.join(others)}, whose units meet its own"
    return Surgery(network, after, paths.origins, paths.factors, text=text)


def _renewed(node: Node, paths: Paths, count: int) -> Node:
    """Return a node with its new number of units; what is held of it is held where it stands now."""
    holds, lanes = node.layer.holds, paths.lanes.get(node.id)
    if holds:
        silent = holds.silent if lanes is None else lanes.new_places(holds.silent)
        frozen = {
            weight: tuple(np.flatnonzero(np.isin(origins.reshape(-1), places)).tolist())
            if (origins := paths.origins.get(f"{node.id}/{weight}")) is not None
            else places
            for weight, places in holds.frozen.items()
        }
        kept = {weight: places for weight, places in frozen.items() if places}
        node = node.held(Holds(silent=silent, frozen=kept, whole=holds.whole))
    if node.id in paths.changed:
        node = node.model_copy(update={"layer": with_unit_count(node.layer, count)})
    return node


def _optimizer_of(state: State) -> Optimizer:
    return Optimizer.model_validate(state.settings["optimizer"])


def _fresh_slots(state: State, size: int, dtype: np.dtype[Any]) -> dict[str, Array]:
    """Return fresh memory of the state's optimizer, or none where the state holds none that could be taken along."""
    fresh = _optimizer_of(state).memory(size, dtype)
    return fresh if fresh.keys() == state.optimizer.keys() else {}


def _moved(old: Array, places: Places, fresh: Array) -> Array:
    """Return numbers from their old places, and fresh ones where there is none."""
    found = fresh.copy()
    known = places >= 0
    found[known] = old[places[known]]
    return found
