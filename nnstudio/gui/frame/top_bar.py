"""The bar at the top: files, undo, the data, the training buttons and what is being trained."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolBar, QToolButton, QWidget

from nnstudio.gui.look.icons import icon
from nnstudio.gui.look.theme import theme_signals
from nnstudio.gui.widgets.labelled_value import LabelledValue
from nnstudio.i18n import tr
from nnstudio.project import Project


class TopBar(QToolBar):
    """Buttons of actions, and the numbers one looks at most."""

    def __init__(self, actions: dict[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(tr("Tools"), parent)
        self.setObjectName("topBar")
        self.setMovable(False)
        self.setFloatable(False)
        self.setIconSize(QSize(20, 20))
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self._actions = actions
        for id in ("file.new", "file.open", "file.save"):
            self.addAction(actions[id])
        self.addSeparator()
        for id in ("edit.undo", "edit.redo"):
            self.addAction(actions[id])
        self.addSeparator()
        self._data_name = QLabel()
        self._data_name.setProperty("role", "heading")
        self._data_about = QLabel()
        self._data_about.setProperty("role", "dim")
        chip = QFrame()
        chip.setAccessibleName(tr("Data in use"))
        chip.setProperty("role", "chip")
        inside = QHBoxLayout(chip)
        inside.setContentsMargins(10, 5, 10, 5)
        inside.addWidget(self._data_name)
        inside.addWidget(self._data_about)
        self._chip = self.addWidget(chip)
        self.addWidget(_stretch())
        self.train = QToolButton()
        self.train.setProperty("kind", "primary")
        self.train.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.addWidget(self.train)
        for id in (
            "training.step",
            "training.epoch",
            "training.stop",
            "training.reset",
            "training.newWeights",
        ):
            self.addAction(actions[id])
        self.addSeparator()
        self.epoch = LabelledValue(tr("Epoch"), "0,000,000")
        self.rate = LabelledValue(tr("Learning rate"), "0.0001")
        self.batch = LabelledValue(tr("Batch"), "0000")
        self.optimizer = LabelledValue(tr("Optimizer"), "Adam")
        self._values = [self.addWidget(value) for value in (self.epoch, self.rate, self.batch, self.optimizer)]
        self.addWidget(_stretch())
        self.export = QToolButton()
        self.export.setProperty("kind", "plain")
        self.export.setText(tr("Export"))
        self.export.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(tr("Export"), self.export)
        menu.addAction(actions["export.weights"])
        self.export.setMenu(menu)
        self.addWidget(self.export)
        for button in self.findChildren(QToolButton):
            # Qt leaves the buttons of a bar out when the Tab key walks; these are the main thing.
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        theme_signals.changed.connect(self._recolour)
        for id in ("training.start", "training.pause"):
            actions[id].changed.connect(self._recolour)  # the button has just taken the action's own icon
        self._rate: float | None = None
        self.show_status("idle")
        self._recolour()

    def show_status(self, status: str) -> None:
        """Let the large button train or pause."""
        action = self._actions["training.pause" if status == "running" else "training.start"]
        self.train.setDefaultAction(action)
        self._recolour()

    def show_project(self, project: Project) -> None:
        """Show the data and the settings."""
        table = project.table
        self._chip.setVisible(table is not None)
        if table is not None:
            self._data_name.setText(table.name)
            inputs = sum(use.is_input for use in project.columns)
            target = ", ".join(use.name for use in project.columns if use.is_target) or "?"
            self._data_about.setText(
                tr("{inputs} inputs → {target} · {rows} rows").format(
                    inputs=inputs, target=target, rows=f"{table.row_count:,}"
                )
            )
        QTimer.singleShot(0, self, self._fit)
        settings = project.settings
        self._rate = settings.optimizer.rate
        self.show_rate(None)
        self.batch.set_value(tr("all") if settings.rows_per_step is None else f"{settings.rows_per_step:,}")
        self.optimizer.set_value(tr(settings.optimizer.title))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the less important out where there is little room, so that no button is cut off."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._fit)

    def _fit(self) -> None:
        _, rate, batch, optimizer = self._values
        less_important: tuple[QWidget | QAction, ...] = (self._data_about, optimizer, batch, rate)
        for part in less_important:
            part.setVisible(True)
        for part in less_important:
            if self.sizeHint().width() <= self.width():
                return
            part.setVisible(False)

    def show_epoch(self, epoch: int) -> None:
        """Show how many epochs are done."""
        self.epoch.set_value(f"{epoch:,}")

    def show_rate(self, now: float | None) -> None:
        """Show the learning rate that the schedule makes of the one that was chosen; by default the chosen one."""
        chosen = self._rate
        if chosen is None:
            self.rate.set_value("–")
        elif now is None or now == chosen:
            self.rate.set_value(f"{chosen:g}")
        else:
            self.rate.set_value(f"{now:.2g}")
        tip = tr("{chosen} was chosen; the schedule makes it {now} now.")
        differs = chosen is not None and now is not None and now != chosen
        self.rate.setToolTip(tip.format(chosen=f"{chosen:g}", now=f"{now:.4g}") if differs else "")

    def _recolour(self) -> None:
        # On the accent colour the usual grey would not be seen.
        running = self.train.defaultAction() is self._actions["training.pause"]
        self.train.setIcon(icon("pause" if running else "train", "on_accent"))
        self.export.setIcon(icon("export"))


def _stretch() -> QWidget:
    space = QWidget()
    space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return space
