"""What changes inside panels all the time moves nothing around them."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QSizePolicy, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.gui.widgets.labelled_value import LabelledValue
from nnstudio.gui.widgets.sentence import Sentence
from nnstudio.gui.widgets.still import Still
from nnstudio.session import Limit
from tests.gui.conftest import Open


class Layouts(QObject):
    """Counts how often a widget is laid out."""

    def __init__(self, of: QWidget) -> None:
        super().__init__(of)
        self.count = 0
        of.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.LayoutRequest
        return super().eventFilter(watched, event)


def _column(*widgets: QWidget) -> QWidget:
    made = QWidget()
    layout = QVBoxLayout(made)
    for widget in widgets:
        layout.addWidget(widget)
    return made


def _shown(qtbot: QtBot, widget: QWidget) -> QWidget:
    qtbot.addWidget(widget)
    widget.resize(300, 200)
    widget.show()
    qtbot.waitExposed(widget)
    QApplication.processEvents()
    return widget


def test_a_panel_asks_for_room_only_when_it_needs_other_room(qtbot: QtBot) -> None:
    label = QLabel("word")
    panel = _column(label)
    still = Still(panel)
    window = _shown(qtbot, _column(still))
    assert panel.size() == still.size()
    layouts = Layouts(window)
    label.setText("drow")
    QApplication.processEvents()
    assert layouts.count == 0
    label.setMinimumHeight(90)
    qtbot.waitUntil(lambda: layouts.count > 0)
    assert still.minimumSizeHint().height() >= 90
    window.resize(400, 300)
    QApplication.processEvents()
    assert panel.size() == still.size()


def test_a_panel_of_a_fixed_height_keeps_it(qtbot: QtBot) -> None:
    panel = _column(QLabel("words"))
    panel.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    still = Still(panel)
    window = _shown(qtbot, _column(still, QWidget()))
    assert window.isVisible()
    assert still.height() == panel.sizeHint().height()


def test_a_sentence_lays_out_what_is_around_it_only_with_another_number_of_lines(qtbot: QtBot) -> None:
    sentence, below = Sentence(), QWidget()
    below.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
    window = _shown(qtbot, _column(sentence, below))
    sentence.setText("30 of 40 right")
    QApplication.processEvents()
    before, layouts = sentence.grab().toImage(), Layouts(window)
    sentence.setText("31 of 40 right")
    QApplication.processEvents()
    assert layouts.count == 0
    assert sentence.text() == "31 of 40 right"
    assert sentence.accessibleName() == "31 of 40 right"
    assert sentence.grab().toImage() != before
    one_line = sentence.height()
    sentence.setText("many words that need more than a line " * 4)
    qtbot.waitUntil(lambda: layouts.count > 0)
    QApplication.processEvents()
    assert sentence.height() > one_line


def test_a_value_moves_nothing_while_it_is_not_wider_than_the_widest(qtbot: QtBot) -> None:
    value = LabelledValue("Epoch", "0,000,000")
    window = _shown(qtbot, _column(value))
    value.set_value("1")
    qtbot.wait(50)
    layouts = Layouts(window)
    value.set_value("1,234")
    qtbot.wait(50)
    assert layouts.count == 0
    value.set_value("far more than the widest value ever")
    qtbot.waitUntil(lambda: layouts.count > 0)


def test_looking_back_never_lays_out_the_window(open_studio: Open, qtbot: QtBot) -> None:
    studio: Studio = open_studio("samples/spirals.nns")
    window: QMainWindow = studio.window
    for name in ("roc", "calibration", "units", "predictions"):
        studio.window.docks.show(name)
        qtbot.waitUntil(partial(studio.window.docks.is_seen, name))
    studio.window.control.train(Limit(steps=300))
    qtbot.waitUntil(lambda: studio.session.status == "paused" and studio.document.project.run is not None)
    slider = studio.window.time.timeline.slider
    qtbot.waitUntil(lambda: slider.maximum() >= 300)
    slider.setValue(1)  # the buttons of the timeline appear
    qtbot.wait(200)
    layouts = Layouts(window)
    for step in range(20, 280, 20):
        slider.setValue(step)
        QApplication.processEvents()
    assert studio.window.time.shown is not None
    assert window.windowState() == Qt.WindowState.WindowNoState
    assert layouts.count <= 2  # a number of the status line may become wider
