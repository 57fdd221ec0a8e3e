"""Fields of a component tell what was typed for it, and for no other."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from nnstudio.components import Component
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.dropout import Dropout
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.lstm import Lstm
from nnstudio.engine.layers.reshape import Reshape
from nnstudio.gui.widgets.parameter_form import ParameterForm


@pytest.mark.parametrize(
    ("first", "name", "second"),
    [
        (Reshape(shape=(4, 4, 1)), "shape", Input(shape=(7,))),
        (Reshape(shape=(4, 4, 1)), "shape", Dense()),
        (Dense(units=5), "units", Dropout()),
        (Dense(units=5), "units", Lstm()),
    ],
)
def test_what_is_typed_for_one_component_does_not_change_another(
    qtbot: QtBot, first: Component, name: str, second: Component
) -> None:
    window, form = QWidget(), ParameterForm()
    qtbot.addWidget(window)
    form.setParent(window)
    window.show()
    form.edit(first)
    changes: list[Component] = []
    form.changed.connect(changes.append)
    field = form.editor(name)
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "9")
    changes.clear()
    form.edit(second)
    qtbot.wait(1)
    assert changes == []
    assert form.component == second
