"""The choice of what is drawn over the epochs: the cost, or a metric of the validation rows."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox

from nnstudio.engine import FOLLOWED, History
from nnstudio.gui.metric_words import metric_name
from nnstudio.i18n import tr

COST = "cost"


class SeriesField(QComboBox):
    """Offers the cost, and those metrics of which a history knows something."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("What is drawn"))
        self.setToolTip(tr("The cost, or how good the answers for the validation rows are"))
        self.addItem(tr(COST), COST)
        # The names of some metrics are long; the list that opens is as wide as they are.
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(7)

    @property
    def chosen(self) -> str:
        """``"cost"``, or the name of a metric."""
        return str(self.currentData())

    def offer(self, history: History) -> None:
        """Offer what the history knows; what is chosen stays chosen where it is among that."""
        names = [COST, *(name for name in FOLLOWED if history.latest(name) is not None)]
        if names == [self.itemData(index) for index in range(self.count())]:
            return
        chosen = self.chosen
        self.blockSignals(True)
        self.clear()
        for name in names:
            self.addItem(tr(COST) if name == COST else metric_name(name), name)
        self.setCurrentIndex(max(0, self.findData(chosen)))
        self.blockSignals(False)
        if self.chosen != chosen:
            self.currentIndexChanged.emit(self.currentIndex())
