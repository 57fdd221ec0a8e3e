"""Editors for the parameters of any component, made from what the component says of itself."""

from __future__ import annotations

from functools import partial
from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QCheckBox, QFormLayout, QLabel, QLineEdit, QWidget

from nnstudio.components import Component, Parameter, make
from nnstudio.engine import Activation, Cost
from nnstudio.gui.look.text_size import grown
from nnstudio.gui.look.theme import theme_signals
from nnstudio.gui.widgets.choice_field import ChoiceField
from nnstudio.gui.widgets.curve_view import icon_of, of_activation, of_cost
from nnstudio.gui.widgets.field_menu import FieldMenu
from nnstudio.gui.widgets.field_undo import leave_undo_to_document
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.i18n import tr

LABEL_WIDTH = 92
"""Labels of all forms are at least this wide, so that the fields of forms below each other line up."""

_BESIDE_LABEL = 140
"""A choice with a longer title stands under its label, where there is room for it."""

_LARGEST = 1e9
_NEAREST = 1e-9


class ParameterForm(QWidget):
    """Edits a component.

    Each change gives a new component, announced by `changed`; a value that the component refuses is told under the
    field and not announced. Components within the component have their parameters under the field that chooses them.

    Parameters
    ----------
    hidden : tuple of str
        Names of parameters that are not shown.
    about : QWidget, optional
        Stands under the first component of one of the families that `about_families` names, and tells more of it.
    about_families : tuple of str
    """

    changed = Signal(object)

    def __init__(
        self,
        hidden: tuple[str, ...] = (),
        parent: QWidget | None = None,
        *,
        about: QWidget | None = None,
        about_families: tuple[str, ...] = (),
    ) -> None:
        super().__init__(parent)
        self._hidden = hidden
        self._about, self._about_families = about, about_families
        if about is not None:
            about.setParent(self)
        self._component: Component | None = None
        self._layout = QFormLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setVerticalSpacing(8)
        self._layout.setHorizontalSpacing(10)
        self._layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        self._fault = self._make_fault()
        self._editors: dict[str, QWidget] = {}
        theme_signals.changed.connect(self._on_theme_changed)

    @property
    def component(self) -> Component | None:
        """The component as it is edited."""
        return self._component

    def editor(self, name: str) -> QWidget:
        """Return the editor of a parameter; of a nested one by its dotted name."""
        return self._editors[name]

    def edit(self, component: Component) -> None:
        """Show a component; editors are kept where its shape is the same."""
        before, self._component = self._component, component
        if before is None or _form_of(before) != _form_of(component):
            self._build()
        self._show_values(component, "")
        self._set_fault("")

    def _build(self) -> None:
        # The editor that asked for this is still inside its own signal: it may only be deleted once that has returned.
        focused = next((path for path, editor in self._editors.items() if editor.hasFocus()), "")
        while self._layout.rowCount():
            row = self._layout.takeRow(0)
            for item in (row.labelItem, row.fieldItem):
                widget = item.widget() if item is not None else None
                if widget is not None and widget is not self._about:
                    # A field tells what is typed into it when it goes, and that was meant for the component before.
                    widget.blockSignals(True)
                    widget.hide()
                    widget.deleteLater()
        self._editors.clear()
        self._fault = self._make_fault()
        assert self._component is not None
        self._add_rows(self._component, "")
        self._add_about()
        self._layout.addRow(self._fault)
        self._fault.hide()
        if focused in self._editors:
            self._editors[focused].setFocus()

    def _add_rows(self, component: Component, prefix: str) -> None:
        for parameter in component.parameters():
            if not prefix and parameter.name in self._hidden:
                continue
            path = f"{prefix}{parameter.name}"
            editor = self._make_editor(parameter, path)
            title = tr(parameter.title) + (f" ({tr(parameter.unit)})" if parameter.unit else "")
            editor.setObjectName(f"parameter.{path}")
            editor.setAccessibleName(title)
            editor.setToolTip(tr(parameter.help))
            label = QLabel(title)
            label.setToolTip(tr(parameter.help))
            label.setMinimumSize(LABEL_WIDTH, editor.sizeHint().height())
            label.setBuddy(editor)
            if isinstance(editor, ChoiceField) and editor.longest > grown(_BESIDE_LABEL, editor):
                self._layout.addRow(label)
                self._layout.addRow(editor)
            else:
                self._layout.addRow(label, editor)
            self._editors[path] = editor
            default = parameter.default
            if default is not None or parameter.optional:
                FieldMenu(editor, _default_words(parameter), partial(self._set, path, default))
            value = getattr(component, parameter.name)
            if isinstance(value, Component) and value.parameters():
                self._add_rows(value, f"{path}.")
            if parameter.family in self._about_families:
                self._add_about()

    def _add_about(self) -> None:
        if self._about is not None and self._layout.indexOf(self._about) < 0:
            self._layout.addRow(self._about)

    def _make_editor(self, parameter: Parameter, path: str) -> QWidget:
        if parameter.kind == "boolean":
            box = QCheckBox()
            box.clicked.connect(lambda on, path=path: self._set(path, bool(on)))
            return box
        if parameter.kind in ("choice", "component"):
            choices = (
                [(member.key, tr(member.title), tr(member.summary())) for member in parameter.options()]
                if parameter.kind == "component"
                else [(choice, tr(choice.replace("_", " ")), "") for choice in parameter.choices]
            )
            if parameter.optional:
                choices.insert(0, ("", tr("none"), ""))
            field = ChoiceField(choices, _icons(parameter))
            field.chosen.connect(lambda value, path=path: self._set_choice(path, value))
            return field
        if parameter.kind in ("integer", "number") and not parameter.optional:
            number = NumberField(
                whole=parameter.kind == "integer",
                minimum=_inside(parameter.minimum, -_LARGEST, parameter.exclusive_minimum, _NEAREST),
                maximum=_inside(parameter.maximum, _LARGEST, parameter.exclusive_maximum, -_NEAREST),
            )
            number.valueChanged.connect(lambda value, path=path: self._set_number(path, value))
            return number
        line = QLineEdit()
        leave_undo_to_document(line)
        line.editingFinished.connect(lambda path=path, line=line: self._set_text(path, line.text()))
        return line

    def _show_values(self, component: Component, prefix: str) -> None:
        for parameter in component.parameters():
            path = f"{prefix}{parameter.name}"
            editor = self._editors.get(path)
            value = getattr(component, parameter.name)
            if editor is None:
                continue
            blocked = editor.blockSignals(True)
            if isinstance(editor, QCheckBox):
                editor.setChecked(bool(value))
            elif isinstance(editor, ChoiceField):
                editor.choose(value.key if isinstance(value, Component) else str(value or ""))
            elif isinstance(editor, NumberField):
                editor.setValue(float(value))
            elif isinstance(editor, QLineEdit):
                editor.setText(_as_text(value))
            editor.blockSignals(blocked)
            if isinstance(value, Component):
                self._show_values(value, f"{path}.")

    def _set_number(self, path: str, value: float) -> None:
        editor = self._editors[path]
        self._set(path, round(value) if isinstance(editor, NumberField) and editor.decimals() == 0 else value)

    def _set_choice(self, path: str, key: str) -> None:
        parameter = self._parameter(path)
        if parameter.kind == "component" and key:
            self._set(path, make(parameter.family, key))
        else:
            self._set(path, key or None)

    def _set_text(self, path: str, text: str) -> None:
        parameter = self._parameter(path)
        value: Any = text.strip()
        if parameter.kind == "shape":
            parts = text.replace("×", ",").replace("x", ",").split(",")
            value = [part.strip() for part in parts if part.strip()]
        elif parameter.optional and not value:
            value = None
        self._set(path, value)

    def _set(self, path: str, value: Any) -> None:
        assert self._component is not None
        try:
            changed = _with(self._component, path.split("."), value)
        except ValidationError as error:
            self._set_fault(str(error.errors()[0]["msg"]).removeprefix("Value error, "))
            return
        self._set_fault("")
        if changed != self._component:
            self.edit(changed)
            self.changed.emit(changed)

    @Slot()
    def _on_theme_changed(self) -> None:
        """Draw the small curves beside the choices in other colours."""
        component = self._component
        for path, editor in self._editors.items():
            if component is not None and isinstance(editor, ChoiceField):
                editor.show_icons(_icons(self._parameter(path)))

    def _make_fault(self) -> QLabel:
        fault = QLabel(self)
        fault.setWordWrap(True)
        fault.setProperty("role", "error")
        fault.hide()
        return fault

    def _set_fault(self, text: str) -> None:
        self._fault.setText(text)
        self._fault.setVisible(bool(text))

    def _parameter(self, path: str) -> Parameter:
        component = self._component
        *outer, name = path.split(".")
        for part in outer:
            component = getattr(component, part)
        assert component is not None
        return next(parameter for parameter in component.parameters() if parameter.name == name)


def _default_words(parameter: Parameter) -> str:
    """Return a parameter's default as its editor shows it."""
    default = parameter.default
    if isinstance(default, bool):
        return tr("yes") if default else tr("no")
    if isinstance(default, Component):
        return tr(default.title)
    if default is None and parameter.kind in ("choice", "component"):
        return tr("none")
    if isinstance(default, float):
        return f"{default:.6g}"
    return tr(default.replace("_", " ")) if isinstance(default, str) else _as_text(default)


def _icons(parameter: Parameter) -> dict[str, QIcon]:
    """Return the curves of what can be chosen, where it has any."""
    made: dict[str, QIcon] = {}
    for member in parameter.options() if parameter.kind == "component" else ():
        value = member()
        if isinstance(value, Activation):
            made[member.key] = icon_of(of_activation(value))
        elif isinstance(value, Cost):
            made[member.key] = icon_of(of_cost(value))
    return made


def _inside(bound: float | None, otherwise: float, exclusive: bool, step: float) -> float:
    """Return a bound that is itself allowed."""
    if bound is None:
        return otherwise
    return bound + step if exclusive else bound


def _with(component: Component, path: list[str], value: Any) -> Component:
    """Return a component with one value replaced, at any depth."""
    name, *rest = path
    inner = getattr(component, name)
    if rest:
        return component.replace(**{name: _with(inner, rest, value)})
    return component.replace(**{name: value})


def _form_of(component: Component) -> Any:
    """Return what decides which editors are shown: the component's kind, and the kinds of those within."""
    nested = [(name, getattr(component, name)) for name in type(component).model_fields]
    return (component.key, *((name, _form_of(value)) for name, value in nested if isinstance(value, Component)))


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " × ".join(map(str, value))
    return str(value)
