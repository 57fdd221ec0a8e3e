"""What is shown of a row, and the numbers beside it, are those of the document."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.data import read_csv
from nnstudio.engine import Training
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.optimizers.averaged_sgd import AveragedSgd
from nnstudio.gui.watching.stage import Stage
from nnstudio.paths import samples
from nnstudio.project import Document, Settings, edits
from nnstudio.session import Snapshot
from tests.gui.trained import trained


@pytest.fixture
def sparse(tmp_path: Path) -> Path:
    """A file in which rows without a target stand between the others."""
    stream = np.random.default_rng(0)
    lines = ["a,b,c,y"]
    for row in range(60):
        a, b, c = stream.normal(size=3)
        target = "" if row % 4 == 1 else f"{a + 2 * b - c + row / 10:.4f}"
        lines.append(f"{a:.4f},{b:.4f},{c:.4f},{target}")
    path = tmp_path / "sparse.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def _snapshot(training: Training) -> Snapshot:
    return Snapshot(
        run="run_1",
        step=training.step,
        epoch=training.epoch,
        weights=training.program.flat.copy(),
        memory=training.program.memory.copy(),
        steps_per_second=0.0,
        history=training.history,
    )


def _answer(document: Document, row: int) -> float:
    run, table = document.project.run, document.project.table
    assert run is not None
    assert table is not None
    outputs = run.program().predict(run.pipeline.encode_inputs(table.take(np.array([row]))).values)
    return float(outputs[0, 0])


def test_the_row_that_is_chosen_is_the_row_that_is_shown(sparse: Path) -> None:
    document, _ = trained(sparse, 2)
    stage = Stage(document)
    stage.moment()
    table = document.project.table
    assert table is not None
    for row in (2, 20, 59):
        stage.choose_row(table.file_row(row))
        frame = stage.again()
        assert frame is not None
        assert float(frame.answer[0]) == pytest.approx(_answer(document, row), rel=1e-5)


def test_a_row_without_a_target_leaves_the_one_that_is_shown(sparse: Path) -> None:
    document, _ = trained(sparse, 2)
    stage = Stage(document)
    stage.moment()
    table = document.project.table
    assert table is not None
    stage.choose_row(table.file_row(20))
    stage.choose_row(table.file_row(1))
    frame = stage.again()
    assert frame is not None
    assert float(frame.answer[0]) == pytest.approx(_answer(document, 20), rel=1e-5)


def test_what_is_shown_at_rest_is_the_mean_of_weights_where_the_optimizer_answers_with_one() -> None:
    optimizer = AveragedSgd(learning_rate=0.1)
    document, _ = trained("iris", 2, edits.set_settings(Settings(optimizer=optimizer)))
    run, frame = document.project.run, Stage(document).moment()
    assert run is not None
    assert frame is not None
    assert not np.array_equal(run.state.answer, run.state.weights)
    assert {name: values.tolist() for name, values in frame.weights.items()} == {
        name: values.tolist() for name, values in run.weights.items()
    }


def test_an_earlier_moment_has_its_gradients_where_these_are_to_be_seen() -> None:
    document, training = trained("iris", 2)
    stage = Stage(document)
    stage.lens = "gradients"
    now = stage.moment()
    again = stage.past(_snapshot(training), document.project.network, measured=True)
    assert now is not None
    assert again is not None
    assert now.gradients
    for name, values in now.gradients.items():
        assert np.array_equal(again.gradients[name], values)


def test_the_past_of_a_run_is_shown_with_its_own_network_but_not_on_other_data() -> None:
    document, training = trained("iris", 2)
    stage, network = Stage(document), document.project.network
    stage.moment()
    then = _snapshot(training)
    assert stage.past(then, network, measured=True) is not None
    document.apply(edits.set_units(network.targets(network.input_ids[0])[0], 3))
    stage.moment()
    frame = stage.past(then, network, measured=True)
    assert frame is not None
    assert frame.network == network
    document.apply(edits.set_table(read_csv(samples() / "spirals.csv")))
    stage.moment()
    assert document.project.run is not None
    assert stage.past(then, network, measured=True) is None


def test_what_was_learned_stays_seen_for_the_part_of_an_unfinished_drawing_that_is_as_it_was() -> None:
    document, _ = trained("iris", 2)
    stage, learned = Stage(document), document.project.network
    before = stage.moment()
    assert before is not None
    assert before.kept is None
    assert before.on_drawing() is before
    document.apply(edits.add_node(Dense(units=4), (0.0, 900.0)))
    loose = stage.moment()
    assert loose is not None
    assert loose.kept == frozenset(learned.order)
    assert loose.network == learned
    assert {id: said.tolist() for id, said in loose.outputs.items()} == {
        id: said.tolist() for id, said in before.outputs.items()
    }
    first = learned.targets(learned.input_ids[0])[0]
    document.apply(edits.set_units(first, 3))
    changed = stage.moment()
    assert changed is not None
    assert changed.kept == frozenset(learned.input_ids)  # what comes after another layer would say something else
    assert not changed.on_drawing().weights
    assert set(changed.on_drawing().outputs) <= set(learned.input_ids)
    again = stage.again()
    assert again is not None
    assert again.kept == changed.kept


def test_what_was_learned_of_other_data_is_not_seen_on_an_unfinished_drawing() -> None:
    document, _ = trained("iris", 2)
    document.apply(edits.add_node(Dense(units=4), (0.0, 900.0)))
    document.apply(edits.set_table(read_csv(samples() / "circles.csv")))
    assert Stage(document).moment() is None


@pytest.mark.parametrize("name", ["cars", "iris"])
def test_the_numbers_of_a_running_training_are_those_of_its_commit(qtbot: QtBot, name: str) -> None:
    document, training = trained(name, 2)
    stage = Stage(document)
    stage.moment()
    committed, now = stage.metric_line, _snapshot(training)
    stage.frame(replace(now, weights=np.zeros_like(now.weights)))
    stage.measure()
    qtbot.waitUntil(lambda: not stage.is_measuring, timeout=20_000)
    assert stage.metric_line != committed
    stage.frame(now)

    def is_measured_again() -> bool:
        stage.measure()
        return stage.metric_line == committed

    qtbot.waitUntil(is_measured_again, timeout=20_000)


def test_what_was_measured_of_a_moment_that_is_gone_is_not_told(qtbot: QtBot) -> None:
    document, training = trained("iris", 2)
    stage = Stage(document)
    stage.moment()
    committed, now = stage.metric_line, _snapshot(training)
    stage.frame(replace(now, weights=np.zeros_like(now.weights)))
    stage.measure()
    stage.moment()
    qtbot.waitUntil(lambda: not stage.is_measuring, timeout=20_000)
    assert stage.metric_line == committed
