"""A field for one component of a family, with its parameters under it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from nnstudio.components import Component, make, members, presets
from nnstudio.gui.widgets.choice_field import ChoiceField
from nnstudio.gui.widgets.parameter_form import LABEL_WIDTH, ParameterForm
from nnstudio.i18n import tr


class ComponentField(QWidget):
    """Chooses a component and edits its parameters.

    Parameters
    ----------
    title : str
        What is chosen.
    family : str
    none : str
        The words for choosing nothing; empty where something must be chosen.
    """

    changed = Signal(object)

    def __init__(self, title: str, family: str, none: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._family = family
        choices = [(member.key, tr(member.title), tr(member.summary())) for member in members(family)]
        choices += [(key, tr(preset.title), tr(preset.summary)) for key, (_, preset) in presets(family).items()]
        if none:
            choices.insert(0, ("", none, ""))
        self.choice = ChoiceField(choices)
        self.choice.setAccessibleName(title)
        self.form = ParameterForm()
        self._about = QLabel()
        self._about.setProperty("role", "dim")
        self._about.setWordWrap(True)
        row = QFormLayout()
        row.setHorizontalSpacing(10)
        row.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        label = QLabel(title)
        label.setMinimumSize(LABEL_WIDTH, self.choice.sizeHint().height())
        label.setBuddy(self.choice)
        row.addRow(label, self.choice)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(row)
        layout.addWidget(self._about)
        layout.addWidget(self.form)
        self.choice.chosen.connect(self._on_chosen)
        self.form.changed.connect(self.changed)

    def edit(self, component: Component | None) -> None:
        """Show a component, or nothing."""
        self.choice.choose(component.key if component is not None else "")
        self._about.setText(tr(component.summary()) if component is not None else "")
        self._about.setVisible(component is not None)
        self.form.setVisible(component is not None and bool(component.parameters()))
        if component is not None:
            self.form.edit(component)

    def _on_chosen(self, key: str) -> None:
        self.changed.emit(make(self._family, key) if key else None)
