"""The curve of a function stands under the field that chooses it, and says between which values it lies."""

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.engine import Activation, Cost, Schedule
from nnstudio.gui.panels.inspector import InspectorPanel
from nnstudio.gui.widgets.curve_view import CurveView, of_activation, of_cost, of_schedule
from nnstudio.project import Document, Project
from tests.engine.networks import chain, dense


def test_the_curve_stands_under_the_choice_and_is_absent_where_nothing_is_chosen(qtbot: QtBot) -> None:
    network = chain(2, dense(4, "relu"), dense(1), cost="huber")
    document = Document(Project(network=network))
    panel = InspectorPanel(document, document.apply)
    qtbot.addWidget(panel)
    panel.resize(300, 900)
    panel.show()
    (curve,) = panel.findChildren(CurveView)
    for id, name, is_shown in (("l0", "activation", True), ("input", "", False), ("output", "cost", True)):
        panel.show_nodes((id,))
        QApplication.processEvents()
        assert curve.isVisible() == is_shown
        if is_shown:
            editor = panel.findChild(QWidget, f"parameter.{name}")
            assert isinstance(editor, QWidget)
            assert curve.mapTo(panel, curve.rect().topLeft()).y() > editor.mapTo(panel, editor.rect().bottomLeft()).y()


def test_words_tell_between_which_values_a_curve_lies() -> None:
    assert of_activation(Activation.model_validate("relu6")).words == (
        "z from −4 to 4: curve from 0 to 4, slope (dashed) from 0 to 1"
    )
    assert "cost from 0 to 4" in of_cost(Cost.model_validate("mean_squared_error")).words


@pytest.mark.parametrize(
    ("schedule", "way"),
    [
        ("constant", "from 1 to 1"),
        ("linear_warmup", "from 0.1 to 1"),
        ("cosine", "from 1 to 0"),
        ("one_cycle", "from 0.04 through 1 to 0.0004"),
    ],
)
def test_words_tell_the_way_of_a_schedule_in_order_of_time(schedule: str, way: str) -> None:
    words = of_schedule(Schedule.model_validate(schedule)).words
    assert words.startswith("factor on the learning rate over 1")
    assert words.endswith(f" epochs: {way}")


def test_a_schedule_that_looks_at_the_cost_says_for_which_cost_it_is_drawn() -> None:
    plateaus = of_schedule(Schedule.model_validate({"type": "reduce_on_plateau", "factor_each": 0.5}))
    assert len(set(plateaus.y.tolist())) > 3
    assert "as if the cost never fell" in plateaus.words
    assert "as if" not in of_schedule(Schedule.model_validate("cosine")).words
