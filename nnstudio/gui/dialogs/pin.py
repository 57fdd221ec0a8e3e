"""Which neuron or weight is to be pinned, chosen by keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from nnstudio.gui.moments.pin import Pin
from nnstudio.i18n import tr


@dataclass(frozen=True)
class PinChoice:
    """A layer of which something can be pinned.

    Attributes
    ----------
    node, title : str
    units : sequence of str
        What its neurons are called.
    sources : sequence of str
        Where the weights of a neuron begin; empty where there are no such weights.
    weight : str
        The name of these weights.
    """

    node: str
    title: str
    units: Sequence[str]
    sources: Sequence[str]
    weight: str


class PinDialog(QDialog):
    """A layer, one of its neurons, and either the neuron itself or a weight that leads to it.

    Parameters
    ----------
    choices : sequence of PinChoice
        At least one.
    node : str
        The id of the layer that is offered first; where it is not among them, the first that has weights.
    """

    def __init__(self, choices: Sequence[PinChoice], node: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("pinDialog")
        self.setWindowTitle(tr("Pin a neuron"))
        self._choices = choices
        about = QLabel(tr("What is pinned is followed while the network learns. A click on the canvas pins too."))
        about.setWordWrap(True)
        about.setProperty("role", "dim")
        self.layer, self.unit, self.what = QComboBox(), QComboBox(), QComboBox()
        form = QFormLayout()
        for words, field in ((tr("Layer"), self.layer), (tr("Neuron"), self.unit), (tr("Pin"), self.what)):
            field.setAccessibleName(words)
            form.addRow(words, field)
        self.layer.addItems([choice.title for choice in choices])
        named = [at for at, choice in enumerate(choices) if choice.node == node]
        learning = [at for at, choice in enumerate(choices) if choice.sources]
        self.layer.setCurrentIndex((*named, *learning, 0)[0])
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.use = buttons.addButton(tr("Pin"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.use.setDefault(True)
        self.use.setProperty("kind", "primary")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 16, 18, 16)
        layout.setSpacing(12)
        layout.addWidget(about)
        layout.addLayout(form)
        layout.addWidget(buttons)
        self.layer.currentIndexChanged.connect(self._on_layer_changed)
        self._on_layer_changed()
        self.resize(360, self.sizeHint().height())

    @property
    def pin(self) -> Pin:
        """What is chosen."""
        choice, unit, source = self._choice, self.unit.currentIndex(), self.what.currentIndex() - 1
        return Pin(choice.node, (unit,)) if source < 0 else Pin(choice.node, (source, unit), choice.weight)

    @property
    def _choice(self) -> PinChoice:
        return self._choices[self.layer.currentIndex()]

    def _on_layer_changed(self) -> None:
        choice = self._choice
        self.unit.clear()
        self.unit.addItems(choice.units)
        self.what.clear()
        self.what.addItem(tr("the neuron itself"))
        self.what.addItems([tr("its weight from {source}").format(source=source) for source in choice.sources])
