"""Small pictures beside numbers say the numbers that they show."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.moments.pin import Pin
from nnstudio.gui.panels.pins import PinFacts, PinsPanel
from nnstudio.gui.widgets.history_curve import HistoryCurve
from nnstudio.gui.widgets.row_spread import BINS, RowSpread, count_rows
from nnstudio.gui.widgets.weight_histogram import WeightHistogram


def test_rows_are_counted_by_class_and_bin_as_a_loop_counts_them() -> None:
    stream = np.random.default_rng(5)
    values, classes = stream.normal(size=200), stream.integers(0, 3, 200)
    values[7] = np.nan
    counts, low, high = count_rows(values, classes, 3)
    expected = np.zeros((3, BINS), int)
    for value, of in zip(values.tolist(), classes.tolist(), strict=True):
        if np.isfinite(value):
            expected[of, min(BINS - 1, int((value - low) / (high - low) * BINS))] += 1
    np.testing.assert_array_equal(counts, expected)
    assert (low, high) == (np.nanmin(values), np.nanmax(values))


def test_equal_numbers_lie_in_one_bin() -> None:
    counts, low, high = count_rows(np.full(9, 2.0), None, 1)
    assert counts.max() == counts.sum() == 9
    assert low < 2.0 < high


def test_without_numbers_nothing_is_counted() -> None:
    counts, _, _ = count_rows(np.array([np.nan, np.inf]), None, 1)
    assert counts.sum() == 0


def test_a_bar_says_its_rows_and_their_classes(qtbot: QtBot) -> None:
    spread = RowSpread("Spread over the rows")
    qtbot.addWidget(spread)
    spread.resize(240, 120)
    values = np.array([0.0, 0.0, 0.0, 24.0])
    spread.show_rows(values, np.array([0, 0, 1, 1]), ("no", "yes"), "all 4 rows")
    words = spread.words_at(8)
    assert words.splitlines() == ["0 to 1: 3 rows", "no 2", "yes 1"]
    assert spread.words_at(230).splitlines()[-1] == "yes 1"
    assert spread.accessibleDescription() == "all 4 rows"
    before = spread.grab().toImage()
    spread.show_rows(None, None, (), "nothing to count")
    assert spread.words_at(20) == "nothing to count"
    assert spread.grab().toImage() != before


def test_a_curve_says_its_ends_and_what_it_was_at_the_pointer(qtbot: QtBot) -> None:
    curve = HistoryCurve("History over training")
    qtbot.addWidget(curve)
    curve.resize(300, 120)
    curve.show_history((0, 100, 1_000), (0.5, float("nan"), 0.25), None)
    assert curve.accessibleDescription() == "0.5 at step 0, 0.25 at step 1,000"
    assert curve.words_at(60) == "step 0: 0.5"
    assert curve.words_at(290) == "step 1,000: 0.25"
    unmarked = curve.grab().toImage()
    curve.show_history((0, 1_000), (0.5, 0.25), 500)
    assert curve.grab().toImage() != unmarked


@pytest.mark.parametrize("values", [(), (1.0,), (2.0, 2.0)])
def test_a_curve_of_few_or_equal_values_can_be_drawn(qtbot: QtBot, values: tuple[float, ...]) -> None:
    curve = HistoryCurve("History over training")
    qtbot.addWidget(curve)
    curve.resize(200, 100)
    empty = curve.grab().toImage()
    curve.show_history(range(len(values)), values, None)
    assert (curve.grab().toImage() == empty) is not bool(values)


def test_cards_that_a_frame_has_no_time_for_are_shown_by_the_next(qtbot: QtBot) -> None:
    panel = PinsPanel(lambda: None)
    qtbot.addWidget(panel)

    def facts(value: str) -> list[PinFacts]:
        return [
            PinFacts(Pin("hidden", (unit,)), f"neuron {unit}", value, "", (), (), None, None, None, (), ())
            for unit in range(3)
        ]

    panel.show_pins(facts("first"))
    assert [card.value.text() for card in panel.cards] == ["first"] * 3
    shown = []
    for _ in range(3):
        panel.show_pins(facts("second"), seconds=0)
        shown.append([card.value.text() for card in panel.cards].count("second"))
    assert shown == [1, 2, 3]


def test_the_spread_of_a_layer_is_that_of_all_its_weights_together(qtbot: QtBot) -> None:
    histogram = WeightHistogram()
    qtbot.addWidget(histogram)
    histogram.resize(240, 90)
    empty = histogram.grab().toImage()
    kernel, bias = np.array([[1.0, -3.0], [2.0, 0.0]]), np.array([5.0, -5.0])
    histogram.show_weights([kernel, bias])
    both = np.array([1.0, -3.0, 2.0, 0.0, 5.0, -5.0])
    assert histogram.caption() == f"mean {both.mean():.3f} · deviation {both.std():.3f}"
    assert histogram.grab().toImage() != empty
    assert histogram.accessibleDescription() == histogram.caption()
    histogram.show_weights([])
    assert histogram.caption() == ""
    assert histogram.grab().toImage() == empty
