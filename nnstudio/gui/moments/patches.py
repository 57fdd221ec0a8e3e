"""What excites a filter most: the part of a picture that it looks at where it says most.

Which points of the input a place of a map depends on is found by trying: a row or a column of the picture is made
unknown, and what becomes unknown behind it has looked there. That holds for every layer, whatever its windows are.

Nothing here touches the window, so that it can be asked in a thread beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine import Array, Network, Program
from nnstudio.project import deal_out

MOST_LINES = 1_024
"""A picture of more rows and columns together is not tried."""

_CHUNK = 64


@dataclass(frozen=True, eq=False)
class Sight:
    """Where the places of a node's maps look in the picture.

    Attributes
    ----------
    entry : str
        The Input whose picture it is.
    down : Array of shape (map height, picture height)
        Whether a row of the map depends on a row of the picture.
    across : Array of shape (map width, picture width)
        Whether a column of the map depends on a column of the picture.
    """

    entry: str
    down: NDArray[np.bool_]
    across: NDArray[np.bool_]

    def part(self, picture: Array, row: int, column: int) -> Array:
        """Return the part of a picture of shape (height, width, channels) at which a place of the map looks."""
        rows, columns = np.flatnonzero(self.down[row]), np.flatnonzero(self.across[column])
        return picture[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


@dataclass(frozen=True, eq=False)
class Peaks:
    """Where a filter says most in each of some rows.

    Attributes
    ----------
    values : Array of shape (rows,)
        The largest number of its map.
    parts : list of Array of shape (height, width)
        Of the rows that were asked for: the part of the picture, the mean over its channels.
    rows : Array of shape (parts,)
        Which rows these are, the one with the largest number first.
    """

    values: NDArray[np.float64]
    parts: list[Array]
    rows: NDArray[np.int64]


def sees_pictures(network: Network, node: str) -> bool:
    """Return whether a node has maps of a picture that enters the network."""
    return len(network.shapes()[node] or ()) == 3 and _picture_input(network) is not None


def sight_of(program: Program, node: str) -> Sight | None:
    """Return where a node looks; None where that cannot be found by trying."""
    entry = _picture_input(program.network)
    shape = None if entry is None else program.network.shapes()[entry]
    if entry is None or shape is None or sum(shape[:2]) > MOST_LINES:
        return None
    height, width, _ = shape
    tried = np.zeros((height + width, *shape))
    tried[np.arange(height), np.arange(height)] = np.nan
    tried[height + np.arange(width), :, np.arange(width)] = np.nan
    with np.errstate(all="ignore"):
        said = program.activations({entry: tried}, (node,))[node]
    unknown: NDArray[np.bool_] = np.any(np.isnan(said), axis=3, keepdims=True)[..., 0]
    down, across = np.logical_or.reduce(unknown[:height], axis=2), np.logical_or.reduce(unknown[height:], axis=1)
    sight = Sight(entry, down.T, across.T)
    return sight if sight.down.any(axis=1).all() and sight.across.any(axis=1).all() else None


def peaks_of(program: Program, sight: Sight, node: str, unit: int, features: Array, most: int) -> Peaks:
    """Return where a filter says most, and the parts of pictures that excite it most.

    Parameters
    ----------
    program : Program
        With the weights of the moment.
    sight : Sight
        Of the node.
    node : str
    unit : int
    features : Array of shape (rows, features)
        Encoded rows.
    most : int
        How many parts are wanted.
    """
    values, places = np.empty(len(features)), np.empty(len(features), np.int64)
    shape = (0, 0)
    for start in range(0, len(features), _CHUNK):
        rows = deal_out(program.network, features[start : start + _CHUNK])
        said = program.activations(rows, (node,))[node][..., unit]
        shape = said.shape[1:]
        flat = said.reshape(len(said), -1)
        places[start : start + _CHUNK] = flat.argmax(axis=1)
        values[start : start + _CHUNK] = flat.max(axis=1)
    order = np.argsort(-values, kind="stable")
    best = order[np.isfinite(values[order])][:most]
    pictures = deal_out(program.network, features[best])[sight.entry]
    parts = [
        sight.part(picture, *divmod(int(places[row]), shape[1])).mean(axis=2)
        for picture, row in zip(pictures, best.tolist(), strict=True)
    ]
    return Peaks(values, parts, best)


def _picture_input(network: Network) -> str | None:
    """Return the one Input through which pictures enter."""
    if len(network.input_ids) != 1:
        return None
    (entry,) = network.input_ids
    return entry if len(network.shapes()[entry] or ()) == 3 else None
