"""Fields of a component tell what was typed for it, and for no other."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.components import Component
from nnstudio.engine.costs.squared import MeanSquaredError
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.dropout import Dropout
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.lstm import Lstm
from nnstudio.engine.layers.output import Output
from nnstudio.engine.layers.reshape import Reshape
from nnstudio.gui.look.theme import CONTRAST, LIGHT, apply_theme
from nnstudio.gui.widgets.choice_field import ChoiceField
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


def _colours(icon: QIcon) -> set[str]:
    """Return the colours of a picture where they are full."""
    picture = icon.pixmap(QSize(16, 16), 2.0).toImage()
    places = ((x, y) for x in range(picture.width()) for y in range(picture.height()))
    return {color.name() for color in (picture.pixelColor(*place) for place in places) if color.alpha() == 255}


def test_the_curves_beside_choices_take_the_colours_of_another_theme(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, "light")
    form = ParameterForm()
    qtbot.addWidget(form)
    form.edit(Dense(units=3))
    field = form.editor("activation")
    assert isinstance(field, ChoiceField)
    tanh = field.findData("tanh")
    assert _colours(field.itemIcon(tanh)) == {LIGHT.accent}
    assert not _colours(field.itemIcon(field.findData("softmax")))  # it has no curve of its own
    apply_theme(qapp, "contrast")
    assert _colours(field.itemIcon(tanh)) == {CONTRAST.accent}
    apply_theme(qapp, "light")
    assert _colours(field.itemIcon(tanh)) == {LIGHT.accent}


def test_a_choice_of_long_names_has_the_whole_line_under_its_label(qtbot: QtBot) -> None:
    form = ParameterForm()
    qtbot.addWidget(form)
    form.resize(260, 300)
    form.show()
    form.edit(Dense(units=3))
    qtbot.waitUntil(lambda: 0 < form.editor("activation").width() < 180)  # beside its label
    form.edit(Output(cost=MeanSquaredError()))
    qtbot.waitUntil(lambda: form.editor("cost").width() == 260)
    (label,) = [label for label in form.findChildren(QLabel) if label.text() == "Cost" and not label.isHidden()]
    assert label.geometry().bottom() <= form.editor("cost").geometry().top()
