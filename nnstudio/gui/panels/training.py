"""The training panel: optimizer, batch, epochs and seed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.panels import Perform
from nnstudio.gui.widgets.choice_field import ChoiceField
from nnstudio.gui.widgets.class_weights import ClassWeightsField
from nnstudio.gui.widgets.component_field import ComponentField
from nnstudio.gui.widgets.curve_view import CurveView, of_schedule
from nnstudio.gui.widgets.field_menu import FieldMenu
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.gui.widgets.parameter_form import LABEL_WIDTH
from nnstudio.gui.widgets.wrapped_label import wrapped_label
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, Settings, edits
from nnstudio.project.edits.class_weights import balanced_weights

_USUAL_EPOCHS = 100
_MODES = {
    "mini": ("mini-batches", "A few rows a step: quick, and the noise helps to leave bad places."),
    "full": ("full batch", "All rows for every step: the exact slope, and the same bytes on every run."),
    "one": ("one row at a time", "A step for every row: the most steps, and the noisiest."),
}
"""How many rows a step sees, and what that means."""

_SHUFFLED = "Rows come in another order each epoch, so that no batch is always the same or holds only like rows."
_IN_FILE_ORDER = (
    "Rows keep the order of the file: where like rows follow each other, a batch undoes what others taught."
)
_ALL_AT_ONCE = "Every step sees all rows, so their order changes nothing."


class TrainingPanel(QScrollArea):
    """How the network is trained: optimizer and batch also while it runs, the rest when Train is pressed next."""

    def __init__(self, document: Document, perform: Perform, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainingPanel")
        self.setAccessibleName(tr("Training"))
        set_role(self, Role.Grouping)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._document = document
        self._perform = perform
        self.optimizer = ComponentField(tr("Optimizer"), "optimizers")
        self.form = self.optimizer.form
        self.mode = ChoiceField([(key, tr(title), tr(text)) for key, (title, text) in _MODES.items()])
        self.mode.setAccessibleName(tr("Batches"))
        self._about_mode = wrapped_label()
        self.batch = NumberField(whole=True, minimum=1, maximum=1_000_000)
        self.batch.setAccessibleName(tr("Batch size"))
        self.shuffle = QCheckBox(tr("shuffled"))
        self._about_shuffle = wrapped_label()
        self.clipping = ComponentField(tr("Clipping"), "clippings", tr("none"))
        self.schedule = ComponentField(tr("Rate over time"), "schedules")
        self._curve = CurveView(tr("Curve of the learning rate"))
        self.early_stopping = ComponentField(tr("Ends early"), "stopping", tr("no"))
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
        self._batch_form = batch = _form()
        batch.addRow(_label(tr("Batches"), self.mode), self.mode)
        batch.addRow(self._about_mode)
        batch.addRow(_label(tr("Batch size"), self.batch), self.batch)
        self.class_weights = ClassWeightsField()
        later = _form()
        later.addRow(_label(tr("Rows"), self.shuffle), self.shuffle)
        later.addRow(self._about_shuffle)
        later.addRow(_label(tr("Epochs"), self.epochs), self.epochs)
        later.addRow("", self.until_stopped)
        later.addRow(_label(tr("Seed"), self.seed), self.seed)
        later.addRow(_label(tr("Precision"), self.precision), self.precision)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(14, 10, 14, 12)
        layout.setSpacing(8)
        layout.addWidget(_heading(tr("At once, also while it runs")))
        layout.addWidget(self.optimizer)
        layout.addLayout(batch)
        layout.addWidget(self.class_weights)
        layout.addSpacing(6)
        layout.addWidget(_heading(tr("When you press Train next")))
        layout.addLayout(later)
        for widget in (self.schedule, self._curve, self.clipping, self.early_stopping):
            layout.addWidget(widget)
        layout.addStretch()
        self.setWidget(inside)
        for name in ("optimizer", "schedule", "clipping", "early_stopping"):
            getattr(self, name).changed.connect(lambda chosen, name=name: self._change(**{name: chosen}))
        self.shuffle.clicked.connect(lambda wanted: self._change(shuffle=wanted))
        self.mode.chosen.connect(self._on_mode_chosen)
        self.batch.valueChanged.connect(self._on_edited)
        self.epochs.valueChanged.connect(self._on_edited)
        self.until_stopped.clicked.connect(self._on_edited)
        self.seed.valueChanged.connect(self._on_edited)
        self.precision.chosen.connect(self._on_edited)
        self.class_weights.changed.connect(self._on_class_weights_changed)
        self._add_menus()
        document.subscribe(self._on_project_changed)
        self._show(document.project.settings)
        self._show_class_weights(document.project)

    def _add_menus(self) -> None:
        """Let a right click put the defaults back."""
        usual = Settings()
        batch = usual.batch_size or 1
        for field, default, reset in (
            (self.mode, tr(_MODES["mini"][0]), partial(self._change, batch_size=batch)),
            (self.batch, str(batch), partial(self._change, batch_size=batch)),
            (self.class_weights.way, self.class_weights.way.itemText(0), partial(self._change, class_weights={})),
            (self.shuffle, tr("yes"), partial(self._change, shuffle=usual.shuffle)),
            (self.epochs, str(_USUAL_EPOCHS), partial(self._change, epochs=_USUAL_EPOCHS)),
            (self.seed, str(usual.seed), partial(self._change, seed=usual.seed)),
            (self.precision, usual.precision, partial(self._change, precision=usual.precision)),
        ):
            FieldMenu(field, default, reset)
        for name in ("optimizer", "schedule", "clipping", "early_stopping"):
            field, value = getattr(self, name), getattr(usual, name)
            default = tr(value.title) if value is not None else field.choice.itemText(0)
            FieldMenu(field.choice, default, partial(self._change, **{name: value}))

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if before.settings != after.settings:
            self._show(after.settings)
        if (
            before.settings.class_weights != after.settings.class_weights
            or before.table is not after.table
            or before.columns != after.columns
            or before.split != after.split
        ):
            self._show_class_weights(after)

    def _show_class_weights(self, project: Project) -> None:
        self.class_weights.edit(balanced_weights(project), project.settings.class_weights)

    def _on_class_weights_changed(self, weights: Mapping[str, float], changed: list[str]) -> None:
        self._perform(edits.set_class_weights(weights, changed))

    def _show(self, settings: Settings) -> None:
        fields = (self.batch, self.epochs, self.until_stopped, self.seed)
        for field in fields:
            field.blockSignals(True)
        for name in ("optimizer", "schedule", "clipping", "early_stopping"):
            getattr(self, name).edit(getattr(settings, name))
        self._curve.show_curves(of_schedule(settings.schedule))
        needs_all = settings.optimizer.full_batch_only
        mode = "full" if needs_all or settings.batch_size is None else "one" if settings.batch_size == 1 else "mini"
        self.mode.choose(mode)
        self.mode.setEnabled(not needs_all)
        told = tr("This optimizer looks at all rows for every step.") if needs_all else tr(_MODES[mode][1])
        self._about_mode.setText(told)
        self.batch.setEnabled(mode == "mini")
        self._batch_form.setRowVisible(self.batch, mode != "full")
        if settings.batch_size is not None:
            self.batch.setValue(settings.batch_size)
        self.shuffle.setChecked(settings.shuffle)
        self.shuffle.setEnabled(mode != "full")
        order = _SHUFFLED if settings.shuffle else _IN_FILE_ORDER
        self._about_shuffle.setText(tr(_ALL_AT_ONCE if mode == "full" else order))
        self.until_stopped.setChecked(settings.epochs is None)
        self.epochs.setEnabled(settings.epochs is not None)
        self.epochs.setValue(settings.epochs if settings.epochs is not None else self.epochs.value())
        self.seed.setValue(settings.seed)
        self.precision.choose(settings.precision)
        for field in fields:
            field.blockSignals(False)

    def _on_mode_chosen(self, mode: str) -> None:
        usual = Settings().batch_size or 1
        self._change(batch_size={"full": None, "one": 1}.get(mode, max(2, round(self.batch.value()), usual)))

    def _on_edited(self) -> None:
        self._change(
            batch_size=round(self.batch.value())
            if self.batch.isEnabled()
            else self._document.project.settings.batch_size,
            epochs=None if self.until_stopped.isChecked() else round(self.epochs.value()),
            seed=round(self.seed.value()),
            precision=self.precision.currentData(),
        )

    def _change(self, **values: object) -> None:
        settings = self._document.project.settings
        changed = [name for name, value in values.items() if getattr(settings, name) != value]
        self._perform(edits.set_settings(settings.model_copy(update=values), changed))


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
    label.setWordWrap(True)
    return label
