"""Looks for a learning rate beside the window, and lets the person choose."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from nnstudio.engine import RangeTest, find_learning_rate
from nnstudio.errors import StudioError
from nnstudio.gui.background import Background
from nnstudio.gui.dialogs.learning_rate import LearningRateDialog
from nnstudio.i18n import tr
from nnstudio.project import Document, Edit, edits, start_training


class RateFinder(QObject):
    """Tries learning rates on the drawing and the data as they are, from the first weights.

    Parameters
    ----------
    document : Document
    perform : callable
        Does an edit.
    background : Background
    window : QWidget
    """

    told = Signal(str)

    def __init__(
        self, document: Document, perform: Callable[[Edit], None], background: Background, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document = document
        self._perform = perform
        self._background = background
        self._window = window

    def find(self) -> None:
        """Begin; a dialog opens when something was found."""
        try:
            plan = start_training(self._document.project, fresh=True).plan
        except StudioError as error:
            self.told.emit(str(error).splitlines()[0])
            return
        self.told.emit(tr("Trying learning rates…"))
        self._background.run(lambda: find_learning_rate(plan), "range test").then(self._on_found, self._on_failed)

    def _on_found(self, found: RangeTest) -> None:
        optimizer = self._document.project.settings.optimizer
        if len(found.rates) < 2 or optimizer.rate is None:
            self.told.emit(tr("The cost was no number from the first step on, so no rate can be told from another."))
            return
        self.told.emit(tr("A learning rate of {rate} looks good.").format(rate=f"{found.suggestion:.2g}"))
        dialog = LearningRateDialog(found, optimizer.rate, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._use(dialog.rate.value()))
        dialog.open()

    def _use(self, rate: float) -> None:
        settings = self._document.project.settings
        try:
            optimizer = settings.optimizer.replace(learning_rate=rate)
        except ValueError:
            self.told.emit(tr("{optimizer} takes no such rate.").format(optimizer=settings.optimizer.title))
            return
        self._perform(edits.set_settings(settings.model_copy(update={"optimizer": optimizer}), ["optimizer"]))

    def _on_failed(self, message: str, _: str) -> None:
        self.told.emit(message)
