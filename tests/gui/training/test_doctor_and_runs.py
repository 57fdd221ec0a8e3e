"""What the doctor says is of the run that is shown, as long as it is shown."""

import pytest
from PySide6.QtCore import Qt, QTimer
from pytestqt.qtbot import QtBot

from nnstudio.project import edits
from tests.gui.conftest import Open
from tests.gui.training.test_doctor import sick_studio
from tests.session.doctor.sicknesses import dead, unbalanced


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


def test_undo_of_a_cure_brings_back_what_the_doctor_said(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, dead(5))
    doctor, status = studio.window.doctor, studio.window.status
    studio.window.train_epochs(5)
    qtbot.waitUntil(lambda: "dead" in doctor.card.sentence, timeout=20_000)
    qtbot.waitUntil(lambda: studio.session.status == "paused", timeout=20_000)
    qtbot.waitUntil(lambda: not studio.window.background.busy, timeout=20_000)
    said, lit = doctor.card.sentence, studio.window.canvas.evidence.lit
    assert status.message() == said
    for _ in range(2):
        qtbot.mouseClick(doctor.card.cure, Qt.MouseButton.LeftButton)
        assert doctor.card.isHidden()
        assert status.message() == ""
        studio.actions["edit.undo"].trigger()
        assert doctor.card.isVisible()
        assert doctor.card.sentence == status.message() == said
        assert studio.window.canvas.evidence.lit == lit
    studio.actions["edit.redo"].trigger()
    assert doctor.card.isHidden()


def test_undo_does_not_bring_back_what_was_dismissed(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, dead(6))
    doctor = studio.window.doctor
    studio.window.train_epochs(5)
    qtbot.waitUntil(lambda: bool(doctor.findings), timeout=20_000)
    qtbot.waitUntil(lambda: studio.session.status == "paused", timeout=20_000)
    qtbot.waitUntil(lambda: not studio.window.background.busy, timeout=20_000)
    while doctor.findings:
        qtbot.mouseClick(doctor.card.close_it, Qt.MouseButton.LeftButton)
    studio.window.control.new_weights()
    studio.actions["edit.undo"].trigger()
    assert doctor.card.isHidden()


def test_what_was_said_of_a_training_run_is_not_said_of_the_weights_before_it(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, unbalanced(5))
    doctor, document = studio.window.doctor, studio.document
    before = document.project
    studio.actions["training.start"].trigger()
    qtbot.waitUntil(lambda: "passed over" in doctor.card.sentence, timeout=20_000)
    qtbot.mouseClick(doctor.card.cure, Qt.MouseButton.LeftButton)
    while document.project is not before:
        studio.actions["edit.undo"].trigger()
    assert document.project.run is None
    assert doctor.card.isHidden()


@pytest.mark.parametrize("soon", [True, False])
def test_what_was_found_while_a_run_was_taken_back_is_said_when_it_is_brought_back(
    qtbot: QtBot, open_studio: Open, soon: bool
) -> None:
    studio = sick_studio(open_studio, dead(5))
    window, doctor = studio.window, studio.window.doctor
    window.control.committed.connect(lambda: QTimer.singleShot(0, window.control.undo))
    window.train_epochs(5)
    qtbot.waitUntil(lambda: bool(studio.document.future), timeout=20_000)
    assert studio.document.project.run is None
    assert not doctor.findings
    if soon:
        window.control.redo()
    qtbot.waitUntil(lambda: not window.background.busy, timeout=20_000)
    if not soon:
        assert doctor.card.isHidden()
        window.control.redo()
    assert "dead" in doctor.card.sentence
    assert doctor.card.isVisible()
