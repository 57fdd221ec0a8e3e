"""A network as it is drawn: nodes and edges that are legal, or say why not."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, model_validator

from nnstudio.components import Problem
from nnstudio.engine.holds import Holds, places_of
from nnstudio.engine.layer import Layer, Shape, ShapeError, Weight
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.output import Output
from nnstudio.engine.problems.likely_flow import LikelyFlow, likely_flow
from nnstudio.engine.problems.network_problems import problems_of_network

Edge = tuple[str, str]

LONGEST_TITLE = 200
"""Characters of a title."""


class Node(BaseModel):
    """A layer at its place in a network.

    Attributes
    ----------
    id : str
        Unique and for ever; weights are named after it.
    title : str
        What the person calls it; may be empty.
    layer : Layer
        What it does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z0-9_]+$", max_length=64)
    title: str = Field("", max_length=LONGEST_TITLE)
    layer: SerializeAsAny[Layer]

    @property
    def name(self) -> str:
        """What to call the node in a sentence."""
        return self.title or self.id

    def held(self, holds: Holds) -> Self:
        """Return the node with this held of its layer, and nothing else."""
        if holds == self.layer.holds:
            return self
        return self.model_copy(update={"layer": self.layer.replace(holds=holds)})

    def __str__(self) -> str:
        return f"{self.layer.title} '{self.name}'"


class Network(BaseModel):
    """Nodes and the wires between them.

    Attributes
    ----------
    nodes : tuple of Node
        In the order in which they were added.
    edges : tuple of (str, str)
        Source and target ids; the order of edges into a node is the order of its inputs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        ids: set[str] = set()
        for node in self.nodes:
            if node.id in ids:
                raise ValueError(f"Two nodes have the id '{node.id}'. Give one of them another.")
            ids.add(node.id)
        for source, target in self.edges:
            for id in (source, target):
                if id not in ids:
                    raise ValueError(f"The wire from '{source}' to '{target}' names '{id}', which does not exist.")
            if source == target:
                raise ValueError(f"A wire leads from '{source}' to itself.")
        if len(set(self.edges)) < len(self.edges):
            raise ValueError("There are two wires between the same two nodes.")
        return self

    @cached_property
    def _by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _places(self) -> dict[str, int]:
        return {node.id: place for place, node in enumerate(self.nodes)}

    def held_places(self) -> NDArray[np.intp]:
        """Return where the weights that a person holds lie in the flat vector of all weights."""
        return places_of(self.weight_shapes(), {node.id: node.layer.holds for node in self.nodes if node.layer.holds})

    def without_stale_holds(self, before: Network) -> Network:
        """Return the network without what is held of layers whose weights or answers had other shapes before."""
        if not any(node.layer.holds for node in self.nodes):
            return self
        old = {id: before._weights_and_answer(id) for id in before._by_id}
        nodes = tuple(
            node.held(Holds()) if node.id in old and old[node.id] != self._weights_and_answer(node.id) else node
            for node in self.nodes
        )
        return self if nodes == self.nodes else Network(nodes=nodes, edges=self.edges)

    def _weights_and_answer(self, id: str) -> tuple[tuple[tuple[str, Shape], ...] | None, Shape | None]:
        """Return the shapes of what a node learns and of what it says; None for what cannot be known."""
        found = self.weights(id)
        return None if found is None else tuple((weight.name, weight.shape) for weight in found), self.shapes()[id]

    def place(self, id: str) -> int:
        """Return where a node stands among the nodes, in the order of their adding."""
        return self._places[id]

    def __contains__(self, id: str) -> bool:
        return id in self._by_id

    def node(self, id: str) -> Node:
        """Return the node with this id."""
        return self._by_id[id]

    @cached_property
    def _sources(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {node.id: [] for node in self.nodes}
        for source, target in self.edges:
            found[target].append(source)
        return {id: tuple(ids) for id, ids in found.items()}

    @cached_property
    def _targets(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {node.id: [] for node in self.nodes}
        for source, target in self.edges:
            found[source].append(target)
        return {id: tuple(ids) for id, ids in found.items()}

    def sources(self, id: str) -> tuple[str, ...]:
        """Return the ids of the nodes whose wires lead into this one, in order."""
        return self._sources[id]

    def targets(self, id: str) -> tuple[str, ...]:
        """Return the ids of the nodes that this one's wires lead to."""
        return self._targets[id]

    def gives_answer(self, id: str) -> bool:
        """Return whether what a node says is the network's answer: its wire leads to an output."""
        return any(not self.node(target).layer.has_output for target in self.targets(id))

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The ids, sources before targets; nodes on a cycle, or behind one, are left out."""
        waiting = {node.id: len(self.sources(node.id)) for node in self.nodes}
        done = [node.id for node in self.nodes if not waiting[node.id]]
        for id in done:  # which grows on the way
            for target in self.targets(id):
                waiting[target] -= 1
                if not waiting[target]:
                    done.append(target)
        return tuple(done)

    @cached_property
    def input_ids(self) -> tuple[str, ...]:
        """The ids of the input nodes."""
        return tuple(node.id for node in self.nodes if isinstance(node.layer, Input))

    @cached_property
    def output_ids(self) -> tuple[str, ...]:
        """The ids of the output nodes."""
        return tuple(node.id for node in self.nodes if isinstance(node.layer, Output))

    @property
    def output(self) -> Output:
        """The output layer of a network that has one."""
        layer = self.node(self.output_ids[0]).layer
        assert isinstance(layer, Output)
        return layer

    def reachable(self, id: str) -> frozenset[str]:
        """Return the ids of all nodes that can be reached from this one along the wires."""
        return _walked(id, self.targets)

    def leading_to(self, id: str) -> frozenset[str]:
        """Return the ids of all nodes from which the wires lead to this one."""
        return _walked(id, self.sources)

    @cached_property
    def _flow(self) -> LikelyFlow:
        return likely_flow(self)

    @cached_property
    def _shapes(self) -> dict[str, Shape | None]:
        likely, guessed = self._flow.shapes, self._flow.guessed
        return {node.id: None if node.id in guessed else likely[node.id] for node in self.nodes}

    def shapes(self) -> Mapping[str, Shape | None]:
        """Return the shape of one row of each node's output; None where it cannot be known."""
        return self._shapes

    def input_shapes(self, id: str) -> tuple[Shape, ...] | None:
        """Return the shapes that a node's wires bring, or None where one cannot be known."""
        given = [self.shapes()[source] for source in self.sources(id)]
        known = tuple(shape for shape in given if shape is not None)
        return known if len(known) == len(given) else None

    def weights(self, id: str) -> tuple[Weight, ...] | None:
        """Return what a node learns, or None where that cannot be known."""
        given = self.input_shapes(id)
        if given is None or self.shapes()[id] is None:
            return None
        return self.node(id).layer.weights(given)

    def weight_shapes(self) -> Mapping[str, Shape]:
        """Return the shape of each weight by its name ``node/weight``, where it can be known."""
        return {f"{id}/{weight.name}": weight.shape for id in self.order for weight in self.weights(id) or ()}

    def remembered(self, id: str) -> tuple[Weight, ...] | None:
        """Return what a node remembers without learning it, or None where that cannot be known."""
        given = self.input_shapes(id)
        if given is None or self.shapes()[id] is None:
            return None
        return self.node(id).layer.remembered(given)

    def memory_shapes(self) -> Mapping[str, Shape]:
        """Return the shape of what nodes remember by its name ``node/name``, where it can be known."""
        return {f"{id}/{kept.name}": kept.shape for id in self.order for kept in self.remembered(id) or ()}

    def misfit(self, source: str, target: str) -> str:
        """Return why what a node says would not suit another, with what else that takes; empty where nobody knows.

        Whether the wire may be drawn at all is not asked.
        """
        layer, shapes = self.node(target).layer, self.shapes()
        beside = self.sources(target) if layer.most_inputs != 1 else ()  # where one may be, the new one replaces it
        given = [shape for id in (*beside, source) if (shape := shapes[id]) is not None]
        if len(given) <= len(beside):
            return ""
        given += [given[0]] * (layer.fewest_inputs - len(given))
        try:
            layer.output_shape(given)
        except ShapeError as error:
            return str(error)
        return ""

    def parameter_count(self, id: str) -> int | None:
        """Return how many numbers a node learns, or None where that cannot be known."""
        weights = self.weights(id)
        return None if weights is None else sum(math.prod(weight.shape) for weight in weights)

    def likely_shapes(self) -> Mapping[str, Shape | None]:
        """Return the shapes as `shapes` does, but behind a fault those that its first cure would bring."""
        return self._flow.shapes

    def problems(self) -> tuple[Problem, ...]:
        """Return everything that is wrong or doubtful, in the order of the flow."""
        return self._problems

    @cached_property
    def _problems(self) -> tuple[Problem, ...]:
        return problems_of_network(self, self._flow)


def _walked(start: str, neighbours: Callable[[str], Iterable[str]]) -> frozenset[str]:
    """Return all that is met on the way from a node, from neighbour to neighbour."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for other in neighbours(waiting.pop()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return frozenset(found)
