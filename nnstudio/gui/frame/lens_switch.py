"""A small switch on the canvas: what is to be seen of the network."""

from __future__ import annotations

from typing import get_args

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from nnstudio.gui.look.accessible import Role, set_role
from nnstudio.gui.moments.living import Lens
from nnstudio.i18n import tr

_MARGIN = 12


class LensSwitch(QFrame):
    """Stands in the lower left corner of a widget and follows its size.

    Parameters
    ----------
    actions : dict of str to QAction
        Those of the window; ``view.activations`` and so on are made a group of which one is chosen.
    over : QWidget
        Where it stands.
    """

    chosen = Signal(str)

    def __init__(self, actions: dict[str, QAction], over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName("lensSwitch")
        self.setAccessibleName(tr("What is to be seen"))
        set_role(self, Role.Grouping)
        self._over = over
        self._lens: Lens = "activations"
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        group = QActionGroup(self)
        for lens in get_args(Lens):
            action = actions[f"view.{lens}"]
            action.setCheckable(True)
            action.setChecked(lens == self._lens)
            action.setData(lens)
            group.addAction(action)
            button = QToolButton()
            button.setDefaultAction(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setProperty("kind", "small")
            button.setAccessibleName(action.text())
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            row.addWidget(button)
        group.triggered.connect(self._on_triggered)
        over.installEventFilter(self)
        self.place()

    @property
    def lens(self) -> Lens:
        """What is to be seen."""
        return self._lens

    def place(self) -> None:
        """Go to the corner."""
        self.adjustSize()
        self.move(_MARGIN, self._over.height() - self.height() - _MARGIN)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of what it stands on."""
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)

    def _on_triggered(self, action: QAction) -> None:
        self._lens = action.data()
        self.chosen.emit(self._lens)
