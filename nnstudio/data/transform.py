"""What turns a column's words into numbers: fitted once on the training rows, then applied to any table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from nnstudio.components import Component
from nnstudio.data.columns import ColumnUse
from nnstudio.data.table import Table

Numbers = NDArray[np.float64]


class Transform(Component):
    """The base of fitted transforms of one column.

    A transform gives raw features, then each is moved by its mean and divided by its scale.
    """

    family = "transforms"

    column: str = Field("", title="Column", description="The column that is read.")
    indicator: bool = Field(
        False, title="Missing indicator", description="Whether a further input says that the value was missing."
    )

    @classmethod
    def fit(cls, table: Table, use: ColumnUse, rows: Sequence[int]) -> Self:
        """Return the transform fitted on these rows.

        Raises
        ------
        DataError
            When a cell does not fit the kind, with file, row, column and value.
        """
        raise NotImplementedError

    def features(self) -> tuple[str, ...]:
        """Return the names of the features, without the indicator."""
        raise NotImplementedError

    def raw(self, table: Table) -> tuple[Numbers, int]:
        """Return features of shape (rows, features) and how many words were not seen in training."""
        raise NotImplementedError

    def means(self) -> tuple[float, ...]:
        """Return what is subtracted from each feature."""
        return (0.0,) * len(self.features())

    def scales(self) -> tuple[float, ...]:
        """Return what each feature is divided by."""
        return (1.0,) * len(self.features())

    def describe(self) -> str:
        """Return what happens to the column, in words."""
        raise NotImplementedError

    def export(self) -> dict[str, NDArray[Any]]:
        """Return further arrays that plain NumPy needs, by the names under which they are exported."""
        return {}
