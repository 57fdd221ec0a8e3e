"""The panel lists every problem, errors first, and mends them by mouse and by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.engine import Network
from nnstudio.gui.panels.problems import ProblemsPanel
from nnstudio.project import Document, Project

NODES = [
    {"id": "input", "layer": {"type": "input", "shape": [8, 8, 1]}},
    {"id": "conv", "title": "filters & more", "layer": "conv2d"},
    {"id": "hidden", "layer": {"type": "dense", "units": 4}},
    {"id": "spare", "layer": {"type": "dense", "units": 4}},
    {"id": "output", "layer": "output"},
]
WIRES = [("input", "conv"), ("conv", "hidden"), ("hidden", "output"), ("hidden", "spare")]


@pytest.fixture
def document() -> Document:
    network = Network.model_validate({"nodes": NODES, "edges": WIRES})
    return Document(Project(network=network))


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> ProblemsPanel:
    made = ProblemsPanel(document, document.apply)
    qtbot.addWidget(made)
    made.resize(420, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def inside(panel: ProblemsPanel) -> QWidget:
    found = panel.widget()
    assert found is not None
    return found


def cards(panel: ProblemsPanel) -> list[QFrame]:
    return [frame for frame in inside(panel).findChildren(QFrame) if frame.property("role") == "problem"]


def button(panel: ProblemsPanel, title: str) -> QPushButton:
    return next(found for found in inside(panel).findChildren(QPushButton) if found.accessibleName() == title)


def test_errors_come_before_warnings_under_headings_that_count_them(panel: ProblemsPanel) -> None:
    severities = [card.property("severity") for card in cards(panel)]
    assert severities == ["error", "error", "warning"]
    headings = [label.text() for label in inside(panel).findChildren(QLabel) if label.property("role") == "group"]
    assert headings == ["2 keep the network from training", "1 to think about"]


def test_pressing_a_card_shows_both_sides(panel: ProblemsPanel, qtbot: QtBot) -> None:
    card = next(card for card in cards(panel) if "expects a flat input" in card.accessibleName())
    with qtbot.waitSignal(panel.nodes_activated) as shown:
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    assert shown.args == [("hidden", "conv")]
    with qtbot.waitSignal(panel.nodes_activated) as shown:
        qtbot.keyClick(card, Qt.Key.Key_Return)
    assert shown.args == [("hidden", "conv")]


def test_a_button_mends_in_one_step_of_undo(panel: ProblemsPanel, document: Document, qtbot: QtBot) -> None:
    before = document.project
    qtbot.mouseClick(button(panel, "Insert Flatten"), Qt.MouseButton.LeftButton)
    assert document.past == ("Insert Flatten",)
    assert len(cards(panel)) == 2
    document.undo()
    assert document.project is before
    assert len(cards(panel)) == 3


def test_the_keyboard_reaches_every_button_and_goes_on_after_one_was_pressed(
    panel: ProblemsPanel, document: Document, qtbot: QtBot
) -> None:
    panel.activateWindow()
    cards(panel)[0].setFocus()
    qtbot.keyClick(cards(panel)[0], Qt.Key.Key_Down)
    assert panel.focusWidget() is cards(panel)[1]
    wanted = button(panel, "Insert Global average pooling 2-D")
    for _ in range(10):
        if panel.focusWidget() is wanted:
            break
        qtbot.keyClick(panel.focusWidget(), Qt.Key.Key_Tab)
    assert panel.focusWidget() is wanted
    qtbot.keyClick(wanted, Qt.Key.Key_Return)
    assert "global_average_pooling2d_1" in document.project.network
    assert panel.focusWidget() in cards(panel)


def test_every_card_and_button_has_a_name_for_a_screen_reader(panel: ProblemsPanel) -> None:
    assert all(card.accessibleName().startswith(("Error: ", "Warning: ")) for card in cards(panel))
    buttons = inside(panel).findChildren(QPushButton)
    assert len(buttons) == 5, "three cures, and two ways to data"
    assert all(found.accessibleName() and found.accessibleDescription() for found in buttons)
    assert any("filters & more" in found.accessibleDescription() for found in buttons)


def test_buttons_go_on_in_the_next_line_of_a_narrow_panel(panel: ProblemsPanel, qtbot: QtBot) -> None:
    panel.resize(210, 500)
    qtbot.waitUntil(lambda: panel.viewport().width() < 220)
    flatten, pooling = button(panel, "Insert Flatten"), button(panel, "Insert Global average pooling 2-D")
    qtbot.waitUntil(lambda: pooling.y() > flatten.y())
    assert inside(panel).width() <= panel.viewport().width()
    assert pooling.x() + pooling.width() <= cards(panel)[0].width()


def test_where_there_are_no_data_they_are_opened_from_the_card(panel: ProblemsPanel, qtbot: QtBot) -> None:
    for title, asked in (
        ("Open a CSV…", panel.open_file_requested),
        ("Open a sample…", panel.open_sample_requested),
    ):
        with qtbot.waitSignal(asked):
            qtbot.mouseClick(button(panel, title), Qt.MouseButton.LeftButton)


def test_what_is_right_says_so(panel: ProblemsPanel, document: Document) -> None:
    for _ in range(10):
        found = [problem for problem in panel.problems() if problem.fixes]
        if not found:
            break
        button(panel, found[0].fixes[0].title).click()
    assert [problem.what for problem in panel.problems()] == ["There are no data to learn from."]
    assert document.undo_title is not None
