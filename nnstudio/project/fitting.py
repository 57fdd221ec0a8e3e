"""What follows from a table and the use of its columns, found out once: who gets which rows, and the pipeline."""

from __future__ import annotations

from functools import lru_cache

from nnstudio.data import ColumnUse, Pipeline, Split, SplitSettings, Table, fit_pipeline, split_rows


@lru_cache(maxsize=16)
def dealt_rows(table: Table, columns: tuple[ColumnUse, ...], settings: SplitSettings) -> Split:
    """Return which rows are for what."""
    return split_rows(settings, table, columns)


@lru_cache(maxsize=16)
def fitted_pipeline(table: Table, columns: tuple[ColumnUse, ...], settings: SplitSettings) -> Pipeline:
    """Return the pipeline fitted on the training rows.

    Raises
    ------
    DataError
        When a column cannot be used so.
    """
    return fit_pipeline(table, columns, dealt_rows(table, columns, settings).train)
