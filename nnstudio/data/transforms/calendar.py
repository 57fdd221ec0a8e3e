"""Dates, as numbers that know that December is beside January."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from pydantic import Field

from nnstudio.data.cells import dates, mean_and_scale
from nnstudio.data.columns import ColumnUse
from nnstudio.data.kinds import date_format
from nnstudio.data.table import Table
from nnstudio.data.transform import Numbers, Transform


class Calendar(Transform):
    """Makes the year a number, and month and weekday points on a circle."""

    key = "calendar"
    title = "Calendar"

    year: float = Field(2000.0, title="Year", description="The mean year of the training rows; fills missing dates.")
    scale: float = Field(1.0, gt=0, title="Scale", description="The standard deviation of the years.")

    form: str = Field("", title="Form", description="How dates were written in the training rows.")

    @classmethod
    def fit(cls, table: Table, use: ColumnUse, rows: Sequence[int]) -> Self:
        """Return the transform fitted on these rows."""
        form = date_format(table.frame[use.name])
        years = dates(table, use.name, form)[0][list(rows)]
        mean, scale = mean_and_scale(table, use.name, years)
        mean = mean if np.isfinite(years).any() else 2000.0
        return cls(column=use.name, indicator=use.missing_indicator, year=mean, scale=scale, form=form)

    def features(self) -> tuple[str, ...]:
        """Return the names of the five features."""
        parts = ("year", "month sine", "month cosine", "weekday sine", "weekday cosine")
        return tuple(f"{self.column} {part}" for part in parts)

    def raw(self, table: Table) -> tuple[Numbers, int]:
        """Return year and the two circles; a missing date is the mean year and the middle of both circles."""
        year, month, weekday = dates(table, self.column, self.form)
        missing = np.isnan(year)
        circles = []
        for value, period in ((month - 1, 12), (weekday - 1, 7)):
            angle = 2 * np.pi * value / period
            circles += [np.sin(angle), np.cos(angle)]
        values = np.stack([np.where(missing, self.year, year), *circles], axis=1)
        values[missing, 1:] = 0
        return values, 0

    def means(self) -> tuple[float, ...]:
        """Return the mean year; circles are left as they are."""
        return (self.year, 0.0, 0.0, 0.0, 0.0)

    def scales(self) -> tuple[float, ...]:
        """Return the scale of the years."""
        return (self.scale, 1.0, 1.0, 1.0, 1.0)

    def describe(self) -> str:
        """Return what becomes of a date."""
        return "year, and month and weekday as sine and cosine"

    def export(self) -> dict[str, Numbers]:
        """Return a mark that this column is a date, holding the periods of month and weekday."""
        return {f"input/calendar/{self.column}": np.array([12.0, 7.0])}
