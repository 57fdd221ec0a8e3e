"""Offers the samples that come along."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from nnstudio.i18n import tr
from nnstudio.paths import samples

_ABOUT = {
    "xor": "Exclusive or: four rows that no single layer can tell apart.",
    "circles": "A ring around a disc: two numbers, two classes.",
    "spirals": "Two spirals wound into each other: the classic test of hidden layers.",
    "iris": "Three species of iris from four lengths in centimetres.",
    "wine": "Three cultivars of wine from thirteen chemical measures.",
    "digits": "Handwritten digits as pictures of 8 by 8 pixels.",
    "cars": "Miles per gallon of 398 cars of the 1970s: a number to predict.",
}


class SamplesDialog(QDialog):
    """A list of samples with a line on each.

    Attributes
    ----------
    chosen : Path or None
        The project that was chosen.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("samplesDialog")
        self.setWindowTitle(tr("Samples"))
        self.chosen: Path | None = None
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Samples"))
        self.list.setSpacing(2)
        found = {path.stem: path for path in sorted(samples().glob("*.nns"))}
        for name in [
            *(known for known in _ABOUT if known in found),
            *(other for other in found if other not in _ABOUT),
        ]:
            item = QListWidgetItem(f"{name.capitalize()}\n{tr(_ABOUT.get(name, ''))}")
            item.setData(Qt.ItemDataRole.UserRole, str(found[name]))
            item.setSizeHint(QSize(0, 46))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        heading = QLabel(tr("Each is a project with its data and a network that fits. Open one and press Train."))
        heading.setProperty("role", "dim")
        heading.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel)
        buttons.accepted.connect(self._on_accepted)
        buttons.rejected.connect(self.reject)
        self.list.itemActivated.connect(self._on_accepted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 14, 16, 14)
        layout.addWidget(heading)
        layout.addWidget(self.list, 1)
        layout.addWidget(buttons)
        self.resize(520, 460)

    def _on_accepted(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.chosen = Path(str(item.data(Qt.ItemDataRole.UserRole)))
            self.accept()
