"""Promises that every registered layer keeps, also one that is written tomorrow."""

from itertools import pairwise
from typing import Any, cast

import numpy as np
import pytest

from nnstudio.components import members
from nnstudio.engine import Layer, Network, Program
from nnstudio.engine.layer import ShapeError
from tests.contracts.test_engine import assert_gradients_match

LAYERS = [
    layer
    for layer in cast(tuple[type[Layer], ...], members("layers"))
    if layer.fewest_inputs and layer.has_output  # the ends have no weights and no slope of their own
]
SHAPES = ((5, 4, 2), (6, 3), (4,), (4, 4))
"""Rows of a picture, a sequence and a plain row, of which every layer must take one."""

VARIANTS: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((7, 6, 2), {"type": "conv2d", "filters": 2, "kernel": [3, 2], "stride": [2, 1], "dilation": [1, 2]}),
    ((5, 4, 2), {"type": "conv2d", "filters": 3, "padding": "valid", "use_bias": False, "activation": "softmax"}),
    ((5, 4, 2), {"type": "conv2d", "filters": 3, "kernel": 1, "stride": 2, "activation": "gelu"}),
    ((7, 2), {"type": "conv1d", "filters": 3, "stride": 2, "dilation": 2, "activation": "softsign"}),
    ((5, 4, 2), {"type": "depthwise_conv2d", "stride": 2, "padding": "valid", "use_bias": False}),
    ((5, 4, 1), {"type": "max_pooling2d", "size": 3, "stride": 2, "padding": "same"}),
    ((5, 4, 1), {"type": "average_pooling2d", "size": 3, "stride": 2, "padding": "same"}),
    ((7, 2), {"type": "max_pooling1d", "size": 3, "stride": 1, "padding": "same"}),
    ((7, 2), {"type": "average_pooling1d", "size": 3, "stride": 2, "padding": "same"}),
    *(
        ((4, 2), {"type": kind, "units": 3, "return_sequences": every, "reverse": back, "activation": bent})
        for kind in ("simple_rnn", "lstm", "gru")
        for every, back, bent in ((True, False, "softsign"), (True, True, "tanh"), (False, True, "sigmoid"))
    ),
    *(
        (
            (4, 2),
            {"type": "bidirectional", "merge": merge, "layer": {"type": "gru", "units": 3, "return_sequences": every}},
        )
        for merge, every in (("concatenate", True), ("add", False), ("average", True), ("multiply", False))
    ),
    ((5, 6), {"type": "self_attention", "heads": 3}),
    ((6,), {"type": "embedding", "words": 5, "units": 3}),
    ((2, 3), {"type": "reshape", "shape": [3, 2]}),
    ((2, 3), {"type": "batch_normalization", "momentum": 0.5}),
]


def case_of(layer: Layer) -> tuple[int, ...]:
    """Return the shape of a row that a layer takes; two of them where it joins."""
    for shape in SHAPES:
        try:
            layer.output_shape([shape] * layer.fewest_inputs)
        except ShapeError:
            continue
        return shape
    raise AssertionError(f"{layer.title} takes none of the usual shapes.")


def layer_and_shape(kind: type[Layer], **parameters: Any) -> tuple[Layer, tuple[int, ...]]:
    """Return a layer of a kind that can be used alone, and the shape of a row that it takes."""
    if kind.key == "reshape":
        parameters = {"shape": [10, 4]}
    if kind.key == "embedding":
        parameters = {"words": 5}
    layer = kind.model_validate(parameters)
    return layer, case_of(layer)


def with_layer(shape: tuple[int, ...], layer: Any, wires: int = 1, before: str = "tanh") -> Network:
    """Return a network in which what learns stands before and behind a layer."""
    codes = layer["type"] == "embedding"
    nodes: list[dict[str, Any]] = [
        {"id": "input", "layer": {"type": "input", "shape": shape, "kind": "codes" if codes else "numbers"}}
    ]
    edges = []
    for wire in range(wires):
        # Something that learns and keeps the shape, so that a gradient must pass the layer.
        learns = {"type": "activation", "function": "linear"} if codes else "layer_normalization"
        nodes += [{"id": f"before{wire}", "layer": learns}]
        nodes += [{"id": f"bent{wire}", "layer": {"type": "activation", "function": "linear" if codes else before}}]
        edges += [("input", f"before{wire}"), (f"before{wire}", f"bent{wire}"), (f"bent{wire}", "layer")]
    nodes += [{"id": "layer", "layer": layer}, {"id": "flat", "layer": "flatten"}]
    nodes += [{"id": "answer", "layer": {"type": "dense", "units": 2}}, {"id": "output", "layer": "output"}]
    edges += [("layer", "flat"), ("flat", "answer"), ("answer", "output")]
    return Network.model_validate({"nodes": nodes, "edges": edges})


def rows_for(shape: tuple[int, ...], layer: Any, rows: int = 5) -> Any:
    stream = np.random.default_rng(0)
    if layer["type"] == "embedding":
        return stream.integers(0, 5, (rows, *shape)).astype(float)
    return stream.normal(size=(rows, *shape))


@pytest.mark.parametrize("bent", ["tanh", "softsign"])
@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.key)
def test_gradients_of_every_layer_match_differences(kind: type[Layer], bent: str) -> None:
    parameters: dict[str, Any] = {"activation": bent} if "activation" in kind.model_fields else {}
    layer, shape = layer_and_shape(kind, **parameters)
    written = layer.model_dump(mode="json")
    network = with_layer(shape, written, layer.fewest_inputs, bent)
    targets = np.random.default_rng(1).normal(size=(5, 2))
    assert_gradients_match(network, rows_for(shape, written), targets, np.arange(1, 6))


@pytest.mark.parametrize(("shape", "layer"), VARIANTS, ids=lambda value: str(value))
def test_gradients_match_with_other_parameters_of_a_layer(shape: tuple[int, ...], layer: dict[str, Any]) -> None:
    targets = np.random.default_rng(1).normal(size=(5, 2))
    assert_gradients_match(with_layer(shape, layer), rows_for(shape, layer), targets)


@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.key)
def test_a_row_is_answered_the_same_in_any_company(kind: type[Layer]) -> None:
    layer, shape = layer_and_shape(kind)
    written = layer.model_dump(mode="json")
    program = Program(with_layer(shape, written, layer.fewest_inputs), seed=1)
    x = rows_for(shape, written, 300)
    together = program.predict(x)
    assert (program.predict(x[7:8]) == together[7:8]).all()
    assert np.isfinite(together).all()
    assert np.ptp(together[:, 0]) > 0


@pytest.mark.parametrize("kind", LAYERS, ids=lambda kind: kind.key)
def test_a_gradient_remembers_nothing_where_another_layer_reads_the_same(kind: type[Layer]) -> None:
    layer = kind.model_validate({"shape": [10, 4]} if kind.key == "reshape" else {})
    shape = case_of(layer)
    written = layer.model_dump(mode="json")
    plain = with_layer(shape, written, layer.fewest_inputs)
    # The layer's own wire comes first: its buffer is the one into which the other's gradient is added.
    nodes = [*plain.model_dump(mode="json")["nodes"], {"id": "beside", "layer": "flatten"}]
    nodes += [{"id": "both", "layer": "concatenate"}]
    kept = [edge for edge in plain.edges if edge != ("flat", "answer")]
    wires = [("bent0", "beside"), ("flat", "both"), ("beside", "both"), ("both", "answer")]
    program = Program(Network.model_validate({"nodes": nodes, "edges": [*kept, *wires]}), "float64", seed=1)
    stream = np.random.default_rng(2)
    rows, targets = rows_for(shape, written), stream.normal(size=(5, 2))
    _, first = program.cost_and_gradients(rows, targets)
    program.cost_and_gradients(rows, stream.normal(size=(5, 2)))
    _, again = program.cost_and_gradients(rows, targets)
    for name, gradient in first.items():
        assert np.array_equal(again[name], gradient), name


def test_several_inputs_and_shortcuts_pass_their_gradients() -> None:
    dense = {"type": "dense", "units": 3, "activation": "tanh"}
    network = Network.model_validate(
        {
            "nodes": [
                {"id": "left", "layer": {"type": "input", "shape": [3]}},
                {"id": "right", "layer": {"type": "input", "shape": [2]}},
                {"id": "a", "layer": dense},
                {"id": "b", "layer": dense},
                {"id": "c", "layer": dense},
                {"id": "sum", "layer": "add"},
                {"id": "gate", "layer": "multiply"},
                {"id": "both", "layer": "concatenate"},
                {"id": "answer", "layer": {"type": "dense", "units": 2}},
                {"id": "output", "layer": "output"},
            ],
            "edges": [
                *(("left", "a"), ("right", "b"), ("a", "c"), ("a", "sum"), ("b", "sum"), ("c", "sum")),
                *(("sum", "gate"), ("c", "gate"), ("gate", "both"), ("a", "both"), ("both", "answer")),
                ("answer", "output"),
            ],
        }
    )
    stream = np.random.default_rng(0)
    x = {"left": stream.normal(size=(5, 3)), "right": stream.normal(size=(5, 2))}
    assert_gradients_match(network, x, stream.normal(size=(5, 2)))


def test_predicting_uses_the_moving_statistics() -> None:
    from nnstudio.engine import Training, TrainingPlan

    network = with_layer((3,), {"type": "batch_normalization", "momentum": 0.1})
    stream = np.random.default_rng(0)
    x = stream.normal(3, 2, (64, 3))
    plan = TrainingPlan(network=network, inputs=x, targets=stream.normal(size=(64, 2)), batch_size=None)
    training = Training(plan)
    program = training.program
    seen = program.activations(x, ["bent0"])["bent0"]
    training.advance(1)
    mean, variance = program.memory.reshape(2, 3)
    np.testing.assert_allclose(mean, 0.1 * seen.mean(axis=0), rtol=1e-4)
    np.testing.assert_allclose(variance, 0.9 + 0.1 * seen.var(axis=0, ddof=1), rtol=1e-4)
    said = program.activations(x, ["bent0", "layer"])
    gamma, beta = program.weights["layer/gamma"], program.weights["layer/beta"]
    expected = gamma * (said["bent0"] - mean) / np.sqrt(variance + 1e-5) + beta
    np.testing.assert_allclose(said["layer"], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("kind", ["simple_rnn", "lstm", "gru"])
def test_truncation_lets_no_gradient_pass_from_one_stretch_to_the_one_before(kind: str, *, reverse: bool) -> None:
    """Each step reads a word of its own, so that the gradient of the words tells what reached which step."""
    found = {}
    for cut in (None, 2, 6, 1000):
        layers = [
            {"type": "embedding", "words": 6, "units": 3},
            {"type": kind, "units": 4, "truncate": cut, "reverse": reverse},
            {"type": "dense", "units": 2},
        ]
        names = ["input", "words", "memory", "answer", "output"]
        layers = [{"type": "input", "shape": [6], "kind": "codes"}, *layers, {"type": "output"}]
        network = Network.model_validate(
            {
                "nodes": [{"id": id, "layer": layer} for id, layer in zip(names, layers, strict=True)],
                "edges": list(pairwise(names)),
            }
        )
        program = Program(network, "float64", seed=2)
        cost, gradients = program.cost_and_gradients(np.arange(6.0)[None], np.ones((1, 2)))
        (of_words,) = (values for name, values in gradients.items() if name.startswith("words/"))
        found[cut] = (cost, of_words[::-1] if reverse else of_words)
    assert {cost for cost, _ in found.values()} == {found[None][0]}
    whole = found[None][1]
    assert (np.abs(whole).max(axis=1) > 0).all()
    np.testing.assert_array_equal(found[6][1], whole)
    np.testing.assert_array_equal(found[1000][1], whole)
    np.testing.assert_array_equal(found[2][1][4:], whole[4:])
    assert not found[2][1][:4].any()
