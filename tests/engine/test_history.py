"""A history is bounded, exact in its extremes, and does not change under its reader."""

import numpy as np
import pytest

from nnstudio.engine import History
from nnstudio.engine.history import CAPACITY, CAPACITY_OF_METRICS, MOST_IN_A_FILE, Series


def test_a_short_series_is_kept_as_it_is() -> None:
    history = History()
    history.append("cost", [1, 2, 3], [0.5, 0.25, 0.125])
    view = history.read("cost")
    assert view.step.tolist() == [1, 2, 3]
    assert view.mean.tolist() == [0.5, 0.25, 0.125]
    assert history.latest("cost") == 0.125
    assert history.latest("validation") is None


@pytest.mark.parametrize("piece", [1000, 4099])
def test_a_long_series_is_bounded_and_keeps_its_extremes(piece: int) -> None:
    values = np.random.default_rng(0).normal(size=200_000)
    values[150_000], values[77] = 99, -99
    history = History()
    for start in range(0, len(values), piece):
        part = values[start : start + piece]
        history.append("cost", np.arange(start, start + len(part), dtype=float), part)
    view = history.read("cost")
    assert len(view) <= CAPACITY
    assert view.maximum.max() == 99
    assert view.minimum.min() == -99
    assert view.first[0] == values[0]
    assert (np.diff(view.step) > 0).all()
    width = 16
    assert view.width == width
    whole = len(view) - 1
    np.testing.assert_allclose(view.mean[:whole], values[: whole * width].reshape(-1, width).mean(axis=1), atol=1e-12)


def test_what_was_read_does_not_change_when_more_is_written() -> None:
    history = History()
    history.append("cost", np.arange(CAPACITY, dtype=float), np.arange(CAPACITY, dtype=float))
    view = history.read("cost")
    copy = view.mean.copy()
    history.append("cost", np.arange(CAPACITY, 3 * CAPACITY, dtype=float), np.zeros(2 * CAPACITY))
    assert (view.mean == copy).all()
    with pytest.raises(ValueError, match="read-only"):
        view.mean[0] = 1


def test_it_survives_being_written_and_cut() -> None:
    history = History()
    history.append("cost", np.arange(1, 11, dtype=float), np.arange(10, dtype=float))
    again = History.from_arrays(history.to_arrays())
    again.append("cost", [11.0], [7.0])
    assert again.read("cost").mean.tolist() == [*range(10), 7]
    assert again.truncated(4).read("cost").step.tolist() == [1, 2, 3, 4]
    assert len(again.truncated(0).read("cost")) == 0


def test_a_long_series_that_is_taken_over_whole_goes_on_as_if_it_never_stopped() -> None:
    values = np.random.default_rng(2).random(3 * CAPACITY)
    steps = np.arange(1, len(values) + 1, dtype=float)
    whole, parted = Series(), Series()
    whole.append(steps, values)
    stop = 2 * CAPACITY + 3
    parted.append(steps[:stop], values[:stop])
    taken = parted.truncated(stop)
    assert taken.latest == values[stop - 1]
    taken.append(steps[stop:], values[stop:])
    assert np.array_equal(taken.to_array(), whole.to_array())
    assert parted.truncated(CAPACITY).latest == values[CAPACITY - 1]


def test_a_longer_series_of_a_file_is_read_whole_and_goes_on() -> None:
    long = Series(MOST_IN_A_FILE)
    long.append(np.arange(60_000, dtype=float), np.arange(60_000, dtype=float))
    again = Series.from_array(long.to_array())
    assert again.read().mean.tolist() == list(range(60_000))
    again.append(np.arange(60_000, 80_000, dtype=float), np.arange(60_000, 80_000, dtype=float))
    view = again.read()
    assert len(view) <= MOST_IN_A_FILE
    assert (view.first[0], view.last[-1]) == (0, 79_999)
    with pytest.raises(ValueError, match="not a history"):
        Series.from_array(np.zeros((6, MOST_IN_A_FILE + 2)))


def test_the_lowest_value_is_that_of_all_that_was_written() -> None:
    history = History()
    assert history.lowest("cost") is None
    values = np.abs(np.linspace(-1, 2, CAPACITY * 3)) + 0.5
    history.append("cost", np.arange(len(values), dtype=np.float64), values)
    assert history.lowest("cost") == values.min()
    history.append("cost", [len(values)], [float("nan")])
    assert history.lowest("cost") == values.min()


def test_a_metric_keeps_fewer_buckets_than_a_cost_and_comes_back_from_a_file() -> None:
    values = np.random.default_rng(1).random(50_000)
    history = History()
    history.append("f1", np.arange(50_000, dtype=float), values)
    view = history.read("f1")
    assert len(view) <= CAPACITY_OF_METRICS
    assert view.width == 8
    assert view.maximum.max() == values[: len(view) * 8].max()
    again = History.from_arrays(history.to_arrays())
    assert again == history
    again.append("f1", np.arange(50_000, 150_000, dtype=float), np.ones(100_000))
    assert len(again.read("f1")) <= CAPACITY_OF_METRICS
