"""A network is drawn with mouse and keys as in the best editors, and what is seen is what the document holds."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.engine.layers.conv2d import Conv2d
from nnstudio.engine.layers.dropout import Dropout
from nnstudio.gui import mime
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.canvas.gestures import RubberBand
from nnstudio.gui.canvas.text_editors import TitleEditor
from nnstudio.gui.look.theme import theme
from nnstudio.gui.preferences import Preferences
from nnstudio.gui.widgets.search_popup import SearchPopup
from nnstudio.paths import samples
from nnstudio.project import COLOURS, Document, Edit, Project, edits
from tests.gui.canvas.painted import check_picture
from tests.gui.conftest import Open


@pytest.fixture
def studio(open_studio: Open) -> Studio:
    studio = open_studio(samples() / "spirals.nns")
    studio.window.canvas.setFocus()
    return studio


def _canvas(studio: Studio) -> Canvas:
    return studio.window.canvas


def _drag(qtbot: QtBot, canvas: Canvas, start: QPoint, end: QPoint) -> None:
    left = Qt.MouseButton.LeftButton
    qtbot.mousePress(canvas, left, pos=start)
    for share in (0.3, 0.7, 1.0):
        qtbot.mouseMove(canvas, start + (end - start) * share)
    qtbot.mouseRelease(canvas, left, pos=end)


def _popup() -> SearchPopup:
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, SearchPopup)
    return popup


def test_typing_on_the_canvas_finds_a_layer_and_wires_it_after_the_selection(qtbot: QtBot, studio: Studio) -> None:
    canvas, document = _canvas(studio), studio.document
    canvas.select(("hidden_1",))
    qtbot.keyClick(canvas, "d")
    popup = _popup()
    qtbot.keyClicks(popup.line, "ense 12 tanh")
    assert popup.keys()[0] == "dense"
    qtbot.keyClick(popup.line, Qt.Key.Key_Return)
    (added,) = canvas.selection()
    layer = document.project.network.node(added).layer.model_dump()
    assert layer["units"] == 12
    assert layer["activation"]["type"] == "tanh"
    assert {("hidden_1", added), (added, "hidden_2")} <= set(document.project.network.edges)
    assert ("hidden_1", "hidden_2") not in document.project.network.edges
    studio.actions["edit.undo"].trigger()
    assert ("hidden_1", "hidden_2") in document.project.network.edges


def test_a_double_click_on_a_wire_puts_a_layer_into_it(qtbot: QtBot, studio: Studio) -> None:
    canvas = _canvas(studio)
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.places.wire("answer", "output"))
    qtbot.keyClicks(_popup().line, "bn")
    qtbot.keyClick(_popup().line, Qt.Key.Key_Return)
    edges = studio.document.project.network.edges
    assert ("answer", "batch_normalization_1") in edges
    assert ("batch_normalization_1", "output") in edges


def test_a_layer_from_the_palette_goes_into_the_selected_wire(studio: Studio) -> None:
    canvas = _canvas(studio)
    canvas.scene.select_wire(("hidden_2", "answer"))
    canvas.add_component("dropout")
    assert {("hidden_2", "dropout_1"), ("dropout_1", "answer")} <= set(studio.document.project.network.edges)


def test_a_layer_that_is_not_known_here_is_told_when_it_is_dropped(studio: Studio) -> None:
    before, data = studio.document.project, QMimeData()
    data.setData(mime.COMPONENT, b"dence")
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    event = QDropEvent(QPointF(200, 150), copy, data, left, Qt.KeyboardModifier.NoModifier)
    _canvas(studio).dropEvent(event)
    assert studio.document.project is before
    assert "There is no 'dence' among the layers. Did you mean 'dense'" in studio.window.status.message()


def test_a_block_of_ones_own_is_found_beside_the_layers(qtbot: QtBot, studio: Studio) -> None:
    canvas, before = _canvas(studio), len(studio.document.project.network.nodes)
    canvas.select(("hidden_1", "hidden_2"))
    studio.window.blocks.save("My twins", canvas.scene.copy())
    canvas.scene.select(())
    qtbot.keyClick(canvas, "t")
    qtbot.keyClicks(_popup().line, "wins")
    assert _popup().keys()[0] == "block:My twins"
    qtbot.keyClick(_popup().line, Qt.Key.Key_Return)
    assert len(studio.document.project.network.nodes) == before + 2
    studio.window.blocks.remove("My twins")


def test_the_search_begins_with_favourites_and_what_was_used_last(qtbot: QtBot, studio: Studio) -> None:
    preferences = Preferences()
    preferences.remember_layer("lstm")
    preferences.toggle_favourite("dropout")
    studio.actions["canvas.quickAdd"].trigger()
    assert _popup().keys()[:2] == ("dropout", "lstm")
    qtbot.keyClick(_popup().line, Qt.Key.Key_Escape)
    preferences.toggle_favourite("dropout")


def test_escape_closes_the_search_and_nothing_is_added(qtbot: QtBot, studio: Studio) -> None:
    before = studio.document.project
    qtbot.keyClick(_canvas(studio), "x")
    qtbot.keyClick(_popup().line, Qt.Key.Key_Escape)
    assert QApplication.activePopupWidget() is None
    assert studio.document.project is before


def test_what_is_copied_can_be_pasted_in_another_window_and_mailed(open_studio: Open, studio: Studio) -> None:
    _canvas(studio).select(("hidden_1", "hidden_2"))
    studio.actions["edit.copy"].trigger()
    text = QApplication.clipboard().text()
    assert '"dense"' in text
    other = open_studio()
    other.actions["edit.paste"].trigger()
    network = other.document.project.network
    assert len(network.nodes) == 2
    assert len(network.edges) == 1
    QApplication.clipboard().setText("just a letter")
    other.actions["edit.paste"].trigger()
    assert other.document.project.network == network
    assert other.window.status.message()


def test_cut_and_duplicate_are_one_step_of_undo_each(studio: Studio) -> None:
    document, before = studio.document, studio.document.project
    _canvas(studio).select(("hidden_2",))
    studio.actions["edit.duplicate"].trigger()
    assert len(document.project.network.nodes) == len(before.network.nodes) + 1
    studio.actions["edit.undo"].trigger()
    assert document.project == before
    _canvas(studio).select(("hidden_2",))
    studio.actions["edit.cut"].trigger()
    assert "hidden_2" not in document.project.network
    assert ("hidden_1", "answer") in document.project.network.edges
    studio.actions["edit.undo"].trigger()
    assert document.project == before


def test_a_block_folds_into_one_card_and_opens_again(qtbot: QtBot, studio: Studio) -> None:
    canvas, document = _canvas(studio), studio.document
    canvas.select(("hidden_1", "hidden_2"))
    studio.actions["edit.group"].trigger()
    (block,) = document.project.blocks
    studio.actions["canvas.fold"].trigger()
    cards = canvas.scene.geometry.cards
    assert set(cards) == {"input", f"block:{block.id}", "answer", "output"}
    assert cards[f"block:{block.id}"].note == "2 layers"
    assert set(canvas.scene.geometry.wires.ends) == {
        ("input", f"block:{block.id}"),
        (f"block:{block.id}", "answer"),
        ("answer", "output"),
    }
    place = canvas.view.to_widget(cards[f"block:{block.id}"].rect.center()).toPoint()
    qtbot.mouseDClick(canvas, Qt.MouseButton.LeftButton, pos=place)
    assert "hidden_1" in canvas.scene.geometry.cards
    studio.actions["edit.ungroup"].trigger()
    assert not document.project.blocks


def test_the_space_bar_pans_no_longer_when_the_keys_have_gone_elsewhere(qtbot: QtBot, studio: Studio) -> None:
    canvas, left = _canvas(studio), Qt.MouseButton.LeftButton
    canvas.window().activateWindow()
    qtbot.waitUntil(canvas.hasFocus)
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    before = canvas.middle
    _drag(qtbot, canvas, QPoint(4, 4), QPoint(40, 30))
    assert canvas.middle != before
    studio.window.palette_panel.search.setFocus()
    before = canvas.middle
    _drag(qtbot, canvas, QPoint(4, 4), QPoint(40, 30))
    assert canvas.middle == before
    qtbot.mousePress(canvas, left, pos=QPoint(4, 4))
    assert isinstance(canvas.pointing.gesture, RubberBand)
    qtbot.mouseRelease(canvas, left, pos=QPoint(4, 4))


def test_several_blocks_are_folded_and_dissolved_in_one_step_each(studio: Studio) -> None:
    canvas, document = _canvas(studio), studio.document
    for ids in (("hidden_1",), ("hidden_2", "answer")):
        document.apply(edits.group(ids, " ".join(ids)))
    grouped = document.project
    canvas.select(("hidden_1", "answer"))
    studio.actions["canvas.fold"].trigger()
    assert [block.collapsed for block in document.project.blocks] == [True, True]
    assert canvas.selection() == ("hidden_1", "hidden_2", "answer")
    assert canvas.scene.wire is None
    assert document.undo_title == "Fold 2 blocks"
    studio.actions["edit.undo"].trigger()
    assert document.project == grouped
    canvas.select(("hidden_1", "answer"))
    studio.actions["edit.ungroup"].trigger()
    assert not document.project.blocks
    studio.actions["edit.undo"].trigger()
    assert document.project == grouped


def test_the_end_of_a_wire_is_dragged_elsewhere(qtbot: QtBot, studio: Studio) -> None:
    canvas, document = _canvas(studio), studio.document
    _drag(qtbot, canvas, canvas.places.input_port("answer"), canvas.places.grip("hidden_1"))
    assert ("hidden_2", "answer") in document.project.network.edges  # that would close a circle
    places = canvas.places
    _drag(qtbot, canvas, places.input_port("hidden_2"), places.grip("answer"))
    assert ("hidden_1", "hidden_2") not in document.project.network.edges
    assert ("hidden_1", "answer") in document.project.network.edges
    studio.actions["edit.undo"].trigger()
    assert ("hidden_1", "hidden_2") in document.project.network.edges


def test_a_click_on_the_end_of_a_wire_selects_it_and_changes_nothing(qtbot: QtBot, studio: Studio) -> None:
    canvas, before = _canvas(studio), studio.document.project
    wires = canvas.scene.geometry.wires
    end = QPointF(*wires.points[wires.number(("answer", "output"))][-1])
    near = (canvas.view.to_widget(end) - QPointF(15, 0)).toPoint()
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=near)
    assert studio.document.project is before
    assert canvas.scene.wire == ("answer", "output")
    assert len(canvas.pointing.handles()) == 2


@pytest.mark.parametrize("scale", [0.3, 1.0, 2.5])
def test_the_end_of_a_wire_is_taken_from_some_pixels_away_whatever_the_zoom(
    qtbot: QtBot, studio: Studio, scale: float
) -> None:
    canvas = _canvas(studio)
    canvas.zoom(scale / canvas.view.scale)
    wires = canvas.scene.geometry.wires
    end = QPointF(*wires.points[wires.number(("answer", "output"))][-1])
    canvas.pan(canvas.middle - end)
    near = (canvas.view.to_widget(end) - QPointF(12, 0)).toPoint()
    qtbot.mouseMove(canvas, near + QPoint(90, 90))
    qtbot.mouseMove(canvas, near)
    assert canvas.cursor().shape() == Qt.CursorShape.CrossCursor
    _drag(qtbot, canvas, near, near + QPoint(0, 130))
    assert ("answer", "output") not in studio.document.project.network.edges


def test_only_ports_that_can_take_the_wire_are_lit_and_a_doubt_is_told(qtbot: QtBot, studio: Studio) -> None:
    canvas, document = _canvas(studio), studio.document
    document.apply(edits.add_node(Conv2d(), (0.0, 260.0)))
    canvas.fit()
    conv = next(node.id for node in document.project.network.nodes if node.layer.key == "conv2d")
    cards = canvas.scene.geometry.cards
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=canvas.places.output_port("hidden_1"))
    qtbot.mouseMove(canvas, canvas.places.grip(conv))
    gesture = canvas.pointing.gesture
    assert gesture is not None
    landings = {landing.port.toTuple(): landing.fits for landing in gesture.landings()}
    assert landings == {
        cards["answer"].input_port.toTuple(): True,
        cards["output"].input_port.toTuple(): True,
        cards[conv].input_port.toTuple(): False,
    }
    key, words = gesture.remark()
    assert key == conv
    assert words.startswith("Shapes do not fit yet: ")
    qtbot.mouseMove(canvas, canvas.places.grip("answer"))
    assert gesture.remark() == ("answer", "It takes the place of the wire that is there.")
    qtbot.mouseMove(canvas, canvas.places.grip(conv))
    document_before = document.project
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=canvas.places.grip(conv))
    assert document.project is not document_before
    assert any(problem.node == conv for problem in document.project.problems())


def test_the_label_of_a_wire_that_goes_round_cards_stands_on_it(studio: Studio) -> None:
    canvas = _canvas(studio)
    studio.document.apply(edits.connect("input", "answer"))
    geometry = canvas.scene.geometry
    number = geometry.wires.number(("input", "answer"))
    (pill,) = geometry.pills([number])
    nearest = min((QPointF(*point) - pill.centre).manhattanLength() for point in geometry.wires.points[number].tolist())
    assert nearest < 30
    assert not any(card.rect.contains(pill.centre) for card in geometry.cards.values())


def test_what_was_taken_back_is_done_again_by_the_keys_of_either_habit(qtbot: QtBot, studio: Studio) -> None:
    control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
    studio.window.perform(edits.add_node(Dropout(), (0.0, 900.0)))
    done = studio.document.project
    for key, keys in ((Qt.Key.Key_Y, control), (Qt.Key.Key_Z, control | shift)):
        qtbot.keyClick(_canvas(studio), Qt.Key.Key_Z, control)
        assert studio.document.project is not done
        qtbot.keyClick(_canvas(studio), key, keys)
        assert studio.document.project is done


def test_edges_between_neurons_do_not_run_across_the_cards_that_their_wire_goes_round(studio: Studio) -> None:
    scene = _canvas(studio).scene

    def joined() -> set[tuple[str, str]]:
        return {(bundle.source, bundle.target) for bundle in scene.synapses.bundles}

    assert joined() == {("input", "hidden_1"), ("hidden_1", "hidden_2"), ("hidden_2", "answer")}
    studio.window.perform(edits.connect("hidden_1", "answer"))
    assert ("hidden_1", "answer") in scene.geometry.network.edges
    assert joined() == {("input", "hidden_1"), ("hidden_1", "hidden_2")}


def test_what_comes_over_the_edge_of_the_canvas_moves_the_drawing_only_where_it_covers_it(studio: Studio) -> None:
    canvas = _canvas(studio)
    canvas.fit()
    before = canvas.view.offset
    above = round(canvas.view.to_widget(canvas.scene.geometry.bounds.topLeft()).y())
    canvas.leave_free(top=above - 4)
    assert canvas.view.offset == before
    canvas.leave_free(top=above + 4)
    assert canvas.view.offset != before
    assert canvas.view.to_widget(canvas.scene.geometry.bounds.topLeft()).y() >= above + 4


def test_undo_selects_what_it_brings_back_or_changes(studio: Studio) -> None:
    canvas = _canvas(studio)
    canvas.select(("hidden_2",))
    studio.actions["edit.delete"].trigger()
    canvas.select(("output",))
    studio.actions["edit.undo"].trigger()
    assert canvas.selection() == ("hidden_2",)
    studio.document.apply(edits.set_units("hidden_1", 3))
    canvas.select(("output",))
    studio.actions["edit.undo"].trigger()
    assert canvas.selection() == ("hidden_1",)


def test_a_command_that_is_not_possible_says_what_it_needs(qtbot: QtBot, studio: Studio) -> None:
    canvas = _canvas(studio)
    canvas.scene.select(())
    studio.actions["help.commands"].trigger()
    qtbot.keyClicks(_popup().line, "ungroup")
    words = [
        str(_popup().list.item(row).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(_popup().list.count())
    ]
    assert any("Select a layer of a block first" in line for line in words)


def test_who_looks_at_the_history_goes_on_doing_so(qtbot: QtBot, studio: Studio) -> None:
    canvas, docks = _canvas(studio), studio.window.docks
    docks.show("history")
    qtbot.waitUntil(lambda: docks.is_seen("history"))
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.places.grip("hidden_1"))
    assert canvas.selection() == ("hidden_1",)
    assert docks.is_seen("history")
    docks.show("training")
    qtbot.waitUntil(lambda: docks.is_seen("training"))
    qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=canvas.places.grip("hidden_2"))
    qtbot.waitUntil(lambda: docks.is_seen("inspector"))


def test_a_loose_layer_dropped_on_a_wire_goes_into_it_in_one_step(qtbot: QtBot, studio: Studio) -> None:
    canvas, document = _canvas(studio), studio.document
    place = canvas.view.to_scene(QPointF(canvas.width() / 2, 40))
    studio.window.perform(edits.add_node(Dropout(), place.toTuple()))
    before = document.project
    rect = canvas.scene.geometry.cards["dropout_1"].rect
    start = canvas.view.to_widget(rect.center()).toPoint()
    _drag(qtbot, canvas, start, canvas.places.wire("answer", "output"))
    assert {("answer", "dropout_1"), ("dropout_1", "output")} <= set(document.project.network.edges)
    studio.actions["edit.undo"].trigger()
    assert document.project == before


def test_a_dragged_card_falls_into_line_with_another(qtbot: QtBot, studio: Studio) -> None:
    canvas, document = _canvas(studio), studio.document
    studio.window.perform(edits.move_nodes({"input": (document.project.positions["input"][0], 37.0)}))
    target = document.project.positions["answer"][1]
    start = canvas.places.grip("input")
    by = QPoint(0, round((target - 37.0 + 3) * canvas.view.scale))
    _drag(qtbot, canvas, start, start + by)
    assert document.project.positions["input"][1] == pytest.approx(target, abs=0.01)


def test_a_note_is_written_moved_coloured_and_removed(qtbot: QtBot, studio: Studio) -> None:
    canvas, document = _canvas(studio), studio.document
    studio.actions["canvas.addNote"].trigger()
    editor = QApplication.focusWidget()
    assert editor is not None
    qtbot.keyClicks(editor, "why tanh?")
    qtbot.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (note,) = document.project.notes
    assert note.text == "why tanh?"
    canvas.scene.select({f"note:{note.id}"})
    canvas.scene.colour(COLOURS[1])
    qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    (moved,) = document.project.notes
    assert moved.colour == COLOURS[1]
    assert moved.place[0] == note.place[0] + 8
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert not document.project.notes


def test_a_layer_is_found_and_another_connected_by_keys(qtbot: QtBot, studio: Studio) -> None:
    canvas = _canvas(studio)
    studio.actions["canvas.find"].trigger()
    qtbot.keyClicks(_popup().line, "hidden 1")
    qtbot.keyClick(_popup().line, Qt.Key.Key_Return)
    assert canvas.selection() == ("hidden_1",)
    studio.actions["canvas.connect"].trigger()
    popup = _popup()
    assert popup.keys().index("answer") < popup.keys().index("input")  # what cannot be joined comes last
    qtbot.keyClicks(popup.line, "answer")
    qtbot.keyClick(popup.line, Qt.Key.Key_Return)
    assert ("hidden_1", "answer") in studio.document.project.network.edges


def test_every_action_is_in_the_list_of_commands(qtbot: QtBot, studio: Studio) -> None:
    studio.actions["help.commands"].trigger()
    popup = _popup()
    assert set(studio.actions) - {"help.commands"} <= set(popup.keys())
    qtbot.keyClicks(popup.line, "select all")
    qtbot.keyClick(popup.line, Qt.Key.Key_Return)
    assert len(_canvas(studio).selection()) == len(studio.document.project.network.nodes)


def test_panels_and_themes_are_among_the_commands_and_a_panel_comes_to_the_front(qtbot: QtBot, studio: Studio) -> None:
    docks = studio.window.docks
    docks.raise_("inspector")
    for _ in range(2):  # once it is in front, being asked for again does not close it
        studio.actions["help.commands"].trigger()
        qtbot.keyClicks(_popup().line, "history")
        qtbot.keyClick(_popup().line, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: docks.is_seen("history"))
    studio.actions["help.commands"].trigger()
    qtbot.keyClicks(_popup().line, "high contrast")
    qtbot.keyClick(_popup().line, Qt.Key.Key_Return)
    assert theme().name == "contrast"
    studio.actions["help.commands"].trigger()
    qtbot.keyClicks(_popup().line, "theme light")
    qtbot.keyClick(_popup().line, Qt.Key.Key_Return)
    assert theme().name == "light"


def test_arrows_walk_shift_extends_and_the_menu_key_has_the_words_of_the_menu_bar(qtbot: QtBot, studio: Studio) -> None:
    canvas = _canvas(studio)
    for _ in range(3):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.selection() == ("hidden_2",)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.selection() == ("hidden_2", "answer")
    menu = studio.window.canvas_actions.menu()
    assert studio.actions["edit.duplicate"] in menu.actions()
    assert studio.actions["edit.group"] in menu.actions()


def test_the_minimap_shows_while_a_part_is_out_of_sight_and_leads_there(qtbot: QtBot, studio: Studio) -> None:
    canvas = _canvas(studio)
    minimap = canvas.minimap
    assert not minimap.isVisible()
    canvas.zoom(3)
    assert minimap.isVisible()
    before = canvas.middle
    qtbot.mouseClick(minimap, Qt.MouseButton.LeftButton, pos=QPoint(minimap.width() - 20, minimap.height() // 2))
    assert canvas.middle.x() > before.x()
    canvas.fit()
    assert not minimap.isVisible()


STEPS: tuple[Edit, ...] = (
    edits.set_units("hidden_1", 5),
    edits.rename("hidden_2", "second"),
    edits.remove_nodes(("hidden_1",)),
    edits.connect("input", "answer"),
    edits.disconnect("answer", "output"),
    edits.add_note("see here", (40.0, 320.0)),
    edits.group(("input", "hidden_2"), "front"),
    edits.move_nodes({"answer": (512.0, 96.0)}),
)


def test_the_picture_is_the_document_after_every_edit(qtbot: QtBot, studio: Studio) -> None:
    document = Document(Project(**dict(studio.document.project)))
    canvas = Canvas(document, document.apply)
    qtbot.addWidget(canvas)
    for edit in STEPS:
        document.apply(edit)
        check_picture(canvas, document.project)
    for _ in STEPS:
        document.undo()
        check_picture(canvas, document.project)


def test_ends_that_are_added_suit_the_data(qtbot: QtBot, studio: Studio) -> None:
    canvas = _canvas(studio)
    canvas.scene.select_all()
    studio.actions["edit.delete"].trigger()
    for typed in ("input", "output"):
        studio.actions["canvas.quickAdd"].trigger()
        qtbot.keyClicks(_popup().line, typed)
        qtbot.keyClick(_popup().line, Qt.Key.Key_Return)
    network = studio.document.project.network
    assert network.shapes()["input"] == (2,)
    assert network.output.cost.key == "binary_cross_entropy"
    canvas.scene.select(())
    studio.actions["canvas.quickAdd"].trigger()
    qtbot.keyClicks(_popup().line, "input 28 28 1")
    qtbot.keyClick(_popup().line, Qt.Key.Key_Return)
    assert (28, 28, 1) in studio.document.project.network.shapes().values()


def test_a_layer_that_is_added_has_room(qtbot: QtBot, studio: Studio) -> None:
    canvas = _canvas(studio)
    for _ in range(3):
        canvas.scene.select(("hidden_1",))
        studio.actions["canvas.quickAdd"].trigger()
        qtbot.keyClicks(_popup().line, "dense 12")
        qtbot.keyClick(_popup().line, Qt.Key.Key_Return)
    canvas.scene.select_all()
    studio.actions["edit.duplicate"].trigger()
    studio.actions["edit.copy"].trigger()
    studio.actions["edit.paste"].trigger()
    cards = list(canvas.scene.geometry.cards.values())
    assert len(cards) == 8 * 3
    for at, card in enumerate(cards):
        for other in cards[:at]:
            assert not card.rect.intersects(other.rect), (card.title, other.title)


def test_a_high_layer_finds_room_at_its_own_size_and_is_brought_into_sight(qtbot: QtBot, studio: Studio) -> None:
    canvas = _canvas(studio)
    for typed in ("dense 300", "output", "dense 40"):
        canvas.scene.select(())
        studio.actions["canvas.quickAdd"].trigger()
        qtbot.keyClicks(_popup().line, typed)
        qtbot.keyClick(_popup().line, Qt.Key.Key_Return)
        (added,) = canvas.selection()
        card = canvas.scene.geometry.cards[added]
        for other in canvas.scene.geometry.cards.values():
            assert other is card or not card.bounds.intersects(other.bounds), (typed, other.title)
        assert canvas.view.shows(card.bounds, QRectF(canvas.rect()))


def test_each_copy_that_is_pasted_is_seen(studio: Studio) -> None:
    canvas = _canvas(studio)
    canvas.scene.select(("hidden_1",))
    studio.actions["edit.copy"].trigger()
    for _ in range(4):
        studio.actions["edit.paste"].trigger()
        assert canvas.view.shows(canvas.scene.selection_bounds(), QRectF(canvas.rect()))


def test_a_circle_is_refused_and_the_reason_stays_to_be_read(qtbot: QtBot, studio: Studio) -> None:
    canvas = _canvas(studio)
    cards = canvas.scene.geometry.cards
    start = canvas.view.to_widget(cards["answer"].output_port).toPoint()
    end = canvas.view.to_widget(cards["hidden_1"].input_port).toPoint()
    before = studio.document.project
    output = canvas.view.transform().mapRect(cards["output"].rect).toRect()
    canvas.window().activateWindow()
    qtbot.waitUntil(canvas.hasFocus)
    seen = canvas.grab(output).toImage()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(canvas, (start + end) / 2)
    qtbot.mouseMove(canvas, end)
    assert canvas.grab(output).toImage() == seen  # the words hide what is below them, and nothing else
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)
    assert studio.document.project is before
    assert "circle" in studio.window.status.message()
    studio.window.perform(edits.add_node(Dropout(), (0.0, 900.0)))
    assert studio.window.status.message() == "", "something was done since"


def test_a_block_is_named_at_once(qtbot: QtBot, studio: Studio) -> None:
    canvas = _canvas(studio)
    canvas.scene.select(("hidden_1", "answer"))
    studio.actions["edit.group"].trigger()
    editor = next(editor for editor in canvas.findChildren(TitleEditor) if editor.isVisible())
    qtbot.keyClicks(editor, "the core")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert [block.title for block in studio.document.project.blocks] == ["the core"]
