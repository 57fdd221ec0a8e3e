"""The base of plots of what a network answers, or of what goes on inside it, at one moment."""

from __future__ import annotations

from typing import ClassVar, Literal

from nnstudio.engine import History
from nnstudio.gui.moments.evidence import Evidence, evidence_of
from nnstudio.gui.moments.living import LivingFrame, LivingView
from nnstudio.gui.plots.plot import Plot
from nnstudio.i18n import tr

_OTHERS = {
    "classes": "This network answers with numbers, not with classes. Open Fit or Residuals in View ▸ Plots.",
    "numbers": "This network answers with classes, not with numbers. Open Confusion matrix in View ▸ Plots.",
}


class EvidencePlot(Plot):
    """Says why there is nothing to see while there is no network, or one with answers of another kind.

    A member defines `look` in place of `draw`.

    Attributes
    ----------
    about : str
        The only answers that it can show, ``"classes"`` or ``"numbers"``; empty for a plot that suits every network.
    """

    about: ClassVar[Literal["classes", "numbers", ""]] = ""

    def look(self, frame: LivingFrame, evidence: Evidence) -> None:
        """Compute beside the window what is to be seen of a moment, then show it."""
        raise NotImplementedError

    def draw(self, frame: LivingFrame | None, view: LivingView | None, history: History | None) -> None:
        """Look at a moment, or say why there is nothing to see."""
        del history
        if frame is None or view is None:
            self.show_empty()
            return
        known = "numbers" if frame.surroundings.pipeline.task == "regression" else "classes"
        if self.about and self.about != known:
            self.show_empty(tr(_OTHERS[self.about]))
            return
        self.look(frame, evidence_of(frame, view))
