"""Whole numbers that stand for words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from pydantic import Field

from nnstudio.data.cells import numbers
from nnstudio.data.columns import ColumnUse
from nnstudio.data.table import Table
from nnstudio.data.transform import Numbers, Transform
from nnstudio.errors import DataError

MOST_WORDS = 1_000_000


class Codes(Transform):
    """Leaves codes of words as they are: whole numbers from 0 on; a missing one is 0."""

    key = "codes"
    title = "Word codes"

    words: int = Field(
        1, ge=1, le=MOST_WORDS, title="Words", description="One more than the largest code of the training rows."
    )

    @classmethod
    def fit(cls, table: Table, use: ColumnUse, rows: Sequence[int]) -> Self:
        """Return the transform fitted on these rows."""
        values = numbers(table, use.name)
        strange = np.flatnonzero(~np.isnan(values) & ((values < 0) | (values != np.floor(values))))
        if len(strange):
            line = table.file_row(int(strange[0]))
            raise DataError(
                f"{table.name}, line {line}, column '{use.name}': {values[strange[0]]:g} is no word code. "
                "Codes are whole numbers from 0 on; read the column as a number.",
                row=line,
                column=use.name,
            )
        seen = values[list(rows)]
        largest = int(np.nanmax(seen)) if not np.isnan(seen).all() else 0
        if largest >= MOST_WORDS:
            raise DataError(
                f"{table.name}, column '{use.name}': the code {largest:,} is too large. "
                f"There may be {MOST_WORDS:,} words; read the column as a number.",
                column=use.name,
            )
        return cls(column=use.name, indicator=use.missing_indicator, words=largest + 1)

    def features(self) -> tuple[str, ...]:
        """Return the column's name."""
        return (self.column,)

    def raw(self, table: Table) -> tuple[Numbers, int]:
        """Return the codes; those that were not seen in training are counted."""
        values = np.nan_to_num(numbers(table, self.column), nan=0.0)
        return values[:, None], int(np.count_nonzero(values >= self.words))

    def describe(self) -> str:
        """Return the number of words."""
        return f"codes of {self.words:,} words"

    def export(self) -> dict[str, Numbers]:
        """Return the fill."""
        return {f"input/fill/{self.column}": np.array(0.0)}
