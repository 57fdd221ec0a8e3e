"""A network as it is drawn: nodes and edges that are legal, or say why not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, model_validator

from nnstudio.components import Fix, Problem
from nnstudio.engine.doubts import doubts_of
from nnstudio.engine.layer import Layer, Shape, ShapeError, Weight
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.output import Output

Edge = tuple[str, str]


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
    title: str = Field("", max_length=200)
    layer: SerializeAsAny[Layer]

    @property
    def name(self) -> str:
        """What to call the node in a sentence."""
        return self.title or self.id

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

    @property
    def input_ids(self) -> tuple[str, ...]:
        """The ids of the input nodes."""
        return tuple(node.id for node in self.nodes if isinstance(node.layer, Input))

    @property
    def output_ids(self) -> tuple[str, ...]:
        """The ids of the output nodes."""
        return tuple(node.id for node in self.nodes if isinstance(node.layer, Output))

    @property
    def output(self) -> Output:
        """The output layer of a network that has one."""
        layer = self.node(self.output_ids[0]).layer
        assert isinstance(layer, Output)
        return layer

    def would_cycle(self, source: str, target: str) -> bool:
        """Return whether a wire from source to target would close a loop."""
        return source == target or source in self.reachable(target)

    def reachable(self, id: str) -> frozenset[str]:
        """Return the ids of all nodes that can be reached from this one along the wires."""
        found: set[str] = set()
        waiting = [id]
        while waiting:
            for target in self.targets(waiting.pop()):
                if target not in found:
                    found.add(target)
                    waiting.append(target)
        return frozenset(found)

    @cached_property
    def _flow(self) -> tuple[dict[str, Shape | None], dict[str, ShapeError]]:
        """Each node's output shape, and what keeps a node from having one."""
        shapes: dict[str, Shape | None] = {node.id: None for node in self.nodes}
        faults: dict[str, ShapeError] = {}
        for id in self.order:
            layer = self.node(id).layer
            given = [shapes[source] for source in self.sources(id)]
            known = [shape for shape in given if shape is not None]
            if len(known) < len(given) or not _count_fits(layer, len(given)):
                continue
            try:
                shapes[id] = layer.output_shape(known)
            except ShapeError as fault:
                faults[id] = fault
        return shapes, faults

    def shapes(self) -> Mapping[str, Shape | None]:
        """Return the shape of one row of each node's output; None where it cannot be known."""
        return self._flow[0]

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

    def parameter_count(self, id: str) -> int | None:
        """Return how many numbers a node learns, or None where that cannot be known."""
        weights = self.weights(id)
        return None if weights is None else sum(math.prod(weight.shape) for weight in weights)

    def problems(self) -> tuple[Problem, ...]:
        """Return everything that is wrong or doubtful, in the order of the flow."""
        found: list[Problem] = [*self._ends(), *self._cycles()]
        for node in self.nodes:
            if node.id in self.order:
                found += self._wires(node)
                found += self._shape(node)
        found += self._fit_of_cost()
        found += self._doubts()
        return tuple(found)

    def _ends(self) -> list[Problem]:
        found = []
        if not self.nodes:
            return [Problem(node="", what="The canvas is empty.", hint="Load a CSV, or drag layers from the palette.")]
        if not self.input_ids:
            hint = "Drag an Input from the palette and wire it to the first layer."
            found.append(Problem(node="", what="There is no Input, so no data can enter.", hint=hint))
        if not self.output_ids:
            hint = "Drag an Output from the palette and wire the last layer to it."
            found.append(Problem(node="", what="There is no Output, so nothing can be learned.", hint=hint))
        for extra in self.output_ids[1:]:
            found.append(
                Problem(
                    node=extra,
                    what=f"{self.node(extra)} is a second output; a network has one.",
                    hint="Remove it.",
                    fixes=(_remove(self.node(extra)),),
                )
            )
        return found

    def _cycles(self) -> list[Problem]:
        looped = [node for node in self.nodes if node.id in self.reachable(node.id)]
        if not looped:
            return []
        names = ", ".join(f"'{node.name}'" for node in looped)
        return [
            Problem(
                node=looped[0].id,
                what=f"The wires run in a circle through {names}.",
                hint="Remove one of these wires: signals flow in one direction only.",
            )
        ]

    def _wires(self, node: Node) -> list[Problem]:
        found = []
        count, layer = len(self.sources(node.id)), node.layer
        if count < layer.fewest_inputs:
            loose = [
                other
                for other in self.nodes
                if other.layer.has_output and not self.targets(other.id) and not self.would_cycle(other.id, node.id)
            ]
            found.append(
                Problem(
                    node=node.id,
                    what=f"{node} gets nothing: no wire leads into it."
                    if not count
                    else f"{node} joins {layer.fewest_inputs} or more inputs but gets one.",
                    hint="Drag from the port of an earlier layer to it, or remove it.",
                    fixes=(*(_connect(other, node) for other in loose[-2:]), _remove(node)),
                )
            )
        elif layer.most_inputs is not None and count > layer.most_inputs:
            sources = " and ".join(f"'{self.node(source).name}'" for source in self.sources(node.id))
            takes = "no wire" if layer.most_inputs == 0 else f"{layer.most_inputs} wire"
            found.append(
                Problem(
                    node=node.id,
                    other=self.sources(node.id)[0],
                    what=f"{node} takes {takes} but gets {count}, from {sources}.",
                    hint="Remove the wires that are too many.",
                )
            )
        if layer.has_output and not self.targets(node.id):
            found.append(
                Problem(
                    node=node.id,
                    what=f"{node} leads nowhere: no wire starts from it.",
                    hint="Drag from its port to a later layer, or remove it.",
                    severity="warning",
                    fixes=(_remove(node),),
                )
            )
        return found

    def _shape(self, node: Node) -> list[Problem]:
        fault = self._flow[1].get(node.id)
        if fault is None:
            return []
        source = self.sources(node.id)[0] if self.sources(node.id) else ""
        origin = f" It comes from '{self.node(source).name}'." if source else ""
        return [
            Problem(node=node.id, other=source, what=f"{node} {fault.what}{origin}", hint=fault.hint, fixes=fault.fixes)
        ]

    def _fit_of_cost(self) -> list[Problem]:
        found: list[Problem] = []
        for id in self.output_ids:
            layer, sources = self.node(id).layer, self.sources(id)
            if not isinstance(layer, Output) or len(sources) != 1:
                continue
            before = self.node(sources[0])
            activation, cost = before.layer.last_activation(), layer.cost
            if activation is None:
                continue
            if cost.fits and activation.key not in cost.fits:
                wanted = cost.fits[0]
                found.append(
                    Problem(
                        node=before.id,
                        other=id,
                        what=f"{cost.title} needs {wanted} before it, but {before} has {activation.title}.",
                        hint=f"Set the activation of '{before.name}' to {wanted}, or choose another cost.",
                        fixes=(
                            Fix(
                                key="set_activation",
                                title=f"Set {wanted}",
                                arguments={"node": before.id, "activation": wanted},
                            ),
                            Fix(
                                key="set_cost",
                                title="Use mean squared error",
                                arguments={"node": id, "cost": "mean_squared_error"},
                            ),
                        ),
                    )
                )
            if activation.key == "softmax" and getattr(before.layer, "units", None) == 1:
                found.append(
                    Problem(
                        node=before.id,
                        what=f"{before} has one unit with softmax, which is always 1.",
                        hint="Use sigmoid for a yes/no answer, or one unit for each class.",
                        fixes=(
                            Fix(
                                key="set_activation",
                                title="Set sigmoid",
                                arguments={"node": before.id, "activation": "sigmoid"},
                            ),
                        ),
                    )
                )
        return found

    def _doubts(self) -> list[Problem]:
        """Return what will be trained, but not well."""
        found: list[Problem] = []
        for id in self.order:
            node = self.node(id)
            found += doubts_of(id, str(node), node.layer, self.shapes()[id], is_deep=self._is_deep)
            if node.layer.takes_codes:
                found += self._doubts_of_codes(node)
        return found

    @cached_property
    def _is_deep(self) -> bool:
        """Whether there are many layers with weights."""
        return sum(bool(self.weights(id)) for id in self.order) >= _DEEP

    def _doubts_of_codes(self, node: Node) -> list[Problem]:
        return [
            Problem(
                node=node.id,
                other=source,
                what=f"{node} reads whole numbers as codes, but '{self.node(source).name}' brings measured numbers.",
                hint="Set the kind of the input to codes.",
                severity="warning",
            )
            for source in self.sources(node.id)
            if getattr(self.node(source).layer, "kind", "codes") != "codes"
        ]


_DEEP = 6
"""From so many layers with weights on, start weights that do not suit the activation are told."""


def _count_fits(layer: Layer, count: int) -> bool:
    return count >= layer.fewest_inputs and (layer.most_inputs is None or count <= layer.most_inputs)


def _connect(source: Node, target: Node) -> Fix:
    arguments = {"source": source.id, "target": target.id}
    return Fix(key="connect", title=f"Connect '{source.name}' to it", arguments=arguments)


def _remove(node: Node) -> Fix:
    return Fix(key="remove_node", title=f"Remove '{node.name}'", arguments={"node": node.id})
