"""The edits behind the buttons of problems, by the key of their fix.

Those that only cures need stand here. Each is made of the edits of the drawing, and is one step of undo.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from nnstudio.components import find
from nnstudio.engine import Activation, Cost, Layer, Optimizer
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.flatten import Flatten
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.output import Output
from nnstudio.i18n import Phrase
from nnstudio.project.drawing import COLUMN_WIDTH, Position
from nnstudio.project.edits.edit import Edit
from nnstudio.project.edits.network_edits import (
    add_node,
    fit_ends,
    remove_nodes,
    set_activation,
    set_cost,
    set_initializer,
    set_layer,
    set_units,
)
from nnstudio.project.edits.wire_edits import connect, disconnect
from nnstudio.project.fresh_ends import input_for, output_for
from nnstudio.project.inputs import shares
from nnstudio.project.insertion import clear_place, inserted
from nnstudio.project.project import Project

Plain = Mapping[str, Any]


def insert_layers(target: str, before: Mapping[str, Sequence[Plain]]) -> Edit:
    """Put layers into wires, and move what stands to the right where there is no room between the cards.

    Parameters
    ----------
    target : str
        Where the wires lead.
    before : mapping of str to sequence of mapping
        The layers that go into the wire from each source, in the order of the flow, as plain values.
    """
    chains = {source: [Layer.model_validate(data) for data in chain] for source, chain in before.items()}

    def apply(project: Project) -> Project:
        for source, chain in chains.items():
            if (source, target) in project.network.edges:
                project = inserted(project, source, target, chain)
        return project

    layers = Phrase("")
    for title in dict.fromkeys(layer.title for chain in chains.values() for layer in chain):
        layers = Phrase("{one} and {other}", one=layers, other=Phrase(title)) if layers else Phrase(title)
    return Edit(Phrase("Insert {layers}", layers=layers), apply)


def set_parameter(node: str, name: str, value: Any) -> Edit:
    """Give one parameter of a layer another value."""

    def apply(project: Project) -> Project:
        if node not in project.network or name not in type(project.network.node(node).layer).model_fields:
            return project
        layer = project.network.node(node).layer.replace(**{name: value})
        return set_layer(node, layer).apply(project)

    return Edit(Phrase("Set the {what} of a layer", what=Phrase(name.replace("_", " "))), apply)


def set_answer(node: str, output: str, activation: str, cost: str, units: int | None = None) -> Edit:
    """Give the answer another activation, cost and width; a Dense is added where the last layer has none of these.

    Parameters
    ----------
    node, output : str
        The ids of the layer that answers and of the output behind it.
    activation, cost : str
        Keys.
    units : int, optional
        As many as before when not given.
    """
    function, judge = find("activations", activation)(), find("costs", cost)()
    assert isinstance(function, Activation)
    assert isinstance(judge, Cost)

    def apply(project: Project) -> Project:
        project = set_cost(output, cost).apply(project)
        layer = project.network.node(node).layer
        if units is None:
            return set_activation(node, activation).apply(project)
        if isinstance(layer, Dense):
            return set_layer(node, layer.replace(units=units, activation=function)).apply(project)
        shape = project.network.likely_shapes()[node]
        flat = [] if shape is None or len(shape) == 1 else [Flatten()]
        return inserted(project, node, output, [*flat, Dense(units=units, activation=function)])

    title = Phrase("Answer with {one} and {other}", one=Phrase(function.title), other=Phrase(judge.title.lower()))
    return Edit(title, apply)


def set_initializers(nodes: Sequence[str], initializer: str) -> Edit:
    """Draw the first weights of several layers in another way."""

    def apply(project: Project) -> Project:
        for node in nodes:
            project = set_initializer(node, initializer).apply(project)
        return project

    return Edit(Phrase("Start weights of {count} layers", count=len(nodes)), apply)


def add_input(target: str = "") -> Edit:
    """Add an Input as wide as the data and of the shape that a layer takes, and wire it to that layer."""

    def apply(project: Project) -> Project:
        layer = input_for(project, target)
        x, y = project.positions.get(target, (0.0, 0.0))
        place = clear_place(project, (x - COLUMN_WIDTH, y))
        project, id = _added(project, layer, place)
        return connect(id, target).apply(project) if target in project.network else project

    return Edit("Add an Input", apply)


def add_output(source: str = "") -> Edit:
    """Add an Output behind a layer; its cost suits the task where there are data."""

    def apply(project: Project) -> Project:
        x, y = project.positions.get(source, (0.0, 0.0))
        place = clear_place(project, (x + COLUMN_WIDTH, y))
        layer = output_for(project)
        project, id = _added(project, layer, place)
        return connect(source, id).apply(project) if source in project.network else project

    return Edit("Add an Output", apply)


def keep_wires(target: str, sources: Sequence[str]) -> Edit:
    """Remove all wires into a layer but those from some sources."""

    def apply(project: Project) -> Project:
        for source in project.network.sources(target):
            if source not in sources:
                project = disconnect(source, target).apply(project)
        return project

    return Edit("Remove wires", apply)


def join_wires(target: str, layer: Plain) -> Edit:
    """Lead all wires into a layer through one that joins them."""
    join = Layer.model_validate(layer)

    def apply(project: Project) -> Project:
        sources = project.network.sources(target)
        project = keep_wires(target, sources[:1]).apply(project)
        project = inserted(project, sources[0], target, [join])
        id = project.network.nodes[-1].id
        for source in sources[1:]:
            project = connect(source, id).apply(project)
        return project

    return Edit(Phrase("Join with {layer}", layer=Phrase(join.title)), apply)


def start_network() -> Edit:
    """Put the smallest network on an empty canvas; its ends fit the data where there are some."""

    def apply(project: Project) -> Project:
        last = None
        for index, layer in enumerate((Input(), Dense(), Output())):
            project = add_node(layer, (index * COLUMN_WIDTH, 0.0), last).apply(project)
            last = project.network.nodes[-1].id
        return fit_ends().apply(project)

    return Edit("Start a network", apply)


def _added(project: Project, layer: Layer, place: Position) -> tuple[Project, str]:
    project = add_node(layer, place).apply(project)
    return project, project.network.nodes[-1].id


def read_as_codes(node: str) -> Edit:
    """Read the columns that an Input takes as codes of words."""

    def apply(project: Project) -> Project:
        pipeline = project.pipeline
        part = shares(project.network).get(node) if pipeline is not None else None
        if pipeline is None or part is None:
            return project
        owners = [transform.column for transform in pipeline.inputs for _ in transform.features()]
        taken = set(owners[part])
        columns = tuple(
            use.model_copy(update={"kind": "code"}) if use.name in taken else use for use in project.columns
        )
        return project.replace(columns=columns)

    return Edit("Read columns as word codes", apply)


def set_optimizer(optimizer: str) -> Edit:
    """Train with another optimizer as it usually is."""
    chosen = find("optimizers", optimizer)()
    assert isinstance(chosen, Optimizer)

    def apply(project: Project) -> Project:
        return project.replace(settings=project.settings.model_copy(update={"optimizer": chosen}))

    return Edit(Phrase("Optimizer → {name}", name=Phrase(chosen.title)), apply)


CURES: Mapping[str, Callable[..., Edit]] = MappingProxyType(
    {
        "add_input": add_input,
        "add_output": add_output,
        "connect": connect,
        "disconnect": disconnect,
        "fit_ends": fit_ends,
        "insert_layers": insert_layers,
        "join_wires": join_wires,
        "keep_wires": keep_wires,
        "read_as_codes": read_as_codes,
        "remove_node": lambda node: remove_nodes((node,)),
        "remove_nodes": lambda nodes: remove_nodes(tuple(nodes)),
        "set_activation": set_activation,
        "set_answer": set_answer,
        "set_cost": set_cost,
        "set_initializer": set_initializer,
        "set_initializers": set_initializers,
        "set_optimizer": set_optimizer,
        "set_parameter": set_parameter,
        "set_units": set_units,
        "start_network": start_network,
    }
)
"""What makes the edit of a fix out of its arguments, by the fix's key."""
