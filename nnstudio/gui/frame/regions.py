"""Leads the keys from one part of the window to the next: the canvas, and each panel that is seen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from nnstudio.gui.frame.docks import Docks


class Regions(QObject):
    """Gives the keys to the canvas, or to the first field of the next panel.

    Parameters
    ----------
    canvas : QWidget
        The first region.
    docks : Docks
        Each panel in front of its tabs is a region, in their order.
    actions : dict of str to QAction
    window : QWidget
    """

    def __init__(self, canvas: QWidget, docks: Docks, actions: dict[str, QAction], window: QWidget) -> None:
        super().__init__(window)
        self._canvas, self._docks = canvas, docks
        for id, move in {
            "view.toCanvas": partial(_give_keys, canvas),
            "view.nextRegion": partial(self._move, 1),
            "view.previousRegion": partial(self._move, -1),
        }.items():
            actions[id].triggered.connect(lambda _=False, move=move: move())

    def _move(self, way: int) -> None:
        """Give the keys to the next region that can take them."""
        held = QApplication.focusWidget()
        regions = [self._canvas, *self._docks.seen()]
        here = next((place for place, region in enumerate(regions) if _holds(region, held)), 0)
        for steps in range(1, len(regions)):
            target = _first_field(regions[(here + way * steps) % len(regions)])
            if target is not None:
                _give_keys(target)
                return


def _holds(region: QWidget, widget: QWidget | None) -> bool:
    return widget is not None and (region is widget or region.isAncestorOf(widget))


def _first_field(region: QWidget) -> QWidget | None:
    """Return what the Tab key would reach first in a region; None where it reaches nothing."""
    widget: QWidget | None = region
    while widget is not None and _holds(region, widget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled():
            return widget
        widget = widget.nextInFocusChain()
    return None


def _give_keys(widget: QWidget) -> None:
    widget.window().activateWindow()  # a panel may float in a window of its own
    widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
