"""A field for how much each class counts in the cost."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from nnstudio.gui.widgets.choice_field import ChoiceField
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.gui.widgets.parameter_form import LABEL_WIDTH
from nnstudio.i18n import tr

MOST_FIELDS = 12
"""Of more classes than this, none gets a field of its own."""

_LARGEST = 1_000_000
_LONGEST_NAME = 14
_WAYS = {
    "rows": ("each row alike", "Every row counts the same, so a class counts as much as it has rows."),
    "same": (
        "each class alike",
        "Rows of rare classes count more, so that none is passed over; others are missed more often then.",
    ),
    "chosen": ("as chosen", "A row counts as much as you say for its class."),
}


class ClassWeightsField(QWidget):
    """Whether every row counts the same, every class does, or as a person says.

    Attributes
    ----------
    changed : Signal
        The weights by the names of the classes, empty where rows count the same; and the classes one by one whose field
        was changed.
    """

    changed = Signal(object, list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.way = ChoiceField([(key, tr(title), tr(text)) for key, (title, text) in _WAYS.items()])
        self.way.setAccessibleName(tr("How classes count"))
        self.fields: dict[str, NumberField] = {}
        self._balanced: Mapping[str, float] = {}
        self._weights: Mapping[str, float] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(8)
        self._form.setHorizontalSpacing(10)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._add_row(tr("Class weights"), self.way)
        self.way.chosen.connect(self._on_way_chosen)

    def edit(self, balanced: Mapping[str, float], weights: Mapping[str, float]) -> None:
        """Show the weights of classes.

        Parameters
        ----------
        balanced : mapping of str to float
            By each class, the weight with which all count the same; empty where there are no classes, then nothing is
            shown.
        weights : mapping of str to float
            Those that are set.
        """
        if list(balanced) != list(self._balanced):
            self._make_fields(list(balanced)[: MOST_FIELDS + 1])
        self._balanced = balanced
        self._weights = {name: weights.get(name, 1.0) for name in balanced}
        same = all(self._weights[name] == weight for name, weight in balanced.items())
        even = all(weight == 1 for weight in self._weights.values())
        self._show("rows" if even else "same" if same else "chosen")
        self.setVisible(len(balanced) > 1)

    def _show(self, way: str) -> None:
        self.way.choose(way)
        self.way.setToolTip(tr(_WAYS[way][1]))
        for name, field in self.fields.items():
            field.blockSignals(True)
            field.setValue(self._weights[name])
            field.blockSignals(False)
            self._form.setRowVisible(field, way != "rows")

    def _make_fields(self, names: list[str]) -> None:
        while self._form.rowCount() > 1:
            self._form.removeRow(1)
        self.fields = {}
        for name in names if len(names) <= MOST_FIELDS else []:
            field = NumberField(whole=False, minimum=0, maximum=_LARGEST)
            field.setAccessibleName(tr("Weight of class {name}").format(name=name))
            field.valueChanged.connect(self._on_edited)
            self._add_row(name, field)
            self.fields[name] = field

    def _add_row(self, text: str, field: QWidget) -> None:
        label = QLabel(text if len(text) <= _LONGEST_NAME else f"{text[: _LONGEST_NAME - 1]}…")
        label.setToolTip(text)
        label.setMinimumSize(LABEL_WIDTH, field.sizeHint().height())
        label.setBuddy(field)
        self._form.addRow(label, field)

    def _on_way_chosen(self, way: str) -> None:
        if way == "chosen":
            self._show(way)
        else:
            self.changed.emit(dict(self._balanced) if way == "same" else {}, [])

    def _on_edited(self) -> None:
        shown = {name: field.value() for name, field in self.fields.items()}
        changed = [name for name, weight in shown.items() if weight != self._weights[name]]
        self.changed.emit({**self._weights, **shown}, changed)
