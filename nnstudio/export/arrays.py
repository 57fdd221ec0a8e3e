"""What plain NumPy needs to use a trained network, and the proof that it is enough."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine import Network, bind
from nnstudio.engine.program import Precision
from nnstudio.export.silence import silenced_weights, without_holds
from nnstudio.project import Run, deal_out

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
    """Return weights as ``node/weight``, moving means beside them, what turns columns into inputs, and ``network``.

    ``network`` is the network as JSON text. ``input/nodes`` holds the ids of its Inputs and ``input/shape/<id>`` the
    shape of each: the features of a row are dealt out to them in this order, the last axis moving fastest. Weights with
    which layers listen to silenced units are 0. Nothing needs pickling.
    """
    arrays: dict[str, NDArray[Any]] = {
        **silenced_weights(run.network, run.weights),
        **{name: np.array(values) for name, values in run.memory.items()},
    }
    arrays.update(run.pipeline.export_arrays())
    for id in run.network.input_ids:
        arrays[f"input/shape/{id}"] = np.array(run.network.shapes()[id])
    arrays["input/nodes"] = np.array(run.network.input_ids, dtype=str)
    arrays["network"] = np.array(without_holds(run.network).model_dump_json())
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
    """
    network = Network.model_validate_json(str(arrays["network"]))
    names = {**network.weight_shapes(), **network.memory_shapes()}
    precision: Precision = "float64" if inputs.dtype == np.float64 else "float32"
    return bind(network, precision=precision, weights={name: arrays[name] for name in names}).predict(
        deal_out(network, inputs)
    )


def plain_answers(arrays: Arrays, inputs: NDArray[Any]) -> NDArray[Any] | None:
    """Return the same in a dozen lines of plain NumPy, as anybody would write them; None for other networks.

    They know chains of dense layers with the usual activations.
    """
    network = json.loads(str(arrays["network"]))
    layers = {node["id"]: node["layer"] for node in network["nodes"]}
    source = {target: origin for origin, target in network["edges"]}
    path = [next(id for id, layer in layers.items() if layer["type"] == "output")]
    while path[0] in source:
        path.insert(0, source[path[0]])
    if len(path) < len(layers) or len(network["edges"]) >= len(layers):
        return None
    for id in path:
        layer = layers[id]
        if layer["type"] == "dense" and layer["activation"]["type"] in _ACTIVATIONS:
            z = inputs @ arrays[f"{id}/kernel"] + (arrays[f"{id}/bias"] if layer["use_bias"] else 0)
            inputs = _ACTIVATIONS[layer["activation"]["type"]](z)
        elif (layer["type"] == "input" and len(layer["shape"]) > 1) or layer["type"] not in (
            "input",
            "dropout",
            "gaussian_noise",
            "output",
        ):
            return None
    return inputs
