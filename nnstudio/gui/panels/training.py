"""The training panel: optimizer, batch, epochs and seed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from nnstudio.components import Component, find, members
from nnstudio.engine import Optimizer
from nnstudio.gui.panels import Perform
from nnstudio.gui.widgets.choice_field import ChoiceField
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.gui.widgets.parameter_form import LABEL_WIDTH, ParameterForm
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, Settings, edits

_USUAL_EPOCHS = 100


class TrainingPanel(QScrollArea):
    """How the network is trained. Optimizer and batch also change while it runs, the rest from the next start."""

    def __init__(self, document: Document, perform: Perform, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainingPanel")
        self.setAccessibleName(tr("Training"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._document = document
        self._perform = perform
        self.optimizer = ChoiceField(
            [(member.key, tr(member.title), tr(member.summary())) for member in members("optimizers")]
        )
        self.optimizer.setAccessibleName(tr("Optimizer"))
        self._about = QLabel()
        self._about.setProperty("role", "dim")
        self._about.setWordWrap(True)
        self.form = ParameterForm()
        self.full_batch = QCheckBox(tr("full batch"))
        self.full_batch.setToolTip(tr("Use all rows for every step: the same bytes on every run"))
        self.batch = NumberField(whole=True, minimum=1, maximum=1_000_000)
        self.batch.setAccessibleName(tr("Batch size"))
        self.until_stopped = QCheckBox(tr("until stopped"))
        self.epochs = NumberField(whole=True, minimum=1, maximum=10_000_000)
        self.epochs.setAccessibleName(tr("Epochs"))
        self.epochs.setValue(_USUAL_EPOCHS)
        self.seed = NumberField(whole=True, minimum=0, maximum=2**31 - 1)
        self.seed.setAccessibleName(tr("Seed"))
        self.precision = ChoiceField(
            [("float32", "float32", tr("Quick and usual")), ("float64", "float64", tr("Twice the digits, slower"))]
        )
        self.precision.setAccessibleName(tr("Precision"))
        now = _form()
        now.addRow(_label(tr("Optimizer"), self.optimizer), self.optimizer)
        batch = _form()
        batch.addRow(_label(tr("Batch size"), self.batch), self.batch)
        batch.addRow("", self.full_batch)
        later = _form()
        later.addRow(_label(tr("Epochs"), self.epochs), self.epochs)
        later.addRow("", self.until_stopped)
        later.addRow(_label(tr("Seed"), self.seed), self.seed)
        later.addRow(_label(tr("Precision"), self.precision), self.precision)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(_heading(tr("At once, also while it runs")))
        layout.addLayout(now)
        layout.addWidget(self._about)
        layout.addWidget(self.form)
        layout.addLayout(batch)
        layout.addSpacing(6)
        layout.addWidget(_heading(tr("From the next start")))
        layout.addLayout(later)
        layout.addStretch()
        self.setWidget(inside)
        self.optimizer.chosen.connect(self._on_optimizer_chosen)
        self.form.changed.connect(self._on_optimizer_changed)
        self.batch.valueChanged.connect(self._on_edited)
        self.full_batch.clicked.connect(self._on_edited)
        self.epochs.valueChanged.connect(self._on_edited)
        self.until_stopped.clicked.connect(self._on_edited)
        self.seed.valueChanged.connect(self._on_edited)
        self.precision.chosen.connect(self._on_edited)
        document.subscribe(self._on_project_changed)
        self._show(document.project.settings)

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if before.settings != after.settings:
            self._show(after.settings)

    def _show(self, settings: Settings) -> None:
        fields = (self.batch, self.full_batch, self.epochs, self.until_stopped, self.seed)
        for field in fields:
            field.blockSignals(True)
        self.optimizer.choose(settings.optimizer.key)
        self._about.setText(tr(settings.optimizer.summary()))
        self.form.edit(settings.optimizer)
        self.full_batch.setChecked(settings.batch_size is None)
        self.batch.setEnabled(settings.batch_size is not None)
        if settings.batch_size is not None:
            self.batch.setValue(settings.batch_size)
        self.until_stopped.setChecked(settings.epochs is None)
        self.epochs.setEnabled(settings.epochs is not None)
        self.epochs.setValue(settings.epochs if settings.epochs is not None else self.epochs.value())
        self.seed.setValue(settings.seed)
        self.precision.choose(settings.precision)
        for field in fields:
            field.blockSignals(False)

    def _on_optimizer_chosen(self, key: str) -> None:
        optimizer = find("optimizers", key)()
        assert isinstance(optimizer, Optimizer)
        # The rate one had is a better start than the new optimizer's usual one only within the same kind.
        self._change(optimizer=optimizer)

    def _on_optimizer_changed(self, optimizer: Component) -> None:
        self._change(optimizer=optimizer)

    def _on_edited(self) -> None:
        self._change(
            batch_size=None if self.full_batch.isChecked() else round(self.batch.value()),
            epochs=None if self.until_stopped.isChecked() else round(self.epochs.value()),
            seed=round(self.seed.value()),
            precision=self.precision.currentData(),
        )

    def _change(self, **values: object) -> None:
        settings = self._document.project.settings
        self._perform(edits.set_settings(settings.model_copy(update=values)))


def _form() -> QFormLayout:
    form = QFormLayout()
    form.setVerticalSpacing(8)
    form.setHorizontalSpacing(10)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
    return form


def _label(text: str, field: QWidget) -> QLabel:
    label = QLabel(text)
    label.setMinimumSize(LABEL_WIDTH, field.sizeHint().height())
    label.setBuddy(field)
    return label


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "group")
    return label
