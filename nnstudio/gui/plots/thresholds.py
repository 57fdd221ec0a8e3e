"""Every threshold that a yes/no answer can be cut at, and what comes of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Cuts:
    """What is said yes to at falling thresholds; the first is above all scores, so that nothing is.

    Attributes
    ----------
    threshold : Array of shape (cuts,)
    true_yes, false_yes : Array of shape (cuts,)
        How many rows of the class, and how many others, have a score of at least the threshold.
    """

    threshold: Numbers
    true_yes: Numbers
    false_yes: Numbers

    @property
    def has_both(self) -> bool:
        """Whether there are rows of the class and others, without which no curve can be drawn."""
        return bool(self.true_yes[-1] and self.false_yes[-1])

    @property
    def false_share(self) -> Numbers:
        """Of the other rows, the share that is said yes to."""
        return self.false_yes / max(1.0, float(self.false_yes[-1]))

    @property
    def recall(self) -> Numbers:
        """Of the rows of the class, the share that is found."""
        return self.true_yes / max(1.0, float(self.true_yes[-1]))

    @property
    def precision(self) -> Numbers:
        """Of the rows that are said yes to, the share that is of the class; 1 where there are none."""
        said = self.true_yes + self.false_yes
        return np.where(said > 0, self.true_yes / np.maximum(said, 1), 1.0)

    @property
    def roc_area(self) -> float:
        """The area below recall over the false share, by trapezia."""
        return float(np.trapezoid(self.recall, self.false_share))

    @property
    def average_precision(self) -> float:
        """The sum of precisions, each weighted with the recall that its threshold adds."""
        return float((np.diff(self.recall) * self.precision[1:]).sum())


def cuts(scores: Numbers, yes: NDArray[np.bool_]) -> Cuts:
    """Return what comes of every threshold.

    Parameters
    ----------
    scores : Array of shape (rows,)
    yes : Array of shape (rows,)
        Whether a row is of the class.
    """
    order = np.argsort(-scores, kind="stable")
    scores, yes = scores[order], yes[order]
    # Rows of the same score are cut together.
    ends = np.append(np.flatnonzero(np.diff(scores)), len(scores) - 1) if len(scores) else np.empty(0, np.int64)
    true, false = np.cumsum(yes)[ends], np.cumsum(~yes)[ends]
    none = np.zeros(1)
    return Cuts(
        np.concatenate([[np.inf], scores[ends]]),
        np.concatenate([none, true]),
        np.concatenate([none, false]),
    )
