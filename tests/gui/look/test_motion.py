"""Nothing moves by itself where the person wants it still."""

from PySide6.QtGui import QAction

from nnstudio.gui.canvas.glide import Glide
from nnstudio.gui.look.motion import duration, is_reduced
from nnstudio.gui.preferences import Preferences
from nnstudio.paths import samples
from nnstudio.project import edits
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


def test_cards_glide_to_their_places_or_are_there_at_once(open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    choice = studio.window.findChild(QAction, "view.reduceMotion")
    assert isinstance(choice, QAction)
    glide = studio.window.canvas.findChild(Glide)
    assert isinstance(glide, Glide)
    nodes = studio.document.project.network.nodes
    for reduced in (False, True):
        studio.document.apply(edits.move_nodes({nodes[0].id: (900.0, 700.0)}))
        choice.setChecked(reduced)
        studio.actions["canvas.layout"].trigger()
        assert bool(glide.shifts) is not reduced
        glide.stop()
    choice.setChecked(False)
