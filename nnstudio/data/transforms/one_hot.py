"""Words, an input for each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from nnstudio.data.columns import ColumnUse
from nnstudio.data.table import Table
from nnstudio.data.transform import Numbers, Transform


class OneHot(Transform):
    """Gives each word of the training rows an input that is 1 where the word stands, else 0."""

    key = "one_hot"
    title = "One of many"

    words: tuple[str, ...] = Field((), title="Words", description="The words of the training rows, sorted.")
    fill: str = Field("", title="Fill", description="The word that stands in for a missing one; empty for none.")

    @classmethod
    def fit(cls, table: Table, use: ColumnUse, rows: Sequence[int]) -> Self:
        """Return the transform fitted on these rows."""
        cells = table.words(use.name)
        present = [word for word in (cells[row] for row in rows) if word is not None]
        found, counts = np.unique(present, return_counts=True) if present else ((), ())
        fill = str(found[np.argmax(counts)]) if present else ""
        return cls(
            column=use.name, indicator=use.missing_indicator, words=tuple(str(word) for word in found), fill=fill
        )

    def features(self) -> tuple[str, ...]:
        """Return column=word for each word."""
        return tuple(f"{self.column}={word}" for word in self.words)

    def raw(self, table: Table) -> tuple[Numbers, int]:
        """Return one-hot rows; a word that was not seen is all zeros and counted."""
        place = {word: index for index, word in enumerate(self.words)}
        cells = table.words(self.column)
        where = np.array([place.get(self.fill if word is None else word, -1) for word in cells], np.int64)
        values = np.zeros((len(cells), len(self.words)))
        known = np.flatnonzero(where >= 0)
        values[known, where[known]] = 1
        unseen = sum(1 for word, index in zip(cells, where, strict=True) if index < 0 and word is not None)
        return values, unseen

    def describe(self) -> str:
        """Return the number of words."""
        return f"an input for each of {len(self.words)} words"

    def export(self) -> dict[str, NDArray[Any]]:
        """Return the words in the order of their inputs, and the fill."""
        return {
            f"input/categories/{self.column}": np.array(self.words, dtype=str),
            f"input/fill/{self.column}": np.array(self.fill, dtype=str),
        }
