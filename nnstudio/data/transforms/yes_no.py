"""Answers of two words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from nnstudio.data.columns import ColumnUse
from nnstudio.data.kinds import YES_WORDS
from nnstudio.data.table import Table
from nnstudio.data.transform import Numbers, Transform


class YesNo(Transform):
    """Makes 1 of the word that means yes and 0 of the other."""

    key = "yes_no"
    title = "Yes or no"

    words: tuple[str, ...] = Field((), title="Words", description="The word that means no, and the one that means yes.")
    fill: str = Field("", title="Fill", description="The word that stands in for a missing one.")

    @classmethod
    def fit(cls, table: Table, use: ColumnUse, rows: Sequence[int]) -> Self:
        """Return the transform fitted on these rows."""
        cells = table.words(use.name)
        present = [word for word in (cells[row] for row in rows) if word is not None]
        found, counts = np.unique(present, return_counts=True) if present else ((), ())
        words = sorted((str(word) for word in found), key=lambda word: (word.lower() in YES_WORDS, word))
        fill = str(found[np.argmax(counts)]) if present else ""
        return cls(column=use.name, indicator=use.missing_indicator, words=tuple(words), fill=fill)

    @property
    def yes(self) -> str:
        """The word that means yes."""
        return self.words[-1] if self.words else ""

    def features(self) -> tuple[str, ...]:
        """Return column=yes-word."""
        return (f"{self.column}={self.yes}",)

    def raw(self, table: Table) -> tuple[Numbers, int]:
        """Return 1 for yes, else 0; other words count as not seen."""
        cells = table.words(self.column)
        filled = [self.fill if word is None else word for word in cells]
        values = np.array([[float(word == self.yes)] for word in filled]).reshape(len(cells), 1)
        return values, sum(1 for word in cells if word is not None and word not in self.words)

    def describe(self) -> str:
        """Return which word is 1."""
        return f"1 for '{self.yes}', else 0"

    def export(self) -> dict[str, NDArray[Any]]:
        """Return the word whose input is 1, as the only category, and the fill."""
        return {
            f"input/categories/{self.column}": np.array([self.yes], dtype=str),
            f"input/fill/{self.column}": np.array(self.fill, dtype=str),
        }
