from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from nnstudio.gui.look.theme import theme
from nnstudio.gui.panels.predictions import PredictionRows, PredictionsPanel
from nnstudio.gui.watching.prediction_rows import known_rows, prediction_rows
from tests.gui.trained import trained

DOWN, UP = Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder


@pytest.fixture
def panel(qtbot: QtBot) -> PredictionsPanel:
    made = PredictionsPanel()
    qtbot.addWidget(made)
    made.resize(560, 230)
    made.show()
    return made


def shown(panel: PredictionsPanel, column: int) -> list[Any]:
    model = panel.table.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def rows(*cells: tuple[Any, ...], wrong: tuple[bool, ...] = ()) -> PredictionRows:
    return PredictionRows("Two words.", ("line", "", "share"), cells, wrong or (False,) * len(cells))


def test_before_training_it_says_what_will_appear(panel: PredictionsPanel) -> None:
    panel.show_rows(None)
    assert not panel.table.isVisible()
    assert not panel.predict.isVisible()


def test_wrong_rows_come_first_and_bear_a_mark_besides_the_colour(panel: PredictionsPanel) -> None:
    document, _ = trained("iris", 3)
    run = document.project.run
    assert run is not None
    assert document.project.table is not None
    known = known_rows(run.pipeline, document.project.table.take(run.split.test))
    panel.show_rows(prediction_rows(run, known, run.answer(known.features)))
    marks = shown(panel, 1)
    count = marks.count("✗")
    assert count == round(30 * (1 - run.metrics["accuracy"]))
    assert count > 0
    assert marks == ["✗"] * count + ["✓"] * (30 - count)
    model = panel.table.model()
    assert model.index(0, 2).data(Qt.ItemDataRole.ForegroundRole) == QColor(theme().alarm)
    assert model.index(29, 2).data(Qt.ItemDataRole.ForegroundRole) is None
    assert panel.headline().startswith(f"{30 - count} of 30 test rows right")


def test_shares_and_numbers_in_words_sort_by_value(panel: PredictionsPanel) -> None:
    panel.show_rows(rows((2, "✓", "100.0%"), (3, "✓", "9.5%"), (4, "✗", "52.0%")))
    panel.table.sortByColumn(2, UP)
    assert shown(panel, 2) == ["9.5%", "52.0%", "100.0%"]
    panel.show_rows(rows((2, "", "10"), (3, "", "9"), (4, "", "−3")))
    panel.table.sortByColumn(2, DOWN)
    assert shown(panel, 2) == ["10", "9", "−3"]


def test_missing_cells_come_last_in_both_directions(panel: PredictionsPanel) -> None:
    panel.show_rows(rows((2, "", None), (3, "", "b"), (4, "", "a")))
    for order, wanted in ((UP, ["a", "b", ""]), (DOWN, ["b", "a", ""])):
        panel.table.sortByColumn(2, order)
        assert shown(panel, 2) == wanted


def test_the_marks_and_the_selection_stay_with_their_rows(panel: PredictionsPanel) -> None:
    panel.show_rows(rows((9, "✗", "1"), (5, "✓", "2"), (7, "✓", "3"), wrong=(True, False, False)))
    panel.table.selectRow(0)
    panel.table.sortByColumn(0, UP)
    assert shown(panel, 0) == ["5", "7", "9"]
    assert panel.table.currentIndex().row() == 2
    assert panel.table.model().index(2, 0).data(Qt.ItemDataRole.ForegroundRole) == QColor(theme().alarm)


def test_a_chosen_row_is_announced_by_its_line(qtbot: QtBot, panel: PredictionsPanel) -> None:
    panel.show_rows(rows((9, "", "1"), (5, "", "2")))
    with qtbot.waitSignal(panel.row_selected) as chosen:
        panel.table.selectRow(1)
    assert chosen.args == [5]


def test_predictions_of_a_file_can_be_saved_and_left(qtbot: QtBot, panel: PredictionsPanel) -> None:
    panel.show_rows(rows((2, "", "1")))
    assert not panel.save.isVisible()
    panel.show_rows(PredictionRows("From a file.", ("line",), ((2,),), (False,), from_file=True))
    for button, signal in (
        (panel.save, panel.save_requested),
        (panel.back, panel.back_requested),
        (panel.predict, panel.predict_file_requested),
    ):
        with qtbot.waitSignal(signal):
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_rows_that_no_longer_hold_leave_the_sentence_and_no_table(qtbot: QtBot, panel: PredictionsPanel) -> None:
    panel.show_rows(PredictionRows("one", ("line", "truth"), [(1, "a")], [False]))
    panel.hide()  # as behind another tab
    panel.show_rows(PredictionRows("the network has changed since", (), (), ()))
    panel.show()
    qtbot.wait(20)
    assert panel.headline() == "the network has changed since"
    assert not panel.table.isVisible()


def test_rows_of_a_network_that_trains_keep_the_order_and_the_selection_and_announce_nothing(
    qtbot: QtBot, panel: PredictionsPanel
) -> None:
    panel.follow_rows(rows((9, "✗", "1"), (5, "✓", "2"), (7, "✓", "3")))
    panel.table.sortByColumn(2, DOWN)
    panel.select_lines([5])
    with qtbot.assertNotEmitted(panel.row_selected):
        panel.follow_rows(rows((5, "✗", "8"), (7, "✓", "9"), (9, "✗", "4")))
    assert shown(panel, 2) == ["9", "8", "4"]
    assert panel.selected_lines() == [5]
    with qtbot.waitSignal(panel.row_selected):
        panel.select_lines([9])


def test_without_rows_it_says_why(panel: PredictionsPanel) -> None:
    panel.show_rows(None, "'Dense' goes nowhere.")
    assert panel.sentence == "'Dense' goes nowhere."
    panel.show_rows(None)
    assert panel.sentence.startswith("Press Train")
    panel.show_rows(rows((2, "", "1")))
    assert panel.sentence == ""
