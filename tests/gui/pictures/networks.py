"""Networks that are drawn in the tests."""

from itertools import pairwise
from typing import Any

from nnstudio.engine import Network

_CONV = {"type": "conv2d", "filters": 6, "kernel": [5, 5], "padding": "valid", "activation": "relu"}


def chain(*layers: tuple[str, dict[str, Any]]) -> Network:
    """Return a network of layers that follow each other."""
    ids = [id for id, _ in layers]
    return network(dict(layers), list(pairwise(ids)))


def network(layers: dict[str, dict[str, Any]], edges: list[tuple[str, str]]) -> Network:
    """Return a network of layers by their ids."""
    nodes = [{"id": id, "layer": layer} for id, layer in layers.items()]
    return Network.model_validate({"nodes": nodes, "edges": edges})


def pictures() -> Network:
    """Return a network that looks at pictures."""
    return chain(
        ("input", {"type": "input", "shape": [28, 28, 1]}),
        ("conv", _CONV),
        ("pool", {"type": "max_pooling2d"}),
        ("flat", {"type": "flatten"}),
        ("answer", {"type": "dense", "units": 20, "activation": "softmax"}),
        ("output", {"type": "output"}),
    )


def residual() -> Network:
    """Return a network with a wire that skips a layer."""
    return network(
        {
            "input": {"type": "input", "shape": [8]},
            "a": {"type": "dense", "units": 8},
            "b": {"type": "dense", "units": 8},
            "sum": {"type": "add"},
        },
        [("input", "a"), ("a", "b"), ("b", "sum"), ("a", "sum")],
    )


def joined() -> Network:
    """Return a network with two inputs of different kinds."""
    return network(
        {
            "left": {"type": "input", "shape": [4]},
            "right": {"type": "input", "shape": [10, 3]},
            "hidden": {"type": "dense", "units": 5},
            "memory": {"type": "lstm", "units": 2},
            "join": {"type": "concatenate"},
        },
        [("left", "hidden"), ("right", "memory"), ("hidden", "join"), ("memory", "join")],
    )


def lost() -> Network:
    """Return layers that nothing leads to, so that nobody knows their shapes."""
    return chain(("lost", {"type": "dense"}), ("more", {"type": "dense"}))
