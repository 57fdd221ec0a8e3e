"""The outline is the network as text: in step after every edit, and one can work in it by keys alone."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from nnstudio.engine.layers.dropout import Dropout
from nnstudio.gui.panels.outline import OutlinePanel, describe
from nnstudio.paths import samples
from nnstudio.project import Document, Edit, edits
from tests.gui.conftest import Open
from tests.gui.trained import loaded


def in_step(panel: OutlinePanel, document: Document) -> bool:
    """Return whether every layer is told with its shape, its parameters and its wires, in the order of the flow."""
    network = document.project.network
    behind = [node.id for node in network.nodes if node.id not in network.order]
    wanted = [describe(network, id) for id in (*network.order, *behind)]
    lines = panel.lines()
    return len(lines) == len(wanted) and all(line.startswith(words) for line, words in zip(lines, wanted, strict=True))


def test_the_text_follows_every_edit_and_every_undo(qtbot: QtBot) -> None:
    document = loaded("iris")
    panel = OutlinePanel(document, document.apply)
    qtbot.addWidget(panel)
    done: tuple[Edit, ...] = (
        edits.set_units("hidden_1", 5),
        edits.add_node(Dropout(), (0.0, 0.0), "hidden_1"),
        edits.disconnect("input", "hidden_1"),
        edits.rename("answer", "the end"),
        edits.remove_nodes(("hidden_1",)),
        edits.connect("input", "answer"),
    )
    seen = [panel.lines()]
    for edit in done:
        document.apply(edit)
        assert in_step(panel, document)
        seen.append(panel.lines())
    assert len(set(seen)) == len(seen)
    for lines in reversed(seen[:-1]):
        document.undo()
        assert panel.lines() == lines


def test_a_problem_is_read_out_with_its_layer(qtbot: QtBot) -> None:
    document = loaded("iris")
    panel = OutlinePanel(document, document.apply)
    qtbot.addWidget(panel)
    assert not any("Problem" in line for line in panel.lines())
    document.apply(edits.set_units("answer", 2))
    wrong = [problem for problem in document.project.problems() if problem.node == "answer"]
    assert wrong
    assert any(wrong[0].what in line for line in panel.lines())


def test_the_selection_goes_both_ways(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    window, panel = studio.window, studio.window.outline
    window.docks.show("outline")
    window.canvas.select(("answer",))
    chosen = [item.text() for item in panel.list.selectedItems()]
    assert chosen == ["answer"]
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Up)
    assert window.canvas.selection() == ("hidden_1",)


def test_a_layer_is_renamed_and_removed_by_keys(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    window, panel = studio.window, studio.window.outline
    window.docks.show("outline")
    window.canvas.select(("hidden_1",))
    panel.list.setFocus()
    panel.list.editItem(panel.list.currentItem())
    editor = panel.list.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "middle")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: studio.document.project.network.node("hidden_1").name == "middle")
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert "hidden_1" not in studio.document.project.network
    assert len(panel.lines()) == len(studio.document.project.network.nodes)


def test_a_right_click_opens_the_menu_of_the_canvas_for_that_layer(open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    window, panel = studio.window, studio.window.outline
    window.docks.show("outline")
    window.canvas.select(("answer",))
    place = panel.list.visualItemRect(panel.list.currentItem()).center()
    seen: list[list[str]] = []

    def look() -> None:
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        seen.append([action.text() for action in menu.actions() if action.text()])
        menu.close()

    QTimer.singleShot(200, look)
    panel.list.customContextMenuRequested.emit(place)
    (words,) = seen
    assert studio.actions["edit.duplicate"].text() in words
    assert words == [action.text() for action in window.canvas_actions.menu().actions() if action.text()]


def test_a_block_has_a_line_above_its_layers_and_chooses_them(qtbot: QtBot, open_studio: Open) -> None:
    studio = open_studio(samples() / "spirals.nns")
    window, panel = studio.window, studio.window.outline
    window.docks.show("outline")
    studio.document.apply(edits.group(("hidden_1", "hidden_2"), "Middle"))
    titles = [panel.list.item(row).text() for row in range(panel.list.count())]
    at = titles.index("Middle")
    assert panel.lines()[at] == "Block Middle: 2 layers."
    names = {studio.document.project.network.node(id).name for id in ("hidden_1", "hidden_2")}
    assert set(titles[at + 1 : at + 3]) == names
    line = panel.list.visualItemRect(panel.list.item(at))
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=line.center())
    assert set(window.canvas.selection()) == {"hidden_1", "hidden_2"}
    # From the block's own line the arrow goes to its first layer.
    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    assert window.canvas.selection() == ("hidden_1",)
    panel.list.item(at).setText("Core")
    assert studio.document.project.blocks[0].title == "Core"
    studio.actions["edit.undo"].trigger()
    studio.actions["edit.undo"].trigger()
    assert "Middle" not in [panel.list.item(row).text() for row in range(panel.list.count())]
