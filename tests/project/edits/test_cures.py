"""Every cure that is offered mends what it is offered for, in one step that can be undone."""

from itertools import pairwise
from typing import Any

import pytest

from nnstudio.components import Problem, keep_unknown
from nnstudio.data import Table, table_from_rows
from nnstudio.engine import Network
from nnstudio.engine.optimizers.levenberg_marquardt import LevenbergMarquardt
from nnstudio.errors import NetworkError
from nnstudio.project import Document, Project, edits, start_training

ROWS: list[dict[str, Any]] = [{"a": i / 10, "b": (i * 7 % 11) / 11, "c": ["x", "y", "z"][i % 3]} for i in range(60)]
CLASSES = table_from_rows(ROWS)
NUMBERS = table_from_rows([{**row, "c": row["a"] * 3 + row["b"]} for row in ROWS])
YES_NO = table_from_rows([{**row, "c": ["no", "yes"][i % 2]} for i, row in enumerate(ROWS)])

Spec = dict[str, Any]


def _input(*shape: int, kind: str = "numbers") -> Spec:
    return {"type": "input", "shape": list(shape), "kind": kind}


def _output(cost: str = "mean_squared_error") -> Spec:
    return {"type": "output", "cost": cost}


def _dense(units: int = 4, activation: Any = "linear", **more: Any) -> Spec:
    return {"type": "dense", "units": units, "activation": activation, **more}


def _conv(filters: int = 4, **more: Any) -> Spec:
    return {"type": "conv2d", "filters": filters, **more}


def _project(nodes: dict[str, Any], wires: str, table: Table | None = None) -> Project:
    """Return a project whose wires are written as ``"a b c, a c"``."""
    edges = []
    for path in filter(None, wires.split(",")):
        ids = path.split()
        edges += list(pairwise(ids))
    network = Network.model_validate(
        {"nodes": [{"id": id, "layer": layer} for id, layer in nodes.items()], "edges": edges}, context=keep_unknown()
    )
    places = {id: (200.0 * index, 0.0) for index, id in enumerate(nodes)}
    empty = Project()
    if table is not None:
        loaded = edits.set_table(table, "c").apply(empty)
        return loaded.replace(network=network, positions=places)
    return empty.replace(network=network, positions=places)


def _chain(*layers: Any, table: Table | None = None) -> Project:
    ids = [f"n{index}" for index in range(len(layers))]
    return _project(dict(zip(ids, layers, strict=True)), " ".join(ids), table)


LSTM: Spec = {"type": "lstm", "units": 3}
STEPS: Spec = {**LSTM, "return_sequences": True}

BROKEN: dict[str, Project] = {
    "nothing at all": Project(),
    "nothing but data": _project({}, "", CLASSES),
    "dense after a picture": _chain(_input(8, 8, 1), _conv(), _dense(), _output()),
    "dense after a sequence": _chain(_input(5, 2), STEPS, _dense(), _output()),
    "dense after both directions": _chain(_input(5, 2), {"type": "bidirectional", "layer": STEPS}, _dense(), _output()),
    "output after a picture": _chain(_input(8, 8, 1), _conv(), _output()),
    "picture layers after flat numbers": _chain(_input(64), _conv(), "flatten", _dense(), _output()),
    "pooling after flat numbers": _chain(_input(12), "max_pooling2d", "flatten", _dense(), _output()),
    "colours after flat numbers": _chain(_input(192), _conv(), "flatten", _output()),
    "a prime number of inputs before a picture layer": _chain(_input(7), _conv(), "flatten", _output()),
    "sequence layers after flat numbers": _chain(_input(6), LSTM, _dense(), _output()),
    "1-D windows after flat numbers": _chain(_input(6), "conv1d", "flatten", _output()),
    "sequence layer after a last step": _chain(_input(5, 2), LSTM, {"type": "gru"}, _output()),
    "attention after a picture": _chain(_input(4, 4, 2), "self_attention", "flatten", _output()),
    "heads that leave a rest": _chain(_input(5, 6), {"type": "self_attention", "heads": 4}, "flatten", _output()),
    "a window larger than its picture": _chain(
        _input(2, 2, 1), {"type": "max_pooling2d", "size": 3}, "flatten", _dense(), _output()
    ),
    "a kernel larger than its sequence": _chain(
        _input(3, 2), {"type": "conv1d", "kernel": 5, "padding": "valid"}, "flatten", _output()
    ),
    "a reshape that does not come out": _chain(
        _input(8), {"type": "reshape", "shape": [3, 3, 1]}, _conv(), "flatten", _output()
    ),
    "words after a picture": _chain(_input(4, 4, 1), "embedding", "flatten", _output()),
    "words after measured numbers": _chain(_input(4), "embedding", "flatten", _dense(), _output()),
    "words after a layer": _chain(
        _input(4, kind="codes"), {"type": "embedding", "units": 2}, "flatten", "embedding", "flatten", _output()
    ),
    "codes computed with": _chain(_input(4, kind="codes"), _dense(), _output()),
    "codes before a sequence layer": _chain(_input(4, kind="codes"), LSTM, _dense(), _output()),
    "joined widths that differ": _project(
        {"i": _input(2), "a": _dense(8), "b": _dense(4), "s": "add", "o": _output()}, "i a s o, i b s"
    ),
    "three joined widths": _project(
        {"i": _input(2), "a": _dense(8), "b": _dense(4), "d": _dense(3), "s": "add", "o": _output()},
        "i a s o, i b s, i d s",
    ),
    "joined pictures that differ": _project(
        {
            "i": _input(8, 8, 1),
            "a": _conv(8, stride=2),
            "b": _conv(4),
            "s": "add",
            "f": "flatten",
            "o": _output(),
        },
        "i a s f o, i b s",
    ),
    "a picture and flat numbers joined": _project(
        {"i": _input(8, 8, 1), "p": _conv(), "f": "flatten", "b": _dense(4), "s": "concatenate", "o": _output()},
        "i p s o, i f b s",
    ),
    "a sequence and as many flat numbers as it has steps joined": _project(
        {"i": _input(8, 2), "a": STEPS, "b": {**LSTM, "units": 8}, "s": "concatenate", "f": "flatten", "o": _output()},
        "i a s f o, i b s",
    ),
    "a sequence and flat numbers added": _project(
        {"i": _input(5, 3), "a": STEPS, "b": LSTM, "s": "add", "f": "flatten", "o": _output()}, "i a s f o, i b s"
    ),
    "an axis that is not there": _project(
        {"i": _input(2), "a": _dense(8), "b": _dense(4), "s": {"type": "concatenate", "axis": 2}, "o": _output()},
        "i a s o, i b s",
    ),
    "a join with one wire": _project({"i": _input(2), "a": _dense(), "s": "add", "o": _output()}, "i a s o"),
    "two wires into one port": _project(
        {"i": _input(2), "a": _dense(4), "b": _dense(4), "d": _dense(), "o": _output()}, "i a d o, i b d"
    ),
    "a wire into an input": _project({"i": _input(2), "j": _input(2), "d": _dense(), "o": _output()}, "j i d o"),
    "a wire out of an output": _project({"i": _input(2), "o": _output(), "d": _dense()}, "i o d"),
    "a loose end": _project({"i": _input(2), "a": _dense(), "b": _dense(), "o": _output()}, "i a, b o"),
    "an island": _project({"i": _input(2), "a": _dense(), "b": _dense(), "d": _dense(), "o": _output()}, "i a o, b d"),
    "a part that nothing reaches": _project(
        {"i": _input(2), "a": _dense(), "b": _dense(), "d": _dense(), "s": "add", "o": _output()}, "i a s o, b d s"
    ),
    "a part that works for nothing": _project(
        {"i": _input(2), "a": _dense(), "b": _dense(), "d": _dense(), "o": _output()}, "i a o, i b d"
    ),
    "no ends": _project({"a": _dense(), "b": _dense()}, "a b", CLASSES),
    "no ends and no data": _project({"a": _dense(), "b": _dense()}, "a b"),
    "two outputs": _project({"i": _input(2), "a": _dense(), "o": _output(), "p": _output()}, "i a o, a p"),
    "a second output in use, the first not": _project({"i": _input(2), "o": _output(), "p": _output()}, "i p"),
    "two inputs": _project({"i": _input(2), "j": _input(2), "s": "add", "o": _output()}, "i s o, j s", NUMBERS),
    "a circle": _project(
        {"i": _input(2), "s": "add", "a": _dense(2), "b": _dense(2), "o": _output()}, "i s a b o, b s"
    ),
    "two circles": _project(
        {"i": _input(2), "s": "add", "a": _dense(2), "b": _dense(2), "o": _output()}, "i s a b o, b s, b a, a s"
    ),
    "softmax for one unit": _chain(_input(2), _dense(1, "softmax"), _output("categorical_cross_entropy")),
    "softmax for one unit and numbers": _chain(_input(2), _dense(1, "softmax"), _output()),
    "an activation that the cost cannot take": _chain(
        _input(2), _dense(3, "tanh"), _output("categorical_cross_entropy")
    ),
    "no activation where the cost needs one": _chain(
        _input(2), _dense(3), "prelu", _output("categorical_cross_entropy")
    ),
    "too few units": _chain(_input(2), _dense(2, "softmax"), _output("categorical_cross_entropy"), table=CLASSES),
    "too many units before an activation": _chain(
        _input(2),
        _dense(5),
        {"type": "activation", "function": "softmax"},
        _output("categorical_cross_entropy"),
        table=CLASSES,
    ),
    "an answer without units": _chain(_input(2), "prelu", _output("categorical_cross_entropy"), table=CLASSES),
    "a cost for classes and a number": _chain(
        _input(2), _dense(3, "softmax"), _output("categorical_cross_entropy"), table=NUMBERS
    ),
    "a cost for numbers and classes": _chain(_input(2), _dense(3), _output(), table=CLASSES),
    "a cost for numbers and two classes": _chain(_input(2), _dense(3, "relu"), _output(), table=YES_NO),
    "a rectifier for a number": _chain(_input(2), _dense(1, "relu"), _output(), table=NUMBERS),
    "a target outside the cost's domain": _chain(
        _input(2), _dense(1, "softplus"), _output("itakura_saito"), table=NUMBERS
    ),
    "an input of another width": _chain(
        _input(9), _dense(3, "softmax"), _output("categorical_cross_entropy"), table=CLASSES
    ),
    "units that are all the same": _chain(
        _input(2), _dense(8, "relu", kernel_initializer="zeros"), _dense(), _output()
    ),
    "start weights that fade": _chain(_input(2), *[_dense(8, "relu")] * 6, _output()),
    "a step without a slope": _chain(
        _input(2), _dense(8, {"type": "threshold", "surrogate": "none"}), _dense(), _output()
    ),
    "a layer that nobody knows": _chain(_input(2), {"type": "warp", "x": 1}, _dense(), _output()),
    "a picture for an answer": _chain(_input(2), _conv(), _output("categorical_cross_entropy"), table=CLASSES),
    "a join of what has no wires or too many": _project(
        {
            "i": _input(2),
            "a": _dense(3),
            "b": {**LSTM, "return_sequences": True},
            "d": _dense(4),
            "s": "add",
            "t": "concatenate",
            "o": _output(),
        },
        "a s o, b s t, i d t, i s d, i o",
    ),
    "several faults in a row": _chain(
        _input(64),
        _conv(),
        {"type": "max_pooling2d", "size": 9},
        _dense(5, "tanh"),
        _output("categorical_cross_entropy"),
        table=CLASSES,
    ),
}


def _same(problem: Problem, other: Problem) -> bool:
    return (problem.node, problem.what) == (other.node, other.what)


def _of_the_drawing(project: Project) -> list[Problem]:
    return [problem for problem in project.problems() if "no data to learn" not in problem.what]


@pytest.mark.parametrize("name", BROKEN)
def test_every_cure_removes_its_problem_in_one_step_that_can_be_undone(name: str) -> None:
    broken = BROKEN[name]
    problems = _of_the_drawing(broken)
    assert problems
    for problem in problems:
        assert problem.fixes, problem.what
        for fix in problem.fixes:
            document = Document(broken)
            document.apply(edits.apply_fix(fix))
            left = [other for other in document.project.problems() if _same(problem, other)]
            assert left == [], f"{fix.title} ({fix.key})"
            document.undo()
            assert document.project is broken


@pytest.mark.parametrize("name", BROKEN)
def test_the_first_cures_one_after_another_lead_to_a_network_that_can_be_trained(name: str) -> None:
    project = BROKEN[name]
    for _ in range(20):
        found = _of_the_drawing(project)
        if not found:
            break
        project = edits.apply_fix(found[0].fixes[0]).apply(project)
    assert [problem for problem in _of_the_drawing(project) if problem.severity == "error"] == []


def _titles(name: str) -> list[str]:
    return [fix.title for problem in _of_the_drawing(BROKEN[name]) for fix in problem.fixes]


@pytest.mark.parametrize(
    ("name", "titles"),
    [
        ("dense after a picture", ["Insert Flatten", "Insert Global average pooling 2-D"]),
        ("dense after a sequence", ["Let 'n1' give its last step only", "Insert Global average pooling 1-D"]),
        ("picture layers after flat numbers", ["Insert Reshape to 8 × 8 × 1"]),
        ("colours after flat numbers", ["Insert Reshape to 8 × 8 × 3"]),
        ("sequence layers after flat numbers", ["Insert Reshape to 6 × 1"]),
        ("sequence layer after a last step", ["Let 'n1' give every step"]),
        ("a window larger than its picture", ["Set its window to 2 × 2", "Set its padding to 'same'"]),
        ("heads that leave a rest", ["Set its heads to 3"]),
        ("joined widths that differ", ["Give 'b' 8 units", "Give 'a' 4 units", "Insert Dense 8 after 'b'"]),
        (
            "two wires into one port",
            ["Join them with Add", "Join them with Concatenate", "Keep only the wire from 'a'"],
        ),
        ("a loose end", ["Connect 'a' to 'b'", "Remove 'b'"]),
        ("no ends", ["Add an Input before 'a'", "Add an Output after 'b'"]),
        ("start weights that fade", ["Use He start weights in all 6 layers"]),
        ("a circle", ["Remove the wire from 'b' to 's'"]),
        ("words after measured numbers", ["Let 'n0' bring codes"]),
        ("codes computed with", ["Insert Embedding and Global average pooling 1-D"]),
        ("too few units", ["Set 3 units: the target has 3 classes"]),
        ("a cost for classes and a number", ["Use 1 unit with linear and mean squared error"]),
    ],
)
def test_the_cures_that_a_person_expects_are_offered(name: str, titles: list[str]) -> None:
    assert set(titles) <= set(_titles(name))


def test_an_answer_behind_a_dropout_gets_a_layer_of_its_own_before_few_units_are_offered() -> None:
    project = _chain(_input(4), _dense(32), {"type": "dropout"}, _output("categorical_cross_entropy"), table=CLASSES)
    (problem,) = (found for found in _of_the_drawing(project) if "classes" in found.what)
    titles = [fix.title for fix in problem.fixes]
    assert titles == [
        "Fit the ends to the data",
        "Set 3 units in 'n1': the target has 3 classes",
        "Propose a new network",
    ]
    mended = edits.apply_fix(problem.fixes[0]).apply(project)
    assert mended.network.node("n1") == project.network.node("n1")


def test_an_inserted_layer_stands_between_its_neighbours_and_what_is_to_the_right_makes_room() -> None:
    broken = BROKEN["dense after a picture"]
    mended = edits.apply_fix(_of_the_drawing(broken)[0].fixes[0]).apply(broken)
    assert mended.positions == {
        "n0": (0.0, 0.0),
        "n1": (200.0, 0.0),
        "flatten_1": (400.0, 0.0),
        "n2": (600.0, 0.0),
        "n3": (800.0, 0.0),
    }
    assert not {edge for edge in mended.network.edges if edge == ("n1", "n2")}


def test_notes_to_the_right_make_room_too() -> None:
    broken = BROKEN["dense after a picture"]
    for x in (100.0, 450.0):
        broken = edits.add_note("here", (x, -200.0)).apply(broken)
    mended = edits.apply_fix(_of_the_drawing(broken)[0].fixes[0]).apply(broken)
    assert [note.place for note in mended.notes] == [(100.0, -200.0), (650.0, -200.0)]


def test_cards_do_not_move_where_there_is_room() -> None:
    broken = BROKEN["dense after a picture"]
    wide = broken.replace(positions={**broken.positions, "n2": (800.0, 100.0), "n3": (1000.0, 100.0)})
    mended = edits.apply_fix(_of_the_drawing(wide)[0].fixes[0]).apply(wide)
    assert mended.positions == {**wide.positions, "flatten_1": (500.0, 50.0)}


def test_a_layer_put_into_a_wire_over_others_stands_clear_of_them() -> None:
    broken = BROKEN["joined widths that differ"]
    fix = next(fix for fix in _of_the_drawing(broken)[0].fixes if fix.title == "Insert Dense 8 after 'b'")
    mended = edits.apply_fix(fix).apply(broken)
    places = list(mended.positions.values())
    assert all(abs(x - p) >= 100 or abs(y - q) >= 75 for i, (x, y) in enumerate(places) for p, q in places[i + 1 :])
    assert mended.network.sources("s") == ("a", "hidden_1")


def test_an_activation_that_a_layer_refuses_changes_nothing() -> None:
    project = BROKEN["dense after a sequence"]
    assert edits.set_activation("n1", "softmax").apply(project) is project
    assert edits.set_activation("n1", "sigmoid").apply(project) is not project


@pytest.mark.parametrize(
    ("layer", "pixels", "shape"),
    [
        (_dense(), 16, (16,)),
        (_conv(), 16, (4, 4, 1)),
        (_conv(), 48, (4, 4, 3)),
        (LSTM, 16, (16, 1)),
        (_conv(), 17, (17,)),  # no picture has 17 pixels; that is told as the next problem
        (_conv(), None, (28, 28, 1)),
        (LSTM, None, (20, 1)),
        (_dense(), None, (2,)),
    ],
)
def test_a_missing_input_gets_the_shape_that_the_layer_behind_it_takes(
    layer: Spec, pixels: int | None, shape: tuple[int, ...]
) -> None:
    table = None
    if pixels is not None:
        rows = [{**{f"p{p}": (i * (p + 3)) % 101 / 101 for p in range(pixels)}, "c": "xy"[i % 2]} for i in range(40)]
        table = table_from_rows(rows)
    project = _project({"first": layer, "output": _output()}, "first output", table)
    (problem,) = [problem for problem in project.problems() if any(fix.key == "add_input" for fix in problem.fixes)][:1]
    mended = edits.apply_fix(next(fix for fix in problem.fixes if fix.key == "add_input")).apply(project)
    (source,) = mended.network.sources("first")
    assert mended.network.shapes()[source] == shape


def test_an_optimizer_that_cannot_train_the_network_is_a_problem_before_training() -> None:
    document = Document(edits.set_table(CLASSES).apply(Project()))
    assert document.project.problems() == ()
    settings = document.project.settings.model_copy(update={"optimizer": LevenbergMarquardt()})
    document.apply(edits.set_settings(settings, ["optimizer"]))
    (problem,) = document.project.problems()
    assert "Levenberg-Marquardt solves for squared differences, which Cross-entropy is not." in problem.what
    with pytest.raises(NetworkError, match="squared differences"):
        start_training(document.project)
    document.apply(edits.apply_fix(problem.fixes[0]))
    assert document.project.problems() == ()
    assert document.project.settings.optimizer.key == "adam"
