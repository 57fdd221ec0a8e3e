"""The rows of a run as numbers, encoded once for every stretch of training and every run on the same data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from nnstudio.data import Pipeline, Split, Table
from nnstudio.engine import Array

_MOST = 2
"""Encodings that are kept ready: of the run that is shown, and of the one before."""


@dataclass(frozen=True, eq=False)
class EncodedRows:
    """Rows by their use; those that are tested are the training rows where none were held out.

    Attributes
    ----------
    train, validation, tested : (Array of shape (rows, features), Array of shape (rows, units))
        Inputs and targets.
    """

    train: tuple[Array, Array]
    validation: tuple[Array, Array]
    tested: tuple[Array, Array]


@lru_cache(maxsize=_MOST)
def encoded_rows(table: Table, pipeline: Pipeline, split: Split) -> EncodedRows:
    """Return the rows of a table as a run sees them, never to be written to."""
    x = pipeline.encode_inputs(table).values

    def of(rows: tuple[int, ...]) -> tuple[Array, Array]:
        inputs, targets = x[list(rows)], pipeline.encode_targets(table, rows)
        inputs.flags.writeable = targets.flags.writeable = False
        return inputs, targets

    train = of(split.train)
    return EncodedRows(train, of(split.validation), of(split.test) if split.test else train)
