"""What is held belongs to the drawing and to the run that was trained on it, and is taken back by undo."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.data import table_from_rows
from nnstudio.engine import Rung
from nnstudio.errors import NetworkError
from nnstudio.project import Document, Project, edits, open_project, save_project
from nnstudio.project.edits.fragment_edits import duplicate
from nnstudio.project.edits.hold_edits import freeze_layer, freeze_weight, let_go, silence_unit, zero_weight
from nnstudio.project.run import Run
from nnstudio.project.start import commit, start_training
from nnstudio.session import replay

TABLE = table_from_rows([{"a": i * 0.31 % 1, "b": i * 0.77 % 1, "c": "xyz"[i % 3]} for i in range(60)], "three.csv")


def _trained(project: Project, steps: int = 40) -> Project:
    start = start_training(project)
    training = start.training()
    training.advance(steps)
    return commit(project, start, training, "paused")


def _run(project: Project) -> Run:
    assert project.run is not None
    return project.run


@pytest.fixture
def trained() -> Project:
    return _trained(edits.set_table(TABLE, "c").apply(Project()))


def _hidden(project: Project) -> str:
    return project.network.targets(project.network.input_ids[0])[0]


def test_a_silenced_unit_changes_what_the_run_answers_and_undo_takes_it_back(trained: Project) -> None:
    document = Document(trained)
    x = np.random.default_rng(0).normal(size=(9, 2)).astype("float32")
    said = _run(trained).answer(x)
    document.apply(silence_unit(_hidden(trained), 0))
    held = _run(document.project)
    assert document.project.goes_on
    assert not np.array_equal(held.answer(x), said)
    weights = {name: values.copy() for name, values in held.weights.items()}
    behind = trained.network.targets(_hidden(trained))[0]
    weights[f"{behind}/kernel"][0] = 0
    plain = _run(trained).program()
    plain.set_weights(weights)
    assert np.allclose(plain.predict(x), held.answer(x), atol=1e-6)
    assert held.journal[-1].name == "layers"
    document.undo()
    assert document.project is trained
    document.redo()
    document.apply(silence_unit(_hidden(trained), 0, silent=False))
    assert np.array_equal(_run(document.project).answer(x), said)


def test_a_frozen_weight_stays_while_training_goes_on_and_zero_is_zero(trained: Project) -> None:
    name = f"{_hidden(trained)}/kernel"
    frozen = freeze_weight(name, (1, 2)).apply(trained)
    kept = float(_run(frozen).weights[name][1, 2])
    further = _trained(frozen)
    assert _run(further).state.step == 80
    assert float(_run(further).weights[name][1, 2]) == kept
    assert float(_run(further).weights[name][1, 1]) != float(_run(frozen).weights[name][1, 1])
    zero = _trained(zero_weight(name, (0, 0)).apply(further))
    assert float(_run(zero).weights[name][0, 0]) == 0.0
    free = _trained(let_go(_hidden(trained)).apply(zero))
    assert float(_run(free).weights[name][0, 0]) != 0.0
    assert float(_run(free).weights[name][1, 2]) != kept


def test_a_run_with_holds_is_replayed_byte_for_byte(trained: Project) -> None:
    first = Rung(start_training(trained).training().state(), 0, start_training(trained).plan, is_anchor=True)
    held = _trained(silence_unit(_hidden(trained), 1).apply(freeze_layer("answer").apply(trained)))
    run = _run(held)
    found = replay(first, run.journal, run.state.step)
    assert found is not None
    assert found.state.weights.tobytes() == run.state.weights.tobytes()


def test_what_is_held_is_saved_and_let_go_where_weights_change(trained: Project, tmp_path: Path) -> None:
    hidden = _hidden(trained)
    held = silence_unit(hidden, 1).apply(freeze_weight(f"{hidden}/kernel", (0, 0)).apply(trained))
    save_project(held, tmp_path / "held.nns")
    again = open_project(tmp_path / "held.nns")
    assert again.network == held.network
    assert _run(again).network == _run(held).network
    assert again.goes_on
    wider = edits.set_units(hidden, 31).apply(held)
    assert not wider.network.node(hidden).layer.holds
    moved = edits.rename(hidden, "first").apply(held)
    assert moved.network.node(hidden).layer.holds == held.network.node(hidden).layer.holds
    copied = duplicate((hidden,)).apply(held)
    (new,) = [node for node in copied.network.nodes if node.id not in held.network]
    assert not new.layer.holds


def test_what_is_held_is_let_go_where_a_removed_or_moved_layer_changes_what_comes_in() -> None:
    trained = _trained(edits.propose_network((8, 8)).apply(edits.set_table(TABLE, "c").apply(Project())))
    first = _hidden(trained)
    (second,) = trained.network.targets(first)
    held = freeze_weight(f"{second}/kernel", (1, 2)).apply(freeze_weight("answer/kernel", (0, 0)).apply(trained))
    removed = edits.remove_nodes((first,)).apply(held).network
    assert removed.sources(second) == ("input",)
    assert not removed.node(second).layer.holds
    assert removed.node("answer").layer.holds == held.network.node("answer").layer.holds
    moved = edits.put_into_wire(first, (second, "answer")).apply(held).network
    assert moved.sources(first) == (second,)
    assert not moved.node(second).layer.holds
    assert moved.node("answer").layer.holds == held.network.node("answer").layer.holds


def test_what_cannot_be_held_is_refused_with_the_reason(trained: Project) -> None:
    for edit, words in (
        (silence_unit("answer", 0), "gives the answer itself"),
        (silence_unit(_hidden(trained), 9_999), "has the units 1 to"),
        (silence_unit("input", 0), "Only what a layer says"),
        (freeze_weight("answer/kernel", (0, 0, 0)), "There is no weight"),
    ):
        with pytest.raises(NetworkError, match=words):
            edit.apply(trained)
    assert freeze_layer("nobody").apply(trained) is trained
