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


def test_a_moment_of_a_history_that_came_from_a_file_costs_what_it_cost_then_not_what_the_end_costs() -> None:
    history = History()
    history.append("cost", np.arange(1, 9, dtype=float), np.arange(8, 0, -1, dtype=float))
    history.append("epoch_cost", [4.0, 8.0], [6.5, 2.5])
    again = History.from_arrays(history.to_arrays())
    for kept in (history, again):
        assert kept.truncated(8).latest_cost == kept.cost_at(8) == 2.5
        assert kept.truncated(5).latest_cost == kept.cost_at(5) == 6.5
        assert kept.truncated(3).latest_cost == kept.cost_at(3) == 6  # no epoch had ended: that of the step
        assert kept.truncated(0).latest_cost is kept.cost_at(0) is None
    assert again.truncated(5) == history.truncated(5)


def test_a_long_history_comes_back_from_a_file_with_the_latest_value_that_was_shown() -> None:
    values = np.random.default_rng(3).random(CAPACITY + 5)
    series = Series()
    series.append(np.arange(1, len(values) + 1, dtype=float), values)
    assert series.read().last[-1] != values[-1]  # the last one waits for its neighbour
    again = Series.from_array(series.to_array())
    assert again.latest == series.latest == values[-1]
    assert again.value_at(len(values)) == values[-1]
    assert again.value_at(1000) == series.value_at(1000) == values[999]


def test_in_the_midst_of_merged_values_it_was_about_their_mean() -> None:
    series = Series(4)
    series.append(np.arange(1, 17, dtype=float), np.arange(16, 0, -1, dtype=float))
    assert (series.read().width, len(series.read())) == (4, 4)
    assert [series.value_at(step) for step in (0, 5, 6, 8, 16)] == [None, 12, 10.5, 9, 1]
    series.append(np.array([17.0, 18.0, 19.0]), np.array([9.0, 3.0, 0.0]))
    assert [series.value_at(step) for step in (16, 17, 18, 19)] == [1, 9, 4, 0]
    cut = series.truncated(18)
    assert (cut.latest, cut.value_at(18)) == (4, 4)


def test_a_history_of_an_older_file_ends_with_its_last_whole_bucket() -> None:
    series = Series()
    series.append(np.arange(1, 5, dtype=float), np.array([4.0, 3.0, 2.0, 1.0]))
    older = series.to_array()
    older[:, -1] = older[0, -1]
    again = Series.from_array(older)
    assert (again.latest, again.value_at(2), again.truncated(3).latest) == (1, 3, 2)
