"""Edits of wires. One that is not legal changes nothing."""

from __future__ import annotations

from nnstudio.engine import Edge
from nnstudio.project.drawing import Position
from nnstudio.project.edits.edit import Edit
from nnstudio.project.insertion import room_in_wire
from nnstudio.project.project import Project
from nnstudio.project.wires import into_other_wire, may_connect, replaced


def connect(source: str, target: str) -> Edit:
    """Draw a wire. One that would close a loop, or is there already, changes nothing."""

    def apply(project: Project) -> Project:
        network = project.network
        if not may_connect(network, source, target):
            return project
        edges = network.edges
        if network.node(target).layer.most_inputs == 1:
            edges = tuple(edge for edge in edges if edge[1] != target)  # the new wire takes the place of the old one
        return project.replace(network=replaced(network, edges=(*edges, (source, target))))

    return Edit("Connect", apply)


def disconnect(source: str, target: str) -> Edit:
    """Remove a wire."""

    def apply(project: Project) -> Project:
        edges = tuple(edge for edge in project.network.edges if edge != (source, target))
        return project.replace(network=replaced(project.network, edges=edges))

    return Edit("Remove a wire", apply)


def rewire(old: Edge, new: Edge) -> Edit:
    """Move one end of a wire to another node.

    With the same target it stays in its place among the inputs; at a new target it is the last, and takes the place
    of the wire that is there where only one may be.
    """

    def apply(project: Project) -> Project:
        network = project.network
        if old not in network.edges or old == new or (old[0] != new[0] and old[1] != new[1]):
            return project
        rest = tuple(edge for edge in network.edges if edge != old)
        if not may_connect(replaced(network, edges=rest), *new):
            return project
        if old[1] == new[1]:
            edges = tuple(new if edge == old else edge for edge in network.edges)
        else:
            single = network.node(new[1]).layer.most_inputs == 1
            edges = (*(edge for edge in rest if not single or edge[1] != new[1]), new)
        return project.replace(network=replaced(network, edges=edges))

    return Edit("Move a wire", apply)


def put_into_wire(id: str, edge: Edge, position: Position | None = None) -> Edit:
    """Put a node that is there already into a wire; it leaves its own wires, and its neighbours are joined.

    Parameters
    ----------
    id : str
    edge : (str, str)
        A wire that does not lead to or from the node.
    position : (float, float), optional
        Where the node goes with that; what is to the right of the wire moves on where there is no room in it.
    """

    def apply(project: Project) -> Project:
        network = project.network
        if id not in network or edge not in network.edges or id in edge:
            return project
        if not network.node(id).layer.is_inner:
            return project
        put = project.replace(network=into_other_wire(network, id, edge))
        if position is None:
            return put
        put, place = room_in_wire(put, edge, position)
        return put.replace(positions={**put.positions, id: place})

    return Edit("Put a layer into a wire", apply)
