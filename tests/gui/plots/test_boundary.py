"""What the network answers over two of its inputs."""

from pathlib import Path

import numpy as np
import polars
import pytest
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionComboBox, QWidget
from pytestqt.qtbot import QtBot

from nnstudio.gui.moments.living import LivingFrame, LivingView, surround
from nnstudio.gui.plots.boundary import COARSE, FINE, BoundaryPlot
from nnstudio.gui.plots.plane import plane_of
from nnstudio.project import Document
from tests.gui.trained import trained

PATIENCE = 10_000


def _moment(document: Document) -> tuple[LivingFrame, LivingView]:
    project = document.project
    run = project.run
    assert run is not None
    assert project.table is not None
    view = LivingView(run.network, surround(run.pipeline, project.table, run.split), run.settings.precision)
    return view.frame(run.state.weights), view


def _shown(qtbot: QtBot, name: str, epochs: int = 3) -> tuple[BoundaryPlot, Document]:
    document, _ = trained(name, epochs)
    plot = BoundaryPlot()
    qtbot.addWidget(plot)
    plot.resize(640, 300)
    plot.show()
    qtbot.waitExposed(plot)
    plot.show_frame(*_moment(document), None)
    _wait_until_fine(qtbot, plot)
    return plot, document


def _wait_until_fine(qtbot: QtBot, plot: BoundaryPlot) -> None:
    qtbot.waitUntil(lambda: plot.plane is not None and plot.plane.answers.shape[1] == FINE, timeout=PATIENCE)
    qtbot.waitUntil(lambda: not plot.is_computing, timeout=PATIENCE)


def test_the_colours_of_classes_are_named(qtbot: QtBot) -> None:
    plot, _ = _shown(qtbot, "iris", 1)
    assert plot.classes.isVisible()
    assert plot.classes.names == ("setosa", "versicolor", "virginica")
    assert "virginica" in plot.classes.accessibleName()
    regression, _ = _shown(qtbot, "cars", 1)
    assert not regression.classes.isVisible()


def test_a_plane_begins_with_inputs_that_differ_from_row_to_row(qtbot: QtBot) -> None:
    plot, _ = _shown(qtbot, "digits", 1)
    plane = plot.plane
    assert plane is not None
    assert (plane.around.inputs[:, plane.inputs].std(axis=0) > 0.1).all()
    plot.across.setCurrentIndex(0)  # a corner that is empty in every picture
    qtbot.waitUntil(lambda: plot.plane is not None and plot.plane.inputs[0] == 0, timeout=PATIENCE)
    assert plot.plane is not None
    assert plot.plane.high[0] - plot.plane.low[0] >= 0.5


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("iris", {"petal length", "petal width"}),
        ("cars", {"weight", "displacement"}),
        ("wine", {"flavanoids", "proline"}),
    ],
)
def test_a_plane_begins_with_the_inputs_that_tell_most_and_their_names_are_read(
    qtbot: QtBot, name: str, told: set[str]
) -> None:
    plot, _ = _shown(qtbot, name, 1)
    plane = plot.plane
    assert plane is not None
    assert set(plane.names) == told
    for field in (plot.across, plot.up):
        option = QStyleOptionComboBox()
        field.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        place = field.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, field)
        assert field.fontMetrics().horizontalAdvance(field.currentText()) <= place.width() - 2
        names = [field.itemText(at) for at in range(field.count())]
        assert field.view().minimumWidth() > max(map(field.fontMetrics().horizontalAdvance, names))


def test_any_two_inputs_are_drawn_while_the_others_stay_at_their_mean(qtbot: QtBot) -> None:
    plot, document = _shown(qtbot, "iris")
    run = document.project.run
    assert run is not None
    plot.across.setCurrentIndex(2)
    plot.up.setCurrentIndex(3)
    qtbot.waitUntil(lambda: plot.plane is not None and plot.plane.names == ("petal length", "petal width"))
    _wait_until_fine(qtbot, plot)
    plane = plot.plane
    assert plane is not None
    rows = np.repeat(plane.around.inputs[plane.around.train].mean(axis=0)[None, :], 2, axis=0)
    low, high = plane.around.inputs[:, 2:].min(axis=0), plane.around.inputs[:, 2:].max(axis=0)
    rows[0, 2:], rows[1, 2:] = low - 0.08 * (high - low), high + 0.08 * (high - low)
    said = run.answer(rows)
    assert plane.answers[:, -1, 0] == pytest.approx(said[0], abs=1e-5)
    assert plane.answers[:, 0, -1] == pytest.approx(said[1], abs=1e-5)
    assert "Other inputs: mean of the training rows." in plot.words()


def test_the_others_can_stay_at_the_current_row(qtbot: QtBot) -> None:
    plot, document = _shown(qtbot, "iris")
    frame, view = _moment(document)
    plot.held.setCurrentIndex(1)
    plot.show_frame(frame, view, None)
    around = frame.surroundings
    wanted = plane_of(view.predict, around, (2, 3), around.inputs[view.row], FINE, 0)
    qtbot.waitUntil(
        lambda: (
            plot.plane is not None
            and plot.plane.answers.shape == wanted.answers.shape
            and np.allclose(plot.plane.answers, wanted.answers, atol=1e-5)
        ),
        timeout=PATIENCE,
    )
    assert "current row" in plot.words()


def test_the_same_input_is_never_drawn_against_itself(qtbot: QtBot) -> None:
    plot, _ = _shown(qtbot, "iris")
    plot.across.setCurrentIndex(1)
    plot.up.setCurrentIndex(1)
    assert (plot.across.currentText(), plot.up.currentText()) == ("sepal width", "petal length")


def test_wrong_rows_are_crossed_out(qtbot: QtBot) -> None:
    plot, document = _shown(qtbot, "spirals", epochs=5)
    run, plane = document.project.run, plot.plane
    assert run is not None
    assert plane is not None
    said = (run.answer(plane.around.inputs)[:, 0] > 0.5).astype(float)
    assert plot.chart.wrong.tolist() == np.flatnonzero(said != plane.truths).tolist()
    assert f"Crossed out: {len(plot.chart.wrong)} wrong." in plot.words()


def test_a_place_is_read_off_and_a_row_that_is_there_is_named(qtbot: QtBot) -> None:
    plot, _ = _shown(qtbot, "cars")
    plane = plot.plane
    assert plane is not None
    x, y = plane.points[0]
    reading = plot.reading_at(x, y)
    assert reading.startswith(("row: weight", "test row: weight"))
    assert " · is " in reading
    assert " · answer " in reading
    assert plot.reading_at(plane.low[0] - 1, y) == ""
    assert plot.chart.bar.isVisible()
    assert plot.chart.bar.numbers()[0] == f"{plane.truths.min():.4g}"


def test_a_click_on_a_row_chooses_it(qtbot: QtBot) -> None:
    plot, _ = _shown(qtbot, "spirals")
    plane = plot.plane
    assert plane is not None
    row = plot.chart.nearest(*plane.points[7])
    assert row is not None
    with qtbot.waitSignal(plot.rows_selected) as chosen:
        qtbot.mouseClick(_viewport(plot), Qt.MouseButton.LeftButton, pos=_place(plot, plane.points[7]))
    assert chosen.args == [(int(plane.around.rows[row]),)]


def test_what_is_at_the_pointer_stays_while_moments_come(qtbot: QtBot) -> None:
    plot, document = _shown(qtbot, "spirals")
    plane = plot.plane
    assert plane is not None
    qtbot.mouseMove(_viewport(plot), _place(plot, plane.points[7]) + QPoint(2, 0))
    qtbot.mouseMove(_viewport(plot), _place(plot, plane.points[7]))
    qtbot.waitUntil(lambda: " · is " in plot.words())
    plot.show_frame(*_moment(document), None, paced=True)
    assert " · is " in plot.words()
    QApplication.sendEvent(plot.chart, QEvent(QEvent.Type.Leave))
    assert plot.words().startswith("Ringed: test rows.")


def test_while_weights_change_nothing_fine_is_computed(qtbot: QtBot) -> None:
    document, _ = trained("cars", 3)
    plot = BoundaryPlot()
    qtbot.addWidget(plot)
    plot.resize(640, 300)
    plot.show()
    qtbot.waitExposed(plot)
    frame, view = _moment(document)
    sizes = set()
    for _ in range(8):
        plot.show_frame(frame, view, None, paced=True)
        qtbot.wait(90)
        if plot.plane is not None:
            sizes.add(plot.plane.answers.shape[1])
    assert sizes == {COARSE}
    plot.show_frame(frame, view, None)
    _wait_until_fine(qtbot, plot)


def test_the_wheel_makes_a_part_larger_and_a_double_click_shows_everything(qtbot: QtBot) -> None:
    plot, _ = _shown(qtbot, "spirals")
    plane = plot.plane
    assert plane is not None
    box = plot.chart.chart.item.getViewBox()
    whole = box.viewRange()
    place = _place(plot, (plane.low + plane.high) / 2)
    wheel = QWheelEvent(
        QPointF(place),
        QPointF(_viewport(plot).mapToGlobal(place)),
        QPoint(),
        QPoint(0, 480),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(_viewport(plot), wheel)
    assert box.viewRange()[0][1] - box.viewRange()[0][0] < 0.8 * (whole[0][1] - whole[0][0])
    # As a window system tells a double click: the second press is an event of its own.
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    qtbot.mouseClick(_viewport(plot), left, pos=place)
    again = QMouseEvent(
        QEvent.Type.MouseButtonDblClick, QPointF(place), _viewport(plot).mapToGlobal(QPointF(place)), left, left, none
    )
    QApplication.sendEvent(_viewport(plot), again)
    qtbot.mouseRelease(_viewport(plot), left, pos=place)
    np.testing.assert_allclose(box.viewRange(), whole)


def _viewport(plot: BoundaryPlot) -> QWidget:
    viewport: QWidget = plot.chart.chart.viewport()
    return viewport


def _place(plot: BoundaryPlot, point: ArrayLike) -> QPoint:
    """Return where a point of the plane is on the viewport."""
    x, y = np.asarray(point, np.float64).tolist()
    scene = plot.chart.chart.item.getViewBox().mapViewToScene(QPointF(x, y))
    place: QPoint = plot.chart.chart.mapFromScene(scene)
    return place


def test_the_surface_turns_and_keeps_its_size(qtbot: QtBot) -> None:
    plot, _ = _shown(qtbot, "spirals")
    plot.from_side.setChecked(True)
    cube = np.array([[x, y, 0.0] for x in (-1, 1) for y in (-1, 1)])
    before, _ = plot.relief.projected(cube)
    picture = plot.relief.grab().toImage()
    plot.relief.turn += 40
    after, _ = plot.relief.projected(cube)
    assert not np.allclose(before, after)
    assert np.all((after >= 0) & (after <= [plot.relief.width(), plot.relief.height()]))
    assert plot.relief.grab().toImage() != picture


def test_one_input_says_why_there_is_no_plane(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "line.csv"
    file.write_text("x,y\n" + "\n".join(f"{i % 13 / 4},{i % 13 / 3 + i % 7 / 5}" for i in range(60)), encoding="utf-8")
    document, _ = trained(file, 1)
    plot = BoundaryPlot()
    qtbot.addWidget(plot)
    plot.show()
    qtbot.waitExposed(plot)
    plot.show_frame(*_moment(document), None)
    assert "one input" in plot.sentence


def test_the_numbers_of_a_plane_are_saved(qtbot: QtBot, tmp_path: Path) -> None:
    plot, _ = _shown(qtbot, "iris")
    for suffix in (".png", ".svg", ".csv"):
        plot.save(tmp_path / f"plane{suffix}")
    table = polars.read_csv(tmp_path / "plane.csv")
    assert table.columns[:2] == ["petal length", "petal width"]
    assert table.height == FINE * FINE
    assert table.select(polars.sum_horizontal(table.columns[2:])).to_series().to_list() == pytest.approx(
        [1.0] * table.height, abs=1e-4
    )
