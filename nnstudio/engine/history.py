"""What happened at every step, in bounded memory, readable while it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnstudio.engine.metrics import FOLLOWED

Numbers = NDArray[np.float64]

CAPACITY = 16_384
"""Buckets a series keeps at most; when they are full, pairs merge. A plot is never so many pixels wide."""

MOST_IN_A_FILE = 65_536
"""Buckets that are read from a file; a series that has more than `CAPACITY` keeps as many as this from then on."""

CAPACITY_OF_METRICS = 8_192
"""Buckets of a metric, of which there are many."""

_START = 2048
_STEP, _FIRST, _LAST, _MINIMUM, _MAXIMUM, _MEAN = range(6)


@dataclass(frozen=True)
class SeriesView:
    """A series as far as it was written when it was read; all arrays have one entry a bucket and are read-only.

    Attributes
    ----------
    step : Array of shape (buckets,)
        The step of the bucket's first value.
    width : int
        How many values are in a bucket.
    first, last, minimum, maximum, mean : Array of shape (buckets,)
        Of the values in the bucket.
    """

    step: Numbers
    first: Numbers
    last: Numbers
    minimum: Numbers
    maximum: Numbers
    mean: Numbers
    width: int = 1

    def __len__(self) -> int:
        return len(self.step)


class Series:
    """Values at rising steps.

    What was written once is never written again: when arrays grow or pairs merge, new ones take their place. A reader
    in another thread therefore holds something that does not change under it, and nobody waits.

    Parameters
    ----------
    capacity : int
        Buckets that are kept at most; when they are full, pairs merge.
    """

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._data = np.empty((6, 0))
        self._open: list[float] = []
        self._open_step = self._last_step = 0.0
        # What readers see, replaced as a whole: the array, its buckets that count, and how many values are in each.
        self._published = (self._data, 0, 1)
        self.latest: float | None = None

    @property
    def nbytes(self) -> int:
        """How many bytes are held."""
        return self._data.nbytes

    def append(self, steps: Numbers, values: Numbers) -> None:
        """Add values at these steps, which lie behind all earlier ones."""
        if not len(values):
            return
        self.latest, self._last_step = float(values[-1]), float(steps[-1])
        start = 0
        while start < len(values):
            if self._published[1] == self._capacity:
                self._merge_pairs()
            _, count, width = self._published
            free = self._capacity - count
            whole = min((len(values) - start) // width, free)
            if self._open or not whole:
                start += self._fill_open(steps[start:], values[start:])
            else:
                stop = start + whole * width
                block = values[start:stop].reshape(whole, width)
                at = steps[start:stop:width]
                self._add(at, block[:, 0], block[:, -1], block.min(axis=1), block.max(axis=1), block.mean(axis=1))
                start = stop

    def read(self) -> SeriesView:
        """Return what was written so far, without copying it."""
        data, count, width = self._published
        seen = data[:, :count]
        seen.flags.writeable = False
        step, first, last, minimum, maximum, mean = seen
        return SeriesView(step, first, last, minimum, maximum, mean, width)

    def truncated(self, step: int) -> Series:
        """Return the series up to and including this step."""
        kept = Series(self._capacity)
        data, count, width = self._published
        count = int(np.searchsorted(data[_STEP, :count], step, side="right"))
        kept._data = data[:, :count].copy()
        kept._published = (kept._data, count, width)
        kept.latest = self.value_at(step)
        if step >= self._last_step:  # nothing is cut off: what the open bucket holds is not lost either
            kept._open, kept._open_step, kept._last_step = [*self._open], self._open_step, self._last_step
        elif self._open and step >= self._open_step:
            kept._last_step = self._open_step
        elif count:
            kept._last_step = float(data[_STEP, count - 1])
        return kept

    def value_at(self, step: int) -> float | None:
        """Return the last value up to and including a step, or None where there is none.

        Where the step lies in the midst of merged values it is their mean: which of them was the last is not known.
        """
        if step >= self._last_step:
            return self.latest
        if self._open and step >= self._open_step:
            return self._open[0] if step == self._open_step else float(np.mean(self._open))
        data, count, width = self._published
        at = int(np.searchsorted(data[_STEP, :count], step, side="right")) - 1
        if at < 0:
            return None
        begin = float(data[_STEP, at])
        following = float(data[_STEP, at + 1]) if at + 1 < count else self._open_step if self._open else self._last_step
        end = following - (following - begin) / width  # values are as far from each other as from the next bucket's
        return float(data[_LAST if step >= end else _FIRST if step == begin else _MEAN, at])

    def to_array(self) -> Numbers:
        """Return everything as one array: a row for each of the six numbers, and a last column of what is beside them.

        That column holds the width, 0, the last step, whether there is a latest value, that value, and 0. What the
        open bucket holds besides its latest value is left out.
        """
        data, count, width = self._published
        array = np.empty((6, count + 1))
        array[:, :count] = data[:, :count]
        known = self.latest is not None
        array[:, count] = (width, 0, self._last_step, known, self.latest if self.latest is not None else 0, 0)
        return array

    @classmethod
    def from_array(cls, array: Numbers, capacity: int = CAPACITY) -> Series:
        """Return the series that `to_array` wrote.

        Raises
        ------
        ValueError
            When the array is not one of a series.
        """
        if array.ndim != 2 or array.shape[0] != 6 or not 1 <= array.shape[1] <= MOST_IN_A_FILE + 1:
            raise ValueError("This is not a history series.")
        count = array.shape[1] - 1
        series = cls(capacity if count <= capacity else MOST_IN_A_FILE)
        series._data = np.array(array[:, :count], dtype=np.float64)
        width, is_old, last_step, known, latest, _ = array[:, count]
        series._published = (series._data, count, max(1, int(width)))
        if not is_old:
            series._last_step, series.latest = float(last_step), float(latest) if known else None
        elif count:  # older files repeat the width, and do not say where the series ended
            series._last_step, series.latest = float(array[_STEP, count - 1]), float(array[_LAST, count - 1])
        return series

    def _fill_open(self, steps: Numbers, values: Numbers) -> int:
        """Put values into the bucket that is not full yet, and return how many it took."""
        width = self._published[2]
        if not self._open:
            self._open_step = float(steps[0])
        taken = min(width - len(self._open), len(values))
        self._open += values[:taken].tolist()
        if len(self._open) == width:
            bucket = np.array([self._open])
            self._open = []
            self._add(
                np.array([self._open_step]),
                bucket[:, 0],
                bucket[:, -1],
                bucket.min(axis=1),
                bucket.max(axis=1),
                bucket.mean(axis=1),
            )
        return taken

    def _add(self, *rows: Numbers) -> None:
        """Add full buckets for which there is capacity."""
        _, count, width = self._published
        end = count + len(rows[0])
        self._make_room(end)
        for index, row in enumerate(rows):
            self._data[index, count:end] = row
        self._published = (self._data, end, width)

    def _make_room(self, count: int) -> None:
        have = self._data.shape[1]
        if count > have:
            larger = np.empty((6, min(self._capacity, max(count, 2 * have, _START))))
            larger[:, :have] = self._data
            self._data = larger

    def _merge_pairs(self) -> None:
        """Halve the number of buckets, in a new array."""
        capacity = self._capacity
        left, right = self._data[:, 0:capacity:2], self._data[:, 1:capacity:2]
        merged = np.empty((6, capacity))
        half = capacity // 2
        merged[_STEP, :half] = left[_STEP]
        merged[_FIRST, :half] = left[_FIRST]
        merged[_LAST, :half] = right[_LAST]
        merged[_MINIMUM, :half] = np.minimum(left[_MINIMUM], right[_MINIMUM])
        merged[_MAXIMUM, :half] = np.maximum(left[_MAXIMUM], right[_MAXIMUM])
        merged[_MEAN, :half] = (left[_MEAN] + right[_MEAN]) / 2
        self._data = merged
        self._published = (merged, half, 2 * self._published[2])


SERIES = ("cost", "epoch_cost", "validation", "penalty", "learning_rate", "seconds", *FOLLOWED)
_MEASURED = "seconds"
"""Differs whenever the same is trained twice, and says nothing about what was learned."""


class History:
    """The series of one run.

    Series are ``"cost"`` at each step, ``"epoch_cost"``, the row-weighted mean of an epoch's steps, ``"validation"``,
    ``"penalty"``, what regularisers charge, these three at the step that ended the epoch, ``"learning_rate"`` at the
    steps at which it became another, ``"seconds"``, the time spent training until a step, which two histories that
    are equal may not share, and the metrics of the validation rows by their names, where they are followed.
    """

    def __init__(self) -> None:
        self._series: dict[str, Series] = {name: Series(_capacity(name)) for name in SERIES}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, History):
            return NotImplemented
        mine, theirs = self.to_arrays(), other.to_arrays()
        return self is other or all(np.array_equal(mine[name], theirs[name]) for name in mine if name != _MEASURED)

    __hash__ = object.__hash__

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the series."""
        return tuple(self._series)

    @property
    def nbytes(self) -> int:
        """How many bytes all series hold."""
        return sum(series.nbytes for series in self._series.values())

    def append(self, name: str, steps: Sequence[float] | Numbers, values: Sequence[float] | Numbers) -> None:
        """Add values to a series."""
        self._series[name].append(np.asarray(steps, np.float64), np.asarray(values, np.float64))

    def read(self, name: str) -> SeriesView:
        """Return a series as far as it was written; safe in another thread."""
        return self._series[name].read()

    def epochs_at(self, steps: Numbers, steps_per_epoch: float) -> Numbers:
        """Return in which epoch steps lie, with fractions, whatever the batch size was then.

        Parameters
        ----------
        steps : Array of shape (steps,)
        steps_per_epoch : float
            Those of the epoch that is under way, whose end is not known yet.

        Returns
        -------
        Array of shape (steps,)
        """
        ends = self.read("epoch_cost")
        known = np.concatenate([[0.0], ends.step])
        epochs = np.concatenate([[0.0], np.arange(len(ends)) * ends.width + 1.0])
        behind = np.maximum(steps - known[-1], 0) / max(1.0, steps_per_epoch)
        found: Numbers = np.interp(steps, known, epochs) + behind
        return found

    def latest(self, name: str) -> float | None:
        """Return the last value of a series, or None while it is empty."""
        return self._series[name].latest

    @property
    def latest_cost(self) -> float | None:
        """The cost of the last epoch; of the last step while no epoch has ended; None before the first step."""
        epoch = self.latest("epoch_cost")
        return self.latest("cost") if epoch is None else epoch

    def cost_at(self, step: int) -> float | None:
        """Return what `latest_cost` was at a step."""
        epoch = self._series["epoch_cost"].value_at(step)
        return self._series["cost"].value_at(step) if epoch is None else epoch

    def lowest(self, name: str) -> float | None:
        """Return the lowest value of a series until now; None where there is none yet."""
        view = self.read(name)
        return float(np.fmin.reduce(view.minimum)) if len(view) else None

    def truncated(self, step: int) -> History:
        """Return the history up to and including this step."""
        kept = History()
        kept._series = {name: series.truncated(step) for name, series in self._series.items()}
        return kept

    def to_arrays(self) -> dict[str, Numbers]:
        """Return the series as arrays."""
        return {name: series.to_array() for name, series in self._series.items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Numbers]) -> History:
        """Return the history that `to_arrays` wrote; series that are missing are empty."""
        history = cls()
        for name in history._series:
            if name in arrays:
                history._series[name] = Series.from_array(np.asarray(arrays[name], np.float64), _capacity(name))
        return history


def _capacity(name: str) -> int:
    return CAPACITY_OF_METRICS if name in FOLLOWED else CAPACITY
