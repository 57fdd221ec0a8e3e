"""Chooses how the network becomes a picture or a table, shows it, and writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from nnstudio.engine import Network
from nnstudio.errors import StudioError
from nnstudio.gui.pictures.drawing import Picture, to_image, write_picture
from nnstudio.i18n import tr
from nnstudio.project import write_atomically
from nnstudio.project.layer_table import to_csv, to_markdown

_PREVIEW = QSize(520, 380)
_TABLE = "table"


class Source(Protocol):
    """Makes the pictures."""

    @property
    def network(self) -> Network:
        """The network that is drawn."""

    @property
    def titles(self) -> dict[str, str]:
        """What each picture is called, by its key."""

    def make(self, key: str, background: str) -> tuple[Picture, QColor | None]:
        """Return a picture and the colour behind it."""


class ExportPictureDialog(QDialog):
    """A preview at the left, the choices at the right.

    Parameters
    ----------
    source : Source
    folder : str
        Where the file dialog begins.
    """

    told = Signal(str)

    def __init__(self, source: Source, folder: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportPicture")
        self.setWindowTitle(tr("Export picture"))
        self._source = source
        self._folder = folder
        self.what = _choice(tr("What"), {**source.titles, _TABLE: tr("Table of the layers")})
        self.format = _choice(tr("Format"), {})
        self.background = _choice(
            tr("Background"), {"white": tr("White"), "theme": tr("As the canvas"), "none": tr("None")}
        )
        self.scale = _choice(tr("Size"), {"1": tr("1 ×"), "2": tr("2 ×"), "4": tr("4 ×")})
        self.scale.setCurrentIndex(1)
        self._preview = QLabel()
        self._preview.setFixedSize(_PREVIEW)
        self._preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._preview.setWordWrap(True)
        self._preview.setProperty("role", "dim")
        self._preview.setAccessibleName(tr("Preview"))
        form = QFormLayout()
        for title, field in (
            (tr("What"), self.what),
            (tr("Format"), self.format),
            (tr("Background"), self.background),
            (tr("Size"), self.scale),
        ):
            form.addRow(title, field)
        copy = QPushButton(tr("Copy"))
        copy.setToolTip(tr("Put the picture or the table on the clipboard"))
        copy.clicked.connect(self.copy)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Close)
        buttons.accepted.connect(self._ask_save)
        buttons.rejected.connect(self.reject)
        side = QVBoxLayout()
        side.addLayout(form)
        side.addStretch()
        side.addWidget(copy)
        side.addWidget(buttons)
        layout = QHBoxLayout(self)
        layout.addWidget(self._preview, 1)
        layout.addLayout(side)
        for field in (self.what, self.background):
            field.currentIndexChanged.connect(self._refresh)
        self._refresh()

    def copy(self) -> None:
        """Put what is shown on the clipboard."""
        if self._is_table:
            QApplication.clipboard().setText(self._table())
            self.told.emit(tr("The table is on the clipboard."))
            return
        try:
            drawing, background = self._source.make(self.what.currentData(), self.background.currentData())
            QApplication.clipboard().setImage(to_image(drawing, background, float(self.scale.currentData())))
        except StudioError as error:
            self._preview.setText(str(error))
            return
        self.told.emit(tr("The picture is on the clipboard."))

    def write(self, path: Path) -> bool:
        """Write what is shown to a file; return whether that was possible, else say why not."""
        try:
            if self._is_table:
                write_atomically(path, self._table().encode())
            else:
                drawing, background = self._source.make(self.what.currentData(), self.background.currentData())
                write_picture(drawing, path, background, float(self.scale.currentData()))
        except (StudioError, OSError) as error:
            self._preview.setText(tr("It was not written: {error}").format(error=error))
            return False
        self.told.emit(tr("Written to {name}.").format(name=path.name))
        return True

    @property
    def _is_table(self) -> bool:
        return bool(self.what.currentData() == _TABLE)

    def _table(self) -> str:
        return (to_csv if self.format.currentData() == "csv" else to_markdown)(self._source.network)

    def _ask_save(self) -> None:
        ending = str(self.format.currentData())
        name, _ = QFileDialog.getSaveFileName(
            self, tr("Export picture"), str(Path(self._folder) / f"network.{ending}"), f"{ending} (*.{ending})"
        )
        if name:
            path = Path(name)
            if self.write(path if path.suffix else path.with_suffix(f".{ending}")):
                self.accept()

    def _refresh(self) -> None:
        formats = {"md": "Markdown", "csv": "CSV"} if self._is_table else {"svg": "SVG", "pdf": "PDF", "png": "PNG"}
        if [self.format.itemData(row) for row in range(self.format.count())] != list(formats):
            self.format.clear()
            for key, title in formats.items():
                self.format.addItem(title, key)
        self.background.setEnabled(not self._is_table)
        self.scale.setEnabled(not self._is_table)
        if not self._source.network.nodes:
            self._preview.setText(tr("The canvas is empty: there is nothing to draw."))
        elif self._is_table:
            self._preview.setText(self._table())
        else:
            drawing, background = self._source.make(self.what.currentData(), self.background.currentData())
            place = drawing.bounds
            fits = min(_PREVIEW.width() / (place.width() + 60), _PREVIEW.height() / (place.height() + 60), 2.0)
            ratio = self.devicePixelRatioF()
            picture = QPixmap.fromImage(to_image(drawing, background, fits * ratio))
            picture.setDevicePixelRatio(ratio)
            self._preview.setPixmap(picture)


def _choice(name: str, titles: dict[str, str]) -> QComboBox:
    field = QComboBox()
    field.setAccessibleName(name)
    for key, title in titles.items():
        field.addItem(title, key)
    return field
