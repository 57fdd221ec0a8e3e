"""Rows that come in an order by which each step undoes what others learned."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnstudio.project import edits, together
from nnstudio.session.doctor import Finding, Rule
from nnstudio.session.examination import Examination, Numbers

_FEW_EPOCHS = 3
_LIKE = 0.9
"""How like its neighbour a row is in rows that are sorted, between 0 for no order and 1."""


class SortedRows(Rule):
    """Rows in the order of a file that is sorted by the target.

    References
    ----------
    Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, "Efficient backprop", 1998, section 4.2.
    """

    key = "sorted_rows"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where rows keep their order, neighbours have like targets, and nothing was learned."""
        settings, pipeline = seen.settings, seen.project.pipeline
        if settings.shuffle or settings.batch_size is None or pipeline is None:
            return
        if seen.epoch < _FEW_EPOCHS or seen.has_learned or _likeness(seen.targets.astype(np.float64)) < _LIKE:
            return
        shuffled = settings.model_copy(update={"shuffle": True})
        name = " and ".join(f"'{target}'" for target in pipeline.target_names)
        yield Finding(
            key=self.key,
            sentence=f"The rows come in the order of the file, which is sorted by {name}: each batch holds like rows, "
            "and undoes what the batch before it taught.",
            cure=together("Shuffle the rows", edits.set_settings(shuffled, ["shuffle"])),
            nodes=seen.network.input_ids,
        )


def _likeness(targets: Numbers) -> float:
    """Return how like each row is to the one before it: one less the share of the spread that lies between them."""
    spread = 2 * targets.var(axis=0).sum()
    between = np.square(np.diff(targets, axis=0)).mean(axis=0).sum()
    return 1 - float(between / spread) if spread > 0 else 0.0
