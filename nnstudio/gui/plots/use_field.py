"""Which rows a plot looks at: those that were held out, or those that were trained on."""

from __future__ import annotations

from typing import cast

from PySide6.QtWidgets import QComboBox, QWidget

from nnstudio.gui.moments.evidence import Answers, Use, uses_of
from nnstudio.gui.moments.living import Surroundings
from nnstudio.i18n import tr

WORDS: dict[Use, str] = {"train": "training rows", "validation": "validation rows", "test": "test rows"}


class UseField(QComboBox):
    """Offers the uses that there are rows for; the held-out rows first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Rows"))
        self.setToolTip(tr("Which rows are looked at"))

    def use_in(self, around: Surroundings) -> Use:
        """Return the use that is chosen, of those that these surroundings have."""
        uses = uses_of(around) or ("train",)
        if [self.itemData(index) for index in range(self.count())] != list(uses):
            before = self.currentData()
            self.blockSignals(True)
            self.clear()
            for use in uses:
                self.addItem(tr(WORDS[use]), use)
            self.setCurrentIndex(max(0, self.findData(before)))
            self.blockSignals(False)
        return cast(Use, self.currentData())


def rows_in_words(use: Use, answers: Answers) -> str:
    """Return which rows these are and how many."""
    if len(answers.rows) < answers.total:
        return tr("{count:,} of {total:,} {rows}").format(
            count=len(answers.rows), total=answers.total, rows=tr(WORDS[use])
        )
    return tr("{count:,} {rows}").format(count=answers.total, rows=tr(WORDS[use]))
