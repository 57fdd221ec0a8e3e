"""The inspector: the parameters of what is selected."""

from __future__ import annotations

import math

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from nnstudio.components import Component, find
from nnstudio.engine import Cost, Edge, Layer, shape_in_words
from nnstudio.engine.lanes import has_units, units_field
from nnstudio.engine.layers.output import Output
from nnstudio.engine.network import LONGEST_TITLE
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.moments.living import LivingFrame
from nnstudio.gui.panels import Perform
from nnstudio.gui.widgets.curve_view import CurveView, of_activation, of_cost
from nnstudio.gui.widgets.field_undo import leave_undo_to_document
from nnstudio.gui.widgets.parameter_form import ParameterForm
from nnstudio.gui.widgets.weight_histogram import WeightHistogram
from nnstudio.gui.widgets.wrapped_label import wrapped_label
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, edits

_INSIDE_TITLE = 7
"""Pixels between the edge of the title's field and its letters."""


class InspectorPanel(QScrollArea):
    """Title, kind, parameters, curve and weights of the selected node; what runs along a wire; else of the network."""

    menu_wanted = Signal(QPoint)
    """The place on the screen where the menu of the selection is wanted."""

    units_chosen = Signal(str, object, list)
    """The id of a layer, what it shall be, and the parameter that differs: another number of units."""

    def __init__(self, document: Document, perform: Perform, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setAccessibleName(tr("Inspector"))
        set_role(self, Role.Grouping)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._document = document
        self._perform = perform
        self._ids: tuple[str, ...] = ()
        self._wire: Edge | None = None
        self._frame: LivingFrame | None = None
        self._past: Project | None = None

        self._title = QLineEdit()
        leave_undo_to_document(self._title)
        self._title.setProperty("kind", "title")
        self._title.setAccessibleName(tr("Title"))
        self._title.setMaxLength(LONGEST_TITLE)
        self._kind = wrapped_label()
        self._summary = wrapped_label()
        self._curve = CurveView(tr("Curve"))
        self._formula = wrapped_label()
        self._function = QWidget()
        of_function = QVBoxLayout(self._function)
        of_function.setContentsMargins(0, 0, 0, 4)
        of_function.addWidget(self._curve)
        of_function.addWidget(self._formula)
        self.form = ParameterForm(about=self._function, about_families=("activations", "costs"))
        self._rule = QFrame()
        self._rule.setProperty("role", "line")
        self._weights_title = wrapped_label(tr("Weights"), "heading")
        self._counts = wrapped_label()
        self._histogram = WeightHistogram()

        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._kind)
        inside = QWidget()
        layout = QVBoxLayout(inside)
        # The letters of the title, not its frame, stand above the others.
        layout.setContentsMargins(14 - _INSIDE_TITLE, 10, 14, 12)
        layout.setSpacing(9)
        layout.addLayout(head)
        below = QVBoxLayout()
        below.setContentsMargins(_INSIDE_TITLE, 0, 0, 0)
        below.setSpacing(9)
        layout.addLayout(below)
        for widget in (
            self._summary,
            self.form,
            self._rule,
            self._weights_title,
            self._counts,
            self._histogram,
        ):
            below.addWidget(widget)
        layout.addStretch()
        self.setWidget(inside)
        self._title.editingFinished.connect(self._on_title_edited)
        self.form.changed.connect(self._on_layer_changed)
        document.subscribe(self._on_project_changed)
        self.show_nodes(())

    def show_nodes(self, ids: tuple[str, ...]) -> None:
        """Show what is selected."""
        self._ids = ids
        self._refresh()

    def show_wire(self, wire: Edge | None) -> None:
        """Show what runs along a wire, where nothing else is selected."""
        self._wire = wire
        self._refresh()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for the menu of the selection."""
        self.menu_wanted.emit(event.globalPos())

    def focus_first(self) -> None:
        """Put the keys into the first field of the selected layer."""
        fields = (field for field in self.form.findChildren(QWidget) if field.isVisible())
        first = next((field for field in fields if field.focusPolicy() & Qt.FocusPolicy.TabFocus), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_frame(self, frame: LivingFrame | None) -> None:
        """Show the weights of a moment."""
        self._frame = frame
        if self.isVisible():
            self._show_weights()

    def show_past(self, project: Project | None) -> None:
        """Show the layers of an earlier time, which cannot be changed; None shows the document's again."""
        if project is not self._past:
            self._past = project
            self._refresh()

    @property
    def _project(self) -> Project:
        return self._past or self._document.project

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if self._past is not None:
            self.show_past(None)
            return
        same = before.network is after.network and before.table is after.table and before.note == after.note
        same = same and before.settings.precision == after.settings.precision
        if not same or before.why_empty() != after.why_empty():
            self._refresh()

    def _on_title_edited(self) -> None:
        if self._past is not None or len(self._ids) != 1:
            return
        if self._title.text() != self._document.project.network.node(self._ids[0]).name:
            self._perform(edits.rename(self._ids[0], self._title.text()))

    def _on_layer_changed(self, layer: Component) -> None:
        if len(self._ids) == 1 and isinstance(layer, Layer):
            before = self._document.project.network.node(self._ids[0]).layer
            changed = [name for name in type(layer).model_fields if getattr(before, name, None) != getattr(layer, name)]
            if has_units(layer) and changed == [units_field(layer)]:
                self.units_chosen.emit(self._ids[0], layer, changed)
            else:
                self._perform(edits.set_layer(self._ids[0], layer, changed))

    def _refresh(self) -> None:
        network = self._project.network
        self._ids = tuple(id for id in self._ids if id in network)
        single = len(self._ids) == 1
        self._title.setReadOnly(not single or self._past is not None)
        self.form.setVisible(single)
        self.form.setEnabled(self._past is None)
        for widget in (self._function, self._rule, self._weights_title, self._counts, self._histogram):
            widget.hide()
        if single:
            self._show_node(self._ids[0])
        elif self._ids:
            self._title.setText(tr("{count} layers").format(count=len(self._ids)))
            self._kind.setText("")
            self._summary.setText(tr("Drag one to move them all. Ctrl+G makes a block of them, Delete removes them."))
        elif self._wire is not None and self._wire in network.edges:
            self._show_wire(*self._wire)
        else:
            self._show_network()

    def _show_wire(self, source: str, target: str) -> None:
        project = self._project
        network = project.network
        shape = network.shapes()[source]
        ends = {"source": network.node(source).name, "target": network.node(target).name}
        self._title.setText(tr("Wire"))
        self._kind.setText("")
        if shape is None:
            words = tr(
                "It leads from '{source}' to '{target}'. What runs along it is known once '{source}' is in order."
            )
            flow = words.format(**ends)
        else:
            count = math.prod(shape)
            numbers = tr("1 number") if count == 1 else tr("{count} numbers").format(count=f"{count:,}")
            form = "" if len(shape) == 1 else f" ({shape_in_words(shape)})"
            words = tr("It carries {numbers} a row from '{source}' to '{target}', as {kind}.")
            flow = words.format(numbers=numbers + form, kind=project.settings.precision, **ends)
        hint = tr("A layer that you add now goes into it. Delete removes it, and an end can be dragged elsewhere.")
        self._summary.setText(f"{flow}\n\n{hint}")

    def _show_network(self) -> None:
        project = self._project
        network = project.network
        self._title.setText(tr("Network"))
        self._kind.setText("")
        if not network.nodes:
            invitation = tr("The canvas is empty. Load a CSV, or drag layers from the palette.")
            self._summary.setText(tr(project.why_empty()) or invitation)
            return
        parameters = sum(network.parameter_count(node.id) or 0 for node in network.nodes)
        lines = [
            tr("{layers} layers · {parameters} parameters").format(
                layers=len(network.nodes), parameters=f"{parameters:,}"
            )
        ]
        if project.note:
            lines.append(project.note)
        lines.append(tr("Select a layer to see and change what it does."))
        self._summary.setText("\n\n".join(lines))

    def _show_node(self, id: str) -> None:
        network = self._project.network
        node = network.node(id)
        layer = node.layer
        if self._title.text() != node.name:
            self._title.setText(node.name)
        self._kind.setText(tr(layer.title))
        parts = [tr(layer.summary()), tr(layer.holds.in_words())]
        if self._past is not None:
            parts.append(tr("As it was at the step that is shown. Go to the end to change it."))
        self._summary.setText("\n\n".join(part for part in parts if part))
        self.form.edit(layer)
        activation = layer.last_activation()
        if activation is not None:
            self._curve.show_curves(of_activation(activation))
            words = f"{activation.formula} · {tr('range')} {activation.range_text}\n{tr(activation.advice)}"
        elif isinstance(layer, Output):
            self._curve.show_curves(of_cost(layer.cost))
            words = f"{tr('per row')}: {layer.cost.formula}\n{tr(layer.cost.summary())}\n{_fits(layer.cost)}"
        if activation is not None or isinstance(layer, Output):
            self._formula.setText(words)
            self._function.show()
        count = network.parameter_count(id)
        shapes, shape = network.input_shapes(id), network.shapes()[id]
        if count and shapes and shape:
            into, out = shape_in_words(shapes[0]), shape_in_words(shape)
            self._counts.setText(
                tr("in {into} → out {out} · {count} parameters").format(into=into, out=out, count=f"{count:,}")
            )
            for widget in (self._rule, self._weights_title, self._counts, self._histogram):
                widget.show()
            self._show_weights()

    def _show_weights(self) -> None:
        if len(self._ids) != 1 or not self._histogram.isVisibleTo(self):
            return
        prefix = f"{self._ids[0]}/"
        weights = self._frame.on_drawing().weights if self._frame is not None else {}
        self._histogram.show_weights([values for name, values in weights.items() if name.startswith(prefix)])


def _fits(cost: Cost) -> str:
    """Return which outputs a cost suits, in words."""
    if not cost.fits:
        return tr("Fits every output.")
    titles = [tr(find("activations", key).title) for key in cost.fits]
    return tr("Fits outputs with {activations}.").format(activations=", ".join(titles))
