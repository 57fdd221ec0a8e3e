import pytest
from pytestqt.qtbot import QtBot

from nnstudio.components import members
from nnstudio.gui.panels.training import TrainingPanel
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.project import Document, edits


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


def choose(panel: TrainingPanel, key: str) -> None:
    panel.optimizer.setCurrentIndex(panel.optimizer.findData(key))
    panel.optimizer.activated.emit(panel.optimizer.currentIndex())


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
    panel.full_batch.click()
    assert document.project.settings.batch_size is None
    assert not panel.batch.isEnabled()
    panel.full_batch.click()
    assert document.project.settings.batch_size == 16


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


def test_the_panel_follows_the_document(panel: TrainingPanel, document: Document) -> None:
    settings = document.project.settings
    document.apply(edits.set_settings(settings.model_copy(update={"batch_size": 64, "epochs": 5, "seed": 3})))
    assert (panel.batch.value(), panel.epochs.value(), panel.seed.value()) == (64, 5, 3)
    assert document.past == ("Change the training settings",)
