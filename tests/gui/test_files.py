"""Files are opened, saved and left without losing work or overwriting what nobody named."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.data import ColumnUse
from nnstudio.gui.files import with_suffix_of
from nnstudio.gui.recovery import Recovery
from nnstudio.paths import samples
from nnstudio.project import edits, open_project
from nnstudio.session import Limit
from tests.gui.conftest import Open

PATIENCE = 20_000
LOOK_MILLISECONDS = 10


class Person:
    """Answers questions in the order in which they will come."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._answers: list[QMessageBox.StandardButton | Path] = []
        self._timer = QTimer()
        self._timer.setInterval(LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._on_timeout)
        self._timer.start()

    def will_answer(self, *answers: QMessageBox.StandardButton | Path) -> None:
        """Press these buttons, and name these files."""
        self._answers.extend(answers)

    def _on_timeout(self) -> None:
        dialog = QApplication.activeModalWidget()
        if not self._answers or not isinstance(dialog, (QMessageBox, QFileDialog)):
            return
        answer = self._answers.pop(0)
        if isinstance(dialog, QMessageBox):
            assert not isinstance(answer, Path)
            self.asked.append(dialog.text())
            dialog.button(answer).click()
        else:
            self.asked.append(dialog.windowTitle())
            field = dialog.findChild(QLineEdit)
            assert isinstance(field, QLineEdit)
            field.setText(str(answer))
            dialog.accept()


@pytest.fixture
def person() -> Person:
    return Person()


def _train_a_while(qtbot: QtBot, studio: Studio) -> None:
    studio.actions["training.start"].trigger()
    qtbot.waitUntil(lambda: int(studio.window.top_bar.epoch.value().replace(",", "")) > 0, timeout=PATIENCE)


def _name_of_data(studio: Studio) -> str:
    table = studio.document.project.table
    return table.name if table is not None else ""


SAVE, DISCARD, CANCEL, NO, YES = (
    QMessageBox.StandardButton.Save,
    QMessageBox.StandardButton.Discard,
    QMessageBox.StandardButton.Cancel,
    QMessageBox.StandardButton.No,
    QMessageBox.StandardButton.Yes,
)


@pytest.mark.parametrize("leave", ["new", "open"])
def test_what_a_running_training_learned_is_asked_about(
    qtbot: QtBot, open_studio: Open, person: Person, leave: str
) -> None:
    studio = open_studio(samples() / "spirals.nns")
    _train_a_while(qtbot, studio)
    person.will_answer(CANCEL)
    files = studio.window.files
    calls: dict[str, Callable[[], None]] = {"new": files.new, "open": lambda: files.open(samples() / "iris.nns")}
    calls[leave]()
    assert len(person.asked) == 1
    assert studio.document.project.run is not None
    assert studio.document.project.table is not None
    assert studio.document.project.table.name.startswith("spirals")


def test_save_and_then_open_goes_on_to_open(qtbot: QtBot, open_studio: Open, person: Person, tmp_path: Path) -> None:
    studio = open_studio(samples() / "spirals.nns")
    path = tmp_path / "mine.nns"
    studio.document.path = path
    _train_a_while(qtbot, studio)
    person.will_answer(SAVE)
    with qtbot.waitSignal(studio.window.files.opened, timeout=PATIENCE):
        studio.window.files.open(samples() / "iris.nns")
    assert _name_of_data(studio) == "iris.csv"
    assert open_project(path).run is not None


def test_save_and_then_new_asks_where_and_goes_on_to_new(
    qtbot: QtBot, open_studio: Open, person: Person, tmp_path: Path
) -> None:
    studio = open_studio()
    studio.window.canvas.add_component("dense")
    person.will_answer(SAVE, tmp_path / "drawn")
    with qtbot.waitSignal(studio.window.files.opened, timeout=PATIENCE):
        studio.actions["file.new"].trigger()
    assert not studio.document.project.network.nodes
    assert len(open_project(tmp_path / "drawn.nns").network.nodes) == 1


def test_training_while_a_file_is_read_is_asked_about(qtbot: QtBot, open_studio: Open, person: Person) -> None:
    studio = open_studio(samples() / "spirals.nns")
    person.will_answer(CANCEL)
    studio.window.files.open(samples() / "iris.nns")
    # What was read is delivered only by the event loop, which has no turn before these steps are done.
    studio.window.control.train(Limit(steps=3))
    while studio.session.status == "running":
        pass
    qtbot.waitUntil(lambda: bool(person.asked), timeout=PATIENCE)
    assert studio.document.project.run is not None
    assert _name_of_data(studio) == "spirals.csv"


def test_unsaved_work_can_be_discarded(qtbot: QtBot, open_studio: Open, person: Person) -> None:
    studio = open_studio(samples() / "spirals.nns")
    _train_a_while(qtbot, studio)
    person.will_answer(DISCARD)
    with qtbot.waitSignal(studio.window.files.opened, timeout=PATIENCE):
        studio.window.files.open(samples() / "iris.nns")
    assert len(person.asked) == 1
    assert _name_of_data(studio) == "iris.csv"
    assert studio.session.status == "idle"


def test_saving_takes_the_mark_from_the_title_and_gives_it_the_new_name(
    qtbot: QtBot, open_studio: Open, person: Person, tmp_path: Path
) -> None:
    studio = open_studio()
    studio.window.canvas.add_component("dense")
    assert studio.window.isWindowModified()
    person.will_answer(tmp_path / "drawn.nns")
    with qtbot.waitSignal(studio.window.files.told, timeout=PATIENCE):
        studio.actions["file.saveAs"].trigger()
    assert not studio.window.isWindowModified()
    assert studio.window.windowTitle().startswith("drawn.nns[*]")


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_sample_stays_as_it_is_when_it_is_saved(
    qtbot: QtBot, open_studio: Open, person: Person, tmp_path: Path, by_hand: bool
) -> None:
    sample = samples() / "xor.nns"
    before = sample.read_bytes()
    studio = open_studio(None if by_hand else sample)
    if by_hand:
        with qtbot.waitSignal(studio.window.files.opened, timeout=PATIENCE):
            studio.window.files.open(sample)
    assert studio.document.path is None
    person.will_answer(tmp_path / "mine.nns")
    with qtbot.waitSignal(studio.window.files.saved, timeout=PATIENCE):
        studio.actions["file.save"].trigger()
    assert sample.read_bytes() == before
    assert open_project(tmp_path / "mine.nns") == studio.document.project
    assert studio.document.path == tmp_path / "mine.nns"


def test_a_dot_in_a_name_is_no_suffix(qtbot: QtBot, open_studio: Open, person: Person, tmp_path: Path) -> None:
    studio = open_studio()
    studio.window.canvas.add_component("dense")
    (tmp_path / "net v1.nns").write_text("another")
    person.will_answer(tmp_path / "net v1.2")
    with qtbot.waitSignal(studio.window.files.saved, timeout=PATIENCE):
        studio.actions["file.saveAs"].trigger()
    assert (tmp_path / "net v1.nns").read_text() == "another"
    assert open_project(tmp_path / "net v1.2.nns") == studio.document.project


def test_a_file_is_replaced_only_when_that_is_wanted(
    qtbot: QtBot, open_studio: Open, person: Person, tmp_path: Path
) -> None:
    studio = open_studio()
    studio.window.canvas.add_component("dense")
    there = tmp_path / "there.nns"
    there.write_text("another")
    person.will_answer(tmp_path / "there", NO)
    studio.actions["file.saveAs"].trigger()
    assert "there.nns is there already" in person.asked[-1]
    assert not studio.window.background.busy
    assert there.read_text() == "another"
    person.will_answer(tmp_path / "there", YES)
    with qtbot.waitSignal(studio.window.files.saved, timeout=PATIENCE):
        studio.actions["file.saveAs"].trigger()
    assert open_project(there) == studio.document.project


@pytest.mark.parametrize(
    ("name", "suffix", "wanted"),
    [
        ("net", ".nns", "net.nns"),
        ("net.NNS", ".nns", "net.NNS"),
        ("run 1.5", ".npz", "run 1.5.npz"),
        ("run 1.5", "", "run 1.5"),
        ("weights.npz", "", "weights"),
        ("weights.npz", ".npz", "weights.npz"),
    ],
)
def test_suffixes(name: str, suffix: str, wanted: str) -> None:
    assert with_suffix_of(Path(name), suffix, ("", ".npz")) == Path(wanted)


def test_work_that_was_brought_back_is_removed_once_it_is_saved_or_discarded(
    qtbot: QtBot, open_studio: Open, person: Person, tmp_path: Path
) -> None:
    first = open_studio()
    for answer in (SAVE, DISCARD):
        first.window.files.recovery = Recovery(tmp_path)
        first.window.canvas.add_component("dense")
        first.window.files.keep_unsaved()
        assert len(Recovery(tmp_path).kept()) == 1
        first.document.path = tmp_path / "mine.nns"
        person.will_answer(answer)
        with qtbot.waitSignal(first.window.files.opened, timeout=PATIENCE):
            first.actions["file.new"].trigger()
        assert Recovery(tmp_path).kept() == ()


def test_a_table_without_a_usable_input_is_told_where_the_network_would_stand(
    qtbot: QtBot, open_studio: Open, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("name,class\n" + "\n".join(f"person {i},{'ab'[i % 2]}" for i in range(60)), encoding="utf-8")
    studio = open_studio()
    window = studio.window
    with qtbot.waitSignal(window.files.opened):
        window.files.import_data(path)
    said = [label.text() for widget in (window.canvas, window.inspector) for label in widget.findChildren(QLabel)]
    reason = "people.csv is loaded, but no network can be proposed for it. No column is an input."
    assert sum(text.startswith(reason) for text in said) == 2
    assert not any("Load a CSV" in text or "Drop a CSV" in text for text in said)
    window.control.perform(edits.set_column_use(ColumnUse(name="name", kind="category", role="input")))
    said = [label.text() for widget in (window.canvas, window.inspector) for label in widget.findChildren(QLabel)]
    assert sum("nothing is drawn yet" in text for text in said) == 2
