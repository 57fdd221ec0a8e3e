"""The network is shown with any row of the table, the next wrong one, or one made by hand with sliders and a pad."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QComboBox, QScrollArea, QSlider
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.data import ColumnUse, table_from_rows
from nnstudio.gui.look.sight import is_seen
from nnstudio.gui.widgets.answer_bars import AnswerBars, Bar
from nnstudio.gui.widgets.drawing_pad import DrawingPad
from nnstudio.paths import samples
from nnstudio.project import Edit, Project, edits
from tests.gui.conftest import Open
from tests.session.doctor.sicknesses import project_of, table_of


def trained(qtbot: QtBot, open_studio: Open, sample: str, epochs: int) -> Studio:
    studio = open_studio(samples() / f"{sample}.nns")
    with qtbot.waitSignal(studio.window.control.committed, timeout=30_000):
        studio.window.train_epochs(epochs)
    studio.window.docks.show("row")
    qtbot.waitUntil(studio.window.row_panel.isVisible)
    studio.window.row.follow()
    return studio


def answer_of(studio: Studio, words: dict[str, str]) -> dict[str, float]:
    """Return the shares that the project itself predicts."""
    (said,) = studio.document.project.predict([words])
    return {name.removeprefix("probability "): value for name, value in said.items() if name.startswith("probability")}


def shown_shares(studio: Studio) -> dict[str, float]:
    return {bar.name: bar.share or 0.0 for bar in studio.window.row_panel.answer.bars}


def test_sliders_make_a_row_and_the_answer_is_that_of_the_run(qtbot: QtBot, open_studio: Open) -> None:
    studio = trained(qtbot, open_studio, "iris", 30)
    panel = studio.window.row_panel
    before = shown_shares(studio)
    values = {"sepal length": "5.1", "sepal width": "3.4", "petal length": "1.4", "petal width": "0.2"}
    assert set(panel.fields) == set(values)
    field = panel.fields["petal length"]
    slider = field.findChild(QSlider)
    assert slider is not None
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_End)
    assert panel.title.text() == "made by hand"
    words = {name: panel.fields[name].word() or "" for name in values}
    assert float(words["petal length"]) > 6.9
    shares = answer_of(studio, words)
    assert shown_shares(studio) != before
    for name, share in shown_shares(studio).items():
        assert abs(share - shares[name]) < 1e-4


def test_rows_are_walked_and_the_next_wrong_one_is_wrong(qtbot: QtBot, open_studio: Open) -> None:
    studio = trained(qtbot, open_studio, "iris", 3)
    panel, stage = studio.window.row_panel, studio.window.stage
    first = panel.title.text()
    qtbot.mouseClick(panel.after, Qt.MouseButton.LeftButton)
    assert panel.title.text() != first
    qtbot.mouseClick(panel.before, Qt.MouseButton.LeftButton)
    assert panel.title.text() == first
    wrong = set(stage.wrong_rows().tolist())
    assert wrong
    seen = set()
    for _ in range(len(wrong)):
        studio.actions["training.nextWrong"].trigger()
        seen.add(stage.row)
        shares = shown_shares(studio)
        said = max(shares, key=lambda name: shares[name])
        assert not panel.title.text().endswith(f"truth: {said}")
    assert seen == wrong


def test_an_answer_behind_another_panel_waits_until_it_is_seen(qtbot: QtBot, open_studio: Open) -> None:
    studio = trained(qtbot, open_studio, "iris", 2)
    window = studio.window
    qtbot.waitUntil(lambda: bool(shown_shares(studio)))
    before = shown_shares(studio)
    window.docks.show("problems")
    qtbot.waitUntil(lambda: not is_seen(window.row_panel))
    with qtbot.waitSignal(window.control.committed, timeout=30_000):
        window.train_epochs(20)
    qtbot.waitUntil(lambda: studio.session.status == "paused")
    assert shown_shares(studio) == before
    window.docks.show("row")
    qtbot.waitUntil(lambda: shown_shares(studio) != before)
    answer = window.stage.answer()
    assert answer is not None
    assert list(shown_shares(studio).values()) == pytest.approx(answer.tolist())


def test_what_is_drawn_on_the_pad_is_what_the_network_sees(qtbot: QtBot, open_studio: Open) -> None:
    studio = trained(qtbot, open_studio, "digits", 3)
    panel = studio.window.row_panel
    assert panel.pad.isVisible()
    qtbot.mouseClick(panel.clear, Qt.MouseButton.LeftButton)
    assert not panel.pad.pixels.any()
    place = panel.pad.rect().center()
    qtbot.mousePress(panel.pad, Qt.MouseButton.LeftButton, pos=place - QPoint(0, 40))
    qtbot.mouseMove(panel.pad, place + QPoint(0, 40))
    qtbot.mouseRelease(panel.pad, Qt.MouseButton.LeftButton, pos=place + QPoint(0, 40))
    frame = studio.window.canvas.frame()
    assert frame is not None
    project = studio.document.project
    assert project.pipeline is not None
    assert project.table is not None
    names = [name for name in project.table.column_names if name not in project.pipeline.target_names]
    words = {name: f"{16 * value:.6g}" for name, value in zip(names, panel.pad.pixels.ravel(), strict=True)}
    shares = answer_of(studio, words)
    assert max(abs(share - shares[name]) for name, share in shown_shares(studio).items()) < 1e-4


def test_all_ten_answers_are_seen_in_a_low_panel(qtbot: QtBot) -> None:
    bars, area = AnswerBars(), QScrollArea()
    bars.show_bars([Bar(str(digit), "10.0%", 0.1, QColor("black")) for digit in range(10)])
    area.setWidgetResizable(True)
    area.setWidget(bars)
    qtbot.addWidget(area)
    area.resize(220, 10 * bars.fontMetrics().height() + 50)
    area.show()
    assert area.verticalScrollBar().maximum() == 0
    assert bars.sizeHint().height() > area.height()


def test_a_picture_is_drawn_and_cleared_by_keys(qtbot: QtBot) -> None:
    pad = DrawingPad()
    qtbot.addWidget(pad)
    pad.show_pixels(np.zeros((4, 4)))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space):
        qtbot.keyClick(pad, key)
    assert pad.pixels[1, 1] == 1
    assert pad.pixels.sum() == 1
    qtbot.keyClick(pad, Qt.Key.Key_Space)
    assert pad.pixels.sum() == 0
    qtbot.mouseClick(pad, Qt.MouseButton.LeftButton)
    assert pad.pixels.max() > 0.5
    qtbot.mouseClick(pad, Qt.MouseButton.RightButton)
    assert pad.pixels.max() < 0.5
    qtbot.keyClick(pad, Qt.Key.Key_Delete)
    assert pad.pixels.sum() == 0


def test_a_category_is_chosen_among_the_words_of_training(open_studio: Open) -> None:
    stream = np.random.default_rng(0)
    kind = np.where(stream.random(90) < 0.5, "metal", "wood")
    table = table_of({"kind": kind, "weight": stream.random(90), "price": np.where(kind == "metal", 10.0, 3.0)})
    project: Project = project_of(table, "price", [])
    studio = open_studio()
    studio.document.apply(Edit("Begin", lambda _: project))
    studio.window.docks.show("row")
    choice = studio.window.row_panel.fields["kind"].findChild(QComboBox)
    assert choice is not None
    assert [choice.itemText(index) for index in range(choice.count())] == ["metal", "wood"]
    stage = studio.window.stage
    choice.setCurrentIndex(0)
    metal = stage.answer()
    choice.setCurrentIndex(1)
    wood = stage.answer()
    assert metal is not None
    assert wood is not None
    assert not np.allclose(metal, wood)


def test_a_number_that_is_missing_stays_missing_until_it_is_chosen(open_studio: Open) -> None:
    stream = np.random.default_rng(0)
    size = [None, *stream.uniform(10, 20, 79).tolist()]
    weight = stream.random(80)
    project = project_of(table_of({"size": size, "weight": weight, "price": 3 * weight}), "price", [])
    studio = open_studio()
    studio.document.apply(Edit("Begin", lambda _: project))
    studio.window.docks.show("row")
    studio.window.row.choose(1)
    fields = studio.window.row_panel.fields
    assert fields["size"].word() is None
    slider = fields["weight"].findChild(QSlider)
    assert slider is not None
    slider.setValue(300)
    assert fields["size"].word() is None
    other = fields["size"].findChild(QSlider)
    assert other is not None
    other.setValue(50)
    assert fields["size"].word() is not None


def test_a_point_on_the_boundary_becomes_the_current_row_also_where_it_was_trained_on(open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    stage, around = studio.window.stage, studio.window.stage.surroundings
    assert around is not None
    trained_on = int(np.flatnonzero(around.train)[3])
    studio.window.boundary.rows_selected.emit((int(around.rows[trained_on]),))
    assert stage.row == trained_on


def test_the_boundary_follows_the_row_that_is_chosen(qtbot: QtBot, open_studio: Open) -> None:
    studio = trained(qtbot, open_studio, "iris", 3)
    window = studio.window
    window.docks.show("boundary")
    qtbot.waitUntil(lambda: window.boundary.is_seen and window.boundary.plane is not None, timeout=10_000)
    before = window.boundary.plane
    window.row.choose(7)
    qtbot.waitUntil(lambda: window.boundary.plane is not before, timeout=10_000)
    assert window.stage.view is not None
    assert window.stage.view.row == window.stage.row


def test_of_very_many_columns_the_first_have_fields_and_the_others_stay_as_in_the_row(
    qtbot: QtBot, open_studio: Open
) -> None:
    studio = open_studio()
    window, panel = studio.window, studio.window.row_panel
    count = 260
    rows = [
        {
            **{f"c{place}": f"{row * (place + 1) * 0.3719 % 1 - 0.2:.2f}" for place in range(count)},
            "kind": "ab"[row % 2],
        }
        for row in range(40)
    ]
    studio.document.apply(edits.set_table(table_from_rows(rows)))
    assert len(panel.fields) == 200
    made: list[dict[str, str | None]] = []
    panel.made.connect(made.append)
    window.row.choose(8)
    slider = panel.fields["c3"].findChild(QSlider)
    assert slider is not None
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    assert panel.title.text() == "made by hand"
    assert len(made[0]) == count
    assert made[0]["c259"] == rows[7]["c259"]


def test_a_row_of_very_wide_data_that_is_not_held_is_told(open_studio: Open) -> None:
    rows = [{"size": i % 13, "name": f"word {i % 4_000}", "class": "ab"[i % 2]} for i in range(8_000)]
    project = edits.set_table(table_from_rows(rows), "class").apply(Project())
    project = edits.set_column_use(ColumnUse(name="name", kind="category", role="input")).apply(project)
    studio = open_studio()
    fitted = edits.fit_ends().apply(project)
    studio.document.apply(Edit("Begin", lambda _: fitted))
    window = studio.window
    around = window.stage.surroundings
    assert around is not None
    assert around.is_sample
    shown = window.stage.row
    missing = next(row for row in range(8_000) if row not in set(around.rows.tolist()))
    window.row.choose(project.table.file_row(missing) if project.table is not None else 0)
    assert window.stage.row == shown
    assert f"is not among the {len(around.rows):,} rows that are held ready: all 8,000" in window.status.message()
    held = int(around.rows[7])
    window.row.choose(project.table.file_row(held) if project.table is not None else 0)
    assert window.stage.row == 7
