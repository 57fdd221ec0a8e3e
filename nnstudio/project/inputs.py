"""How the columns of a table reach the inputs of a network.

The encoded features are dealt out to the Inputs in the order of the nodes. Each takes as many as its shape has numbers,
the last axis moving fastest: an Input of 8 × 8 × 1 takes 64. Everything that feeds rows to a network asks here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import accumulate

import numpy as np
from numpy.typing import ArrayLike

from nnstudio.components import Fix, Problem
from nnstudio.data import Pipeline
from nnstudio.data.transforms.codes import Codes
from nnstudio.engine import Array, Network, Shape, shape_in_words
from nnstudio.engine.layers.input import Input
from nnstudio.errors import NetworkError

FIT_ENDS = Fix(key="fit_ends", title="Fit the ends to the data")
PROPOSE = Fix(key="propose_network", title="Propose a new network")


def shares(network: Network) -> dict[str, slice]:
    """Return which features each Input takes, by its id."""
    sizes = [math.prod(_input(network, id).shape) for id in network.input_ids]
    ends = list(accumulate(sizes))
    return {id: slice(end - size, end) for id, size, end in zip(network.input_ids, sizes, ends, strict=True)}


def features_of(network: Network, pipeline: Pipeline) -> dict[str, tuple[str, ...]]:
    """Return the names of the features that each Input takes, by its id; of none where their number is wrong."""
    parts = shares(network)
    if max((part.stop for part in parts.values()), default=0) != len(pipeline.features):
        return {}
    return {id: tuple(pipeline.features[part]) for id, part in parts.items()}


def deal_out(network: Network, features: ArrayLike) -> dict[str, Array]:
    """Return what each Input of a network gets of encoded rows.

    Parameters
    ----------
    network : Network
    features : Array of shape (rows, features)

    Returns
    -------
    dict of str to Array of shape (rows, *shape)
        By the ids of the Inputs.

    Raises
    ------
    NetworkError
        When the Inputs do not take as many numbers as there are.
    """
    values = np.asarray(features)
    parts = shares(network)
    taken = max((part.stop for part in parts.values()), default=0)
    if values.ndim != 2 or taken != values.shape[1]:
        raise NetworkError(f"The inputs take {taken} numbers, but rows of shape {values.shape[1:]} came.")
    return {id: values[:, part].reshape(len(values), *_input(network, id).shape) for id, part in parts.items()}


def fitted_shapes(network: Network, features: int) -> Mapping[str, Shape]:
    """Return shapes with which the Inputs take so many features; those that need not change stay.

    The last Input takes what the others leave. It stays a picture or a sequence where the number allows it; where
    nothing is left for it, all share alike.
    """
    ids = network.input_ids
    found = {id: _input(network, id).shape for id in ids}
    if not ids:
        return found
    rest = features - sum(math.prod(found[id]) for id in ids[:-1])
    if rest < 1:
        each = max(1, features // len(ids))
        found = dict.fromkeys(ids, (each,))
        rest = max(1, features - each * (len(ids) - 1))
    found[ids[-1]] = _resized(found[ids[-1]], rest)
    return found


def problems_of_inputs(network: Network, pipeline: Pipeline) -> list[Problem]:
    """Return where the Inputs of a network do not fit the columns of the data."""
    parts = shares(network)
    if not parts:
        return []
    size, taken = len(pipeline.features), max(part.stop for part in parts.values())
    if taken != size:
        return [_wrong_number(network, size, taken)]
    return _problems_of_codes(network, pipeline, parts)


def _wrong_number(network: Network, size: int, taken: int) -> Problem:
    ids = network.input_ids
    data = "1 input" if size == 1 else f"{size} inputs"
    if len(ids) == 1:
        node = network.node(ids[0])
        given = shape_in_words(_input(network, ids[0]).shape)
        what = f"{node} takes {given} numbers, but the data have {data}."
        return Problem(
            node=ids[0], what=what, hint="Fit the ends of the network to the data.", fixes=(FIT_ENDS, PROPOSE)
        )
    each = " and ".join(f"{shape_in_words(_input(network, id).shape)} for '{network.node(id).name}'" for id in ids)
    removals = tuple(
        Fix(key="remove_node", title=f"Remove '{network.node(id).name}'", arguments={"node": id})
        for id in ids
        if taken - math.prod(_input(network, id).shape) == size
    )
    return Problem(
        node=ids[-1],
        other=ids[0],
        what=f"The {len(ids)} inputs take {taken} numbers together ({each}), but the data have {data}.",
        hint="Columns are dealt out to the inputs in order. Fit the inputs to the data, or remove one.",
        fixes=(*removals, FIT_ENDS, PROPOSE),
    )


def _problems_of_codes(network: Network, pipeline: Pipeline, parts: Mapping[str, slice]) -> list[Problem]:
    """Return which Inputs of codes get measured numbers."""
    columns: list[tuple[str, bool]] = []
    for transform in pipeline.inputs:
        is_code = isinstance(transform, Codes)
        columns += [(transform.column, is_code)] * len(transform.features())
        columns += [(transform.column, False)] * transform.indicator
    found = []
    for id, part in parts.items():
        measured = list(dict.fromkeys(name for name, is_code in columns[part] if not is_code))
        if _input(network, id).kind != "codes" or not measured:
            continue
        read = Fix(key="read_as_codes", title="Read its columns as word codes", arguments={"node": id})
        found.append(
            Problem(
                node=id,
                what=f"{network.node(id)} takes word codes, but the column '{measured[0]}' brings measured numbers.",
                hint="Read its columns as word codes in the data panel, or set the kind of the input to numbers.",
                fixes=(read,),
            )
        )
    return found


def _input(network: Network, id: str) -> Input:
    layer = network.node(id).layer
    assert isinstance(layer, Input)
    return layer


def _resized(shape: Shape, size: int) -> Shape:
    """Return a shape of so many numbers, as like this one as can be."""
    if math.prod(shape) == size:
        return shape
    if len(shape) == 3 and shape[0] == shape[1]:
        side = math.isqrt(size // shape[2])
        if side * side * shape[2] == size:
            return (side, side, shape[2])
    inner = math.prod(shape[1:])
    if len(shape) == 2 and size % inner == 0:
        return (size // inner, *shape[1:])
    return (size,)
