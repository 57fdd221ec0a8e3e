"""From a file to arrays and back: tables, what their columns are for, splits, and pipelines that are fitted once.

Everything is fitted on the training rows alone. A table keeps the words of its file; a pipeline turns them into numbers
and answers into words again. May import `components` and the ground; never the engine, its sibling.
"""

from nnstudio.data.columns import Column, ColumnUse, Kind, Role
from nnstudio.data.csv_import import read_csv
from nnstudio.data.pipeline import Encoded, Pipeline, Predictions, fit_pipeline
from nnstudio.data.problems import check_columns, doubts_of_spelling, doubts_of_words, never_changes
from nnstudio.data.roles import propose_columns
from nnstudio.data.split import Split, SplitSettings, propose_split, split_rows
from nnstudio.data.table import Source, Table, table_from_frame, table_from_rows

__all__ = [
    "Column",
    "ColumnUse",
    "Encoded",
    "Kind",
    "Pipeline",
    "Predictions",
    "Role",
    "Source",
    "Split",
    "SplitSettings",
    "Table",
    "check_columns",
    "doubts_of_spelling",
    "doubts_of_words",
    "fit_pipeline",
    "never_changes",
    "propose_columns",
    "propose_split",
    "read_csv",
    "split_rows",
    "table_from_frame",
    "table_from_rows",
]
