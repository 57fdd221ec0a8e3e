"""The menu bar, made of the actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QMenuBar

from nnstudio.gui.look.motion import reduce_motion
from nnstudio.gui.preferences import Preferences
from nnstudio.i18n import tr

LENSES = ("view.activations", "view.weights", "view.gradients", "view.changes")

MENUS = {
    "&File": (
        "file.new",
        "file.template",
        "file.open",
        "file.sample",
        "data.import",
        "",
        "file.save",
        "file.saveAs",
        "export.weights",
        "export.picture",
        "",
    ),
    "&Edit": (
        "edit.undo",
        "edit.redo",
        "",
        "edit.cut",
        "edit.copy",
        "edit.paste",
        "edit.duplicate",
        "edit.delete",
        "edit.selectAll",
    ),
    "&Canvas": (
        "canvas.quickAdd",
        "canvas.connect",
        "canvas.addNote",
        "canvas.rename",
        "",
        "edit.group",
        "edit.ungroup",
        "canvas.fold",
        "canvas.saveBlock",
        "",
        "canvas.layout",
        "canvas.find",
    ),
    "&View": (
        "view.fit",
        "view.fitSelection",
        "view.zoomIn",
        "view.zoomOut",
        "view.wires",
        "",
        *LENSES,
        "view.pin",
        "",
        "view.toCanvas",
        "view.nextRegion",
        "view.previousRegion",
        "",
    ),
    "&Training": (
        "training.start",
        "training.pause",
        "training.row",
        "training.step",
        "training.epoch",
        "training.toEpoch",
        "training.untilCost",
        "training.stop",
        "",
        "training.reset",
        "training.newWeights",
        "",
        "training.findRate",
        "training.nextWrong",
    ),
    "&Help": ("help.commands", "help.shortcuts"),
}
"""Titles and ids of actions; an empty id is a line between groups."""

THEMES = (("system", "As the system"), ("light", "Light"), ("dark", "Dark"), ("contrast", "High contrast"))


class Menus(QObject):
    """Fills a menu bar; what is not an action of the window is told by a signal.

    Parameters
    ----------
    bar : QMenuBar
    actions : dict of str to QAction
    panels : mapping of str to sequence of QAction
        By menu, what shows or hides a panel each.
    preferences : Preferences
    """

    file_chosen = Signal(object)
    theme_chosen = Signal(str)
    layout_reset = Signal()
    quit_wanted = Signal()

    def __init__(
        self,
        bar: QMenuBar,
        actions: dict[str, QAction],
        panels: Mapping[str, Sequence[QAction]],
        preferences: Preferences,
    ) -> None:
        super().__init__(bar)
        self._preferences = preferences
        menus = {title: bar.addMenu(tr(title)) for title in MENUS}
        for title, ids in MENUS.items():
            for id in ids:
                if id:
                    menus[title].addAction(actions[id])
                else:
                    menus[title].addSeparator()
        self._recent = menus["&File"].addMenu(tr("Recent files"))
        self._recent.aboutToShow.connect(self._fill_recent)
        menus["&File"].addSeparator()
        menus["&File"].addAction(tr("Quit"), self.quit_wanted.emit)
        for title, toggles in panels.items():
            shown = menus["&View"].addMenu(tr(title))
            shown.setToolTipsVisible(True)
            shown.addActions(list(toggles))
        menus["&View"].addAction(tr("Put all panels back"), self.layout_reset.emit)
        self._add_themes(menus["&View"])
        self._add_motion(menus["&View"])

    def _add_themes(self, menu: QMenu) -> None:
        themes = menu.addMenu(tr("Theme"))
        group = QActionGroup(self)
        for name, title in THEMES:
            action = QAction(tr(title), self, checkable=True)
            action.setChecked(self._preferences.theme == name)
            action.triggered.connect(partial(self._on_theme, name))
            group.addAction(action)
            themes.addAction(action)

    def _add_motion(self, menu: QMenu) -> None:
        action = QAction(tr("Reduce motion"), self, checkable=True)
        action.setObjectName("view.reduceMotion")
        action.setToolTip(tr("Let nothing glide or slide; everything is at its place at once"))
        action.setChecked(self._preferences.reduced_motion)
        action.toggled.connect(self._on_motion)
        menu.addAction(action)

    def _on_motion(self, reduced: bool) -> None:
        self._preferences.reduced_motion = reduced
        reduce_motion(reduced)

    def _on_theme(self, name: str, _: bool = False) -> None:
        self.theme_chosen.emit(name)

    def _fill_recent(self) -> None:
        self._recent.clear()
        for path in self._preferences.recent:
            action = self._recent.addAction(path.name)
            action.setToolTip(str(path))
            action.triggered.connect(partial(self._on_recent, path))
        if self._recent.isEmpty():
            self._recent.addAction(tr("None yet")).setEnabled(False)

    def _on_recent(self, path: object, _: bool = False) -> None:
        self.file_chosen.emit(path)
