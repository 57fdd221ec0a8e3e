"""The cost while training, as it is drawn and read off."""

from pathlib import Path

import numpy as np
import polars
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from nnstudio.engine import History
from nnstudio.engine.history import CAPACITY
from nnstudio.gui.plots.curves import enveloped, fitting, in_sight, smoothed, thinned
from nnstudio.gui.plots.loss import LossPlot


def _history(epochs: int, steps_per_epoch: int = 4, start: float = 1.0) -> History:
    history = History()
    steps = np.arange(1, epochs * steps_per_epoch + 1, dtype=np.float64)
    costs = start / steps
    history.append("cost", steps, costs)
    history.append("seconds", steps, steps / 10)
    ends = steps[steps_per_epoch - 1 :: steps_per_epoch]
    history.append("epoch_cost", ends, start / ends)
    history.append("validation", ends[::2], 2 * start / ends[::2])
    return history


@pytest.fixture
def plot(qtbot: QtBot) -> LossPlot:
    made = LossPlot()
    qtbot.addWidget(made)
    made.resize(700, 260)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_nothing_trained_says_what_to_do(plot: LossPlot) -> None:
    plot.show_history(None, 4)
    assert "Press Train" in plot.sentence
    plot.show_history(_history(5), 4)
    assert plot.sentence == ""


def test_the_cost_stands_against_epochs_steps_or_seconds(plot: LossPlot) -> None:
    plot.show_history(_history(10), 4)
    assert plot.points("train")[0].tolist() == list(range(1, 11))
    assert plot.value_at(5.0) == "epoch 5: train 0.05, validation 0.1"
    plot.against.setCurrentIndex(plot.against.findData("step"))
    assert plot.points("train")[0].tolist() == list(range(4, 41, 4))
    assert plot.value_at(20).startswith("step 20: train 0.05")
    plot.against.setCurrentIndex(plot.against.findData("seconds"))
    assert plot.points("train")[0].tolist() == pytest.approx(np.arange(0.4, 4.01, 0.4).tolist())


def test_the_first_epochs_are_drawn_step_by_step(plot: LossPlot) -> None:
    plot.show_history(_history(2), 4)
    assert len(plot.points("train")[0]) == 8
    assert plot.value_at(1.3).startswith("epoch 1.25: train 0.2")


def test_between_epochs_the_nearest_one_is_read(plot: LossPlot) -> None:
    plot.show_history(_history(10), 4)
    assert plot.value_at(4.6) == plot.value_at(5.0) == "epoch 5: train 0.05, validation 0.1"


def test_the_reading_goes_when_the_pointer_leaves(plot: LossPlot) -> None:
    plot.show_history(_history(10), 4)
    reading = next(label for label in plot.chart.findChildren(QLabel) if not label.text())
    plot.chart.scene().sigMouseMoved.emit(plot.chart.item.getViewBox().sceneBoundingRect().center())
    assert reading.text().startswith("epoch ")
    assert reading.isVisible()
    QApplication.sendEvent(plot.chart, QEvent(QEvent.Type.Leave))
    assert not reading.isVisible()


def test_nothing_moves_under_the_pointer_when_a_number_gets_other_digits(qtbot: QtBot, plot: LossPlot) -> None:
    places = []
    for start in (1.0, 1.2345e-12):
        plot.show_history(_history(10, start=start), 4)
        qtbot.wait(1)
        places.append([control.mapTo(plot, QPoint()) for control in (plot.against, plot.log, plot.smooth)])
    assert plot.shown["train"].text() == "train 3.086e-14"
    assert places[0] == places[1]


def test_a_history_of_ten_million_steps_needs_two_points_a_column(plot: LossPlot) -> None:
    history = History()
    rng = np.random.default_rng(0)
    for start in range(0, 10_000_000, 1_000_000):
        steps = np.arange(start + 1, start + 1_000_001, dtype=np.float64)
        history.append("epoch_cost", steps, rng.random(len(steps)) + 0.1)
    history.append("cost", [10_000_000.0], [0.5])
    assert len(history.read("epoch_cost")) > CAPACITY // 2  # many more than there are columns of pixels
    plot.show_history(history, 1)
    assert len(plot.points("train")[0]) > CAPACITY // 2
    assert 100 < plot.drawn("train") <= 2 * plot.chart.width()


def test_an_envelope_reaches_the_lowest_and_the_highest_value() -> None:
    x = np.arange(1000.0)
    y = np.zeros(1000)
    low, high = y.copy(), y.copy()
    low[501], high[502] = -3, 7
    at, seen = enveloped(x, low, high, 100)
    assert len(at) <= 101
    assert (seen.min(), seen.max()) == (-3, 7)
    assert np.all(np.diff(at) >= 0)
    assert enveloped(x[:5], y[:5], y[:5], 100)[0].tolist() == [0, 1, 2, 3, 4]
    assert len(thinned(x, high, 50)[0]) <= 52


@pytest.mark.parametrize("amount", [0.1, 0.6, 0.95])
@pytest.mark.parametrize("count", [2, 127, 128, 129, 1000])
def test_a_smoothed_line_is_the_moving_mean(amount: float, count: int) -> None:
    values = np.random.default_rng(count).normal(size=count)
    expected, mean = [], values[0]
    for value in values:
        mean = amount * mean + (1 - amount) * value
        expected.append(mean)
    np.testing.assert_allclose(smoothed(values, amount), expected, atol=1e-12)


def test_a_few_points_are_drawn_as_they_are() -> None:
    assert fitting(0.6, 8) == 0.0
    assert fitting(0.6, 40) == 0.5
    assert fitting(0.6, 1_000) == 0.6


def test_on_powers_of_ten_the_smoothed_line_runs_through_the_middle_of_what_is_seen(plot: LossPlot) -> None:
    history = History()
    steps = np.arange(1, 201, dtype=np.float64)
    history.append("cost", steps, 10.0 ** (-steps / 20))
    history.append("epoch_cost", steps, 10.0 ** (-steps / 20))
    plot.show_history(history, 1)
    curve = plot._curves["train"]
    x, line = curve.line.getOriginalDataset()
    # A line that falls evenly is followed at an even distance, however many powers of ten it has fallen through.
    behind = np.log10(line) + x / 20
    assert behind[-1] == pytest.approx(behind[len(behind) // 2], abs=0.02)
    assert 0 < behind[-1] < 0.2


def test_an_epoch_stays_where_it_was_when_batches_become_larger(plot: LossPlot) -> None:
    history = History()
    ends = np.array([10, 20, 30, 32, 34, 36], dtype=np.float64)  # ten steps an epoch, then two
    history.append("cost", np.arange(1, 38, dtype=np.float64), np.linspace(1, 0.5, 37))
    history.append("epoch_cost", ends, np.linspace(1, 0.5, 6))
    history.append("validation", ends[1::2], np.linspace(1, 0.5, 3))
    assert history.epochs_at(np.array([5.0, 30.0, 33.0, 37.0]), 2).tolist() == [0.5, 3.0, 4.5, 6.5]
    plot.show_history(history, 2)
    assert plot.points("train")[0].tolist() == [1, 2, 3, 4, 5, 6]
    assert plot.points("validation")[0].tolist() == [2, 4, 6]


def test_a_metric_of_the_validation_rows_takes_the_place_of_the_cost(qtbot: QtBot, plot: LossPlot) -> None:
    history = _history(10)
    history.append("accuracy", [8.0, 16.0, 24.0], [0.5, 0.75, 0.875])
    plot.show_history(history, 4)
    assert [plot.what.itemText(index) for index in range(plot.what.count())] == ["cost", "accuracy"]
    plot.what.setFocus()
    qtbot.keyClick(plot.what, Qt.Key.Key_Down)
    assert plot.what.chosen == "accuracy"
    assert plot.points("validation")[0].tolist() == [2, 4, 6]
    assert plot.points("validation")[1].tolist() == [0.5, 0.75, 0.875]
    assert not len(plot.points("train")[0])
    assert plot.value_at(4.0) == "epoch 4: validation 0.75"
    assert not plot.log.isEnabled()
    plot.show_history(_history(10), 4)
    assert plot.what.chosen == "cost"
    assert len(plot.points("train")[0]) == 10


def test_what_is_in_sight_has_a_neighbour_on_each_side() -> None:
    x = np.arange(10.0)
    assert x[in_sight(x, 2.5, 5.5)].tolist() == [2, 3, 4, 5, 6]
    assert x[in_sight(x, -5, 100)].tolist() == x.tolist()


def test_moved_by_hand_it_stays_until_everything_is_shown_again(plot: LossPlot) -> None:
    plot.show_history(_history(100), 4)
    box = plot.chart.item.getViewBox()
    box.setXRange(20, 30, padding=0)
    box.sigRangeChangedManually.emit([True, True])
    plot.show_history(plot._history, 4)
    assert box.viewRange()[0] == pytest.approx([20, 30])
    plot.fit()
    assert box.viewRange()[0][0] == 0
    assert box.viewRange()[0][1] > 100


def test_powers_of_ten_across_keep_all_points_in_sight(plot: LossPlot) -> None:
    plot.show_history(_history(100), 4)
    plot.log_across.setChecked(True)
    left, right = plot.chart.item.getViewBox().viewRange()[0]
    assert left == pytest.approx(0)
    assert 2 < right < 2.3


def test_other_runs_stand_beside_it_and_can_be_hidden(plot: LossPlot) -> None:
    plot.show_history(_history(10), 4)
    plot.show_others([("Run 2", _history(10, steps_per_epoch=2, start=8.0))])
    assert plot.runs.words() == ["Run 2"]
    assert plot.value_at(5.0) == "epoch 5: train 0.05, validation 0.1, Run 2 0.8"
    assert set(plot.table()["run"]) == {"this run", "Run 2"}
    plot.runs._boxes["Run 2"].setChecked(False)
    assert "Run 2" not in plot.value_at(5.0)
    plot.show_others([])
    assert set(plot.table()["run"]) == {"this run"}


def test_it_is_saved_as_points_lines_and_numbers(plot: LossPlot, tmp_path: Path) -> None:
    plot.show_history(_history(10), 4)
    for suffix in (".png", ".svg", ".csv"):
        plot.save(tmp_path / f"loss{suffix}")
    table = polars.read_csv(tmp_path / "loss.csv")
    assert table.columns == ["run", "series", "epoch", "cost"]
    assert table.filter(polars.col("series") == "train")["epoch"].to_list() == list(range(1, 11))
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert "<path" in (tmp_path / "loss.svg").read_text(encoding="utf-8")


def test_the_line_at_an_earlier_step_is_thin_however_few_epochs_are_seen(plot: LossPlot) -> None:
    plot.show_history(_history(12), 4)
    before = plot.chart.grab().toImage()
    plot.mark(20)
    after = plot.chart.grab().toImage()
    middle = before.height() // 3
    changed = [x for x in range(before.width()) if before.pixel(x, middle) != after.pixel(x, middle)]
    assert 1 <= len(changed) <= 6
