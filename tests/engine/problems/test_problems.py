"""The list of problems is complete, names both sides, and takes no time."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from nnstudio.components import Problem, registry
from nnstudio.engine import Layer, Network, Shape
from nnstudio.engine.layer import ShapeError
from tests.engine.networks import chain, dense


def _network(nodes: dict[str, Any], *edges: tuple[str, str]) -> Network:
    return Network.model_validate(
        {"nodes": [{"id": id, "layer": layer} for id, layer in nodes.items()], "edges": edges}
    )


def _find(network: Network, words: str) -> Problem:
    return next(problem for problem in network.problems() if words in problem.what)


def test_a_fault_does_not_hide_those_behind_it() -> None:
    network = chain(64, {"type": "conv2d"}, {"type": "max_pooling2d", "size": 9}, dense(1, "softmax"))
    told = [(problem.node, problem.other) for problem in network.problems()]
    assert told == [("l0", "input"), ("l1", "l0"), ("l2", "l1"), ("l2", "output")]
    assert network.shapes()["l0"] is None
    assert network.likely_shapes() == {
        "input": (64,),
        "l0": (8, 8, 8),
        "l1": (1, 1, 8),
        "l2": (1,),
        "output": (1,),
    }


def test_what_does_not_depend_on_the_input_is_known_without_one() -> None:
    network = _network(
        {"input": {"type": "input", "shape": [4]}, "a": dense(8), "b": dense(3), "s": "add", "output": "output"},
        ("input", "a"),
        ("a", "s"),
        ("b", "s"),
        ("s", "output"),
    )
    words = "\n".join(problem.what for problem in network.problems())
    assert "Dense 'b' gets nothing" in words
    assert "'a' brings 8, 'b' brings 3" in words
    assert _find(network, "needs inputs of one shape").other == "b"


def test_a_circle_is_told_with_its_closing_wire_and_what_is_drawn_instead() -> None:
    network = _network(
        {"input": "input", "s": "add", "a": dense(2), "b": {"type": "conv2d"}, "output": "output"},
        ("input", "s"),
        ("s", "a"),
        ("a", "b"),
        ("b", "s"),
        ("b", "output"),
    )
    circle = _find(network, "run in a circle through 's', 'a', 'b'")
    assert (circle.node, circle.other) == ("b", "s")
    assert "LSTM, GRU or SimpleRNN" in circle.hint
    assert circle.fixes[0].arguments == {"source": "b", "target": "s"}
    assert "'a'" in _find(network, "Conv 2-D 'b' expects pictures").what  # a fault on the circle is told too


@pytest.mark.parametrize(
    ("words", "other"),
    [("expects a flat input", "conv"), ("takes 1 wire but gets 2", "hidden"), ("is a second output", "output")],
)
def test_a_problem_names_both_sides(words: str, other: str) -> None:
    network = _network(
        {
            "input": {"type": "input", "shape": [4, 4, 1]},
            "conv": "conv2d",
            "hidden": dense(4),
            "last": dense(4),
            "output": "output",
            "again": "output",
        },
        ("input", "conv"),
        ("conv", "hidden"),
        ("hidden", "last"),
        ("conv", "last"),
        ("last", "output"),
        ("last", "again"),
    )
    problem = _find(network, words)
    assert problem.other == other
    assert f"'{other}'" in problem.what
    assert f"'{problem.node}'" in problem.what


@pytest.fixture
def pairs_only() -> Iterator[type[Layer]]:
    """Give a layer that nobody else knows: it takes sequences of two features."""

    class PairsOnly(Layer):
        """Takes pairs."""

        key = "pairs_only"
        title = "Pairs only"

        def output_shape(self, inputs: Sequence[Shape]) -> Shape:
            (shape,) = inputs
            if len(shape) != 2:
                raise ShapeError("expects pairs.", "Give it pairs.")
            return shape

    yield PairsOnly
    del registry._families["layers"]["pairs_only"]


def test_a_new_layer_is_offered_what_its_own_shapes_ask_for(pairs_only: type[Layer]) -> None:
    network = chain(6, {"type": pairs_only.key}, {"type": "flatten"})
    (problem,) = network.problems()
    assert [fix.title for fix in problem.fixes] == ["Insert Reshape to 6 × 1"]
    assert network.likely_shapes()["l1"] == (6,)


def _large(kind: dict[str, Any]) -> Network:
    """Return 300 nodes with 600 wires."""
    nodes: dict[str, Any] = {"input": {"type": "input", "shape": [8]}}
    edges = [("input", "n0"), ("n298", "output")]
    for k in range(299):
        nodes[f"n{k}"] = {"type": "add"} if k % 3 == 2 else kind if k % 30 == 1 else dense(8, "tanh")
        edges += [(f"n{k - 1}", f"n{k}")] if k else []
        edges += [(f"n{k - back}", f"n{k}") for back in (2, 5, 8, 11) if k % 3 == 2 and k >= back]
    nodes["output"] = "output"
    return _network(nodes, *dict.fromkeys(edges))


def test_every_fault_of_a_large_drawing_is_told() -> None:
    sound, faulty = _large(dense(8)), _large({"type": "conv2d"})
    assert len(faulty.nodes) > 300
    assert len(faulty.edges) > 600
    assert not [problem for problem in sound.problems() if problem.severity == "error"]
    wrong = {node.id for node in faulty.nodes if node.layer.key == "conv2d"}
    assert len(wrong) == 10
    assert wrong <= {problem.node for problem in faulty.problems()}
