"""Small networks that the engine's tests share."""

from itertools import pairwise
from typing import Any

from nnstudio.engine import Network


def chain(inputs: int, *layers: dict[str, Any], cost: Any = "mean_squared_error") -> Network:
    """Return input, these layers one after another with the ids l0, l1, ..., and output."""
    ids = ["input", *(f"l{index}" for index in range(len(layers))), "output"]
    specs: list[dict[str, Any]] = [{"type": "input", "shape": [inputs]}, *layers, {"type": "output", "cost": cost}]
    return Network.model_validate(
        {
            "nodes": [{"id": id, "layer": spec} for id, spec in zip(ids, specs, strict=True)],
            "edges": list(pairwise(ids)),
        }
    )


def dense(units: int, activation: Any = "linear", **parameters: Any) -> dict[str, Any]:
    return {"type": "dense", "units": units, "activation": activation, **parameters}
