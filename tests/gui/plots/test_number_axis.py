"""Where an axis has numbers, and how they are written."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from nnstudio.gui.plots.colour_bar import ColourBar
from nnstudio.gui.plots.number_axis import NumberAxis, power_ticks


@pytest.mark.parametrize(
    ("low", "high", "numbers"),
    [
        (1e-6, 1.0, [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0]),
        (0.09, 1.1, [0.1, 0.2, 0.5, 1.0]),
        (0.55, 0.71, [0.55, 0.6, 0.65, 0.7]),
        (0.99, 1.05, [1.0, 1.02, 1.04]),
    ],
)
def test_numbers_are_few_and_round_however_far_the_axis_reaches(low: float, high: float, numbers: list[float]) -> None:
    assert np.power(10, power_ticks(np.log10(low), np.log10(high), 6)) == pytest.approx(numbers)


def test_an_axis_without_extent_has_no_numbers_between_two() -> None:
    assert power_ticks(0.5, 0.5, 6) == []


@pytest.mark.parametrize(
    ("values", "spacing", "read"),
    [
        ([-5e29, 0.0, 5e29, 1e30], 5e29, ["-5.0e29", "0", "5.0e29", "1.0e30"]),
        ([1e30, 1.5e30], 5e29, ["1.0e30", "1.5e30"]),
        ([12e6, 14e6], 2e6, ["1.2e7", "1.4e7"]),
        ([1_000_000_005.0, 1_000_000_010.0], 5.0, ["1,000,000,005", "1,000,000,010"]),
        ([0.0, 2_000_000.0], 2e6, ["0", "2,000,000"]),
        ([0.5, 1.0], 0.5, ["0.5", "1.0"]),
    ],
)
def test_numbers_are_as_short_as_they_can_be_told_apart(
    qtbot: QtBot, values: list[float], spacing: float, read: list[str]
) -> None:
    del qtbot
    assert NumberAxis("bottom").tickStrings(values, 1.0, spacing) == read


def test_very_large_and_small_numbers_fit_beside_the_colours(qtbot: QtBot) -> None:
    bar = ColourBar()
    qtbot.addWidget(bar)
    for low, high, read in (
        (-1.0791e25, 1.0791e25, ["-1.1e25", "-5.4e24", "0", "5.4e24", "1.1e25"]),
        (0.0, 4e-7, ["0", "1.0e-7", "2.0e-7", "3.0e-7", "4.0e-7"]),
        (0.0, 1000.0, ["0", "250", "500", "750", "1000"]),
    ):
        bar.show_ends(low, high, "value")
        assert bar.numbers() == read
