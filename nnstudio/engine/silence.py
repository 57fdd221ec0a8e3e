"""Who is silent in a step: what dropout draws can be drawn again from where its random numbers stand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from nnstudio.components import find
from nnstudio.engine import rng
from nnstudio.engine.layer import Array
from nnstudio.engine.network import Network
from nnstudio.engine.optimizer import Optimizer
from nnstudio.engine.program import GRADIENT_CHUNK
from nnstudio.engine.state import State
from nnstudio.engine.sweep import laid_out_with_rows_last, memory_for


def silencing(network: Network) -> tuple[str, ...]:
    """Return the nodes that silence at random while training."""
    room, stream = np.zeros((1, 1)), rng.stream(0)
    return tuple(id for id in network.order if network.node(id).layer.silenced(stream, room) is not None)


def rows_of_next_step(state: State, rows: int) -> int:
    """Return how many of so many training rows the step looks at that begins at a state."""
    kind = find("optimizers", str(state.settings["optimizer"]["type"]))
    whole = issubclass(kind, Optimizer) and kind.full_batch_only
    batch = rows if whole else state.settings["batch_size"] or rows
    return int(min(batch, rows - state.position))


def silenced_in_step(
    network: Network, streams: Mapping[str, Array], rows: int, dtype: np.dtype[Any], id: str
) -> Array | None:
    """Return which values a node silences for the first row of the step that begins at a state.

    Parameters
    ----------
    network : Network
    streams : mapping of str to Array of shape (6,)
        Where each node's random numbers stand.
    rows : int
        Of the step.
    dtype : dtype
        Of the weights.
    id : str

    Returns
    -------
    Array of bool of the node's shape, or None
        None where the node silences nothing at random, or its random numbers are not known.
    """
    shape, packed = network.shapes()[id], streams.get(id)
    if shape is None or packed is None:
        return None
    stream = rng.stream(0)
    rng.unpack(stream, packed)
    rows_last = id in laid_out_with_rows_last(network)
    # Where rows lie one after the other, the first row's numbers are drawn first, and no others are needed.
    count = min(rows, GRADIENT_CHUNK) if rows_last else 1
    silent = network.node(id).layer.silenced(stream, memory_for(shape, count, dtype, rows_last=rows_last))
    return None if silent is None else silent[0]
