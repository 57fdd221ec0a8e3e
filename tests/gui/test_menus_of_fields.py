"""A right click on a field, a column or a row offers what can be done with it."""

import pytest
from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.gui.panels.data import DataPanel
from nnstudio.gui.panels.inspector import InspectorPanel
from nnstudio.gui.panels.predictions import PredictionRows, PredictionsPanel
from nnstudio.gui.panels.training import TrainingPanel
from nnstudio.gui.widgets.field_menu import FieldMenu
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.paths import samples
from nnstudio.project import Document, Settings, edits
from tests.gui.conftest import Open
from tests.gui.trained import loaded


def _menu_of(field: QWidget) -> QMenu:
    found = field.findChild(FieldMenu)
    assert isinstance(found, FieldMenu)
    return found.menu()


def _words(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def _press(menu: QMenu, words: str) -> None:
    next(action for action in menu.actions() if action.text() == words).trigger()


def _use(document: Document, name: str) -> str:
    return next(use.role for use in document.project.columns if use.name == name)


def test_a_parameter_of_a_layer_goes_back_to_its_default(qtbot: QtBot) -> None:
    document = loaded("iris")
    panel = InspectorPanel(document, document.apply)
    panel.units_chosen.connect(lambda *what: document.apply(edits.set_layer(*what)))
    qtbot.addWidget(panel)
    hidden = next(node for node in document.project.network.nodes if node.layer.key == "dense")
    panel.show_nodes((hidden.id,))
    field = panel.findChild(QWidget, "parameter.units")
    default = next(parameter.default for parameter in hidden.layer.parameters() if parameter.name == "units")
    assert isinstance(field, NumberField)
    field.setValue(23)
    _press(_menu_of(field), "Copy")
    assert QGuiApplication.clipboard().text() == "23"
    _press(_menu_of(field), f"Reset to default: {default}")
    assert field.value() == default
    assert document.project.network.node(hidden.id).layer.model_dump()["units"] == default
    assert not _menu_of(field).actions()[0].isEnabled()


@pytest.mark.parametrize("name", ["batch", "epochs", "seed"])
def test_a_setting_of_training_goes_back_to_its_default(qtbot: QtBot, name: str) -> None:
    document = loaded("iris")
    panel = TrainingPanel(document, document.apply)
    qtbot.addWidget(panel)
    panel.until_stopped.click()
    panel.batch.setValue(7)
    panel.epochs.setValue(7)
    panel.seed.setValue(7)
    field = getattr(panel, name)
    assert field.value() == 7
    words = _words(_menu_of(field))[0]
    assert words.startswith("Reset to default: ")
    _press(_menu_of(field), words)
    assert field.text() == words.removeprefix("Reset to default: ")


def test_rows_are_shuffled_again_by_the_menu(qtbot: QtBot) -> None:
    document = loaded("iris")
    panel = TrainingPanel(document, document.apply)
    qtbot.addWidget(panel)
    panel.shuffle.click()
    _press(_menu_of(panel.shuffle), "Reset to default: yes")
    assert document.project.settings.shuffle
    assert not _menu_of(panel.shuffle).actions()[0].isEnabled()


def test_the_optimizer_and_its_rate_go_back_to_their_defaults(qtbot: QtBot) -> None:
    document = loaded("iris")
    panel = TrainingPanel(document, document.apply)
    qtbot.addWidget(panel)
    usual = Settings().optimizer
    panel.optimizer.choice.setCurrentIndex((panel.optimizer.choice.currentIndex() + 1) % panel.optimizer.choice.count())
    panel.optimizer.choice.activated.emit(panel.optimizer.choice.currentIndex())
    assert document.project.settings.optimizer.key != usual.key
    _press(_menu_of(panel.optimizer.choice), f"Reset to default: {usual.title}")
    assert document.project.settings.optimizer == usual


def test_a_column_is_used_in_another_way_from_its_menu(qtbot: QtBot) -> None:
    document = loaded("iris")
    panel = DataPanel(document, document.apply)
    qtbot.addWidget(panel)
    own = QAction("Import data…", panel)
    panel.menu_actions = (own,)
    first = document.project.columns[0].name
    menu = panel.menu_of_column(0)
    assert _words(menu)[:4] == ["Use as input", "Use as target", "Use as input and target", "Ignore"]
    assert own in menu.actions()
    _press(menu, "Ignore")
    assert _use(document, first) == "ignore"
    _press(panel.menu_of_column(0), "Use as input")
    assert _use(document, first) == "input"
    _press(panel.menu_of_column(0), "Copy row")
    assert QGuiApplication.clipboard().text().startswith(f"{first}\tnumber\tinput")
    assert _words(panel.menu_of_column(-1)) == ["Import data…"]


def test_a_row_of_predictions_is_copied_and_shown(qtbot: QtBot) -> None:
    panel = PredictionsPanel()
    qtbot.addWidget(panel)
    panel.show_rows(PredictionRows("Two.", ("line", "truth"), ((7, "blue"), (9, "amber")), (False, True)))
    shown: list[int] = []
    panel.show_requested.connect(shown.append)
    _press(panel.menu(1), "Show on canvas")
    assert shown == [9]
    _press(panel.menu(1), "Copy row")
    assert QGuiApplication.clipboard().text() == "9\tamber"
    assert _words(panel.menu(-1)) == ["Predict a file…"]


def test_rows_of_another_file_cannot_be_shown_on_the_canvas(qtbot: QtBot) -> None:
    panel = PredictionsPanel()
    qtbot.addWidget(panel)
    panel.show_rows(PredictionRows("One.", ("line",), ((7,),), (False,), from_file=True))
    assert not panel.menu(0).actions()[0].isEnabled()
    assert _words(panel.menu(0)) == ["Show on canvas", "Copy row", "Predict a file…", "Save…", "Back to the test rows"]


def test_a_right_click_opens_the_menu_of_the_column_below_the_pointer(open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    data = studio.window.data
    studio.window.docks.show("data")
    place = data.columns.visualRect(data.columns.model().index(1, 0)).center()
    opened: list[list[str]] = []

    def look() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        opened.append(_words(menu))
        QTest.keyClick(menu, Qt.Key.Key_Escape)

    QTimer.singleShot(200, look)
    data.columns.customContextMenuRequested.emit(QPoint(place))
    assert "Use as target" in opened[0]
    assert studio.actions["data.import"].text() in opened[0]
