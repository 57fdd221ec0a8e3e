"""Whether the last activation and the cost suit each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from nnstudio.components import Fix, Problem
from nnstudio.engine.layer import Layer, Shape
from nnstudio.engine.layers.output import Output
from nnstudio.engine.problems.likely_flow import origin_of
from nnstudio.engine.problems.shape_cures import insert

if TYPE_CHECKING:
    from nnstudio.engine.cost import Cost
    from nnstudio.engine.network import Network, Node


def problems_of_answer(network: Network, output: str, shapes: Mapping[str, Shape | None]) -> Iterator[Problem]:
    """Yield where what an output gets does not suit its cost.

    Parameters
    ----------
    network : Network
    output : str
        The id of an output.
    shapes : mapping of str to Shape or None
        What each node likely gives.
    """
    layer, sources = network.node(output).layer, network.sources(output)
    if not isinstance(layer, Output) or len(sources) != 1:
        return
    cost, shape = layer.cost, shapes[sources[0]]
    last = _that_shapes(network, network.node(sources[0]))
    activation = last.layer.last_activation()
    if cost.fits and (activation is None or activation.key not in cost.fits):
        yield _misfit(network.node(sources[0]), last, output, cost)
    if activation is not None and activation.key == "softmax" and shape == (1,):
        yield _always_one(last, output, cost)


def set_answer(node: str, output: str, activation: str, cost: str, title: str, units: int | None = None) -> Fix:
    """Return the cure that gives the answer another activation and cost at once.

    Parameters
    ----------
    node, output : str
        The ids of the layer that answers and of the output behind it.
    activation, cost : str
        Keys.
    title : str
    units : int, optional
        How many numbers the answer has; as many as before when not given.
    """
    arguments = {"node": node, "output": output, "activation": activation, "cost": cost}
    return Fix(key="set_answer", title=title, arguments=arguments if units is None else {**arguments, "units": units})


def _that_shapes(network: Network, node: Node) -> Node:
    """Return the node whose activation arrives, seen through layers that only rearrange numbers."""
    found = origin_of(network, node.id)
    return found if found.layer.last_activation() is not None else node


def _misfit(before: Node, last: Node, output: str, cost: Cost) -> Problem:
    wanted = cost.fits[0]
    activation = last.layer.last_activation()
    if activation is None:
        has = "none"
        added = Layer.model_validate({"type": "activation", "function": wanted})
        first = insert(output, {before.id: (added,)}, f"Insert {wanted}")
        hint = f"Put the activation {wanted} after '{before.name}', or choose another cost."
    else:
        has = activation.title
        first = _set_activation(last, wanted)
        hint = f"Set the activation of '{last.name}' to {wanted}, or choose another cost."
    arguments = {"node": output, "cost": "mean_squared_error"}
    second = Fix(key="set_cost", title="Use mean squared error", arguments=arguments)
    named = before if activation is None else last
    return Problem(
        node=named.id,
        other=output,
        what=f"{cost.title} needs {wanted} before it, but {named} has {has}.",
        hint=hint,
        fixes=(first, second),
    )


def _always_one(last: Node, output: str, cost: Cost) -> Problem:
    if not cost.fits or "sigmoid" in cost.fits:
        fix = _set_activation(last, "sigmoid")
    else:
        title = "Use sigmoid and binary cross-entropy"
        fix = set_answer(last.id, output, "sigmoid", "binary_cross_entropy", title)
    return Problem(
        node=last.id,
        other=output,
        what=f"{last} has one unit with softmax, which is always 1.",
        hint="Use sigmoid for a yes/no answer, or one unit for each class.",
        fixes=(fix,),
    )


def _set_activation(node: Node, activation: str) -> Fix:
    arguments = {"node": node.id, "activation": activation}
    return Fix(key="set_activation", title=f"Set {activation}", arguments=arguments)
