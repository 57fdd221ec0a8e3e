"""What is held of the data for showing them: all rows, or of very wide data as many as there is room for."""

from nnstudio.data import ColumnUse, Split, table_from_rows
from nnstudio.gui.moments.living import MOST_NUMBERS, Surroundings, surround
from nnstudio.project import Project, edits

ROWS, WORDS = 8_000, 4_000


def surroundings_of_words() -> Surroundings:
    """Return the surroundings of a column with very many words, each of which makes an input."""
    rows = [{"size": i % 13, "name": f"word {i % WORDS}", "class": "ab"[i % 2]} for i in range(ROWS)]
    project = edits.set_table(table_from_rows(rows), "class").apply(Project())
    project = edits.set_column_use(ColumnUse(name="name", kind="category", role="input")).apply(project)
    assert project.table is not None
    assert project.pipeline is not None
    assert project.rows is not None
    return surround(project.pipeline, project.table, project.rows)


def test_of_very_wide_data_rows_of_every_use_are_held_as_there_is_room() -> None:
    around = surroundings_of_words()
    wide = len(around.pipeline.features)
    assert wide > WORDS / 2
    assert around.is_sample
    assert around.all_rows == ROWS
    assert MOST_NUMBERS / 2 < around.inputs.size <= MOST_NUMBERS + 3 * wide
    assert around.inputs.shape == (len(around.rows), wide)
    assert len(around.targets) == len(around.train) == len(around.test) == len(around.rows)
    split: Split = around.split
    assert set(around.rows[around.train].tolist()) <= set(split.train)
    assert set(around.rows[around.test].tolist()) <= set(split.test)
    assert abs(around.train.mean() - len(split.train) / ROWS) < 0.01
    assert abs(around.test.mean() - len(split.test) / ROWS) < 0.01


def test_of_other_data_every_row_is_held() -> None:
    rows = [{"a": i % 7, "b": i / 9, "class": "xy"[i % 2] if i % 10 else None} for i in range(200)]
    project = edits.set_table(table_from_rows(rows), "class").apply(Project())
    assert project.table is not None
    assert project.pipeline is not None
    assert project.rows is not None
    around = surround(project.pipeline, project.table, project.rows)
    assert not around.is_sample
    assert around.rows.tolist() == [i for i in range(200) if i % 10]
    assert (around.inputs == project.pipeline.encode_inputs(project.table).values[around.rows]).all()
