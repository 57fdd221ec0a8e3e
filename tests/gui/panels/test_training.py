import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from nnstudio.components import members
from nnstudio.gui.panels.training import TrainingPanel
from nnstudio.gui.widgets.choice_field import ChoiceField
from nnstudio.gui.widgets.class_weights import MOST_FIELDS
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.project import Document, Edit, edits
from tests.session.doctor.sicknesses import table_of, unbalanced, wave


@pytest.fixture
def document() -> Document:
    return Document()


@pytest.fixture
def panel(qtbot: QtBot, document: Document) -> TrainingPanel:
    made = TrainingPanel(document, document.apply)
    qtbot.addWidget(made)
    made.resize(292, 600)
    made.show()
    return made


def pick(field: ChoiceField, key: str) -> None:
    field.setCurrentIndex(field.findData(key))
    field.activated.emit(field.currentIndex())


def choose(panel: TrainingPanel, key: str) -> None:
    pick(panel.optimizer.choice, key)


def rate(panel: TrainingPanel) -> NumberField:
    field = panel.form.editor("learning_rate")
    assert isinstance(field, NumberField)
    return field


def test_every_optimizer_of_the_registry_can_be_chosen(panel: TrainingPanel, document: Document) -> None:
    for member in members("optimizers"):
        choose(panel, member.key)
        assert document.project.settings.optimizer.key == member.key


def test_the_learning_rate_becomes_an_edit_that_can_be_undone(panel: TrainingPanel, document: Document) -> None:
    before = document.project.settings.optimizer.rate
    rate(panel).setValue(0.25)
    assert document.project.settings.optimizer.rate == 0.25
    document.undo()
    assert rate(panel).value() == before


def test_a_full_batch_is_no_number(panel: TrainingPanel, document: Document) -> None:
    pick(panel.mode, "full")
    assert document.project.settings.batch_size is None
    assert not panel.batch.isEnabled()
    pick(panel.mode, "one")
    assert document.project.settings.batch_size == 1
    pick(panel.mode, "mini")
    assert document.project.settings.batch_size == 16


def test_an_optimizer_that_needs_all_rows_says_so(panel: TrainingPanel, document: Document) -> None:
    choose(panel, "lbfgs")
    assert not panel.mode.isEnabled()
    assert panel.mode.currentData() == "full"
    assert not panel.batch.isVisible()  # its number would be of another optimizer
    choose(panel, "momentum")
    assert panel.batch.isVisible()
    assert document.project.settings.optimizer.model_dump()["momentum"] == 0.9
    assert document.project.settings.optimizer.key == "sgd"
    assert panel.mode.isEnabled()
    assert document.project.settings.batch_size == 16


def test_schedule_clipping_and_early_stopping_are_settings(panel: TrainingPanel, document: Document) -> None:
    pick(panel.schedule.choice, "cosine")
    epochs = panel.schedule.form.editor("epochs")
    assert isinstance(epochs, NumberField)
    epochs.setValue(40)
    pick(panel.clipping.choice, "by_norm")
    pick(panel.early_stopping.choice, "early_stopping")
    settings = document.project.settings
    assert settings.schedule.model_dump() == {"type": "cosine", "epochs": 40, "last": 0.0}
    assert settings.clipping is not None
    assert settings.clipping.key == "by_norm"
    assert settings.early_stopping is not None
    pick(panel.clipping.choice, "")
    assert document.project.settings.clipping is None


def test_epochs_until_stopped_or_so_many(panel: TrainingPanel, document: Document) -> None:
    assert document.project.settings.epochs is None
    assert not panel.epochs.isEnabled()
    panel.until_stopped.click()
    assert document.project.settings.epochs == 100
    panel.epochs.setValue(7)
    assert document.project.settings.epochs == 7


def test_seed_and_precision_are_settings(panel: TrainingPanel, document: Document) -> None:
    panel.seed.setValue(11)
    panel.precision.setCurrentIndex(panel.precision.findData("float64"))
    panel.precision.activated.emit(panel.precision.currentIndex())
    assert (document.project.settings.seed, document.project.settings.precision) == (11, "float64")


def test_rows_are_shuffled_or_not_as_one_edit(panel: TrainingPanel, document: Document) -> None:
    assert panel.shuffle.isChecked()
    panel.shuffle.click()
    assert not document.project.settings.shuffle
    assert document.past == ("Keep the rows in the order of the file",)
    document.undo()
    assert document.project.settings.shuffle
    assert panel.shuffle.isChecked()


def test_the_order_of_rows_is_no_choice_where_a_step_sees_them_all(panel: TrainingPanel) -> None:
    pick(panel.mode, "full")
    assert not panel.shuffle.isEnabled()
    pick(panel.mode, "one")
    assert panel.shuffle.isEnabled()
    choose(panel, "lbfgs")
    assert not panel.shuffle.isEnabled()


def test_the_panel_follows_the_document(panel: TrainingPanel, document: Document) -> None:
    settings = document.project.settings
    document.apply(edits.set_settings(settings.model_copy(update={"batch_size": 64, "epochs": 5, "seed": 3})))
    assert (panel.batch.value(), panel.epochs.value(), panel.seed.value()) == (64, 5, 3)
    assert document.past == ("Change the training settings",)


def test_the_history_says_what_was_set(panel: TrainingPanel, document: Document) -> None:
    settings = document.project.settings
    rate = settings.optimizer.replace(learning_rate=10.0)
    document.apply(edits.set_settings(settings.model_copy(update={"optimizer": rate}), ["optimizer"]))
    panel.batch.setValue(64)
    assert document.past == ("Train with Adam at a rate of 10", "Train on batches of 64")


def test_classes_count_by_their_rows_all_the_same_or_as_chosen(panel: TrainingPanel, document: Document) -> None:
    field = panel.class_weights
    assert not field.isVisible()
    document.apply(Edit("Load", lambda _: unbalanced(0)))
    assert field.isVisible()
    assert field.way.currentData() == "rows"
    assert not field.fields["rare"].isVisible()
    pick(field.way, "same")
    balanced = document.project.settings.class_weights
    assert field.fields["rare"].isVisible()
    assert field.fields["rare"].value() == balanced["rare"] > 5
    field.fields["rare"].setValue(3)
    assert document.project.settings.class_weights == {**balanced, "rare": 3.0}
    assert field.way.currentData() == "chosen"
    document.undo()
    assert field.way.currentData() == "same"
    pick(field.way, "rows")
    assert document.project.settings.class_weights == {}
    pick(field.way, "chosen")
    assert field.fields["often"].isVisible()
    assert field.fields["often"].value() == 1
    document.apply(edits.set_table(wave(0), "value"))
    assert not field.isVisible()


def test_many_classes_have_no_fields_of_their_own(panel: TrainingPanel, document: Document) -> None:
    words = [f"class {index:02}" for index in range(MOST_FIELDS + 1) for _ in range(10)]
    values = [float(index % 7) for index in range(len(words))]
    document.apply(edits.set_table(table_of({"x": values, "class": words}), "class"))
    assert panel.class_weights.isVisible()
    assert not panel.class_weights.fields


@pytest.mark.parametrize("schedule", [member.key for member in members("schedules")])
def test_no_two_fields_have_the_same_name(panel: TrainingPanel, schedule: str) -> None:
    pick(panel.schedule.choice, schedule)
    names = [label.text() for label in panel.findChildren(QLabel) if label.buddy() is not None and label.isVisible()]
    assert "Epochs" in names
    assert len(set(names)) == len(names)
