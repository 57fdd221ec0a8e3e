"""The card of the answer, the timeline and the list of runs tell the same cost of the same moment."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.engine import Program
from nnstudio.paths import samples
from nnstudio.project import Edit, Run, deal_out
from nnstudio.project.edits.hold_edits import silence_unit
from nnstudio.project.edits.weight_edits import set_weight
from tests.gui.conftest import Open
from tests.gui.watching.in_time import hidden_of, look_back, run_of, train


@pytest.fixture
def studio(open_studio: Open) -> Studio:
    return open_studio(samples() / "iris.csv")


def _cost_on_card(studio: Studio) -> str:
    frame = studio.window.canvas.frame()
    assert frame is not None
    return "–" if frame.cost is None else f"{frame.cost:.4g}"


@pytest.mark.parametrize("step", [3, 60, 63])
def test_an_earlier_step_costs_the_same_on_the_card_and_the_timeline_before_and_after_saving(
    qtbot: QtBot, studio: Studio, tmp_path: Path, step: int
) -> None:
    window, path = studio.window, tmp_path / "a.nns"
    run = train(qtbot, studio, 200)
    end = _cost_on_card(studio)
    look_back(qtbot, studio, step)
    then = _cost_on_card(studio)
    assert then != end
    assert f"cost {then}" in window.time.timeline.words
    window.time.leave()
    studio.document.path = path
    with qtbot.waitSignal(window.files.saved, timeout=20_000):
        window.files.save()
    with qtbot.waitSignal(window.files.opened, timeout=20_000):
        window.files.open(path)
    qtbot.waitUntil(lambda: run_of(studio) is not run and not window.background.busy, timeout=20_000)
    assert _cost_on_card(studio) == end
    look_back(qtbot, studio, step)
    assert _cost_on_card(studio) == then
    assert f"cost {then}" in window.time.timeline.words
    qtbot.waitUntil(window.time.timeline.fork.isEnabled, timeout=20_000)
    window.time.fork()
    assert run_of(studio).parent == run.id
    assert _cost_on_card(studio) == then


def _cost_of_training_rows(studio: Studio, run: Run) -> float:
    """Return what the run's network costs on average over the training rows, calculated here."""
    table = studio.document.project.table
    assert table is not None
    rows = table.take(list(run.split.train))
    program: Program = run.program()
    features = run.pipeline.encode_inputs(rows).values
    return program.cost(deal_out(run.network, features), run.pipeline.encode_targets(rows))


def _costs_in_list(studio: Studio) -> list[str]:
    tree = studio.window.time.runs.tree
    items = [tree.topLevelItem(row) for row in range(tree.topLevelItemCount())]
    return [item.text(2) for item in items if item is not None]


@pytest.mark.parametrize("kind", ["weight", "silence"])
def test_after_a_change_by_hand_the_card_has_the_cost_of_these_weights_until_training_goes_on(
    qtbot: QtBot, studio: Studio, kind: str
) -> None:
    window = studio.window
    before = train(qtbot, studio, 100)
    of_last_epoch, hidden = _cost_on_card(studio), hidden_of(studio)
    edit: Edit = set_weight(f"{hidden}/kernel", (2, 0), 30.0) if kind == "weight" else silence_unit(hidden, 0)
    window.control.operate(lambda _: edit)
    changed = run_of(studio)
    frame = window.canvas.frame()
    assert frame is not None
    assert frame.cost_is_measured
    assert frame.cost == pytest.approx(_cost_of_training_rows(studio, changed), rel=1e-6)
    assert frame.cost != pytest.approx(_cost_of_training_rows(studio, before), rel=1e-3)
    assert _costs_in_list(studio) == ["–"]
    studio.actions["view.weights"].trigger()
    again = window.canvas.frame()
    assert again is not None
    assert (again.cost, again.cost_is_measured) == (frame.cost, True)
    window.control.undo()
    assert _cost_on_card(studio) == of_last_epoch
    assert _costs_in_list(studio) == [of_last_epoch]
    window.control.redo()
    train(qtbot, studio, 20)
    assert _costs_in_list(studio) == [_cost_on_card(studio)]
    frame = window.canvas.frame()
    assert frame is not None
    assert not frame.cost_is_measured
    look_back(qtbot, studio, 100)  # where the change had been made already
    frame = window.canvas.frame()
    assert frame is not None
    assert frame.cost == pytest.approx(_cost_of_training_rows(studio, changed), rel=1e-6)
    assert "cost" not in window.time.timeline.words
    look_back(qtbot, studio, 99)
    assert f"cost {_cost_on_card(studio)}" in window.time.timeline.words
