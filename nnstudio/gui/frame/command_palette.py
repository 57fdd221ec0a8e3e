"""The search over everything the menu bar offers: actions, panels, themes and files."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from nnstudio.gui.actions import NEEDS
from nnstudio.gui.frame.docks import Docks
from nnstudio.gui.widgets.search_popup import Entry, SearchPopup
from nnstudio.i18n import tr


class CommandPalette(QObject):
    """Opens the search, and does what is chosen.

    Parameters
    ----------
    bar : QMenuBar
        What it holds can be found; a panel that is found is brought to the front, never closed.
    docks : Docks
    opener : QAction
        Opens the search, and is not in it.
    window : QWidget
    """

    def __init__(self, bar: QMenuBar, docks: Docks, opener: QAction, window: QWidget) -> None:
        super().__init__(window)
        self._bar, self._docks, self._opener, self._window = bar, docks, opener, window
        self._found: dict[str, QAction] = {}
        opener.triggered.connect(self._on_wanted)

    def _on_wanted(self) -> None:
        found = [(action, path) for action, path in self._leaves() if action is not self._opener]
        keys = [action.objectName() or f"entry {number}" for number, (action, _) in enumerate(found)]
        self._found = {key: action for key, (action, _) in zip(keys, found, strict=True)}
        entries = [_entry(key, action, path) for key, (action, path) in zip(keys, found, strict=True)]
        popup = SearchPopup(tr("Do anything"), entries, self._window)
        popup.chosen.connect(self._on_chosen)
        popup.open_at(self._window.mapToGlobal(QPoint(self._window.width() // 2 - popup.width() // 2, 96)))

    def _on_chosen(self, key: str, _: str) -> None:
        action = self._found[key]
        name = self._docks.name_of(action)
        if name:
            self._docks.show(name)
        else:
            action.trigger()

    def _leaves(self) -> Iterator[tuple[QAction, tuple[str, ...]]]:
        for action in self._bar.actions():
            yield from _below(action, ())


def _below(action: QAction, path: tuple[str, ...]) -> Iterator[tuple[QAction, tuple[str, ...]]]:
    menu = action.menu()
    if isinstance(menu, QMenu):
        menu.aboutToShow.emit()  # lists that are made when they open, such as the recent files
        for inner in menu.actions():
            yield from _below(inner, (*path, action.text().replace("&", "")))
    elif not action.isSeparator():
        yield action, path


def _entry(key: str, action: QAction, path: tuple[str, ...]) -> Entry:
    text = action.text().replace("&", "")
    reason = "" if action.isEnabled() else str(action.property(NEEDS) or "") or tr("Not possible now")
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return Entry(
        key,
        text,
        reason or " › ".join(path),
        keys,
        action.icon(),
        (action.objectName(), " ".join((*path, text))),
        reason,
    )
