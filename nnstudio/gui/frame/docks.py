"""The docks around the canvas: which panels there are, where they start, and how they are put back."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabWidget, QWidget

from nnstudio.gui.look.motion import is_reduced, motion_signals
from nnstudio.gui.look.text_size import grown
from nnstudio.gui.widgets.still import Still

PANELS = "Panels"
"""The menu of panels that have none of their own."""

_WIDTHS = {"palette": 208, "inspector": 292}
_SHARES = {"data": 840, "boundary": 560}
_BELOW = 226
_MOST_WIDE, _MOST_TALL = 0.22, 0.34
"""Shares of the window that panels beside and below the canvas leave it, however large the letters are."""
_RAISED = ("palette", "inspector", "data", "boundary")


class Docks(QObject):
    """Places panels around the canvas of a window. The tab of a dock is its title.

    Parameters
    ----------
    window : QMainWindow
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._docks: dict[str, QDockWidget] = {}
        self._first_of_area: dict[Qt.DockWidgetArea, str] = {}
        self._menus: dict[str, list[QAction]] = {}
        self._first_layout = QByteArray()
        window.setDockNestingEnabled(True)
        window.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        window.setCorner(Qt.Corner.BottomLeftCorner, Qt.DockWidgetArea.BottomDockWidgetArea)
        window.setCorner(Qt.Corner.BottomRightCorner, Qt.DockWidgetArea.BottomDockWidgetArea)

        motion_signals.changed.connect(self._on_motion_changed)
        self._on_motion_changed()

    def add(
        self,
        name: str,
        title: str,
        widget: QWidget,
        area: Qt.DockWidgetArea,
        *,
        beside: str = "",
        behind: str = "",
        menu: str = PANELS,
        tip: str = "",
        under: str = "",
    ) -> None:
        """Add a panel.

        Parameters
        ----------
        name, title : str
        widget : QWidget
        area : Qt.DockWidgetArea
        beside : str, optional
            The panel to stand to the right of.
        behind : str, optional
            The panel whose tab its own comes after; by default the first of its area.
        menu : str, optional
            The menu in which it is opened.
        tip : str, optional
            What it is for.
        under : str, optional
            The panel to stand below of.
        """
        dock = QDockWidget(title, self._window)
        dock.setObjectName(f"{widget.objectName()}Dock")
        dock.setWidget(Still(widget))
        # The tab is the title; a dock alone in its place needs none.
        dock.setTitleBarWidget(QWidget(dock))
        self._window.addDockWidget(area, dock)
        before = behind or self._first_of_area.get(area, "")
        if beside:
            self._window.splitDockWidget(self._docks[beside], dock, Qt.Orientation.Horizontal)
        elif under:
            self._window.splitDockWidget(self._docks[under], dock, Qt.Orientation.Vertical)
        elif before:
            self._window.tabifyDockWidget(self._docks[before], dock)
        self._first_of_area.setdefault(area, name)
        self._docks[name] = dock
        dock.toggleViewAction().setToolTip(tip or title)
        self._menus.setdefault(menu, []).append(dock.toggleViewAction())

    def arrange(self, kept: tuple[QByteArray, QByteArray] | None) -> None:
        """Give all panels their first sizes, then the places in which they were left, where there are such.

        Parameters
        ----------
        kept : (geometry, state) or None
            Of the window, when it was last closed.
        """
        for name in _RAISED:
            self._docks[name].raise_()
        self._first_sizes()
        self._first_layout = self._window.saveState()
        if kept is not None:
            self._window.restoreGeometry(kept[0])
            self._window.restoreState(kept[1], self._version)

    def state(self) -> QByteArray:
        """Return the places of all panels, to be kept."""
        return self._window.saveState(self._version)

    @property
    def _version(self) -> int:
        """Another number for other panels: places that were kept before a panel existed put it anywhere."""
        return zlib.crc32(" ".join(self._docks).encode()) & 0x7FFF

    def put_back(self) -> None:
        """Put all panels where they were at first."""
        self._window.restoreState(self._first_layout)
        QTimer.singleShot(0, self._window, self._first_sizes)

    def toggles(self) -> Mapping[str, Sequence[QAction]]:
        """Return by menu an action for each panel that shows or hides it."""
        return self._menus

    def name_of(self, toggle: QAction) -> str:
        """Return which panel an action shows or hides, or nothing."""
        return next((name for name, dock in self._docks.items() if dock.toggleViewAction() is toggle), "")

    def close(self, name: str) -> None:
        """Close a panel."""
        self._docks[name].close()

    def show(self, name: str) -> None:
        """Open a panel and bring it to the front."""
        self._docks[name].show()
        self._docks[name].raise_()

    def raise_(self, name: str) -> None:
        """Bring a panel to the front of its tabs."""
        self._docks[name].raise_()

    def dock(self, name: str) -> QDockWidget:
        """Return the dock of a panel."""
        return self._docks[name]

    def is_open(self, name: str) -> bool:
        """Return whether a panel has not been closed."""
        return self._docks[name].isVisible()

    def is_seen(self, name: str) -> bool:
        """Return whether a panel is in front of its tabs."""
        return not self._docks[name].visibleRegion().isEmpty()

    def seen(self) -> list[QDockWidget]:
        """Return the docks that are in front of their tabs."""
        return [dock for name, dock in self._docks.items() if self.is_seen(name)]

    def covers(self, widget: QWidget) -> bool:
        """Return whether a widget is in a panel that lies behind another, which Qt counts as visible."""
        return any(dock.isAncestorOf(widget) and dock.visibleRegion().isEmpty() for dock in self._docks.values())

    def set_title(self, name: str, title: str) -> None:
        """Give a panel another title."""
        self._docks[name].setWindowTitle(title)

    @Slot()
    def _on_motion_changed(self) -> None:
        self._window.setAnimated(not is_reduced())

    def _first_sizes(self) -> None:
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        wide, tall = self._window.width(), self._window.height()
        for sizes, orientation, most in (
            (_WIDTHS, across, _MOST_WIDE * wide),
            (_SHARES, across, wide),
            ({"data": _BELOW}, down, _MOST_TALL * tall),
        ):
            docks = [self._docks[name] for name in sizes]
            wanted = [min(grown(size, self._window), round(most)) for size in sizes.values()]
            self._window.resizeDocks(docks, wanted, orientation)
