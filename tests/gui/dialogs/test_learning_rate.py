"""A learning rate is looked for from the window, and the one that is chosen is used."""

import numpy as np
from pytestqt.qtbot import QtBot

from nnstudio.components import find
from nnstudio.engine import Optimizer, RangeTest
from nnstudio.gui.dialogs.learning_rate import LearningRateDialog
from nnstudio.paths import samples
from nnstudio.project import edits
from tests.gui.conftest import Open


def test_the_rate_that_was_found_is_used_and_one_undo_takes_it_back(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    before = studio.document.project.settings
    studio.actions["training.findRate"].trigger()
    qtbot.waitUntil(lambda: studio.window.findChild(LearningRateDialog) is not None, timeout=20_000)
    dialog = studio.window.findChild(LearningRateDialog)
    assert isinstance(dialog, LearningRateDialog)
    dialog.rate.setValue(0.0123)
    dialog.use.click()
    assert studio.document.project.settings.optimizer.rate == 0.0123
    studio.document.undo()
    assert studio.document.project.settings == before


def test_line_and_field_say_the_same_rate(qtbot: QtBot) -> None:
    rates = np.geomspace(1e-5, 1, 50)
    dialog = LearningRateDialog(RangeTest(rates, (np.log10(rates) + 1.5) ** 2, 3e-3), 0.1)
    qtbot.addWidget(dialog)
    assert dialog.rate.value() == 3e-3
    dialog._line.setValue(-2.0)
    assert dialog.rate.value() == 0.01
    dialog.rate.setValue(0.05)
    assert np.isclose(10 ** dialog._line.value(), 0.05)


def test_all_of_the_curve_up_to_its_lowest_cost_is_in_sight(qtbot: QtBot) -> None:
    rates = np.geomspace(1e-6, 10, 70)
    costs = np.where(rates < 1e-4, 0.5 + 3e3 * rates, np.where(rates < 1, 0.7 - 0.1 * np.log10(rates / 1e-4), 1e9))
    dialog = LearningRateDialog(RangeTest(rates, costs, 3e-3), 0.1)
    qtbot.addWidget(dialog)
    low, high = dialog.plot.getPlotItem().getViewBox().viewRange()[1]
    before = costs[: costs.argmin() + 1]
    assert low <= before.min()
    assert before.max() <= high < 2 * before.max()


def test_an_optimizer_without_a_rate_says_so(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    optimizer = find("optimizers", "lbfgs")()
    assert isinstance(optimizer, Optimizer)
    settings = studio.document.project.settings.model_copy(update={"optimizer": optimizer})
    studio.document.apply(edits.set_settings(settings))
    said: list[str] = []
    studio.window.rates.told.connect(said.append)
    studio.actions["training.findRate"].trigger()
    qtbot.waitUntil(lambda: any("no learning rate" in text for text in said), timeout=20_000)
    assert studio.window.findChild(LearningRateDialog) is None
