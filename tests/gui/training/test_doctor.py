"""The doctor's card comes up when a run is sick, shows the layers, cures with one click, and can be dismissed."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.project import Edit, Project, edits
from tests.gui.conftest import Open
from tests.session.doctor.sicknesses import dead, jumping, leaking, overfitting, too_large_a_cell, unbalanced


def sick_studio(open_studio: Open, project: Project) -> Studio:
    studio = open_studio()
    studio.document.apply(Edit("Begin", lambda _: project))
    return studio


def test_a_sick_run_is_told_shown_and_cured_with_one_click(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, dead(5))
    doctor = studio.window.doctor
    assert doctor.card.isHidden()
    studio.window.train_epochs(5)
    qtbot.waitUntil(lambda: "dead" in doctor.card.sentence, timeout=20_000)
    assert doctor.card.isVisible()
    assert "new first weights" in doctor.card.cure.toolTip()
    assert studio.window.canvas.evidence.lit == {doctor.findings[0].nodes[0]: doctor.findings[0].units}
    qtbot.mouseClick(doctor.card.show_it, Qt.MouseButton.LeftButton)
    assert studio.window.canvas.scene.nodes == doctor.findings[0].nodes
    before = studio.document.project
    qtbot.mouseClick(doctor.card.cure, Qt.MouseButton.LeftButton)
    after = studio.document.project
    activation = after.network.node(before.network.order[1]).layer.last_activation()
    assert activation is not None
    assert activation.key == "leaky_relu"
    assert after.run is None
    assert doctor.card.isHidden()
    assert not studio.window.canvas.evidence.lit
    studio.actions["edit.undo"].trigger()
    assert studio.document.project == before


def test_the_cure_of_a_running_run_goes_on_training(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, overfitting(5))
    doctor = studio.window.doctor
    studio.actions["training.start"].trigger()
    qtbot.waitUntil(lambda: "by heart" in doctor.card.sentence, timeout=30_000)
    assert studio.session.status == "running"
    qtbot.mouseClick(doctor.card.cure, Qt.MouseButton.LeftButton)
    assert studio.document.project.settings.early_stopping is not None
    qtbot.waitUntil(lambda: studio.session.status != "idle" or studio.document.project.run is not None, timeout=20_000)
    qtbot.waitUntil(lambda: studio.session.status == "idle", timeout=30_000)
    run = studio.document.project.run
    assert run is not None
    assert run.status == "finished"


def test_what_is_dismissed_is_not_said_again_in_this_run(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, dead(6))
    doctor = studio.window.doctor
    studio.window.train_epochs(5)
    qtbot.waitUntil(lambda: bool(doctor.findings), timeout=20_000)
    while doctor.findings:
        qtbot.mouseClick(doctor.card.close_it, Qt.MouseButton.LeftButton)
    assert doctor.card.isHidden()
    studio.window.train_epochs(2)
    qtbot.waitUntil(lambda: studio.session.status == "paused", timeout=20_000)
    qtbot.wait(300)
    assert doctor.card.isHidden()


def test_a_class_that_is_passed_over_is_cured_while_it_trains(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, unbalanced(5))
    doctor = studio.window.doctor
    studio.window.train_epochs(15)
    qtbot.waitUntil(lambda: "passed over" in doctor.card.sentence, timeout=20_000)
    run = studio.document.project.current
    qtbot.mouseClick(doctor.card.cure, Qt.MouseButton.LeftButton)
    assert studio.document.project.settings.class_weights["rare"] > 5
    assert studio.document.project.current == run
    assert studio.window.training.class_weights.way.currentData() == "same"
    studio.actions["edit.undo"].trigger()
    assert studio.document.project.settings.class_weights == {}


def test_classes_are_weighed_while_the_network_trains(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, unbalanced(5))
    studio.actions["training.start"].trigger()
    qtbot.waitUntil(lambda: studio.window.control.span()[1] > 0, timeout=20_000)
    studio.window.perform(edits.set_class_weights({"rare": 4.0}))
    assert studio.session.status == "running"
    studio.actions["training.pause"].trigger()
    qtbot.waitUntil(lambda: studio.document.project.run is not None, timeout=20_000)
    run = studio.document.project.run
    assert run is not None
    assert run.settings.class_weights == {"rare": 4.0}
    assert [change.name for change in run.journal] == ["class_weights"]


def test_layers_and_units_that_show_what_is_wrong_glow(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, dead(5))
    canvas, doctor = studio.window.canvas, studio.window.doctor
    studio.window.train_epochs(5)
    qtbot.waitUntil(lambda: bool(doctor.findings), timeout=20_000)
    finding = doctor.findings[0]
    card = canvas.scene.geometry.cards[finding.nodes[0]]
    tile = next(tile for tile in card.tiles if tile.unit in finding.units)
    around_the_card = canvas.view.to_widget(
        card.rect.adjusted(-2, 0, 0, 0).topLeft() + QPointF(0, card.rect.height() / 3)
    )
    around_the_unit = canvas.view.to_widget(QPointF(tile.rect.left() - 2.5, tile.rect.center().y()))
    lit = canvas.grab().toImage()
    qtbot.mouseClick(doctor.card.close_it, Qt.MouseButton.LeftButton)
    while doctor.findings:
        qtbot.mouseClick(doctor.card.close_it, Qt.MouseButton.LeftButton)
    plain = canvas.grab().toImage()
    for place in (around_the_card, around_the_unit):
        assert lit.pixelColor(place.toPoint()) != plain.pixelColor(place.toPoint())


def test_a_column_that_is_left_out_leaves_a_network_that_trains(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, leaking(5))
    doctor = studio.window.doctor
    studio.window.train_epochs(3)
    qtbot.waitUntil(lambda: "gives 'class' away" in doctor.card.sentence, timeout=20_000)
    before = studio.document.project
    qtbot.mouseClick(doctor.card.cure, Qt.MouseButton.LeftButton)
    after = studio.document.project
    assert not [problem for problem in after.problems() if problem.severity == "error"]
    assert after.pipeline is not None
    assert after.pipeline.features == ("x", "y")
    studio.window.train_epochs(2)
    qtbot.waitUntil(lambda: studio.document.project.run is not None, timeout=20_000)
    assert doctor.card.isHidden()
    studio.actions["edit.undo"].trigger()
    studio.actions["edit.undo"].trigger()
    assert studio.document.project == before


def test_a_network_that_jumps_is_cured_while_it_trains(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, jumping(5))
    doctor = studio.window.doctor
    studio.actions["training.start"].trigger()
    qtbot.waitUntil(lambda: "passes no slope back" in doctor.card.sentence, timeout=20_000)
    qtbot.mouseClick(doctor.card.cure, Qt.MouseButton.LeftButton)
    assert studio.session.status == "running"
    assert not studio.document.project.problems()
    studio.actions["training.stop"].trigger()
    qtbot.waitUntil(lambda: studio.session.status == "idle", timeout=20_000)


def test_the_row_by_which_numbers_ran_away_is_shown(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, too_large_a_cell(40))
    doctor = studio.window.doctor
    studio.window.train_epochs(5)
    qtbot.waitUntil(lambda: bool(doctor.findings), timeout=20_000)
    place = next(place for place, finding in enumerate(doctor.findings) if finding.row == 41)
    for _ in range(place):
        qtbot.mouseClick(doctor.card.next, Qt.MouseButton.LeftButton)
    assert "line 41" in doctor.card.sentence
    qtbot.mouseClick(doctor.card.show_it, Qt.MouseButton.LeftButton)
    around = studio.window.stage.surroundings
    assert around is not None
    assert int(around.rows[studio.window.stage.row]) == 40
    assert not [dialog for dialog in studio.window.findChildren(QDialog) if dialog.isVisible()]
    assert studio.document.project.run is None
    before = studio.document.project
    qtbot.mouseClick(doctor.card.cure, Qt.MouseButton.LeftButton)
    table = studio.document.project.table
    assert table is not None
    assert table.words("a")[40] is None
    studio.window.train_epochs(2)
    qtbot.waitUntil(lambda: studio.document.project.run is not None, timeout=20_000)
    assert doctor.card.isHidden()
    for _ in range(2):
        studio.actions["edit.undo"].trigger()
    assert studio.document.project == before


def test_what_was_found_goes_with_the_training_that_is_taken_back(qtbot: QtBot, open_studio: Open) -> None:
    studio = sick_studio(open_studio, dead(5))
    doctor, first = studio.window.doctor, studio.document.project
    with qtbot.waitSignal(studio.window.control.committed, timeout=20_000):
        studio.window.train_epochs(5)
    qtbot.waitUntil(doctor.card.isVisible, timeout=20_000)
    studio.actions["edit.undo"].trigger()
    assert studio.document.project is first
    assert doctor.card.isHidden()
