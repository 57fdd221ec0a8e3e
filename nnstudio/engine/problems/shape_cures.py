"""What would let a layer take what comes in: found by trying, so a new layer needs no word here.

Layers that could go before it, and other values of its own parameters, are put to its `output_shape`; what it accepts
is offered.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pydantic import ValidationError

from nnstudio.components import Fix
from nnstudio.engine.layer import Layer, Shape, shape_after, shape_in_words
from nnstudio.engine.layers.conv1d import Conv1d
from nnstudio.engine.layers.conv2d import Conv2d
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.embedding import Embedding
from nnstudio.engine.layers.flatten import Flatten
from nnstudio.engine.layers.global_average_pooling1d import GlobalAveragePooling1d
from nnstudio.engine.layers.global_average_pooling2d import GlobalAveragePooling2d
from nnstudio.engine.layers.reshape import Reshape
from nnstudio.engine.layers.upsampling2d import Upsampling2d

MOST_CURES = 4
"""More buttons than these are no help."""

_WIDEST_BRIDGE = 4096
"""A flat input is not widened to a picture with more numbers than these."""

Chain = tuple[Layer, ...]


@dataclass(frozen=True)
class Cure:
    """A fix, and the shape that the faulty node gives after it."""

    fix: Fix
    shape: Shape


@dataclass(frozen=True)
class Side:
    """What stands at the other end of a wire.

    Attributes
    ----------
    id, name : str
    layer : Layer
    shape : Shape
        What it brings.
    given : tuple of Shape, or None
        What it gets itself, where that is known.
    """

    id: str
    name: str
    layer: Layer
    shape: Shape
    given: tuple[Shape, ...] | None

    def changed(self, layer: Layer) -> Shape | None:
        """Return what it would bring as another layer, or None where it could not be one."""
        return None if self.given is None else shape_after(layer, self.given)


def cures_of_one(id: str, layer: Layer, source: Side) -> tuple[Cure, ...]:
    """Return what would let a layer take what its one wire brings.

    Parameters
    ----------
    id : str
        Of its node.
    layer : Layer
    source : Side
    """
    return tuple(islice(_cures_of_one(id, layer, source), MOST_CURES))


def cures_of_joined(id: str, layer: Layer, sources: Sequence[Side]) -> tuple[Cure, ...]:
    """Return what would let a layer join what its wires bring.

    Parameters
    ----------
    id : str
        Of its node.
    layer : Layer
    sources : sequence of Side
        In the order of the wires.
    """
    return tuple(islice(_cures_of_joined(id, layer, sources), MOST_CURES))


def insert(target: str, chains: Mapping[str, Chain], title: str) -> Fix:
    """Return the cure that puts layers into wires.

    Parameters
    ----------
    target : str
        Where the wires lead.
    chains : mapping of str to tuple of Layer
        What goes into the wire from each source, in the order of the flow.
    title : str
    """
    before = {source: [layer.model_dump(mode="json") for layer in chain] for source, chain in chains.items()}
    return Fix(key="insert_layers", title=title, arguments={"target": target, "before": before})


def set_parameter(node: str, name: str, value: Any, title: str) -> Fix:
    """Return the cure that gives a parameter of a layer another value."""
    return Fix(key="set_parameter", title=title, arguments={"node": node, "name": name, "value": value})


def called(chain: Iterable[Layer]) -> str:
    """Return what to call layers that are to be inserted, such as ``Flatten and Dense 8``."""
    return " and ".join(_called(layer) for layer in chain)


def _called(layer: Layer) -> str:
    if isinstance(layer, Reshape):
        return f"Reshape to {shape_in_words(layer.shape)}"
    if isinstance(layer, Dense):
        return f"Dense {layer.units}"
    if isinstance(layer, (Conv1d, Conv2d)):
        return f"{layer.title} with {layer.filters} filters"
    return layer.title


def _cures_of_one(id: str, layer: Layer, source: Side) -> Iterator[Cure]:
    for name, value, other, title in _every_step(source):
        brought = source.changed(other)
        shape = None if brought is None else shape_after(layer, [brought])
        if shape is not None:
            yield Cure(set_parameter(source.id, name, value, title), shape)
    if not layer.takes_codes:  # what a layer computes is no code, however it is rearranged
        for chain in _adapters(source):
            brought = _through(chain, source.shape)
            shape = None if brought is None else shape_after(layer, [brought])
            if shape is not None:
                yield Cure(insert(id, {source.id: chain}, f"Insert {called(chain)}"), shape)
    yield from _own_cures(id, layer, [source.shape])


def _every_step(source: Side) -> Iterator[tuple[str, Any, Layer, str]]:
    """Yield a recurrent source that gives the other of all steps and the last one."""
    field, layer = "return_sequences", source.layer
    inner = getattr(layer, "layer", None)
    held = inner if isinstance(inner, Layer) else layer
    if field not in type(held).model_fields:
        return
    whole = not getattr(held, field)
    title = f"Let '{source.name}' give {'every step' if whole else 'its last step only'}"
    other = held.replace(**{field: whole})
    if held is layer:
        yield field, whole, other, title
    else:
        yield "layer", other.model_dump(mode="json"), layer.replace(layer=other), title


def _adapters(source: Side) -> Iterator[Chain]:
    """Yield what could stand between, the likeliest first."""
    shape = source.shape
    if len(shape) == 1:
        (size,) = shape
        if getattr(source.layer, "kind", "") == "codes":
            yield (Embedding(),)
            yield Embedding(), GlobalAveragePooling1d()
        side = math.isqrt(size // 3) if size % 3 == 0 else 0
        height = next(height for height in range(math.isqrt(size), 0, -1) if size % height == 0)
        if side > 3 and 3 * side * side == size and height * height != size:
            yield (Reshape(shape=(side, side, 3)),)
        yield (Reshape(shape=(height, size // height, 1)),)
        yield (Reshape(shape=(size, 1)),)
    elif len(shape) == 2:
        yield (GlobalAveragePooling1d(),)
        yield (Flatten(),)
        yield (Reshape(shape=(*shape, 1)),)
    else:
        yield (Flatten(),)
        if len(shape) == 3:
            yield (GlobalAveragePooling2d(),)
            yield (Reshape(shape=(shape[0] * shape[1], shape[2])),)


def _own_cures(id: str, layer: Layer, given: Sequence[Shape]) -> Iterator[Cure]:
    """Yield other values of the layer's own parameters that it could work with."""
    for name, value in _other_values(layer, given):
        if name not in type(layer).model_fields or getattr(layer, name) == value:
            continue
        try:
            changed = layer.replace(**{name: value})
        except ValidationError:
            continue
        shape = shape_after(changed, given)
        if shape is not None:
            told = f"'{value}'" if isinstance(value, str) else value
            if isinstance(value, tuple):
                told = shape_in_words(value)
            title = f"Set its {(type(layer).model_fields[name].title or name).lower()} to {told}"
            plain = list(value) if isinstance(value, tuple) else value
            yield Cure(set_parameter(id, name, plain, title), shape)


def _other_values(layer: Layer, given: Sequence[Shape]) -> Iterator[tuple[str, Any]]:
    shape, total = given[0], math.prod(given[0])
    wanted = getattr(layer, "shape", None)
    if isinstance(wanted, tuple):
        yield from (("shape", other) for other in _like(wanted, total))
    for name in ("kernel", "size"):
        window = getattr(layer, name, None)
        if isinstance(window, tuple) and len(shape) == 3:
            yield name, tuple(map(min, window, shape[:2]))
        elif isinstance(window, int) and len(shape) == 2:
            yield name, min(window, shape[0])
    yield "padding", "same"
    heads = getattr(layer, "heads", None)
    if isinstance(heads, int):
        yield "heads", next(count for count in range(min(heads, shape[-1]), 0, -1) if shape[-1] % count == 0)
    yield "axis", -1


def _like(wanted: Shape, total: int) -> Iterator[Shape]:
    """Yield shapes of so many numbers that are like the wanted one."""
    if len(wanted) == 3:
        for channels in dict.fromkeys((wanted[2], 1)):
            places = total // channels
            if places * channels == total:
                height = next(height for height in range(math.isqrt(places), 0, -1) if places % height == 0)
                yield height, places // height, channels
    elif len(wanted) == 2:
        for features in dict.fromkeys((wanted[1], 1)):
            if total % features == 0:
                yield total // features, features
    elif len(wanted) == 1:
        yield (total,)


def _cures_of_joined(id: str, layer: Layer, sources: Sequence[Side]) -> Iterator[Cure]:
    shapes = [side.shape for side in sources]
    wanted = list(dict.fromkeys(shapes))
    yield from _own_cures(id, layer, shapes)
    for goal in wanted:
        others = [index for index, shape in enumerate(shapes) if shape != goal]
        if len(others) == 1:
            yield from _matched(layer, sources, others[0], goal)
    flat = {side.id: (Flatten(),) for side in sources if len(side.shape) > 1}
    joined = shape_after(layer, [shape if len(shape) == 1 else (math.prod(shape),) for shape in shapes])
    if flat and joined is not None:
        yield Cure(insert(id, flat, "Insert Flatten" if len(flat) == 1 else f"Insert {len(flat)} × Flatten"), joined)
    for goal in wanted:
        chains: dict[str, Chain] = {}
        for side in sources:
            chain = () if side.shape == goal else _bridge(side.shape, goal)
            if chain is None:
                break
            if chain:
                chains[side.id] = chain
        else:
            joined = shape_after(layer, [goal] * len(sources))
            if joined is not None:
                words = "; ".join(
                    f"{called(chain)} after '{side.name}'"
                    for side in sources
                    if (chain := chains.get(side.id)) is not None
                )
                yield Cure(insert(id, chains, f"Insert {words}"), joined)


def _matched(layer: Layer, sources: Sequence[Side], index: int, goal: Shape) -> Iterator[Cure]:
    """Yield the other width of one source with which it brings what the others bring."""
    side = sources[index]
    for name in ("units", "filters"):
        if name not in type(side.layer).model_fields:
            continue
        try:
            brought = side.changed(side.layer.replace(**{name: goal[-1]}))
        except ValidationError:  # wider than it may be
            continue
        if brought != goal:
            continue
        shape = shape_after(layer, [goal] * len(sources))
        if shape is not None:
            yield Cure(set_parameter(side.id, name, goal[-1], f"Give '{side.name}' {goal[-1]} {name}"), shape)


def _bridge(shape: Shape, goal: Shape) -> Chain | None:
    """Return layers that lead from one shape to another, or None where none is known."""
    try:
        return next((chain for chain in _bridges(shape, goal) if _through(chain, shape) == goal), None)
    except ValidationError:  # wider than a layer may be
        return None


def _bridges(shape: Shape, goal: Shape) -> Iterator[Chain]:
    if math.prod(shape) == math.prod(goal):
        yield (Flatten(),) if len(goal) == 1 else (Reshape(shape=goal),)
    if len(goal) == 1:
        units = (Dense(units=goal[0]),)
        means: dict[int, Chain] = {2: (GlobalAveragePooling1d(),), 3: (GlobalAveragePooling2d(),)}
        if len(shape) in means:
            yield means[len(shape)]
        yield units if len(shape) == 1 else (Flatten(), *units)
    elif len(shape) == 1:
        if math.prod(goal) <= _WIDEST_BRIDGE:
            yield Dense(units=math.prod(goal)), Reshape(shape=goal)
    elif len(shape) == len(goal) == 2:
        yield (Conv1d(filters=goal[1], kernel=1, stride=_step(shape[0], goal[0])),)
    elif len(shape) == len(goal) == 3:
        stride = (_step(shape[0], goal[0]), _step(shape[1], goal[1]))
        narrow = Conv2d(filters=goal[2], kernel=(1, 1), stride=stride)
        yield (narrow,)
        larger = Upsampling2d(size=(_step(goal[0], shape[0]), _step(goal[1], shape[1])))
        yield (larger,)
        yield larger, Conv2d(filters=goal[2], kernel=(1, 1))


def _step(size: int, wanted: int) -> int:
    return min(1000, max(1, -(-size // wanted)))


def _through(chain: Chain, shape: Shape) -> Shape | None:
    found: Shape | None = shape
    for layer in chain:
        found = None if found is None else shape_after(layer, [found])
    return found
