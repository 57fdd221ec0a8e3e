"""Where something new finds room in a drawing."""

from __future__ import annotations

import numpy as np

from nnstudio.engine import Array
from nnstudio.project.drawing import GRID, Position

_STEP = 16.0
_REACH = 60
_FIRST = 400


def free_place(taken: Array, size: tuple[float, float], wanted: Position) -> Position:
    """Return the centre of the free place that is nearest to the wanted one, on the grid.

    A place above or below is taken before one to the left or right, because columns tell the order of layers. Below
    everything there is always room.

    Parameters
    ----------
    taken : Array of shape (things, 4)
        Left, top, right and bottom of what is there.
    size : (float, float)
        Width and height of what is new.
    wanted : (float, float)
        The centre that is wished for.
    """
    centre = np.floor(np.array(wanted) / GRID + 0.5) * GRID
    half = np.array(size) / 2
    offsets = np.arange(-_REACH, _REACH + 1) * _STEP
    across, down = (values.ravel() for values in np.meshgrid(offsets, offsets))
    order = np.argsort(2 * np.abs(across) + np.abs(down) - 1e-3 * np.sign(down), kind="stable")
    places = centre + np.stack([across, down], axis=1)[order]
    for some in (places[:1], places[1:_FIRST], places[_FIRST:]):  # most often the first will do
        near = taken[
            (taken[:, 0] < some[:, 0].max() + half[0])
            & (taken[:, 2] > some[:, 0].min() - half[0])
            & (taken[:, 1] < some[:, 1].max() + half[1])
            & (taken[:, 3] > some[:, 1].min() - half[1])
        ]
        x, y = some[:, :1], some[:, 1:]
        covered = (x + half[0] > near[:, 0]) & (x - half[0] < near[:, 2])
        covered &= (y + half[1] > near[:, 1]) & (y - half[1] < near[:, 3])
        free = np.flatnonzero(~covered.any(axis=1))
        if len(free):
            found = some[free[0]]
            return float(found[0]), float(found[1])
    return float(centre[0]), float(np.ceil((taken[:, 3].max() + half[1]) / GRID) * GRID)
