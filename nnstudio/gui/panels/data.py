"""The data panel: what the file holds, what each column is for, and how rows are dealt out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QMenu,
    QSizePolicy,
    QSplitter,
    QStackedLayout,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from nnstudio.data import SplitSettings, Table
from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.look.text_size import grown
from nnstudio.gui.panels import Perform
from nnstudio.gui.panels.choice_delegate import ChoiceDelegate
from nnstudio.gui.panels.column_model import (
    CHOICES,
    HEADINGS,
    INDICATOR,
    KIND,
    MISSING,
    NAME,
    ROLE,
    ColumnModel,
    choice_words,
)
from nnstudio.gui.panels.split_bar import SplitBar
from nnstudio.gui.widgets.elided_label import ElidedLabel
from nnstudio.gui.widgets.empty_state import EmptyState
from nnstudio.gui.widgets.number_field import NumberField
from nnstudio.gui.widgets.row_menu import add_copy_row, row_at
from nnstudio.gui.widgets.rows import RowsModel
from nnstudio.i18n import tr
from nnstudio.project import Document, Project, edits

_FIRST_ROWS = 60
_FITTED = 40
_WIDEST = 200
_WIDE = 760
_WIDE_WITH_GAPS = 980
_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}


class DataPanel(QWidget):
    """Columns and first rows side by side, or one at a time where there is little room; the split below.

    Attributes
    ----------
    menu_actions : tuple of QAction
        What the menus of both tables offer beside their own.
    """

    open_file_requested = Signal()
    open_sample_requested = Signal()

    def __init__(self, document: Document, perform: Perform, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dataPanel")
        self.setAccessibleName(tr("Data"))
        set_role(self, Role.Grouping)
        self.menu_actions: tuple[QAction, ...] = ()
        self._document = document
        self._perform = perform
        self._headline = ElidedLabel()
        self._headline.setProperty("role", "dim")
        self.columns = _table(tr("Columns"))
        self.columns.setItemDelegate(ChoiceDelegate(self.columns))
        self.columns.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.rows = _table(tr("First rows"))
        self._model = ColumnModel(document, perform)
        self.columns.setModel(self._model)
        self.columns.horizontalHeader().setStretchLastSection(True)
        self._switch = {
            name: _switch(title) for name, title in (("columns", tr("Columns")), ("rows", tr("First rows")))
        }
        self._shown = "columns"
        self._train = self._share_field(tr("Training share"))
        self._validation = self._share_field(tr("Validation share"))
        self._test = self._share_field(tr("Test share"))
        self._train.setMinimum(1)
        self._seed = NumberField(whole=True, minimum=0, maximum=2**31 - 1)
        self._seed.setAccessibleName(tr("Seed of the split"))
        self._seed.setToolTip(tr("Another seed deals the rows out in another way"))
        self._bar = SplitBar()
        self._counts = ElidedLabel()
        self._counts.setProperty("role", "dim")
        self._empty = EmptyState(
            tr("Drop a CSV on the window to see its columns here."),
            (
                (tr("Open a CSV…"), self.open_file_requested.emit),
                (tr("Open a sample…"), self.open_sample_requested.emit),
            ),
        )
        self._lay_out()
        self.columns.clicked.connect(self._on_cell_clicked)
        for view, make in ((self.columns, self.menu_of_column), (self.rows, self.menu_of_row)):
            view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            view.customContextMenuRequested.connect(partial(self._show_menu, view, make))
        for name, button in self._switch.items():
            button.clicked.connect(lambda _=False, name=name: self._show_part(name))
        self._train.valueChanged.connect(self._on_train_changed)
        self._validation.valueChanged.connect(self._on_rest_changed)
        self._test.valueChanged.connect(self._on_rest_changed)
        self._seed.valueChanged.connect(self._on_seed_changed)
        document.subscribe(self._on_project_changed)
        self._show_table(document.project)

    def headline(self) -> str:
        """Return what is said of the file."""
        return self._headline.text()

    def counts(self) -> str:
        """Return how many rows the split gives to whom, in words."""
        return self._counts.text()

    def shares(self) -> tuple[int, int, int]:
        """Return the shares of training, validation and test as they are shown, in percent."""
        return round(self._train.value()), round(self._validation.value()), round(self._test.value())

    def menu_of_column(self, row: int) -> QMenu:
        """Return the menu of a column of the data; that of none where the row is negative."""
        menu = QMenu(self)
        if row >= 0:
            roles = {"input": tr("Use as input"), "target": tr("Use as target"), "both": tr("Use as input and target")}
            self._add_choices(menu, row, ROLE, roles)
            menu.addSeparator()
            for which in (KIND, MISSING):
                if self._model.index(row, which).data(Qt.ItemDataRole.EditRole) is not None:
                    self._add_choices(menu.addMenu(tr(HEADINGS[which])), row, which, {})
            scaled = self._model.is_scaled(row)
            if scaled is not None:
                action = menu.addAction(tr("Standardise its numbers"))
                action.setCheckable(True)
                action.setChecked(scaled)
                action.toggled.connect(partial(self._model.set_scaled, row))
            menu.addSeparator()
            add_copy_row(menu, self.columns, row)
        menu.addActions(list(self.menu_actions))
        return menu

    def menu_of_row(self, row: int) -> QMenu:
        """Return the menu of one of the first rows; that of none where it is negative."""
        menu = QMenu(self)
        if row >= 0:
            add_copy_row(menu, self.rows, row)
        menu.addActions(list(self.menu_actions))
        return menu

    def _add_choices(self, menu: QMenu, row: int, which: int, words: dict[str, str]) -> None:
        index = self._model.index(row, which)
        group = QActionGroup(menu)
        for value in CHOICES[which]:
            action = menu.addAction(words.get(value) or choice_words(value).capitalize())
            action.setCheckable(True)
            action.setChecked(value == index.data(Qt.ItemDataRole.EditRole))
            action.triggered.connect(partial(self._choose, row, which, value))
            group.addAction(action)

    def _choose(self, row: int, which: int, value: str, _: bool = False) -> None:
        self._model.setData(self._model.index(row, which), value)

    def _show_menu(self, view: QTableView, make: Callable[[int], QMenu], place: QPoint) -> None:
        menu = make(row_at(view, place))
        menu.exec(view.viewport().mapToGlobal(place))
        menu.deleteLater()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show columns and rows side by side where there is room."""
        super().resizeEvent(event)
        self._show_part(self._shown)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(14, 4, 12, 0)
        top.addWidget(self._headline, 1)
        for button in self._switch.values():
            top.addWidget(button)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self.columns)
        both.addWidget(self.rows)
        both.setStretchFactor(0, 3)
        both.setStretchFactor(1, 2)
        both.setSizes([620, 380])
        both.setChildrenCollapsible(False)
        split = QHBoxLayout()
        split.setContentsMargins(14, 0, 14, 4)
        split.setSpacing(6)
        for caption, field in (
            (tr("train %"), self._train),
            (tr("validation %"), self._validation),
            (tr("test %"), self._test),
            (tr("seed"), self._seed),
        ):
            field.setFixedWidth(grown(72, self))
            label = QLabel(caption)
            label.setProperty("role", "dim")
            label.setBuddy(field)
            split.addWidget(label)
            split.addWidget(field)
            if field is not self._seed:
                split.addSpacing(3)
        # In the same line, so that the columns have the height; it takes what the fields leave.
        dealt = QWidget()
        dealt.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        bar = QHBoxLayout(dealt)
        bar.setContentsMargins(3, 0, 0, 0)
        bar.addWidget(self._bar, 1)
        bar.addWidget(self._counts, 3)
        split.addWidget(dealt, 1)
        shown = QWidget()
        layout = QVBoxLayout(shown)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(3)
        layout.addLayout(top)
        layout.addWidget(both, 1)
        layout.addLayout(split)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._empty)
        self._stack.addWidget(shown)

    def _share_field(self, name: str) -> NumberField:
        field = NumberField(whole=True, minimum=0, maximum=100)
        field.setAccessibleName(name)
        return field

    def _show_part(self, name: str) -> None:
        """Show the columns or the first rows; both where there is room."""
        self._shown = name
        room = _WIDE if self.columns.isColumnHidden(MISSING) else _WIDE_WITH_GAPS
        wide = self.width() >= grown(room, self)
        for part, button in self._switch.items():
            button.setVisible(not wide)
            button.setChecked(part == name)
        self.columns.setVisible(wide or name == "columns")
        self.rows.setVisible(wide or name == "rows")

    def _on_project_changed(self, before: Project, after: Project) -> None:
        if before.table is not after.table:
            self._show_table(after)
        elif before.columns != after.columns or before.split != after.split:
            self._show_split(after)

    def _show_table(self, project: Project) -> None:
        table = project.table
        self._stack.setCurrentIndex(0 if table is None else 1)
        if table is None:
            return
        self._headline.say(_describe(table))
        self.rows.setModel(RowsModel(table.column_names, table.head(_FIRST_ROWS)))
        for column in range(min(_FITTED, len(table.column_names))):
            self.rows.resizeColumnToContents(column)
            self.rows.setColumnWidth(column, min(self.rows.columnWidth(column) + 8, grown(_WIDEST, self)))
        for column, width in ((NAME, 118), (KIND, 88), (ROLE, 80), (MISSING, 116), (INDICATOR, 46)):
            self.columns.setColumnWidth(column, grown(width, self))
        complete = not any(column.missing for column in table.columns)
        for column in (MISSING, INDICATOR):
            # Where nothing is missing there is nothing to choose, and the room serves the remarks.
            self.columns.setColumnHidden(column, complete)
        self._show_part(self._shown)
        self._show_split(project)

    def _show_split(self, project: Project) -> None:
        split = project.split
        train, validation = round(100 * split.train), round(100 * split.validation)
        for field, value in (
            (self._train, train),
            (self._validation, validation),
            (self._test, 100 - train - validation),
            (self._seed, split.seed),
        ):
            blocked = field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(blocked)
        rows = project.rows
        if rows is None:
            return
        text = tr("{train} rows for training, {validation} for validation, {test} for the test").format(
            train=f"{len(rows.train):,}", validation=f"{len(rows.validation):,}", test=f"{len(rows.test):,}"
        )
        if rows.left_out:
            text += " · " + tr("{count} without a target are left out").format(count=rows.left_out)
        self._bar.show_shares((split.train, split.validation, split.test), text)
        self._counts.say(text)

    def _on_cell_clicked(self, index: QModelIndex) -> None:
        if index.column() in CHOICES:
            self.columns.edit(index)

    def _on_train_changed(self) -> None:
        """Let validation and test share what training leaves, as they shared it before."""
        train = round(self._train.value())
        split = self._document.project.split
        held = split.validation + split.test
        share = split.validation / held if held > 0 else 0.5
        validation = round((100 - train) * share)
        self._set_split(train, validation, 100 - train - validation)

    def _on_rest_changed(self) -> None:
        """Let training have what validation and test leave."""
        mine = self.sender()
        validation, test = round(self._validation.value()), round(self._test.value())
        if mine is self._validation:
            validation = min(validation, 99)
            test = min(test, 99 - validation)
        else:
            test = min(test, 99)
            validation = min(validation, 99 - test)
        self._set_split(100 - validation - test, validation, test)

    def _on_seed_changed(self) -> None:
        split = self._document.project.split
        self._perform(edits.set_split(split.model_copy(update={"seed": round(self._seed.value())})))

    def _set_split(self, train: int, validation: int, test: int) -> None:
        seed = self._document.project.split.seed
        settings = SplitSettings(train=train / 100, validation=validation / 100, test=test / 100, seed=seed)
        self._perform(edits.set_split(settings))
        self._show_split(self._document.project)


def _switch(title: str) -> QToolButton:
    button = QToolButton()
    button.setText(title)
    button.setCheckable(True)
    button.setProperty("kind", "small")
    return button


def _table(name: str) -> QTableView:
    view = QTableView()
    view.setAccessibleName(name)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(grown(26, view))
    view.setShowGrid(False)
    view.setTabKeyNavigation(False)  # arrows walk through cells; Tab leads on
    view.setAlternatingRowColors(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setWordWrap(False)
    view.setMinimumWidth(160)
    view.horizontalHeader().setHighlightSections(False)
    view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return view


def _describe(table: Table) -> str:
    parts = [
        table.name,
        tr("{rows} rows × {columns} columns").format(rows=f"{table.row_count:,}", columns=len(table.columns)),
    ]
    if table.source is not None:
        delimiter = _NAMES.get(table.source.delimiter, table.source.delimiter)
        parts.append(
            tr("parted by {delimiter}, {encoding}").format(delimiter=tr(delimiter), encoding=table.source.encoding)
        )
        if not table.source.header:
            parts.append(tr("without a header"))
    return " · ".join(parts)
