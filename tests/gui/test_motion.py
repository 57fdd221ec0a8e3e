"""Nothing moves by itself where the person wants it still."""

from PySide6.QtGui import QAction

from nnstudio.gui.motion import duration, is_reduced
from nnstudio.gui.preferences import Preferences
from tests.gui.conftest import Open


def test_less_motion_is_chosen_in_the_menu_obeyed_at_once_and_remembered(open_studio: Open) -> None:
    window = open_studio().window
    choice = window.findChild(QAction, "view.reduceMotion")
    assert isinstance(choice, QAction)
    assert not choice.isChecked()
    assert duration(200) == 200
    assert window.isAnimated()
    choice.trigger()
    assert duration(200) == 0
    assert not window.isAnimated()
    assert Preferences().reduced_motion
    again = open_studio().window
    assert is_reduced()
    assert not again.isAnimated()
    choice.trigger()
    assert window.isAnimated()
    assert not Preferences().reduced_motion
