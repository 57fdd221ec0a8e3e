"""Which rows are trained on, which are looked at while training, and which are kept for the test."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

from nnstudio.data.cells import missing
from nnstudio.data.columns import ColumnUse
from nnstudio.data.table import Table

FEWEST_ROWS = 30
"""With fewer rows the proposal is no split: every row is needed for training."""

Rows = NDArray[np.int64]


class SplitSettings(BaseModel):
    """The shares of the rows, and the seed that deals them out.

    Attributes
    ----------
    train, validation, test : float
        Shares that add up to one.
    seed : int
        The split's own seed, kept with the data.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    train: float = Field(0.6, gt=0, le=1)
    validation: float = Field(0.2, ge=0, lt=1)
    test: float = Field(0.2, ge=0, lt=1)
    seed: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _is_whole(self) -> SplitSettings:
        if abs(self.train + self.validation + self.test - 1) > 1e-6:
            raise ValueError("The shares for train, validation and test must add up to 100 %.")
        return self


class Split(BaseModel):
    """Rows of a table by their use, each in rising order.

    Attributes
    ----------
    train, validation, test : tuple of int
        Indexes into the table.
    left_out : int
        Rows without a target.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    train: tuple[int, ...]
    validation: tuple[int, ...] = ()
    test: tuple[int, ...] = ()
    left_out: int = 0


def propose_split(table: Table) -> SplitSettings:
    """Propose shares: 60, 20 and 20 percent, or all rows for training where there are few."""
    if table.row_count < FEWEST_ROWS:
        return SplitSettings(train=1.0, validation=0.0, test=0.0)
    return SplitSettings()


def split_rows(settings: SplitSettings, table: Table, columns: Sequence[ColumnUse]) -> Split:
    """Deal the rows out.

    Rows without a target are left out. Where the target is a category, each class is dealt out in the same shares.

    Parameters
    ----------
    settings : SplitSettings
    table : Table
    columns : sequence of ColumnUse

    Returns
    -------
    Split
    """
    targets = [use for use in columns if use.is_target]
    complete = np.ones(table.row_count, bool)
    for use in targets:
        complete &= ~missing(table, use.name, use.kind)
    rows = np.flatnonzero(complete)
    stream = np.random.Generator(np.random.PCG64(settings.seed))
    order = rows[stream.permutation(len(rows))]
    if len(targets) == 1 and targets[0].kind in ("category", "yes_no", "text"):
        order = _interleave_classes(order, table.words(targets[0].name))
    test = math.ceil(len(order) * settings.test - 1e-9)  # at least the share that was asked for
    validation = round(len(order) * settings.validation)
    return Split(
        test=_sorted(order[:test]),
        validation=_sorted(order[test : test + validation]),
        train=_sorted(order[test + validation :]),
        left_out=table.row_count - len(rows),
    )


def _sorted(rows: Rows) -> tuple[int, ...]:
    return tuple(np.sort(rows).tolist())


def _interleave_classes(order: Rows, words: Sequence[str | None]) -> Rows:
    """Reorder rows so that every stretch of them holds the classes in the shares of the whole.

    Each row gets its place within its class as a number between 0 and 1; sorted by it, classes mix evenly. A class of a
    single row lands near the end and is trained on.
    """
    numbers: dict[str | None, int] = {}
    label = np.array([numbers.setdefault(words[row], len(numbers)) for row in order.tolist()], np.int64)
    size = np.bincount(label)
    # Sorted by class, the rows of each stand together, in the order in which they came.
    together = np.argsort(label, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[together] = np.arange(len(order)) - np.repeat(np.cumsum(size) - size, size)
    own = size[label]
    place = np.where(own > 1, (rank + 0.5) / own, 0.99)
    return order[np.argsort(place, kind="stable")]
