"""A network lists everything that is wrong with it, in words."""

import pytest
from pydantic import ValidationError

from nnstudio.components import keep_unknown
from nnstudio.engine import Network, bind
from nnstudio.errors import NetworkError
from tests.engine.networks import chain, dense


def _words(network: Network) -> str:
    return "\n".join(str(problem) for problem in network.problems())


def test_a_sound_network_has_no_problems_and_knows_its_shapes_and_counts() -> None:
    network = chain(4, dense(8, "relu"), dense(3, "softmax"), cost="categorical_cross_entropy")
    assert network.problems() == ()
    assert network.shapes() == {"input": (4,), "l0": (8,), "l1": (3,), "output": (3,)}
    assert network.parameter_count("l0") == 4 * 8 + 8
    assert network.weight_shapes()["l1/kernel"] == (8, 3)
    assert network.order == ("input", "l0", "l1", "output")


def test_every_problem_is_told_at_once_with_fixes() -> None:
    network = Network.model_validate(
        {
            "nodes": [
                {"id": "input", "layer": {"type": "input", "shape": [2, 2]}},
                {"id": "a", "title": "first", "layer": dense(4)},
                {"id": "b", "layer": dense(1, "softmax")},
                {"id": "output", "layer": {"type": "output", "cost": "binary_cross_entropy"}},
            ],
            "edges": [["input", "a"], ["b", "output"]],
        }
    )
    words = _words(network)
    assert "Dense 'first' expects a flat input but gets 2 × 2. It comes from 'input'." in words
    assert "Dense 'first' leads nowhere" in words
    assert "Dense 'b' gets nothing: no wire leads into it." in words
    assert "Binary cross-entropy needs sigmoid before it, but Dense 'b' has softmax." in words
    assert "always 1" in words
    connect = next(fix for problem in network.problems() for fix in problem.fixes if fix.key == "connect")
    assert connect.arguments == {"source": "a", "target": "b"}
    with pytest.raises(NetworkError, match="gets nothing"):
        bind(network)


def test_missing_ends_and_circles_are_told() -> None:
    assert "canvas is empty" in _words(Network())
    loop = Network.model_validate(
        {
            "nodes": [{"id": "a", "layer": dense(2)}, {"id": "b", "layer": dense(2)}],
            "edges": [["a", "b"], ["b", "a"]],
        }
    )
    words = _words(loop)
    assert "no Input" in words
    assert "no Output" in words
    assert "run in a circle through 'a', 'b'" in words
    assert chain(2, dense(2)).reachable("input") == {"l0", "output"}
    assert not chain(2, dense(2)).reachable("output")


@pytest.mark.parametrize(
    ("nodes", "edges", "words"),
    [
        ([{"id": "a", "layer": "dense"}, {"id": "a", "layer": "dense"}], [], "Two nodes have the id 'a'"),
        ([{"id": "a", "layer": "dense"}], [["a", "b"]], "names 'b', which does not exist"),
        ([{"id": "a", "layer": "dense"}], [["a", "a"]], "to itself"),
        ([{"id": "A!", "layer": "dense"}], [], "pattern"),
        ([{"id": "a", "layer": "dens"}], [], "Did you mean 'dense'"),
    ],
)
def test_what_cannot_be_a_network_is_refused(nodes: object, edges: object, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Network.model_validate({"nodes": nodes, "edges": edges})


def test_an_unknown_layer_of_a_file_is_kept_and_told() -> None:
    data = {"nodes": [{"id": "a", "title": "", "layer": {"type": "warp", "x": 1}}], "edges": []}
    network = Network.model_validate(data, context=keep_unknown())
    assert "kind 'warp'" in _words(
        Network.model_validate(
            {**network.model_dump(), "nodes": [*network.nodes, {"id": "i", "layer": "input"}], "edges": [("i", "a")]}
        )
    )
