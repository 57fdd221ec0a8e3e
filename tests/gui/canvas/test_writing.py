"""What is being written over the canvas is never lost, and never lands in another place."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.gui.canvas.geometry import note_rect
from nnstudio.gui.canvas.text_editors import NoteEditor, TitleEditor
from nnstudio.gui.recovery import Recovery
from nnstudio.paths import samples
from nnstudio.project import edits, open_project, save_project
from tests.gui.conftest import Open

PATIENCE = 20_000


def _opened(tmp_path: Path, open_studio: Open, sample: str = "iris") -> tuple[Studio, Path]:
    path = tmp_path / f"{sample}.nns"
    save_project(open_project(samples() / f"{sample}.nns"), path)
    return open_studio(path), path


def _editor(studio: Studio, kind: type[QWidget]) -> QWidget:
    (found,) = [editor for editor in studio.window.canvas.findChildren(kind) if editor.isVisible()]
    return found


def _rename(studio: Studio, words: str) -> QWidget:
    studio.window.canvas.scene.select(("hidden_1",))
    studio.actions["canvas.rename"].trigger()
    editor = _editor(studio, TitleEditor)
    QTest.keyClicks(editor, words)
    return editor


def test_saving_while_a_title_is_written_saves_the_title(qtbot: QtBot, tmp_path: Path, open_studio: Open) -> None:
    studio, path = _opened(tmp_path, open_studio)
    _rename(studio, "written")
    with qtbot.waitSignal(studio.window.files.saved, timeout=PATIENCE):
        studio.actions["file.save"].trigger()
    assert open_project(path).network.node("hidden_1").title == "written"
    assert studio.document.saved


def test_a_fresh_note_in_which_nothing_is_written_goes_as_if_it_had_never_been(
    qtbot: QtBot, tmp_path: Path, open_studio: Open
) -> None:
    studio, _ = _opened(tmp_path, open_studio)
    before, past = studio.document.project, studio.document.past
    studio.actions["canvas.addNote"].trigger()
    qtbot.keyClick(_editor(studio, NoteEditor), Qt.Key.Key_Escape)
    assert studio.document.project is before
    assert studio.document.past == past
    assert studio.document.saved
    for _ in range(2):
        studio.actions["canvas.addNote"].trigger()
        editor = _editor(studio, NoteEditor)
        qtbot.keyClicks(editor, "why?")
        qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert [note.text for note in studio.document.project.notes] == ["why?", "why?"]


def test_closing_while_a_note_is_written_brings_the_note_back(tmp_path: Path, open_studio: Open) -> None:
    studio, _ = _opened(tmp_path, open_studio)
    studio.window.files.recovery = Recovery(tmp_path / "kept")
    studio.actions["canvas.addNote"].trigger()
    QTest.keyClicks(_editor(studio, NoteEditor), "important words")
    studio.window.close()
    kept = Recovery(tmp_path / "kept").bring_back()
    assert kept is not None
    assert [note.text for note in kept.notes] == ["important words"]


def test_a_title_that_is_written_does_not_land_in_another_file(qtbot: QtBot, tmp_path: Path, open_studio: Open) -> None:
    studio, path = _opened(tmp_path, open_studio)
    other = tmp_path / "other.nns"
    save_project(open_project(samples() / "wine.nns"), other)
    _rename(studio, "mine")
    with qtbot.waitSignal(studio.window.files.saved, timeout=PATIENCE):
        studio.window.files.save()
    with qtbot.waitSignal(studio.window.files.opened, timeout=PATIENCE):
        studio.window.files.open(other)
    assert not [editor for editor in studio.window.canvas.findChildren(TitleEditor) if editor.isVisible()]
    assert all(node.title != "mine" for node in studio.document.project.network.nodes)
    assert open_project(path).network.node("hidden_1").title == "mine"


def test_keys_of_the_canvas_do_not_act_while_a_title_is_written(
    qtbot: QtBot, tmp_path: Path, open_studio: Open
) -> None:
    studio, _ = _opened(tmp_path, open_studio)
    with qtbot.waitActive(studio.window):
        studio.window.activateWindow()
    acted: list[str] = []
    for id, action in studio.actions.items():
        action.triggered.connect(lambda _=False, id=id: acted.append(id))
    QTest.keyClick(studio.window.canvas, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    assert acted == []  # nothing is selected that could be duplicated
    QTest.keyClick(studio.window.canvas, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert acted == ["edit.selectAll"]
    before = studio.document.project
    editor = _rename(studio, "abc")
    acted.clear()
    for id, action in studio.actions.items():
        keys = action.shortcut()
        ends_it = keys.toString() == "Ctrl+Return"
        if id.startswith(("canvas.", "edit.")) and keys.toString().startswith("Ctrl+") and not ends_it:
            QTest.keySequence(editor, keys)
    assert acted == []
    assert studio.document.project is before
    assert editor.isVisible()


def test_moving_the_view_keeps_what_was_written(tmp_path: Path, open_studio: Open) -> None:
    studio, _ = _opened(tmp_path, open_studio)
    editor = _rename(studio, "kept")
    studio.actions["view.zoomIn"].trigger()
    assert not editor.isVisible()
    assert studio.document.project.network.node("hidden_1").title == "kept"


def test_only_the_button_that_began_a_drag_ends_it(qtbot: QtBot, tmp_path: Path, open_studio: Open) -> None:
    studio, _ = _opened(tmp_path, open_studio)
    canvas, before = studio.window.canvas, studio.document.project
    card = canvas.scene.geometry.cards["hidden_1"]
    start = canvas.view.to_widget(card.rect.topLeft()).toPoint() + QPoint(6, 6)
    left, right = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
    qtbot.mousePress(canvas, left, pos=start)
    qtbot.mouseMove(canvas, start + QPoint(40, 30))
    qtbot.mouseRelease(canvas, right, pos=start + QPoint(40, 30))
    assert studio.document.project is before
    qtbot.mouseMove(canvas, start + QPoint(80, 60))
    qtbot.mouseRelease(canvas, left, pos=start + QPoint(80, 60))
    assert studio.document.project.positions["hidden_1"] != before.positions["hidden_1"]
    assert len(studio.document.past) == 1


def test_the_menu_of_a_note_says_that_its_words_are_written(tmp_path: Path, open_studio: Open) -> None:
    studio, _ = _opened(tmp_path, open_studio)
    scene, rename = studio.window.canvas.scene, studio.actions["canvas.rename"]
    key = scene.add_note(studio.window.canvas.middle)
    menu = studio.window.canvas_actions.menu()
    assert menu.actions()[0].text() == "Write in the note"
    rename.trigger()
    assert _editor(studio, NoteEditor).isVisible()
    scene.select({key, "hidden_1"})
    assert not rename.isEnabled()
    scene.select(("hidden_1",))
    assert rename.text() == "Rename"


def test_the_sheet_of_a_note_grows_with_its_words_and_stays_on_the_canvas(tmp_path: Path, open_studio: Open) -> None:
    studio, _ = _opened(tmp_path, open_studio)
    studio.actions["canvas.addNote"].trigger()
    editor = _editor(studio, NoteEditor)
    assert isinstance(editor, NoteEditor)
    first, scroll = editor.height(), editor.verticalScrollBar()
    for line in range(9):
        QTest.keyClicks(editor, f"line {line}")
        QTest.keyClick(editor, Qt.Key.Key_Return)
    assert editor.height() > first
    assert scroll.maximum() == 0  # all that was written is seen
    editor.insertPlainText("more\n" * 200)
    assert studio.window.canvas.rect().contains(editor.geometry())
    assert scroll.maximum() > 0


def test_a_note_is_high_enough_for_what_was_written_and_does_not_shrink(tmp_path: Path, open_studio: Open) -> None:
    studio, _ = _opened(tmp_path, open_studio)
    scene = studio.window.canvas.scene
    studio.actions["canvas.addNote"].trigger()
    (first,) = scene.geometry.notes.values()
    for words, grows in (("short", False), ("more\n" * 12, True), ("short again", False)):
        (before,) = scene.geometry.notes.values()
        studio.window.canvas.writing.note(before.id)
        editor = _editor(studio, NoteEditor)
        assert isinstance(editor, NoteEditor)
        editor.setPlainText(words)
        editor.keep()
        (after,) = scene.geometry.notes.values()
        assert after.text == words
        assert (after.size[1] > before.size[1]) is grows
        assert note_rect(after).topLeft() == note_rect(first).topLeft()
        assert after.size[0] == first.size[0]
        assert studio.document.past[-1] in ("Add a note", "Change a note")


def test_a_note_above_a_card_grows_upwards(tmp_path: Path, open_studio: Open) -> None:
    studio, _ = _opened(tmp_path, open_studio)
    canvas, scene = studio.window.canvas, studio.window.canvas.scene
    card = scene.geometry.cards["hidden_1"].bounds
    studio.document.apply(edits.add_note("", (card.center().x(), card.top() - 60)))
    (note,) = scene.geometry.notes.values()
    canvas.writing.note(note.id)
    editor = _editor(studio, NoteEditor)
    assert isinstance(editor, NoteEditor)
    editor.setPlainText("more\n" * 12)
    editor.keep()
    (grown,) = scene.geometry.notes.values()
    assert grown.size[1] > note.size[1]
    assert note_rect(grown).bottomLeft() == note_rect(note).bottomLeft()
    assert not note_rect(grown).intersects(card)
