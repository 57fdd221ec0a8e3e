"""The person's own blocks: whatever happens to their files, the studio opens and says what it could not do."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from nnstudio.gui.block_library import BlockLibrary
from nnstudio.paths import samples
from tests.gui.conftest import Open


def test_what_is_kept_comes_back_by_its_name(tmp_path: Path) -> None:
    library = BlockLibrary(tmp_path / "blocks")
    for name in ("two", "One", "a/b: ?", "層" * 100):
        library.save(name, f"text of {name[:3]}")
    assert list(library.texts()) == ["a/b: ?", "One", "two", "層" * 80]
    library.save("two", "other")
    assert BlockLibrary(tmp_path / "blocks").texts()["two"] == "other"
    library.remove("two")
    assert "two" not in library.texts()


@pytest.mark.parametrize("damage", ["", "{", "[1, 2]", '{"name": "x"}', "[" * 100_000, "\ud800"])
def test_a_damaged_file_is_left_out_and_left_alone(tmp_path: Path, damage: str) -> None:
    library = BlockLibrary(tmp_path)
    library.save("good", "text")
    bad = tmp_path / "bad.block.json"
    bad.write_bytes(damage.encode("utf-8", "surrogatepass"))
    assert library.texts() == {"good": "text"}
    assert bad.read_bytes() == damage.encode("utf-8", "surrogatepass")


@pytest.mark.parametrize("replaces", [True, False])
def test_another_block_of_the_same_name_is_replaced_only_where_the_person_wants_it(
    qtbot: QtBot, tmp_path: Path, open_studio: Open, replaces: bool
) -> None:
    studio = open_studio(samples() / "iris.nns")
    library = studio.window.drawing._blocks = BlockLibrary(tmp_path)
    library.save("mine", "precious")
    studio.window.canvas.scene.select(("hidden_1",))
    asked: list[str] = []

    def name() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        QTimer.singleShot(0, answer)
        dialog.setTextValue(" mine ")
        dialog.accept()

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QMessageBox)
        asked.append(dialog.text())
        button = QMessageBox.StandardButton.Yes if replaces else QMessageBox.StandardButton.No
        qtbot.mouseClick(dialog.button(button), Qt.MouseButton.LeftButton)

    QTimer.singleShot(0, name)
    studio.actions["canvas.saveBlock"].trigger()
    assert asked == ["A block of yours is called 'mine' already. Replace it?"]
    assert (library.texts()["mine"] == "precious") != replaces


def test_a_block_that_cannot_be_kept_is_told(tmp_path: Path, open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    in_the_way = tmp_path / "blocks"
    in_the_way.write_text("a file where the folder should be")
    studio.window.drawing._blocks = BlockLibrary(in_the_way)
    studio.window.canvas.scene.select(("hidden_1",))

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        dialog.setTextValue("mine")
        dialog.accept()

    QTimer.singleShot(200, answer)
    studio.actions["canvas.saveBlock"].trigger()
    assert studio.window.status.message().startswith("'mine' could not be kept: ")
