"""Dialogs about the drawing: templates, pictures, and blocks that are kept."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from nnstudio.gui.block_library import BlockLibrary
from nnstudio.gui.canvas.canvas import Canvas
from nnstudio.gui.dialogs.export_picture import ExportPictureDialog
from nnstudio.gui.dialogs.templates import TemplatesDialog
from nnstudio.gui.pictures.pictures import Pictures
from nnstudio.gui.preferences import Preferences
from nnstudio.i18n import tr
from nnstudio.project import Document, Edit, edits
from nnstudio.project.inputs import features_of


class DrawingDialogs(QObject):
    """Opens the dialogs and does what is chosen in them.

    Parameters
    ----------
    document : Document
    perform : callable
        Does an edit.
    canvas : Canvas
    blocks : BlockLibrary
    preferences : Preferences
    window : QWidget
    """

    told = Signal(str)
    blocks_changed = Signal()

    def __init__(
        self,
        document: Document,
        perform: Callable[[Edit], None],
        canvas: Canvas,
        blocks: BlockLibrary,
        preferences: Preferences,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._document = document
        self._perform = perform
        self._canvas = canvas
        self._blocks = blocks
        self._preferences = preferences
        self._window = window

    def save_block(self) -> None:
        """Ask for a name, and keep what is selected in the palette."""
        text = self._canvas.scene.copy()
        words = tr("What shall this block be called in the palette?")
        chosen = set(self._canvas.scene.nodes)
        titles = [block.title for block in self._document.project.blocks if set(block.members) == chosen]
        typed, wanted = QInputDialog.getText(self._window, tr("Save as my block"), words, text="".join(titles[:1]))
        name = typed.strip()
        if not (text and wanted and name) or (name in self._blocks.texts() and not self._may_replace(name)):
            return
        try:
            self._blocks.save(name, text)
        except OSError as error:
            why = error.strerror or str(error)
            self.told.emit(tr("'{name}' could not be kept: {why}.").format(name=name, why=why))
            return
        self.blocks_changed.emit()
        self.told.emit(tr("'{name}' is in the palette, under My blocks.").format(name=name))

    def _may_replace(self, name: str) -> bool:
        question = tr("A block of yours is called '{name}' already. Replace it?").format(name=name)
        return QMessageBox.question(self._window, tr("NN Studio"), question) == QMessageBox.StandardButton.Yes

    def export_picture(self) -> None:
        """Let the person write the drawing as a picture."""
        project, frame = self._document.project, self._canvas.frame()
        names: dict[str, tuple[str, ...]] = {}
        if project.pipeline is not None:
            names = features_of(project.network, project.pipeline)
            ends = [a for a, b in project.network.edges if b in project.network.output_ids]
            names |= dict.fromkeys(ends, project.pipeline.class_names or project.pipeline.target_names)
        dialog = ExportPictureDialog(Pictures(self._canvas.scene, frame, names), self._preferences, self._window)
        dialog.told.connect(self.told)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def ask_template(self) -> None:
        """Let the person choose a network to begin with."""
        dialog = TemplatesDialog(self._document.project, self._window)
        if dialog.exec() and dialog.chosen:
            self._perform(edits.use_template(dialog.chosen))
            self._canvas.fit()
            self.told.emit(self._document.project.note)
        dialog.deleteLater()
