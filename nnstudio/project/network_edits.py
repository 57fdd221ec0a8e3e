"""Edits of the drawing. Each is one function that returns one `Edit`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from nnstudio.components import find
from nnstudio.engine import Activation, Cost, Initializer, Layer, Network, Node
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.output import Output
from nnstudio.project.edit import Edit
from nnstudio.project.project import Position, Project
from nnstudio.project.proposal import COLUMN_WIDTH, end_of, units_of_answer

Edge = tuple[str, str]


LONGEST_TITLE = 200


def add_node(layer: Layer, position: Position, after: str | None = None) -> Edit:
    """Add a layer at a place, wired after another node where that is possible."""

    def apply(project: Project) -> Project:
        network, id = _with_node(project.network, layer)
        if after is not None and _may_connect(network, after, id):
            network = _replace(network, edges=(*network.edges, (after, id)))
        return _placed(project, network, {id: position})

    return Edit(f"Add {layer.title}", apply)


def insert_on_edge(layer: Layer, edge: Edge, position: Position) -> Edit:
    """Put a layer into a wire."""

    def apply(project: Project) -> Project:
        network, id = _with_node(project.network, layer)
        source, target = edge
        edges: list[Edge] = []
        for old in network.edges:
            # In the place of the old wire, so that the order of inputs stays.
            edges += [(source, id), (id, target)] if old == edge else [old]
        return _placed(project, _replace(network, edges=tuple(edges)), {id: position})

    return Edit(f"Insert {layer.title}", apply)


def connect(source: str, target: str) -> Edit:
    """Draw a wire. One that would close a loop, or is there already, changes nothing."""

    def apply(project: Project) -> Project:
        network = project.network
        if not _may_connect(network, source, target):
            return project
        edges = network.edges
        most = network.node(target).layer.most_inputs
        if most == 1:
            edges = tuple(edge for edge in edges if edge[1] != target)  # the new wire takes the place of the old one
        return project.replace(network=_replace(network, edges=(*edges, (source, target))))

    return Edit("Connect", apply)


def disconnect(source: str, target: str) -> Edit:
    """Remove a wire."""

    def apply(project: Project) -> Project:
        edges = tuple(edge for edge in project.network.edges if edge != (source, target))
        return project.replace(network=_replace(project.network, edges=edges))

    return Edit("Remove a wire", apply)


def remove_nodes(ids: Collection[str]) -> Edit:
    """Remove nodes; what led into a node with one wire in is joined to all that it led to."""

    def apply(project: Project) -> Project:
        network = project.network
        for id in ids:
            if id not in network:
                continue
            sources, targets = network.sources(id), network.targets(id)
            edges: list[Edge] = []
            for edge in network.edges:
                if edge[1] == id and len(sources) == 1:
                    edges += [(edge[0], target) for target in targets if (edge[0], target) not in network.edges]
                elif id not in edge:
                    edges.append(edge)
            network = Network(nodes=tuple(node for node in network.nodes if node.id != id), edges=tuple(edges))
        positions = {id: place for id, place in project.positions.items() if id in network}
        return project.replace(network=network, positions=positions)

    return Edit("Delete a layer" if len(ids) == 1 else f"Delete {len(ids)} layers", apply)


def move_nodes(places: Mapping[str, Position], merge: str = "") -> Edit:
    """Move nodes to new centres."""

    def apply(project: Project) -> Project:
        return project.replace(positions={**project.positions, **places})

    return Edit("Move a layer" if len(places) == 1 else f"Move {len(places)} layers", apply, merge)


def rename(id: str, title: str) -> Edit:
    """Give a node another title; what is longer than a title may be is cut."""

    short = title.strip()[:LONGEST_TITLE]

    def apply(project: Project) -> Project:
        return project.replace(network=_with(project.network, id, title=short))

    return Edit(f"Rename to '{short}'", apply, f"rename {id}")


def set_layer(id: str, layer: Layer, changed: Collection[str] = ()) -> Edit:
    """Give a node other parameters.

    Parameters
    ----------
    id : str
    layer : Layer
    changed : collection of str
        The names of what is changed; changes of the same are undone together.
    """

    def apply(project: Project) -> Project:
        return project.replace(network=_with(project.network, id, layer=layer))

    merge = f"set {id} {sorted(changed)}" if changed else ""
    return Edit(f"Change {layer.title} to {layer.note()}", apply, merge)


def set_units(node: str, units: int) -> Edit:
    """Give a dense layer another number of units."""
    return _change_dense(node, f"Set {units} units", units=units)


def set_activation(node: str, activation: str) -> Edit:
    """Give a layer another activation."""
    member = find("activations", activation)()
    assert isinstance(member, Activation)
    return _change_field(node, f"Set {member.title}", ("activation", "function"), member)


def set_initializer(node: str, initializer: str) -> Edit:
    """Draw the first weights of a layer in another way."""
    member = find("initializers", initializer)()
    assert isinstance(member, Initializer)
    return _change_field(node, f"Start weights {member.title}", ("kernel_initializer",), member)


def set_cost(node: str, cost: str) -> Edit:
    """Give the output another cost."""
    member = find("costs", cost)()
    assert isinstance(member, Cost)

    def apply(project: Project) -> Project:
        if not isinstance(project.network.node(node).layer, Output):
            return project
        return project.replace(network=_with(project.network, node, layer=Output(cost=member)))

    return Edit(f"Set {member.title.lower()}", apply)


def fit_ends() -> Edit:
    """Make the input as wide as the data, and let the answer and the cost suit the target; the inside stays."""

    def apply(project: Project) -> Project:
        pipeline = project.pipeline
        if pipeline is None:
            return project
        network, places = project.network, dict(project.positions)
        for id in network.input_ids:
            network = _with(network, id, layer=Input(shape=(len(pipeline.features),)))
        if len(network.output_ids) != 1:
            return project.replace(network=network)
        output = network.output_ids[0]
        activation, cost = end_of(pipeline)
        network = _with(network, output, layer=Output(cost=cost))
        sources = network.sources(output)
        if len(sources) != 1:
            return project.replace(network=network)
        last = network.node(sources[0])
        answer = Dense(units=units_of_answer(pipeline), activation=activation)
        if isinstance(last.layer, Dense):
            layer = last.layer.replace(units=answer.units, activation=activation)
            return project.replace(network=_with(network, last.id, layer=layer))
        network, id = _with_node(network, answer)
        edges = tuple(edge for edge in network.edges if edge != (last.id, output))
        network = _replace(network, edges=(*edges, (last.id, id), (id, output)))
        x, y = places.get(output, (0.0, 0.0))
        places[id] = (x, y)
        places[output] = (x + COLUMN_WIDTH, y)
        return _placed(project, network, places)

    return Edit("Fit the ends to the data", apply)


def _change_field(id: str, title: str, names: tuple[str, ...], value: object) -> Edit:
    """Give the first of these parameters that a layer has another value."""

    def apply(project: Project) -> Project:
        layer = project.network.node(id).layer if id in project.network else None
        name = next((name for name in names if layer is not None and name in type(layer).model_fields), None)
        if layer is None or name is None:
            return project
        return project.replace(network=_with(project.network, id, layer=layer.replace(**{name: value})))

    return Edit(title, apply)


def _change_dense(id: str, title: str, **values: object) -> Edit:
    def apply(project: Project) -> Project:
        layer = project.network.node(id).layer if id in project.network else None
        if not isinstance(layer, Dense):
            return project
        return project.replace(network=_with(project.network, id, layer=layer.replace(**values)))

    return Edit(title, apply)


def _may_connect(network: Network, source: str, target: str) -> bool:
    return (
        (source, target) not in network.edges
        and not network.would_cycle(source, target)
        and network.node(source).layer.has_output
        and network.node(target).layer.most_inputs != 0
    )


def _with(network: Network, id: str, **values: object) -> Network:
    nodes = tuple(node.model_copy(update=values) if node.id == id else node for node in network.nodes)
    return _replace(network, nodes=nodes)


def _replace(network: Network, nodes: tuple[Node, ...] | None = None, edges: tuple[Edge, ...] | None = None) -> Network:
    return Network(nodes=network.nodes if nodes is None else nodes, edges=network.edges if edges is None else edges)


def _with_node(network: Network, layer: Layer) -> tuple[Network, str]:
    """Return the network with a further node, and its id."""
    stem = "hidden" if isinstance(layer, Dense) else layer.key
    single = isinstance(layer, (Input, Output)) and stem not in network
    number = 1
    while f"{stem}_{number}" in network:
        number += 1
    id = stem if single else f"{stem}_{number}"
    title = layer.title if single else f"{stem.replace('_', ' ')} {number}"
    return _replace(network, nodes=(*network.nodes, Node(id=id, title=title, layer=layer))), id


def _placed(project: Project, network: Network, places: Mapping[str, Position]) -> Project:
    return project.replace(network=network, positions={**project.positions, **places})
