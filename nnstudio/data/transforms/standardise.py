"""Numbers, brought to one range."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from pydantic import Field

from nnstudio.data.cells import mean_and_scale, numbers
from nnstudio.data.columns import ColumnUse
from nnstudio.data.table import Table
from nnstudio.data.transform import Numbers, Transform


class Standardise(Transform):
    """Subtracts the mean of the training rows and divides by their standard deviation, if so wanted."""

    key = "standardise"
    title = "Standardise"

    mean: float = Field(0.0, title="Mean", description="Of the training rows.")
    scale: float = Field(1.0, gt=0, title="Scale", description="The standard deviation of the training rows.")
    fill: float = Field(0.0, title="Fill", description="What stands in for a missing value.")

    decimal_comma: bool | None = Field(
        None,
        title="Decimal comma",
        description="Whether numbers were written with a comma in the training rows; none where that is not known.",
    )

    @classmethod
    def fit(cls, table: Table, use: ColumnUse, rows: Sequence[int]) -> Self:
        """Return the transform fitted on these rows."""
        values = numbers(table, use.name)[list(rows)]
        present = values[~np.isnan(values)]
        mean, scale = mean_and_scale(table, use.name, values)
        fill = mean
        if use.scaling == "as_is":
            mean, scale = 0.0, 1.0
        if use.missing == "most_frequent" and len(present):
            found, counts = np.unique(present, return_counts=True)
            fill = float(found[counts.argmax()])
        return cls(
            column=use.name,
            indicator=use.missing_indicator,
            mean=mean,
            scale=scale,
            fill=fill,
            decimal_comma=table.column(use.name).decimal_comma,
        )

    def features(self) -> tuple[str, ...]:
        """Return the column's name."""
        return (self.column,)

    def raw(self, table: Table) -> tuple[Numbers, int]:
        """Return the numbers, filled where missing."""
        values = numbers(table, self.column, comma_in_training=self.decimal_comma)
        return np.where(np.isnan(values), self.fill, values)[:, None], 0

    def means(self) -> tuple[float, ...]:
        """Return the mean."""
        return (self.mean,)

    def scales(self) -> tuple[float, ...]:
        """Return the scale."""
        return (self.scale,)

    def describe(self) -> str:
        """Return mean and scale in words."""
        if self.mean == 0 and self.scale == 1:
            return "as it is"
        return f"less {self.mean:.4g}, divided by {self.scale:.4g}"

    def export(self) -> dict[str, Numbers]:
        """Return the fill."""
        return {f"input/fill/{self.column}": np.array(self.fill)}
