"""A right click opens a menu everywhere, and says a thing in the words of the menu bar."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QWidget

from nnstudio.app import Studio
from nnstudio.paths import samples
from nnstudio.project import edits
from tests.gui.conftest import Open


def _opened(widget: QWidget, place: QPoint | None = None) -> list[QAction]:
    """Return what the menu holds that a right click on a widget opens."""
    found: list[list[QAction]] = []

    def look() -> None:
        menu = QApplication.activePopupWidget()
        if isinstance(menu, QMenu):
            found.append(list(_leaves(menu)))
            menu.close()

    QTimer.singleShot(0, look)
    where = widget.rect().center() if place is None else place
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(widget, QContextMenuEvent(reason, where, widget.mapToGlobal(where)))
    if not found:
        look()
    return found[0] if found else []


def _leaves(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        inner = action.menu()
        if isinstance(inner, QMenu):
            yield from _leaves(inner)
        elif not action.isSeparator():
            yield action


def _layer(studio: Studio, id: str) -> QPoint:
    canvas = studio.window.canvas
    return canvas.view.to_widget(canvas.scene.geometry.cards[id].bounds.center()).toPoint()


def _on_layer(studio: Studio) -> tuple[QWidget, QPoint | None]:
    studio.window.canvas.scene.select(("hidden_1",))
    return studio.window.canvas, _layer(studio, "hidden_1")


def _on_empty_canvas(studio: Studio) -> tuple[QWidget, QPoint | None]:
    return studio.window.canvas, QPoint(3, studio.window.canvas.height() - 3)


def _on_column(studio: Studio) -> tuple[QWidget, QPoint | None]:
    studio.window.docks.show("data")
    columns = studio.window.data.columns
    return columns.viewport(), columns.visualRect(columns.model().index(0, 0)).center()


def _on_palette(studio: Studio) -> tuple[QWidget, QPoint | None]:
    listed = studio.window.palette_panel.list
    dense = next(listed.item(row) for row in range(listed.count()) if listed.item(row).text() == "Dense")
    listed.scrollToItem(dense)
    return listed.viewport(), listed.visualItemRect(dense).center()


def _on_line(dock: str, panel: str) -> Callable[[Studio], tuple[QWidget, QPoint | None]]:
    def place(studio: Studio) -> tuple[QWidget, QPoint | None]:
        studio.window.docks.show(dock)
        listed = getattr(studio.window, panel).list
        return listed.viewport(), listed.visualItemRect(listed.item(0)).center()

    return place


def _on_problem(studio: Studio) -> tuple[QWidget, QPoint | None]:
    studio.document.apply(edits.remove_nodes(("answer",)))
    studio.window.docks.show("problems")
    card = next(card for card in studio.window.problems.findChildren(QWidget) if card.property("role") == "problem")
    return card, None


def _on_run(studio: Studio) -> tuple[QWidget, QPoint | None]:
    studio.window.docks.show("runs")
    return studio.window.time.runs.tree.viewport(), None


def _on_inspector(studio: Studio) -> tuple[QWidget, QPoint | None]:
    studio.window.canvas.scene.select(("hidden_1",))
    return studio.window.inspector.viewport(), None


def _on_panel(dock: str, panel: str) -> Callable[[Studio], tuple[QWidget, QPoint | None]]:
    def place(studio: Studio) -> tuple[QWidget, QPoint | None]:
        studio.window.docks.show(dock)
        found = studio.window.findChild(QWidget, panel)
        assert isinstance(found, QWidget)
        return found, None

    return place


def _on_bar_of_menus(studio: Studio) -> tuple[QWidget, QPoint | None]:
    return studio.window.menuBar(), None


PLACES: dict[str, Callable[[Studio], tuple[QWidget, QPoint | None]]] = {
    "layer": _on_layer,
    "empty canvas": _on_empty_canvas,
    "palette": _on_palette,
    "column": _on_column,
    "moment": _on_line("history", "history"),
    "line of the outline": _on_line("outline", "outline"),
    "problem": _on_problem,
    "inspector": _on_inspector,
    "predictions": _on_panel("predictions", "predictionsPanel"),
    "timeline": _on_panel("timeline", "timeline"),
    "run": _on_run,
    "loss": _on_panel("loss", "lossPlot"),
    "boundary": _on_panel("boundary", "boundaryPlot"),
    "bar of menus": _on_bar_of_menus,
}


@pytest.mark.parametrize("where", PLACES)
def test_a_right_click_opens_a_menu_that_speaks_like_the_menu_bar(open_studio: Open, where: str) -> None:
    studio = open_studio(samples() / "iris.nns")
    widget, place = PLACES[where](studio)
    QApplication.processEvents()
    opened = _opened(widget, place)
    assert opened, f"nothing opens on {where}"
    for action in opened:
        assert action.text().strip(), f"an entry without words on {where}"
    plain = {
        _plain(action.text()): action
        for menu in studio.window.menuBar().findChildren(QMenu)
        for action in _leaves(menu)
    }
    for action in opened:
        same = plain.get(_plain(action.text()))
        if same is not None:
            assert action.text() == same.text(), f"{action.text()!r} on {where}, {same.text()!r} in the menu bar"


def _plain(words: str) -> str:
    return words.lower().replace("&", "").rstrip("…. ")


@pytest.mark.parametrize("where", PLACES)
def test_a_menu_is_gone_when_it_is_closed(open_studio: Open, where: str) -> None:
    studio = open_studio(samples() / "iris.nns")
    widget, place = PLACES[where](studio)
    QApplication.processEvents()
    left = []
    for _ in range(3):  # the first time may make what stays for good
        assert _opened(widget, place)
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        left.append(len(studio.window.findChildren(QMenu)))
    assert left[1:] == [left[0], left[0]]


@pytest.mark.parametrize("id", ["file.template", "file.sample", "help.shortcuts"])
def test_a_dialog_is_gone_when_it_is_closed(open_studio: Open, id: str) -> None:
    studio = open_studio(samples() / "iris.nns")
    seen: list[str] = []

    def close() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        seen.append(dialog.windowTitle())
        dialog.reject()

    QTimer.singleShot(0, close)
    studio.actions[id].trigger()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert seen
    assert not studio.window.findChildren(QDialog)


def test_what_the_canvas_offers_are_the_actions_of_the_menu_bar(open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    known = set(studio.actions.values())
    widget, place = _on_empty_canvas(studio)
    assert _opened(widget, place)
    assert set(_opened(widget, place)) <= known
    widget, place = _on_layer(studio)
    words = [action.text() for action in _opened(widget, place) if action in known]
    assert {"Rename", "Cut", "Copy", "Duplicate", "Delete", "Group"} <= set(words)


def test_a_wire_offers_to_be_cut_where_the_pointer_is_on_it(open_studio: Open) -> None:
    studio = open_studio(samples() / "iris.nns")
    canvas = studio.window.canvas
    wires = canvas.scene.geometry.wires
    number = wires.edges.index(("hidden_1", "answer"))
    middle = QPointF(*wires.points[number, wires.points.shape[1] // 2].tolist())
    words = [action.text() for action in _opened(canvas, canvas.view.to_widget(middle).toPoint())]
    assert "Delete" in words
    assert canvas.scene.wire == ("hidden_1", "answer")
