"""What plain NumPy needs to use a trained network, and the proof that it is enough."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.errors import ExportError
from nnstudio.project import Run

Arrays = Mapping[str, NDArray[Any]]

_ACTIVATIONS: dict[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "linear": lambda z: z,
    "threshold": lambda z: (z >= 0).astype(z.dtype),
    "sigmoid": lambda z: 0.5 * np.tanh(0.5 * z) + 0.5,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
    "softmax": lambda z: (
        np.exp(z - z.max(axis=1, keepdims=True)) / np.exp(z - z.max(axis=1, keepdims=True)).sum(axis=1, keepdims=True)
    ),
}


def arrays_of(run: Run) -> dict[str, NDArray[Any]]:
    """Return every weight as ``node/weight``, what turns columns into inputs and answers into words, and ``network``.

    ``network`` is the network as JSON text. Nothing needs pickling.
    """
    arrays = {name: np.array(values) for name, values in run.weights.items()}
    arrays.update(run.pipeline.export_arrays())
    arrays["network"] = np.array(run.network.model_dump_json())
    return arrays


def answers(arrays: Arrays, inputs: NDArray[Any]) -> NDArray[Any]:
    """Return what the exported network answers, from the arrays alone.

    Parameters
    ----------
    arrays : mapping of str to Array
        As `arrays_of` gives them, read back from a file.
    inputs : Array of shape (rows, features)
        Encoded inputs.

    Returns
    -------
    Array of shape (rows, units)

    Raises
    ------
    ExportError
        When the network has a layer that this walk does not know.
    """
    network = json.loads(str(arrays["network"]))
    layers = {node["id"]: node["layer"] for node in network["nodes"]}
    sources: dict[str, list[str]] = {id: [] for id in layers}
    for source, target in network["edges"]:
        sources[target].append(source)
    said: dict[str, NDArray[Any]] = {}

    def walk(id: str) -> NDArray[Any]:
        if id not in said:
            layer, before = layers[id], [walk(source) for source in sources[id]]
            said[id] = _apply(id, layer, before, arrays, inputs)
        return said[id]

    output = next(id for id, layer in layers.items() if layer["type"] == "output")
    return walk(output)


def _apply(
    id: str, layer: Mapping[str, Any], before: list[NDArray[Any]], arrays: Arrays, inputs: NDArray[Any]
) -> NDArray[Any]:
    if layer["type"] == "input":
        return inputs
    if layer["type"] in ("dropout", "output"):
        return before[0]
    if layer["type"] != "dense" or layer["activation"]["type"] not in _ACTIVATIONS:
        raise ExportError(f"The layer '{id}' ({layer['type']}) cannot be checked after exporting.")
    z = before[0] @ arrays[f"{id}/kernel"]
    if layer["use_bias"]:
        z = z + arrays[f"{id}/bias"]
    activated: NDArray[Any] = _ACTIVATIONS[layer["activation"]["type"]](z)
    return activated
