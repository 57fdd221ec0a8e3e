from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QComboBox, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.data import read_csv
from nnstudio.gui.panels.column_model import INDICATOR, KIND, MISSING, NAME, REMARK, ROLE
from nnstudio.gui.panels.data import DataPanel
from nnstudio.paths import samples
from nnstudio.project import Document, edits
from tests.gui.trained import loaded

EDIT = Qt.ItemDataRole.EditRole
CHECK = Qt.ItemDataRole.CheckStateRole


def panel_of(qtbot: QtBot, document: Document, width: int = 850) -> DataPanel:
    panel = DataPanel(document, document.apply)
    qtbot.addWidget(panel)
    panel.resize(width, 230)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def cell(panel: DataPanel, column: str, which: int) -> QModelIndex:
    model = panel.columns.model()
    row = next(row for row in range(model.rowCount()) if model.index(row, NAME).data() == column)
    return model.index(row, which)


def test_without_data_files_and_samples_are_offered(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, Document())
    assert not panel.columns.isVisible()
    offered = {button.text(): button for button in panel.findChildren(QPushButton)}
    with qtbot.waitSignal(panel.open_file_requested):
        offered["Open a CSV…"].click()
    with qtbot.waitSignal(panel.open_sample_requested):
        offered["Open a sample…"].click()


def test_the_file_is_described(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, loaded("iris"))
    assert panel.headline() == "iris.csv · 150 rows × 5 columns · parted by comma, utf-8"
    assert panel.rows.model().index(0, 4).data() == "setosa"


def test_a_role_is_changed_by_one_edit_that_can_be_undone(qtbot: QtBot) -> None:
    document = loaded("iris")
    panel = panel_of(qtbot, document)
    index = cell(panel, "sepal width", ROLE)
    panel.columns.model().setData(index, "ignore", EDIT)
    assert index.data() == "ignore"
    assert document.project.columns[1].role == "ignore"
    document.undo()
    assert cell(panel, "sepal width", ROLE).data() == "input"


def test_a_new_target_takes_the_place_of_one_it_cannot_be_learned_with(qtbot: QtBot) -> None:
    document = loaded("iris")
    panel = panel_of(qtbot, document)
    panel.columns.model().setData(cell(panel, "petal width", ROLE), "target", EDIT)
    assert {use.name: use.role for use in document.project.columns if use.role != "input"} == {"petal width": "target"}
    panel.columns.model().setData(cell(panel, "petal length", ROLE), "target", EDIT)
    assert [use.name for use in document.project.columns if use.role == "target"] == ["petal length", "petal width"]
    document.undo()
    document.undo()
    assert [use.name for use in document.project.columns if use.role == "target"] == ["species"]


def test_a_click_on_a_kind_opens_the_choices(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, loaded("iris"))
    index = cell(panel, "sepal length", KIND)
    place = panel.columns.visualRect(index).center()
    qtbot.mouseClick(panel.columns.viewport(), Qt.MouseButton.LeftButton, pos=place)
    box = panel.columns.viewport().findChild(QComboBox)
    assert isinstance(box, QComboBox)
    assert [box.itemText(row) for row in range(box.count())] == ["number", "category", "yes/no", "date", "text", "code"]


def test_gaps_can_be_filled_and_flagged_only_where_there_are_any(qtbot: QtBot) -> None:
    document = loaded("cars")
    panel = panel_of(qtbot, document)
    model = panel.columns.model()
    assert cell(panel, "horsepower", MISSING).data() == "mean"
    assert cell(panel, "weight", MISSING).data(EDIT) is None
    assert cell(panel, "weight", INDICATOR).data(CHECK) is None
    model.setData(cell(panel, "horsepower", MISSING), "most_frequent", EDIT)
    model.setData(cell(panel, "horsepower", INDICATOR), Qt.CheckState.Checked, CHECK)
    use = next(use for use in document.project.columns if use.name == "horsepower")
    assert (use.missing, use.missing_indicator) == ("most_frequent", True)
    assert document.project.pipeline is not None
    assert "horsepower missing" in document.project.pipeline.features


def test_where_nothing_is_missing_the_choices_for_gaps_are_away(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, loaded("iris"))
    assert panel.columns.isColumnHidden(MISSING)
    panel._document.apply(edits.set_table(read_csv(samples() / "cars.csv")))
    assert not panel.columns.isColumnHidden(MISSING)


def test_the_reason_for_ignoring_a_column_is_told(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, loaded("cars"))
    assert cell(panel, "name", REMARK).data() == "Ignored: it is text with 304 different words."


@pytest.mark.parametrize(
    ("field", "value", "shares"),
    [
        ("_train", 80, (80, 10, 10)),
        ("_train", 100, (100, 0, 0)),
        ("_validation", 30, (50, 30, 20)),
        ("_test", 50, (30, 20, 50)),
        ("_test", 100, (1, 0, 99)),
    ],
)
def test_shares_always_add_up(qtbot: QtBot, field: str, value: int, shares: tuple[int, int, int]) -> None:
    document = loaded("iris")
    panel = panel_of(qtbot, document)
    getattr(panel, field).setValue(value)
    assert panel.shares() == shares
    split = document.project.split
    assert (split.train, split.validation, split.test) == pytest.approx([share / 100 for share in shares])


def test_the_split_says_how_many_rows_each_has(qtbot: QtBot) -> None:
    document = loaded("iris")
    panel = panel_of(qtbot, document)
    assert panel.counts() == "90 rows for training, 30 for validation, 30 for the test"
    before = document.project.rows
    panel._seed.setValue(7)
    assert document.project.split.seed == 7
    assert document.project.rows != before
    assert panel.counts() == "90 rows for training, 30 for validation, 30 for the test"


def test_a_narrow_panel_shows_columns_and_rows_in_turn(qtbot: QtBot) -> None:
    panel = panel_of(qtbot, loaded("iris"), width=560)
    assert panel.width() == 560
    assert panel.columns.isVisible()
    assert not panel.rows.isVisible()
    qtbot.mouseClick(panel._switch["rows"], Qt.MouseButton.LeftButton)
    assert panel.rows.isVisible()
    assert not panel.columns.isVisible()
    panel.resize(900, 230)
    assert panel.rows.isVisible()
    assert panel.columns.isVisible()


def test_three_hundred_columns_are_shown_without_a_widget_for_each(qtbot: QtBot, tmp_path: Path) -> None:
    data = tmp_path / "wide.csv"
    names = [f"c{column}" for column in range(299)]
    lines = [",".join([*(str((row * column) % 97) for column in range(299)), "ab"[row % 2]]) for row in range(60)]
    data.write_text("\n".join([",".join([*names, "y"]), *lines]))
    document = loaded(data)
    panel = panel_of(qtbot, document)
    widgets = len(panel.findChildren(QWidget))
    panel.columns.model().setData(cell(panel, "c7", ROLE), "ignore", EDIT)
    assert document.project.columns[7].role == "ignore"
    assert len(panel.findChildren(QWidget)) == widgets
    assert widgets < 200


def test_numbers_of_an_input_can_stay_as_they_are(qtbot: QtBot) -> None:
    document = loaded("iris")
    panel = panel_of(qtbot, document)
    before = document.project
    scaled = next(action for action in panel.menu_of_column(0).actions() if action.text() == "Standardise its numbers")
    assert scaled.isChecked()
    scaled.trigger()
    use = document.project.columns[0]
    assert use.scaling == "as_is"
    assert "as it is" in cell(panel, use.name, REMARK).data()
    pipeline, table = document.project.pipeline, document.project.table
    assert pipeline is not None
    assert table is not None
    assert pipeline.encode_inputs(table).values[0, 0] == float(table.words(use.name)[0] or 0)
    assert pipeline.describe()[0] == f"{use.name}: as it is"
    assert document.project.design != before.design
    document.undo()
    assert document.project == before
    target = next(row for row, use in enumerate(document.project.columns) if use.is_target)
    assert "Standardise its numbers" not in [action.text() for action in panel.menu_of_column(target).actions()]
