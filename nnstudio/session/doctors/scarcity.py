"""Too little to learn from: of one class, or for so many weights."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnstudio.engine.regularizers import L2
from nnstudio.project import edits, together
from nnstudio.session.doctor import Finding, Rule
from nnstudio.session.examination import Examination

_TIMES = 8
"""How many times as often another class comes before one is rare."""
_FEW_EPOCHS = 10
_FOUND = 1 / 3
"""A class of whose rows fewer than this share are found is ignored."""
_FEWEST_ROWS = 3
_WEIGHTS_A_ROW = 10
_STRENGTH = 0.03


class UnbalancedClasses(Rule):
    """A class so rare that the network gains most by never answering it.

    References
    ----------
    H. He, E. Garcia, "Learning from imbalanced data", 2009.
    """

    key = "unbalanced_classes"
    is_consequence = True

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where a rare class is hardly ever answered, and no class counts more than another."""
        pipeline = seen.project.pipeline
        if pipeline is None or pipeline.task == "regression" or seen.settings.class_weights or seen.epoch < _FEW_EPOCHS:
            return
        counts = seen.sample.class_counts
        said, true = pipeline.classes_of(seen.answers), pipeline.classes_of(seen.targets)
        ignored = []
        for place, name in enumerate(pipeline.class_names):
            rows = true == place
            if _TIMES * counts[name] <= max(counts.values()) and rows.sum() >= _FEWEST_ROWS:
                share = float(np.mean(said[rows] == place))
                if share < _FOUND:
                    ignored.append((share, name))
        if not ignored:
            return
        share, name = min(ignored)
        often = max(counts, key=lambda other: counts[other])
        found = f"only {share:.0%} of its rows are" if share else "none of its rows is"
        yield Finding(
            key=self.key,
            sentence=f"The class '{name}' is passed over: {found} found, for '{often}' comes "
            f"{counts[often] / counts[name]:,.0f} times as often.",
            cure=edits.balance_classes(),
            nodes=seen.network.sources(seen.network.output_ids[0]),
            units=(pipeline.class_names.index(name) if seen.answers.shape[1] > 1 else 0,),
        )


class TooFewRows(Rule):
    """So many weights that they can hold every row, and do.

    References
    ----------
    A. Krogh, J. Hertz, "A simple weight decay can improve generalization", 1991.
    """

    key = "too_few_rows"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where rows are learned by heart and there are many weights for each."""
        rows, count = seen.project.rows, len(seen.weights)
        if rows is None or seen.by_heart is None or count < _WEIGHTS_A_ROW * len(rows.train):
            return
        decay = L2(strength=_STRENGTH)
        free = [id for id in seen.hidden if getattr(seen.layer(id), "kernel_regularizer", self) is None]
        if not free:
            return
        now, lowest = seen.by_heart
        yield Finding(
            key=self.key,
            sentence=f"There are {count:,} weights for {len(rows.train):,} rows, so these are learned by heart: the "
            f"validation cost is {now:.3g}, but was {lowest:.3g}.",
            cure=together(
                "Start over and keep weights small",
                *(edits.set_layer(id, seen.layer(id).replace(kernel_regularizer=decay)) for id in free),
                edits.reset_training(),
            ),
            nodes=tuple(free),
            begins_anew=True,
        )
