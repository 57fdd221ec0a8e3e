"""Where an axis of powers of ten has numbers."""

import numpy as np
import pytest

from nnstudio.gui.plots.number_axis import power_ticks


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
