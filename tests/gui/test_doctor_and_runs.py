"""What the doctor says is of the run that is shown, as long as it is shown."""

from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from nnstudio.project import edits
from tests.gui.conftest import Open
from tests.gui.test_doctor import sick_studio
from tests.session.doctor.sicknesses import dead


def test_what_is_dismissed_is_said_again_of_the_next_run(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, dead(6))
    doctor = studio.window.doctor
    studio.window.train_epochs(5)
    qtbot.waitUntil(lambda: bool(doctor.findings), timeout=20_000)
    while doctor.findings:
        qtbot.mouseClick(doctor.card.close_it, Qt.MouseButton.LeftButton)
    first = studio.document.project.current
    hidden = studio.document.project.network.order[1]
    (units,) = studio.document.project.network.shapes()[hidden] or (0,)
    studio.window.perform(edits.set_units(hidden, units + 1))
    studio.window.train_epochs(5)
    qtbot.waitUntil(lambda: bool(doctor.findings), timeout=20_000)
    assert studio.document.project.current != first


def test_what_is_found_of_a_run_that_was_taken_back_is_not_told(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, dead(5))
    window, doctor = studio.window, studio.window.doctor
    window.control.committed.connect(lambda: QTimer.singleShot(0, window.control.reset))
    window.train_epochs(5)
    qtbot.waitUntil(lambda: "Reset to the first weights" in studio.document.past, timeout=20_000)
    qtbot.waitUntil(lambda: not window.background.busy, timeout=20_000)
    assert studio.document.project.run is None
    assert doctor.card.isHidden()
    assert not doctor.findings


def test_moving_a_layer_leaves_what_the_doctor_says(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, dead(5))
    doctor = studio.window.doctor
    studio.actions["training.start"].trigger()
    qtbot.waitUntil(lambda: doctor.card.isVisible(), timeout=20_000)
    assert studio.document.project.run is None
    studio.window.perform(edits.move_nodes({studio.document.project.network.order[1]: (5.0, 5.0)}))
    assert doctor.card.isVisible()
    assert studio.session.status == "running"
