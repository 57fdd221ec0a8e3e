"""Edits of layers. Each is one function that returns one `Edit`; those of wires stand in `wire_edits`."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from pydantic import ValidationError

from nnstudio.components import find
from nnstudio.engine import Activation, Cost, Edge, Initializer, Layer, Network
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.output import Output
from nnstudio.engine.network import LONGEST_TITLE
from nnstudio.i18n import Phrase
from nnstudio.project.drawing import COLUMN_WIDTH, Position
from nnstudio.project.edits.edit import Edit
from nnstudio.project.inputs import fitted_shapes
from nnstudio.project.insertion import inserted, room_in_wire
from nnstudio.project.names import counted, storable
from nnstudio.project.project import Project
from nnstudio.project.proposal import end_of, units_of_answer
from nnstudio.project.wires import into_wire, may_connect, replaced, with_node, without


def add_node(layer: Layer, position: Position, after: str | None = None) -> Edit:
    """Add a layer at a place, wired after another node where that is possible."""

    def apply(project: Project) -> Project:
        network, id = with_node(project.network, layer)
        if after is not None and may_connect(network, after, id):
            network = replaced(network, edges=(*network.edges, (after, id)))
        return _placed(project, network, {id: position})

    return Edit(Phrase("Add {layer}", layer=Phrase(layer.title)), apply)


def insert_on_edge(layer: Layer, edge: Edge, position: Position) -> Edit:
    """Put a layer into a wire; one that begins or ends a network is only added.

    What is to the right of the wire moves on where there is no room in it.
    """

    def apply(project: Project) -> Project:
        network, id = with_node(project.network, layer)
        place = position
        if edge in project.network.edges and layer.is_inner:
            project, place = room_in_wire(project, edge, position)
        return _placed(project, into_wire(network, id, edge), {id: place})

    return Edit(Phrase("Insert {layer}", layer=Phrase(layer.title)), apply)


def insert_between(source: str, target: str, layer: Layer) -> Edit:
    """Put a layer into a wire halfway between its ends; what is to the right moves on where there is no room."""

    def apply(project: Project) -> Project:
        if (source, target) not in project.network.edges:
            return project
        return inserted(project, source, target, [layer])

    return Edit(Phrase("Insert {layer}", layer=Phrase(layer.title)), apply)


def remove_nodes(ids: Collection[str], note_ids: Collection[str] = ()) -> Edit:
    """Remove nodes, and notes with them.

    What led into a removed node with one wire in is joined to all that it led to, where the shapes allow it.
    """

    def apply(project: Project) -> Project:
        gone = {id for id in ids if id in project.network}
        notes = tuple(note for note in project.notes if note.id not in note_ids)
        if not gone:
            return project if len(notes) == len(project.notes) else project.replace(notes=notes)
        positions = {id: place for id, place in project.positions.items() if id not in gone}
        return project.replace(network=without(project.network, gone), positions=positions, notes=notes)

    return Edit(Phrase("Delete {what}", what=counted(len(ids), len(note_ids))), apply)


def move_nodes(
    places: Mapping[str, Position], merge: str = "", note_places: Mapping[str, Position] | None = None
) -> Edit:
    """Move nodes to new centres, and notes with them."""
    notes = note_places or {}

    def apply(project: Project) -> Project:
        positions = {**project.positions, **{id: place for id, place in places.items() if id in project.network}}
        moved = tuple(
            note.model_copy(update={"place": notes[note.id]}) if note.id in notes else note for note in project.notes
        )
        return project.replace(positions=positions, notes=moved)

    return Edit(Phrase("Move {what}", what=counted(len(places), len(notes))), apply, merge)


def rename(id: str, title: str) -> Edit:
    """Give a node another title; what is longer than a title may be is cut."""

    short = storable(title).strip()[:LONGEST_TITLE]

    def apply(project: Project) -> Project:
        return project.replace(network=_with(project.network, id, title=short))

    return Edit(Phrase("Rename to '{name}'", name=short), apply, f"rename {id}")


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
    title = Phrase("Change {layer} to {values}", layer=Phrase(layer.title), values=layer.note())
    return Edit(title, apply, merge)


def set_units(node: str, units: int) -> Edit:
    """Give a layer another number of units."""
    title = Phrase("Set 1 unit" if units == 1 else "Set {count} units", count=units)
    return _change_field(node, title, ("units",), units)


def set_activation(node: str, activation: str) -> Edit:
    """Give a layer another activation."""
    member = find("activations", activation)()
    assert isinstance(member, Activation)
    return _change_field(node, Phrase("Set {name}", name=Phrase(member.title)), ("activation", "function"), member)


def set_initializer(node: str, initializer: str) -> Edit:
    """Draw the first weights of a layer in another way."""
    member = find("initializers", initializer)()
    assert isinstance(member, Initializer)
    return _change_field(
        node, Phrase("Start weights {name}", name=Phrase(member.title)), ("kernel_initializer",), member
    )


def set_cost(node: str, cost: str) -> Edit:
    """Give the output another cost."""
    member = find("costs", cost)()
    assert isinstance(member, Cost)

    def apply(project: Project) -> Project:
        if node not in project.network or not isinstance(project.network.node(node).layer, Output):
            return project
        return project.replace(network=_with(project.network, node, layer=Output(cost=member)))

    return Edit(Phrase("Set {name}", name=Phrase(member.title.lower())), apply)


def fit_ends() -> Edit:
    """Make the inputs as wide as the data, and let the answer and the cost suit the target; the inside stays."""

    def apply(project: Project) -> Project:
        pipeline = project.pipeline
        if pipeline is None:
            return project
        network, places = project.network, dict(project.positions)
        for id, shape in fitted_shapes(network, len(pipeline.features)).items():
            network = _with(network, id, layer=network.node(id).layer.replace(shape=shape))
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
        network, id = with_node(network, answer)
        edges = tuple(edge for edge in network.edges if edge != (last.id, output))
        network = replaced(network, edges=(*edges, (last.id, id), (id, output)))
        x, y = places.get(output, (0.0, 0.0))
        places[id] = (x, y)
        places[output] = (x + COLUMN_WIDTH, y)
        return _placed(project, network, places)

    return Edit("Fit the ends to the data", apply)


def _change_field(id: str, title: str, names: tuple[str, ...], value: object) -> Edit:
    """Give the first of these parameters that a layer has another value; one that it refuses changes nothing."""

    def apply(project: Project) -> Project:
        layer = project.network.node(id).layer if id in project.network else None
        name = next((name for name in names if layer is not None and name in type(layer).model_fields), None)
        if layer is None or name is None:
            return project
        try:
            changed = layer.replace(**{name: value})
        except ValidationError:  # such as softmax for the state of an LSTM
            return project
        return project.replace(network=_with(project.network, id, layer=changed))

    return Edit(title, apply)


def _with(network: Network, id: str, **values: object) -> Network:
    nodes = tuple(node.model_copy(update=values) if node.id == id else node for node in network.nodes)
    return replaced(network, nodes=nodes)


def _placed(project: Project, network: Network, places: Mapping[str, Position]) -> Project:
    return project.replace(network=network, positions={**project.positions, **places})
