"""The drawing of a project with a network of another time."""

from __future__ import annotations

from nnstudio.engine import Network
from nnstudio.project.layout import layout
from nnstudio.project.project import Project

_CARD = (200.0, 320.0)
"""Width and height with which cards are laid out whose own sizes are not known here: few are larger."""


def with_network(project: Project, network: Network) -> Project:
    """Return the project with a network that it had: where the places of its nodes are known they stand there.

    Parameters
    ----------
    project : Project
    network : Network
        May have nodes that the drawing has not any more; then all are laid out anew.
    """
    places = {node.id: project.positions[node.id] for node in network.nodes if node.id in project.positions}
    if len(places) < len(network.nodes):
        places = layout(network, {node.id: _CARD for node in network.nodes})
    return project.replace(network=network, positions=places)
