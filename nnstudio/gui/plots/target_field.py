"""Which of several targets a plot looks at."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QWidget

from nnstudio.gui.moments.living import Surroundings
from nnstudio.i18n import tr


class TargetField(QComboBox):
    """Offers the targets; hidden where there is one only."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Target"))
        self.setToolTip(tr("Which target column is looked at"))

    def target_of(self, around: Surroundings) -> int:
        """Return the place of the target that is chosen, of those that there are."""
        names = list(around.pipeline.target_names)
        if [self.itemText(index) for index in range(self.count())] != names:
            self.blockSignals(True)
            self.clear()
            self.addItems(names)
            self.blockSignals(False)
        self.setVisible(len(names) > 1)
        return max(0, self.currentIndex())
