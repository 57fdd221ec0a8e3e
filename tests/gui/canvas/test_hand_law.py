"""A hand that does anything on the canvas, in any order, meets no fault, and all that shows the drawing is in step."""

import random
from collections.abc import Callable

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from nnstudio.app import Studio
from nnstudio.components import members
from nnstudio.gui import mime
from nnstudio.paths import samples
from nnstudio.project import edits
from tests.gui.conftest import Open

STEPS = 90
MOST_NODES = 24
LEFT = Qt.MouseButton.LeftButton
NONE, SHIFT, ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
)
KEYS = (
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
    *(Qt.Key.Key_Delete, Qt.Key.Key_Escape, Qt.Key.Key_Space),
)
ACTIONS = (
    *("edit.undo", "edit.undo", "edit.redo", "edit.delete", "edit.cut", "edit.copy", "edit.paste", "edit.duplicate"),
    *("edit.selectAll", "edit.group", "edit.ungroup", "canvas.fold", "canvas.layout", "canvas.addNote", "view.wires"),
    *("view.fit", "view.fitSelection", "view.zoomIn", "view.zoomOut", "view.weights", "view.activations"),
)


class Hand:
    """Does something by chance; the same for the same seed."""

    def __init__(self, qtbot: QtBot, studio: Studio, seed: int) -> None:
        self._qtbot = qtbot
        self._studio = studio
        self._canvas = studio.window.canvas
        self._chance = random.Random(seed)

    def act(self) -> None:
        """Do one thing."""
        doings: tuple[Callable[[], None], ...] = (self._drag, self._drag, self._click, self._double_click)
        more = (self._ask_for_menu, self._drop, self._press_key, self._trigger, self._trigger, self._mend)
        self._chance.choice((*doings, *more))()
        QApplication.processEvents()
        if len(self._studio.document.project.network.nodes) > MOST_NODES:
            ids = [node.id for node in self._studio.document.project.network.nodes[MOST_NODES // 2 :]]
            self._studio.window.perform(edits.remove_nodes(ids))

    def _place(self) -> QPoint:
        """Return a place on the canvas, likelier on something than on nothing."""
        canvas, chance = self._canvas, self._chance
        cards, wires = list(canvas.scene.geometry.cards.values()), canvas.scene.geometry.wires
        found = [
            QPointF(*wires.points[number][along].tolist()) for number in range(len(wires.edges)) for along in (2, 16)
        ]
        for card in cards:
            found += [card.rect.center(), card.input_port, card.output_port, card.caption.center()]
            found += [tile.rect.center() for tile in card.tiles[:2]]
        if found and chance.random() < 0.85:
            return canvas.view.to_widget(chance.choice(found)).toPoint()
        return QPoint(chance.randrange(canvas.width()), chance.randrange(canvas.height()))

    def _drag(self) -> None:
        start, end = self._place(), self._place()
        self._qtbot.mousePress(self._canvas, LEFT, self._chance.choice((NONE, NONE, SHIFT)), start)
        for share in (0.4, 1.0):
            self._qtbot.mouseMove(self._canvas, start + (end - start) * share)
        if self._chance.random() < 0.2:  # something comes between
            self._trigger()
        self._qtbot.mouseRelease(self._canvas, LEFT, pos=end)

    def _click(self) -> None:
        self._qtbot.mouseClick(self._canvas, LEFT, self._chance.choice((NONE, NONE, SHIFT)), self._place())

    def _double_click(self) -> None:
        self._qtbot.mouseDClick(self._canvas, LEFT, pos=self._place())
        search = QApplication.activePopupWidget()
        if search is not None:
            self._qtbot.keyClick(QApplication.focusWidget() or search, Qt.Key.Key_Escape)
        self._canvas.setFocus()

    def _ask_for_menu(self) -> None:
        """See what can be done with each thing."""
        self._canvas.pointing.select_at(QPointF(self._place()))
        for key in sorted(self._canvas.scene.geometry.everything):
            self._canvas.scene.select({key})
            menu = self._studio.window.canvas_actions.menu()
            assert menu.actions()
            menu.deleteLater()

    def _drop(self) -> None:
        data = QMimeData()
        data.setData(mime.COMPONENT, self._chance.choice(members("layers")).key.encode())
        place = QPointF(self._place())
        self._canvas.dropEvent(QDropEvent(place, Qt.DropAction.CopyAction, data, LEFT, NONE))

    def _press_key(self) -> None:
        self._qtbot.keyClick(self._canvas, self._chance.choice(KEYS), self._chance.choice((NONE, NONE, SHIFT, ALT)))

    def _trigger(self) -> None:
        self._studio.actions[self._chance.choice(ACTIONS)].trigger()

    def _mend(self) -> None:
        fixes = [fix for problem in self._studio.document.project.problems() for fix in problem.fixes]
        if fixes:
            self._studio.window.perform(edits.apply_fix(self._chance.choice(fixes)))


@pytest.mark.parametrize("seed", range(3))
def test_whatever_a_hand_does_all_is_in_step(qtbot: QtBot, open_studio: Open, seed: int) -> None:
    studio = open_studio(samples() / "spirals.nns", size=(1300, 850))
    start, document, scene = studio.document.project, studio.document, studio.window.canvas.scene
    hand = Hand(qtbot, studio, seed)
    for _ in range(STEPS):
        hand.act()
        project = document.project
        assert scene.geometry.network is project.network
        assert scene.selected <= scene.geometry.everything
        assert scene.wire is None or scene.wire in scene.geometry.wires
        assert set(scene.problems) == {scene.geometry.key_of(one.node) for one in project.problems() if one.node}
        assert studio.window.problems.problems() == project.problems()
        assert studio.window.outline.list.count() == len(project.network.nodes) + len(project.blocks)
        assert studio.window.history.list.count() == 1 + len(document.past) + len(document.future)
    studio.window.canvas.grab()
    studio.window.control.travel(0)
    assert document.project == start
