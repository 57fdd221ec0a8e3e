"""Chooses how the network becomes a picture or a table, shows it, and writes it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QByteArray, QMimeData, Qt, Signal
from PySide6.QtGui import QColor, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from nnstudio.engine import Network
from nnstudio.errors import StudioError
from nnstudio.gui.pictures.drawing import Picture, size_in_words, to_image, to_svg, write_picture
from nnstudio.gui.pictures.preview import Preview
from nnstudio.gui.preferences import Preferences
from nnstudio.gui.widgets.choice_field import ChoiceField
from nnstudio.gui.widgets.wrapped_label import wrapped_label
from nnstudio.i18n import tr
from nnstudio.project import write_atomically
from nnstudio.project.layer_table import HEADINGS, layer_table, to_csv, to_markdown

_TABLE = "table"
_WIDE = 264


class Source(Protocol):
    """Makes the pictures."""

    @property
    def network(self) -> Network:
        """The network that is drawn."""

    @property
    def titles(self) -> dict[str, str]:
        """What each picture is called, by its key."""

    def make(self, key: str, style: str, *, transparent: bool) -> tuple[Picture, QColor | None]:
        """Return a picture and the colour behind it."""


_TABLE_FORMATS = {"md": "Markdown", "csv": "CSV"}


class ExportPictureDialog(QDialog):
    """A preview at the left, the choices at the right; they are remembered.

    Parameters
    ----------
    source : Source
    preferences : Preferences
        Where the choices are kept, and in which folder the file dialog begins.
    """

    told = Signal(str)

    def __init__(self, source: Source, preferences: Preferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("exportPicture")
        self.setWindowTitle(tr("Export picture"))
        self._source = source
        self._preferences = preferences
        self.what = _choice(tr("Show"), {**source.titles, _TABLE: tr("Table of the layers")})
        self.style_of = _choice(tr("Style"), {"paper": tr("Dark on white"), "window": tr("Colours of the window")})
        self.picture_format = _choice(tr("Format"), {"svg": "SVG", "pdf": "PDF", "png": "PNG"})
        self.table_format = _choice(tr("Format of the table"), _TABLE_FORMATS)
        self.scale = _choice(tr("Size"), {str(n): tr("{n} ×").format(n=n) for n in (1, 2, 3, 4)})
        self.transparent = QCheckBox(tr("Transparent"))
        self.preview = Preview()
        self._size = wrapped_label()
        self.error = wrapped_label(role="error")
        self.save_button = QPushButton(tr("Save…"))
        self.copy_button = QPushButton(tr("Copy"))
        self._build()
        self._fields = {
            "what": self.what,
            "style": self.style_of,
            "pictureFormat": self.picture_format,
            "tableFormat": self.table_format,
            "scale": self.scale,
        }
        last = {"scale": "2", **preferences.picture}
        for name, field in self._fields.items():
            field.choose(last.get(name, ""))
            field.currentIndexChanged.connect(self._refresh)
        self.transparent.setChecked(last.get("transparent") == "yes")
        self.transparent.toggled.connect(self._refresh)
        self._refresh()

    def copy(self) -> None:
        """Put what is shown on the clipboard."""
        content = QMimeData()
        if self._is_table:
            content.setText(self._table())
        else:
            picture, behind = self._picture()
            try:
                content.setImageData(to_image(picture, behind, float(self.scale.currentData())))
            except StudioError as error:
                self._tell_error(str(error))
                return
            content.setData("image/svg+xml", QByteArray(to_svg(picture, behind)))
        QApplication.clipboard().setMimeData(content)
        self._remember()
        self.told.emit(
            tr("The table is on the clipboard.") if self._is_table else tr("The picture is on the clipboard.")
        )

    def write(self, path: Path) -> bool:
        """Write what is shown to a file; return whether that was possible, else say why not."""
        ending = path.suffix.lower().removeprefix(".")
        if self._is_table and ending not in _TABLE_FORMATS:
            words = tr(
                "A table is shown, which a .{ending} file cannot hold. Show a drawing, or end the name in .md or .csv."
            )
            self._tell_error(words.format(ending=ending))
            return False
        try:
            if self._is_table:
                self.table_format.choose(ending)
                write_atomically(path, self._table().encode())
            else:
                write_picture(self._picture()[0], path, self._picture()[1], float(self.scale.currentData()))
        except StudioError as error:
            self._tell_error(str(error))
            return False
        except OSError as error:
            words = tr("{name} could not be written: {why}. Choose another place.")
            self._tell_error(words.format(name=path.name, why=error.strerror or error))
            return False
        self._remember()
        self._preferences.remember_folder(path.parent)
        self.told.emit(tr("{name} is written.").format(name=path.name))
        return True

    def _build(self) -> None:
        self._form = QFormLayout()
        self._form.setVerticalSpacing(10)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for title, field in (
            (tr("Show"), self.what),
            (tr("Style"), self.style_of),
            (tr("Background"), self.transparent),
            (tr("Format"), self.picture_format),
            (tr("Format"), self.table_format),
            (tr("Size"), self.scale),
        ):
            self._form.addRow(title, field)
        self.transparent.setAccessibleName(tr("Transparent background"))
        self.copy_button.setToolTip(tr("Put the picture or the table on the clipboard"))
        self.copy_button.clicked.connect(self.copy)
        QShortcut(QKeySequence.StandardKey.Copy, self).activated.connect(self.copy)
        self.save_button.setDefault(True)
        self.save_button.setProperty("kind", "primary")
        self.save_button.clicked.connect(self._on_save_clicked)
        buttons = QDialogButtonBox()
        buttons.addButton(self.copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        buttons.addButton(self.save_button, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.rejected.connect(self.reject)
        choices = QWidget()
        choices.setFixedWidth(_WIDE)
        side = QVBoxLayout(choices)
        side.setContentsMargins(0, 0, 0, 0)
        side.addLayout(self._form)
        side.addWidget(self._size)
        side.addStretch()
        side.addWidget(self.error)
        above = QHBoxLayout()
        above.setSpacing(20)
        above.addWidget(self.preview, 1)
        above.addWidget(choices)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 16)
        layout.setSpacing(16)
        layout.addLayout(above, 1)
        layout.addWidget(buttons)
        self.what.setFocus()
        self.resize(960, 560)

    @property
    def _is_table(self) -> bool:
        return bool(self.what.currentData() == _TABLE)

    def _table(self) -> str:
        return (to_csv if self.table_format.currentData() == "csv" else to_markdown)(self._source.network)

    def _picture(self) -> tuple[Picture, QColor | None]:
        return self._source.make(
            self.what.currentData(), self.style_of.currentData(), transparent=self.transparent.isChecked()
        )

    def _remember(self) -> None:
        choices = {name: str(field.currentData()) for name, field in self._fields.items()}
        self._preferences.picture = choices | {"transparent": "yes" if self.transparent.isChecked() else "no"}

    def _tell_error(self, words: str) -> None:
        self.error.setText(words)

    def _on_save_clicked(self) -> None:
        field = self.table_format if self._is_table else self.picture_format
        ending = str(field.currentData())
        name, _ = QFileDialog.getSaveFileName(
            self,
            tr("Export picture"),
            str(Path(self._preferences.folder) / f"{tr('network')}.{ending}"),
            f"{field.currentText()} (*.{ending})",
        )
        if name and self.write(Path(name) if Path(name).suffix else Path(f"{name}.{ending}")):
            self.accept()

    def _refresh(self) -> None:
        is_table, empty = self._is_table, not self._source.network.nodes
        for field, shown in (
            (self.style_of, not is_table),
            (self.transparent, not is_table),
            (self.picture_format, not is_table),
            (self.table_format, is_table),
            (self.scale, not is_table and self.picture_format.currentData() == "png"),
        ):
            self._form.setRowVisible(field, shown)
        self.save_button.setEnabled(not empty)
        self.copy_button.setEnabled(not empty)
        self._tell_error("")
        self._size.clear()
        if empty:
            self.preview.show_words(tr("The canvas is empty: there is nothing to draw."))
        elif is_table:
            self.preview.show_table(HEADINGS, layer_table(self._source.network))
        else:
            picture, behind = self._picture()
            self.preview.show_picture(picture, behind)
            self._size.setText(
                size_in_words(picture, str(self.picture_format.currentData()), float(self.scale.currentData()))
            )


def _choice(name: str, titles: dict[str, str]) -> ChoiceField:
    field = ChoiceField([(key, title, "") for key, title in titles.items()])
    field.setAccessibleName(name)
    return field
