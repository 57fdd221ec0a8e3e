"""Which node the arrow keys lead to."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt

from nnstudio.engine import Network

_COLUMN = 100.0

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Keys and the directions they lead to: across and down."""


def next_node(network: Network, places: Mapping[str, tuple[float, float]], here: str, across: int, down: int) -> str:
    """Return the node along a wire (across), or the nearest one above or below (down); empty where there is none."""
    if across:
        along = network.targets(here) if across > 0 else network.sources(here)
        return along[0] if along else ""
    x, y = places.get(here, (0.0, 0.0))
    beside = {
        abs(other_y - y): id
        for id, (other_x, other_y) in places.items()
        if id in network and abs(other_x - x) < _COLUMN and (other_y - y) * down > 0
    }
    return beside[min(beside)] if beside else ""
