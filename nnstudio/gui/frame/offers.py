"""Which actions are possible at this moment, and what undo and redo would do."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from nnstudio.i18n import tr
from nnstudio.project import Document
from nnstudio.session import Session


class Offers(QObject):
    """Keeps the actions in step with document and session; those of the canvas follow its selection by themselves.

    Parameters
    ----------
    document : Document
    session : Session
    actions : mapping of str to QAction
    """

    def __init__(self, document: Document, session: Session, actions: Mapping[str, QAction], parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self._session = session
        self._actions = actions

    def refresh(self) -> None:
        """Offer what can be done now."""
        actions, document, status = self._actions, self._document, self._session.status
        for id, title, word in (
            ("edit.undo", document.undo_title, tr("Undo")),
            ("edit.redo", document.redo_title, tr("Redo")),
        ):
            actions[id].setEnabled(title is not None or (id == "edit.undo" and status == "running"))
            actions[id].setText(word if title is None else f"{word}: {tr(title)}")
            actions[id].setToolTip(f"{actions[id].text()} ({actions[id].shortcut().toString()})")
        actions["training.pause"].setEnabled(status == "running")
        actions["training.stop"].setEnabled(status != "idle")
        for id in ("training.start", "training.step", "training.epoch"):
            actions[id].setEnabled(status != "running")
        run = document.project.run
        actions["training.reset"].setEnabled(run is not None or status != "idle")
        actions["export.weights"].setEnabled(run is not None)
