"""Where the units of a layer lie in the weights of a network, and how a change of their number goes on behind it.

A lane is what one unit says, followed through the layers behind that treat each unit by itself, up to those that read
it with weights of their own. Layers whose units meet in a sum or another join can change only together.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine import rng
from nnstudio.engine.layer import Array, Layer, Shape
from nnstudio.engine.layers.activation import ActivationLayer
from nnstudio.engine.layers.add import Add
from nnstudio.engine.layers.average import Average
from nnstudio.engine.layers.average_pooling1d import AveragePooling1d
from nnstudio.engine.layers.average_pooling2d import AveragePooling2d
from nnstudio.engine.layers.batch_normalization import BatchNormalization
from nnstudio.engine.layers.bidirectional import Bidirectional
from nnstudio.engine.layers.concatenate import Concatenate
from nnstudio.engine.layers.conv1d import Conv1d
from nnstudio.engine.layers.conv2d import Conv2d
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.depthwise_conv2d import DepthwiseConv2d
from nnstudio.engine.layers.dropout import Dropout
from nnstudio.engine.layers.embedding import Embedding
from nnstudio.engine.layers.flatten import Flatten
from nnstudio.engine.layers.gaussian_noise import GaussianNoise
from nnstudio.engine.layers.global_average_pooling1d import GlobalAveragePooling1d
from nnstudio.engine.layers.global_average_pooling2d import GlobalAveragePooling2d
from nnstudio.engine.layers.max_pooling1d import MaxPooling1d
from nnstudio.engine.layers.max_pooling2d import MaxPooling2d
from nnstudio.engine.layers.maximum import Maximum
from nnstudio.engine.layers.multiply import Multiply
from nnstudio.engine.layers.prelu import Prelu
from nnstudio.engine.layers.upsampling2d import Upsampling2d
from nnstudio.engine.layers.zero_padding2d import ZeroPadding2d
from nnstudio.engine.network import Network
from nnstudio.engine.operations.recurrence import RecurrentLayer
from nnstudio.errors import NetworkError

Places = NDArray[np.int64]

_MAKERS = (Dense, Conv1d, Conv2d, RecurrentLayer, Bidirectional, Embedding)
"""Layers whose units can change in number. All but embeddings read units along their kernel's last axis but one."""

_EACH_ON_ITS_OWN = (
    *(ActivationLayer, AveragePooling1d, AveragePooling2d, BatchNormalization, DepthwiseConv2d, Dropout, GaussianNoise),
    *(GlobalAveragePooling1d, GlobalAveragePooling2d, MaxPooling1d, MaxPooling2d, Prelu, Upsampling2d, ZeroPadding2d),
)
"""Layers that treat each unit or channel by itself."""

_JOINS = (Add, Average, Maximum, Multiply)
"""Layers in which units of the same number meet."""


@dataclass(frozen=True, eq=False)
class Lanes:
    """The units that a layer says after the change: the old place of each, or -1, and which half of a split it is."""

    origin: Places
    half: Places

    def beside(self, other: Lanes, offset: int) -> Lanes:
        """Return these and then others, whose old places began at an offset."""
        moved = np.where(other.origin < 0, -1, other.origin + offset)
        return Lanes(np.concatenate([self.origin, moved]), np.concatenate([self.half, other.half]))

    def repeated(self, times: int, width: int) -> Lanes:
        """Return them several times one after the other, where there were so many units each time before."""
        starts = np.arange(times)[:, None] * width
        origin = np.where(self.origin < 0, -1, self.origin + starts)
        return Lanes(origin.reshape(-1), np.tile(self.half, times))

    def new_places(self, units: Collection[int]) -> tuple[int, ...]:
        """Return where old units stand now; those that are gone are left out, halves of a split count both."""
        return tuple(np.flatnonzero(np.isin(self.origin, tuple(units))).tolist())


@dataclass(eq=False)
class Paths:
    """What becomes of a network's weights when units of a layer change.

    Attributes
    ----------
    changed : tuple of str
        The ids of the layers whose units change: the one that was asked for, and those whose units meet its own.
    lanes : dict of str to Lanes
        By the ids of all layers that say other units than before.
    origins : dict of str to Array of int
        For weights and layer memory by name, in the new shape: the place in the old array, or -1.
    factors : dict of str to Array
        By what weights are multiplied on the way.
    """

    changed: tuple[str, ...]
    lanes: dict[str, Lanes] = field(default_factory=dict)
    origins: dict[str, Places] = field(default_factory=dict)
    factors: dict[str, Array] = field(default_factory=dict)


def has_units(layer: Layer) -> bool:
    """Return whether a layer makes units whose number can be chosen."""
    return isinstance(layer, _MAKERS)


def unit_count(network: Network, id: str) -> int:
    """Return how many units a layer has.

    Raises
    ------
    NetworkError
        When it has none whose number can change.
    """
    node = network.node(id)
    if not isinstance(node.layer, _MAKERS):
        raise NetworkError(
            f"{node} has no units that can be added or removed. Choose a Dense, convolution, embedding or recurrent "
            "layer."
        )
    return int(getattr(_core(node.layer), units_field(node.layer)))


def units_field(layer: Layer) -> str:
    """Return the name of the parameter that counts a layer's units."""
    return "filters" if isinstance(layer, (Conv1d, Conv2d)) else "units"


def with_unit_count(layer: Layer, count: int) -> Layer:
    """Return a layer with another number of units."""
    core = _core(layer).replace(**{units_field(layer): count})
    return layer.replace(layer=core) if isinstance(layer, Bidirectional) else core


def follow(network: Network, id: str, origin: Sequence[int], half: Sequence[int], seed: int) -> Paths:
    """Return what becomes of the weights when a layer has these units, given by their old places or -1.

    Parameters
    ----------
    network : Network
    id : str
    origin, half : sequence of int
        As in `Lanes`.
    seed : int
        From which the shares of split units are drawn.

    Raises
    ------
    NetworkError
        When the number of units cannot change while the others go on.
    """
    unit_count(network, id)
    own = Lanes(np.array(origin, np.int64), np.array(half, np.int64))
    paths = Paths(_together(network, id))
    shapes = {**network.weight_shapes(), **network.memory_shapes()}
    for other in network.order:
        names = [name for name in shapes if name.partition("/")[0] == other]
        heard = next((paths.lanes[source] for source in network.sources(other) if source in paths.lanes), None)
        changes = other in paths.changed
        if heard is None and not changes:
            continue
        layer = network.node(other).layer
        if isinstance(layer, _MAKERS):
            for name in names:
                stream = rng.stream(seed, "split", id, name)
                units = unit_count(network, other)
                _lay(paths, name, shapes[name], units, layer, own if changes else None, heard, stream)
            if changes:
                paths.lanes[other] = _said(layer, own, unit_count(network, other))
        else:
            lanes = paths.lanes[other] = _passed_on(network, other, paths.lanes)
            for name in names:
                axis = -2 if isinstance(layer, DepthwiseConv2d) and name.endswith("/kernel") else -1
                paths.origins[name] = _taken(_places(shapes[name]), lanes, axis)
    return paths


def _core(layer: Layer) -> Layer:
    return layer.layer if isinstance(layer, Bidirectional) else layer


def _said(layer: Layer, own: Lanes, units: int) -> Lanes:
    """Return the lanes of what a layer says: in both directions beside each other, where it does so."""
    if isinstance(layer, Bidirectional) and layer.merge == "concatenate":
        return own.repeated(2, units)
    return own


def _lay(
    paths: Paths,
    name: str,
    shape: Shape,
    units: int,
    layer: Layer,
    own: Lanes | None,
    heard: Lanes | None,
    stream: np.random.Generator,
) -> None:
    """Say where the numbers of a weight come from whose layer has other units, or hears others, or both."""
    core, part = _core(layer), name.rsplit("/", 1)[-1]
    gates = core.gates if isinstance(core, RecurrentLayer) else 1
    if part == "recurrent_kernel":
        heard = own
    elif part != "kernel" or isinstance(layer, Embedding):
        heard = None
    if heard is None and own is None:
        return
    places, shares = _places(shape), np.ones(shape)
    if heard is not None:
        places, shares = _taken(places, heard, -2), _shares(shape, heard, stream)
    if own is not None:
        wide = own.repeated(gates, units)
        places, shares = _taken(places, wide, -1), shares[..., wide.origin]
    paths.origins[name] = places
    if heard is not None:
        paths.factors[name] = shares


def _together(network: Network, id: str) -> tuple[str, ...]:
    """Return the layers whose units must change with those of one layer, because joins let them meet."""
    found = {id}
    while True:
        reached = _reached(network, found)
        more = {
            maker
            for other in reached
            if isinstance(network.node(other).layer, _JOINS)
            for source in network.sources(other)
            if source not in reached and source not in found
            for maker in _makers(network, source, other)
        }
        if more <= found:
            return tuple(other for other in network.order if other in found)
        found |= more


def _reached(network: Network, makers: Collection[str]) -> set[str]:
    """Return the layers that say other units when some layers do."""
    reached: set[str] = set(makers)
    for other in network.order:
        reads = isinstance(network.node(other).layer, _MAKERS)
        if not reads and any(source in reached for source in network.sources(other)):
            reached.add(other)
    return reached


def _makers(network: Network, id: str, join: str) -> set[str]:
    """Return the layers that make the units that a node says, walking back; joins have several."""
    node = network.node(id)
    if isinstance(node.layer, _MAKERS):
        return {id}
    if not isinstance(node.layer, (*_EACH_ON_ITS_OWN, *_JOINS)):
        raise NetworkError(
            f"{network.node(join)} joins these units with those of {node}, whose number is fixed. Choose another layer."
        )
    return {maker for source in network.sources(id) for maker in _makers(network, source, join)}


def _passed_on(network: Network, id: str, lanes: Mapping[str, Lanes]) -> Lanes:
    """Return the lanes behind a layer that reads them without weights for each pair of units."""
    node, sources, shapes = network.node(id), network.sources(id), network.shapes()
    layer, given = node.layer, shapes[sources[0]]
    assert given is not None
    said = layer.last_activation()
    if isinstance(layer, Flatten):
        return lanes[sources[0]].repeated(math.prod(given[:-1]), given[-1])
    if isinstance(layer, Concatenate) and layer.axis in (-1, len(given) - 1):
        together, offset = Lanes(np.zeros(0, np.int64), np.zeros(0, np.int64)), 0
        for source in sources:
            width = (shapes[source] or (0,))[-1]
            same = Lanes(np.arange(width), np.zeros(width, np.int64))
            together = together.beside(lanes.get(source, same), offset)
            offset += width
        return together
    if isinstance(layer, _EACH_ON_ITS_OWN) and (said is None or said.elementwise):
        return lanes[sources[0]]
    if isinstance(layer, _JOINS):
        met = [lanes.get(source) for source in sources]
        if all(one is not None and met[0] is not None and np.array_equal(one.origin, met[0].origin) for one in met):
            return lanes[sources[0]]
    raise NetworkError(
        f"{node} needs the units it gets as they are, so their number cannot change and the function stay. "
        "Choose a layer whose units lead to Dense, convolution or recurrent layers."
    )


def _places(shape: Shape) -> Places:
    return np.arange(math.prod(shape)).reshape(shape)


def _taken(places: Places, lanes: Lanes, axis: int) -> Places:
    """Return the old places of an array whose axis now holds these lanes."""
    found = np.moveaxis(places, axis, 0)[lanes.origin]
    found[lanes.origin < 0] = -1
    return np.moveaxis(found, 0, axis)


def _shares(shape: Shape, lanes: Lanes, stream: np.random.Generator) -> Array:
    """Return by what outgoing weights are multiplied: new ones by zero, the halves of a split by their shares."""
    first = np.moveaxis(stream.uniform(0.3, 0.7, shape), -2, 0)[lanes.origin]
    half = lanes.half.reshape(-1, *[1] * (first.ndim - 1))
    found = np.where(half == 0, 1.0, np.where(half == 1, first, 1 - first))
    found[lanes.origin < 0] = 0
    return np.moveaxis(found, 0, -2)
