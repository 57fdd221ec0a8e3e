"""Every plot over real runs: what it shows, what it says, and what it saves."""

import threading
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

import numpy as np
import polars
import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.engine import History, Program
from nnstudio.engine.layers.batch_normalization import BatchNormalization
from nnstudio.gui.look.theme import apply_theme
from nnstudio.gui.moments.evidence import MOST_NUMBERS, SAMPLE, evidence_of, uses_of
from nnstudio.gui.moments.living import LivingFrame, LivingView, surround
from nnstudio.gui.plots import plots
from nnstudio.gui.plots.chart import Chart
from nnstudio.gui.plots.confusion import ConfusionPlot
from nnstudio.gui.plots.fit import FitPlot
from nnstudio.gui.plots.gradients import GradientsPlot
from nnstudio.gui.plots.histograms import HistogramsPlot
from nnstudio.gui.plots.learning_rate import LearningRatePlot
from nnstudio.gui.plots.plot import Plot
from nnstudio.gui.plots.residuals import ResidualsPlot
from nnstudio.gui.plots.roc import RocPlot
from nnstudio.gui.plots.units import UnitsPlot
from nnstudio.gui.plots.updates import UpdatesPlot
from nnstudio.gui.workbench import Workbench
from nnstudio.project import deal_out, edits
from nnstudio.project.edits.network_edits import insert_between
from tests.gui.conftest import Open
from tests.gui.trained import loaded, trained

SAMPLES = ("iris", "spirals", "cars")
"""Their networks answer with one of several classes, with yes or no, and with a number."""

Moment = tuple[LivingFrame, LivingView, History]


@cache
def moment(name: str, epochs: int = 30) -> Moment:
    """Return a trained moment of a sample."""
    document, training = trained(name, epochs)
    project = document.project
    run = project.run
    assert run is not None
    assert project.table is not None
    view = LivingView(run.network, surround(run.pipeline, project.table, run.split), run.settings.precision)
    frame = view.frame(run.state.weights, run.state.memory, step=run.state.step, epoch=run.state.epoch)
    assert training.step == run.state.step
    return frame, view, run.history


def shown(qtbot: QtBot, plot: Plot, of: Moment | None) -> None:
    """Show a moment on a plot and wait until it is drawn."""
    qtbot.addWidget(plot)
    plot.resize(620, 260)
    plot.show()
    qtbot.waitExposed(plot)
    plot.show_frame(*(of or (None, None, None)))
    qtbot.waitUntil(lambda: not plot.is_computing)


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("key", plots())
def test_a_plot_shows_something_or_says_why_not_and_what_to_do(key: str, name: str, qtbot: QtBot) -> None:
    plot = plots()[key]()
    shown(qtbot, plot, moment(name))
    if plot.sentence:
        assert any(word in plot.sentence for word in ("Open ", "Press Train"))
        return
    lengths = {len(column) for column in plot.table().values()}
    assert len(lengths) == 1
    assert lengths.pop() > 0


@pytest.mark.parametrize("key", plots())
def test_a_plot_without_data_says_what_to_do(key: str, qtbot: QtBot) -> None:
    plot = plots()[key]()
    shown(qtbot, plot, None)
    assert any(word in plot.sentence for word in ("Load data", "Press Train", "Train"))


@pytest.mark.parametrize("key", plots())
def test_a_plot_has_words_for_everything(key: str, qtbot: QtBot) -> None:
    kind = plots()[key]
    plot = kind()
    qtbot.addWidget(plot)
    assert plot.accessibleName() == kind.title
    assert kind.tip.endswith(".")
    assert plot.objectName() == f"{key}Plot"


@pytest.mark.parametrize("key", ["confusion", "roc", "calibration", "histograms", "gradients"])
def test_a_plot_is_saved_as_points_as_lines_and_as_numbers(key: str, qtbot: QtBot, tmp_path: Path) -> None:
    plot = plots()[key]()
    shown(qtbot, plot, moment("iris"))
    for suffix in (".png", ".svg", ".csv"):
        plot.save(tmp_path / f"a{suffix}")
    image = QImage(str(tmp_path / "a.png"))
    assert image.width() > 1000
    colours = {image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}
    assert len(colours) > 3
    lines = (tmp_path / "a.svg").read_text()
    assert "<text" in lines
    assert "<path" in lines or "<polyline" in lines
    table = polars.read_csv(tmp_path / "a.csv")
    assert table.columns == list(plot.table())
    assert table.height == len(next(iter(plot.table().values())))


def test_a_hidden_plot_computes_nothing_until_it_is_seen(qtbot: QtBot) -> None:
    plot = ConfusionPlot()
    qtbot.addWidget(plot)
    plot.show_frame(*moment("iris"))
    assert not plot.is_computing
    assert plot.note == ""
    plot.show()
    qtbot.waitUntil(lambda: plot.note != "")
    assert plot.grid.counts.sum() > 0


def test_another_theme_recolours_a_plot(qtbot: QtBot) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    plot = RocPlot()
    shown(qtbot, plot, moment("spirals"))
    try:
        apply_theme(app, "dark")
        dark = plot.lines.chart.grab().toImage().pixelColor(3, 3)
        apply_theme(app, "light")
        light = plot.lines.chart.grab().toImage().pixelColor(3, 3)
    finally:
        apply_theme(app, "light")
    assert dark.lightness() < 80 < 200 < light.lightness()


def test_a_click_on_a_cell_selects_its_rows(qtbot: QtBot) -> None:
    frame, view, history = moment("iris", 3)
    plot = ConfusionPlot()
    shown(qtbot, plot, (frame, view, history))
    chosen: list[tuple[int, ...]] = []
    plot.rows_selected.connect(chosen.append)
    truth, said = (int(place) for place in np.unravel_index(plot.grid.counts.argmax(), plot.grid.counts.shape))
    qtbot.mouseClick(plot.grid, Qt.MouseButton.LeftButton, pos=plot.grid.cell_rect(truth, said).center().toPoint())
    around = frame.surroundings
    answers = view.predict(around.inputs)
    by_hand = [
        int(row)
        for at, row in enumerate(around.rows)
        if around.test[at] and around.labels[at] == truth and int(answers[at].argmax()) == said
    ]
    assert [sorted(rows) for rows in chosen] == [by_hand]
    assert len(by_hand) == plot.grid.counts[truth, said]


def test_the_keys_walk_through_the_cells(qtbot: QtBot) -> None:
    plot = ConfusionPlot()
    shown(qtbot, plot, moment("iris"))
    with qtbot.waitSignal(plot.grid.cell_chosen) as chosen:
        for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right):
            qtbot.keyClick(plot.grid, key)
        qtbot.keyClick(plot.grid, Qt.Key.Key_Return)
    assert chosen.args == [1, 2]
    assert "versicolor" in plot.grid.accessibleDescription()


def test_train_and_test_are_asked_for_apart(qtbot: QtBot) -> None:
    frame, view, history = moment("iris")
    plot = ConfusionPlot()
    shown(qtbot, plot, (frame, view, history))
    assert plot.grid.counts.sum() == frame.surroundings.test.sum()
    assert plot.note.startswith("30 test rows")
    plot.use.setCurrentIndex(plot.use.findData("train"))
    qtbot.waitUntil(lambda: not plot.is_computing)
    assert plot.grid.counts.sum() == frame.surroundings.train.sum()
    assert plot.note.startswith("90 training rows")


def test_the_answer_plots_of_numbers_use_the_units_of_the_file(qtbot: QtBot) -> None:
    frame, view, history = moment("cars")
    around = frame.surroundings
    fit, residuals = FitPlot(), ResidualsPlot()
    for plot in (fit, residuals):
        shown(qtbot, plot, (frame, view, history))
    said = around.pipeline.in_units(view.predict(around.inputs[around.test]))[:, 0]
    truth = around.labels[around.test] * around.pipeline.target_scales[0] + around.pipeline.target_means[0]
    assert fit.points.points["test"].x == pytest.approx(truth)
    assert fit.points.points["test"].y == pytest.approx(said, rel=1e-5)
    assert residuals.points.points["test"].y == pytest.approx(said - truth, abs=1e-4)
    rows = sum(len(points.x) for points in fit.points.points.values())
    assert rows == len(fit.table()["true"]) == len(around.rows)


def test_evidence_is_computed_once_for_all_who_look_at_a_moment() -> None:
    frame, view, _ = moment("iris")
    evidence = evidence_of(frame, view)
    assert evidence_of(frame, view) is evidence
    assert evidence.answers("test") is evidence.answers("test")
    assert uses_of(frame.surroundings) == ("test", "train", "validation")


def test_fewer_rows_are_looked_at_of_layers_that_say_very_much() -> None:
    document = loaded("digits")
    network = document.project.network
    document.apply(edits.set_units(network.targets(network.input_ids[0])[0], 40_000))
    project = document.project
    assert project.pipeline is not None
    assert project.table is not None
    assert project.rows is not None
    view = LivingView(project.network, surround(project.pipeline, project.table, project.rows))
    frame = view.frame(Program(project.network).flat)
    said = evidence_of(frame, view).activations()
    assert SAMPLE // 4 < len(next(iter(said.values()))) < len(project.rows.train)
    assert sum(values.size for values in said.values()) <= MOST_NUMBERS


def test_evidence_has_what_layers_remembered_at_its_moment() -> None:
    network = loaded("iris").project.network
    hidden = network.targets(network.input_ids[0])[0]
    between = insert_between(hidden, network.targets(hidden)[0], BatchNormalization())
    document, _ = trained("iris", 2, between)
    run, table = document.project.run, document.project.table
    assert run is not None
    assert table is not None
    view = LivingView(run.network, surround(run.pipeline, table, run.split), run.settings.precision)
    frame = view.frame(run.state.answer, run.state.memory)
    wanted = view.predict(frame.surroundings.inputs[frame.surroundings.test])
    view.frame(run.state.answer, run.state.memory + 3)
    assert evidence_of(frame, view).answers("test").said == pytest.approx(wanted, abs=1e-6)


def test_the_gradients_of_a_moment_are_those_of_the_training_rows() -> None:
    frame, view, _ = moment("spirals")
    around = frame.surroundings
    program = Program(frame.network, "float64", weights=frame.weights)
    assert around.train.sum() <= SAMPLE
    _, by_hand = program.cost_and_gradients(
        deal_out(frame.network, around.inputs[around.train]), around.targets[around.train]
    )
    found = evidence_of(frame, view).gradients()
    assert set(found) == set(by_hand)
    for name, gradient in by_hand.items():
        assert found[name] == pytest.approx(gradient, abs=1e-5)


def test_an_update_is_the_mean_of_the_steps_between_two_looks(qtbot: QtBot) -> None:
    frame, view, history = moment("spirals")
    plot = UpdatesPlot()
    shown(qtbot, plot, (frame, view, history))
    assert "Press Train" in plot.sentence
    weights = np.concatenate([values.ravel() for values in frame.weights.values()])
    later = view.frame(weights * np.float32(1.01), step=frame.step + 10)
    plot.show_frame(later, view, history)
    assert plot.table()["step"] == [frame.step + 10] * len(plot.table()["layer"])
    assert plot.table()["change over size"] == pytest.approx([0.01 / 1.01 / 10] * len(plot.table()["layer"]), rel=1e-3)


def test_a_histogram_shows_the_layer_and_the_numbers_that_are_chosen(qtbot: QtBot) -> None:
    frame, view, history = moment("iris")
    plot = HistogramsPlot()
    shown(qtbot, plot, (frame, view, history))
    for kind in ("weights", "gradients", "activations"):
        plot.kind.setCurrentIndex(plot.kind.findData(kind))
        qtbot.waitUntil(lambda: not plot.is_computing)
        for index in range(plot.layer.count()):
            plot.layer.setCurrentIndex(index)
            assert sum(plot.table()["share"]) == pytest.approx(1)
    plot.kind.setCurrentIndex(0)
    plot.layer.setCurrentIndex(0)
    qtbot.waitUntil(lambda: not plot.is_computing)
    id = plot.layer.currentData()
    numbers = np.concatenate([values.ravel() for name, values in frame.weights.items() if name.startswith(f"{id}/")])
    assert plot.table()["from"][0] == pytest.approx(numbers.min())
    assert plot.table()["to"][-1] == pytest.approx(numbers.max())


def test_the_learning_rate_is_that_of_the_optimizer(qtbot: QtBot) -> None:
    document, training = trained("spirals", 4)
    plot = LearningRatePlot()
    shown(qtbot, plot, (*moment("spirals")[:2], training.history))
    assert plot.table() == {"step": [1.0], "learning rate": [training.learning_rate]}
    assert document.project.run is not None


def drawn(qtbot: QtBot, plot: Plot) -> None:
    """Wait until a plot shows all that it was given."""
    qtbot.waitUntil(lambda: not plot.is_computing)


def test_looking_back_marks_the_step_and_keeps_the_curves(qtbot: QtBot) -> None:
    frame, view, history = moment("spirals")
    earlier = replace(frame, step=frame.step // 2)
    rates, gradients, histograms = LearningRatePlot(), GradientsPlot(), HistogramsPlot()
    for plot in (rates, gradients, histograms):
        shown(qtbot, plot, (frame, view, history))
        before = plot.table()
        plot.show_frame(earlier, view, history, past=True)
        drawn(qtbot, plot)
        assert set(before["step"]) <= set(plot.table()["step"])
        marks = [item for item in plot.findChildren(Chart)[0].item.items if isinstance(item, pg.InfiniteLine)]
        places = [mark.value() for mark in marks if mark.isVisible()]
        assert places == [0.5 if plot is histograms else earlier.step]
        plot.show_frame(frame, view, history)
        drawn(qtbot, plot)
        assert not any(mark.isVisible() for mark in marks)
    assert f"at step {earlier.step:,}" not in rates.note
    assert gradients.table()["step"] == sorted(gradients.table()["step"])


def test_a_moment_that_was_looked_at_is_not_computed_again(qtbot: QtBot) -> None:
    frame, view, history = moment("spirals")
    earlier = replace(frame, step=frame.step // 2)
    for plot in (GradientsPlot(), HistogramsPlot()):
        shown(qtbot, plot, (frame, view, history))
        plot.show_frame(earlier, view, history, past=True)
        assert plot.is_computing
        drawn(qtbot, plot)
        plot.show_frame(replace(earlier), view, history, past=True)
        assert not plot.is_computing


def test_plots_that_share_a_bench_are_drawn_together(qtbot: QtBot) -> None:
    bench, gate = Workbench(), threading.Event()
    made = (ConfusionPlot(), RocPlot(), UnitsPlot())
    for plot in made:
        shown(qtbot, plot, None)
        plot.share(bench)
    bench.run(lambda: gate.wait(20))
    for plot in made:
        plot.show_frame(*moment("iris"))
    assert all(plot.is_computing for plot in made)
    gate.set()
    qtbot.waitUntil(lambda: not any(plot.is_computing for plot in made))
    assert all(plot.note for plot in made)


def test_plots_are_opened_from_the_view_menu_and_fed_only_while_seen(open_studio: Open, qtbot: QtBot) -> None:
    window = open_studio("samples/iris.nns").window
    docks = window.plots
    assert set(docks.plots) == set(plots()) - {"loss", "boundary"}
    assert not docks.any_seen
    assert set(window.docks.toggles()) == {"Panels", "Plots"}
    titles = [kind.title for key, kind in plots().items() if key in docks.plots]
    assert [action.text() for action in window.docks.toggles()["Plots"]] == titles
    window.docks.toggles()["Plots"][0].trigger()
    confusion = docks.plots["confusion"]
    assert isinstance(confusion, ConfusionPlot)
    qtbot.waitUntil(lambda: confusion.is_seen and not confusion.is_computing and bool(confusion.note))
    assert docks.any_seen
    assert docks.plots["roc"].note == ""
    window.docks.show("gradients")
    qtbot.waitUntil(lambda: docks.plots["gradients"].is_seen)
    assert not confusion.is_seen


def test_a_cell_of_the_matrix_selects_lines_of_the_predictions(open_studio: Open, qtbot: QtBot) -> None:
    window = open_studio("samples/iris.nns").window
    window.train_epochs(3)
    qtbot.waitUntil(lambda: not window.control.running and window.predictions.headline() != "")
    window.docks.show("confusion")
    confusion = window.plots.plots["confusion"]
    assert isinstance(confusion, ConfusionPlot)
    qtbot.waitUntil(lambda: not confusion.is_computing and bool(confusion.note))
    truth, said = np.unravel_index(confusion.grid.counts.argmax(), confusion.grid.counts.shape)
    confusion.grid.cell_chosen.emit(int(truth), int(said))
    assert len(window.predictions.selected_lines()) == confusion.grid.counts[truth, said]


@pytest.mark.parametrize("key", ["gradients", "updates", "histograms"])
def test_a_plot_that_is_opened_later_looks_back_over_the_run(open_studio: Open, qtbot: QtBot, key: str) -> None:
    studio = open_studio("samples/spirals.nns")
    window = studio.window
    window.train_epochs(3_000)
    qtbot.waitUntil(lambda: window.control.running)
    qtbot.waitUntil(lambda: not window.control.running, timeout=30_000)
    qtbot.waitUntil(lambda: studio.document.project.run is not None)
    run, kept = studio.document.project.run, window.control.kept()
    assert run is not None
    assert len(kept) > 3
    window.docks.show(key)
    plot = window.plots.plots[key]
    qtbot.waitUntil(lambda: plot.is_seen and not plot.sentence and not plot.is_computing, timeout=20_000)
    steps = sorted(set(plot.table()["step"]))
    assert steps[-1] == run.state.step
    assert len(steps) > 2
    assert set(steps) <= {rung.step for rung in kept}


def test_while_training_what_was_computed_is_drawn_with_the_next_moment(qtbot: QtBot) -> None:
    plot = ConfusionPlot()
    shown(qtbot, plot, None)
    plot.show_frame(*moment("iris"), paced=True)
    qtbot.waitUntil(lambda: not plot.is_computing)
    assert plot.note == ""
    plot.show_frame(*moment("iris"), paced=True)
    assert plot.note.startswith("30 test rows")


def test_what_was_computed_of_a_moment_that_nobody_saw_is_not_drawn_over_a_later_one(qtbot: QtBot) -> None:
    frame, view, history = moment("spirals")
    later, latest = (replace(frame, step=frame.step + more) for more in (10, 20))
    plot = GradientsPlot()
    shown(qtbot, plot, None)
    plot.show_frame(frame, view, history, paced=True)
    qtbot.waitUntil(lambda: not plot.is_computing)
    plot.hide()
    plot.show_frame(later, view, history)
    plot.show()
    qtbot.waitUntil(lambda: bool(plot.table()["step"]) and not plot.is_computing)
    plot.show_frame(latest, view, history)
    qtbot.waitUntil(lambda: not plot.is_computing)
    assert sorted(set(plot.table()["step"])) == [later.step, latest.step]


def test_a_plot_follows_the_training_and_ends_with_its_last_moment(open_studio: Open, qtbot: QtBot) -> None:
    studio = open_studio("samples/spirals.nns")
    window = studio.window
    window.docks.show("updates")
    updates = window.plots.plots["updates"]
    qtbot.waitUntil(lambda: updates.is_seen)
    window.train_epochs(400)
    qtbot.waitUntil(lambda: window.control.running)
    qtbot.waitUntil(lambda: not window.control.running, timeout=20_000)
    qtbot.waitUntil(lambda: studio.document.project.run is not None)
    qtbot.waitUntil(lambda: not updates.sentence and not updates.is_computing)
    run = studio.document.project.run
    assert run is not None
    assert max(updates.table()["step"]) == run.state.step


def test_a_problem_of_the_drawing_is_what_every_plot_says_until_it_is_mended(open_studio: Open, qtbot: QtBot) -> None:
    studio = open_studio("samples/spirals.nns")
    window, document = studio.window, studio.document
    network = document.project.network
    window.perform(edits.remove_nodes([network.order[-1]]))
    problem = document.project.in_the_way
    assert problem is not None
    placed: dict[str, Plot] = {"loss": window.loss, "boundary": window.boundary}
    all_plots = {**placed, **window.plots.plots}
    assert all_plots.keys() == plots().keys()
    for key, plot in all_plots.items():
        window.docks.show(key)
        qtbot.waitUntil(partial(_says, plot, str(problem)))
    window.control.undo()
    assert document.project.in_the_way is None
    assert window.boundary.hindrance() == ""
    window.docks.show("boundary")
    qtbot.waitUntil(lambda: window.boundary.sentence == "")


def _says(plot: Plot, sentence: str) -> bool:
    return plot.is_seen and plot.sentence == sentence


def test_a_plot_that_comes_to_be_seen_while_it_trains_shows_the_next_moment_before_all_others(
    open_studio: Open, qtbot: QtBot
) -> None:
    window = open_studio("samples/iris.nns").window
    docks, confusion, roc = window.plots, window.plots.plots["confusion"], window.plots.plots["roc"]
    assert not docks.has_newcomer
    window.docks.show("confusion")
    qtbot.waitUntil(lambda: confusion.is_seen and bool(confusion.note) and not confusion.is_computing)
    untrained = confusion.note
    assert docks.has_newcomer
    docks.show_next(*moment("iris"))
    assert not docks.has_newcomer
    qtbot.waitUntil(lambda: not confusion.is_computing)
    assert confusion.note != untrained  # without waiting for its next turn
    window.docks.dock("roc").setFloating(True)
    window.docks.show("roc")
    qtbot.waitUntil(lambda: roc.is_seen and confusion.is_seen and not roc.is_computing)
    untrained = roc.note
    docks.show_next(*moment("iris"))
    qtbot.waitUntil(lambda: not roc.is_computing)
    assert roc.note != untrained
    window.docks.show("boundary")
    qtbot.waitUntil(lambda: not confusion.is_seen)
    assert not docks.has_newcomer
    window.docks.show("confusion")
    qtbot.waitUntil(lambda: confusion.is_seen)
    assert docks.has_newcomer
