"""Data that give the answer away, or come in batches that are too small."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from nnstudio.data import ColumnUse
from nnstudio.data.transforms.standardise import Standardise
from nnstudio.engine.layers.batch_normalization import BatchNormalization
from nnstudio.project import Edit, edits, together
from nnstudio.session.doctor import Finding, Rule
from nnstudio.session.examination import Examination, Sample

_FEWEST_ROWS = 4
_USUAL_BATCH = 32
_FEWEST_TIMES = 3
"""How often a value must come on average before it can tell a class by more than chance."""


_USUAL_SIZES = (0.1, 10.0)
"""Between these the root of the mean square of the largest input should lie; others may well be small."""
_FEW_EPOCHS = 3


class UnscaledInputs(Rule):
    """Numbers that come as they are in the file, and are much larger or smaller than first weights are made for.

    References
    ----------
    Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, "Efficient backprop", 1998, section 4.3.
    """

    key = "unscaled_inputs"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where a column as it is has an unusual size, and nothing was learned."""
        pipeline = seen.project.pipeline
        unscaled = [use for use in seen.project.columns if use.is_input and use.scaling == "as_is"]
        if pipeline is None or not unscaled or seen.has_learned:
            return
        if seen.epoch < _FEW_EPOCHS and not seen.divergence:
            return
        names, sample = {use.name for use in unscaled}, seen.sample.table
        sizes = {
            transform.column: float(np.sqrt(np.square(transform.raw(sample)[0]).mean()))
            for transform in pipeline.inputs
            if isinstance(transform, Standardise) and transform.column in names
        }
        name = max(sizes, key=lambda name: sizes[name], default="")
        if not name or _USUAL_SIZES[0] <= sizes[name] <= _USUAL_SIZES[1]:
            return
        yield Finding(
            key=self.key,
            sentence=f"The inputs are not scaled: '{name}' comes as it is, about {sizes[name]:,.3g} in size. Layers "
            "learn best from numbers around one.",
            cure=together(
                "Standardise the inputs",
                *(edits.set_column_use(use.model_copy(update={"scaling": "standardised"})) for use in unscaled),
                edits.reset_training(),
            ),
            nodes=seen.network.input_ids,
            begins_anew=True,
        )


class LeakingColumn(Rule):
    """A column that says the target in other words."""

    key = "leaking_column"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield each input column whose values stand for the target one by one."""
        pipeline = seen.project.pipeline
        if pipeline is None or len(pipeline.target_names) != 1:
            return
        for use in _leaking(seen.sample):
            yield Finding(
                key=self.key,
                sentence=f"The column '{use.name}' gives '{pipeline.target_names[0]}' away: each of its values "
                "goes with one answer. Will it be known when you predict?",
                cure=Edit(
                    f"Leave '{use.name}' out",
                    edits.set_column_use(use.model_copy(update={"role": "ignore"})).apply,
                ),
                nodes=seen.network.input_ids,
            )


class TinyBatch(Rule):
    """Batch normalisation over so few rows that their mean says nothing.

    References
    ----------
    Y. Wu, K. He, "Group normalization", 2018, figure 1.
    """

    key = "tiny_batch"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where a batch has fewer than four rows."""
        size = seen.settings.batch_size
        normal = tuple(id for id in seen.network.order if isinstance(seen.layer(id), BatchNormalization))
        if not normal or size is None or size >= _FEWEST_ROWS:
            return
        settings = seen.settings.model_copy(update={"batch_size": _USUAL_BATCH})
        rows = "1 row" if size == 1 else f"{size} rows"
        yield Finding(
            key=self.key,
            sentence=f"'{seen.network.node(normal[0]).name}' normalises batches of {rows}, whose mean is mere noise.",
            cure=Edit(f"Use batches of {_USUAL_BATCH}", edits.set_settings(settings, ["batch_size"]).apply),
            nodes=normal,
        )


@lru_cache(maxsize=1)
def _leaking(sample: Sample) -> tuple[ColumnUse, ...]:
    """Return the columns that say the target in other words; the same until the data change."""
    pipeline = sample.pipeline
    target = np.array(sample.table.words(pipeline.target_names[0]), object)
    gives_away = _is_the_same_line if pipeline.task == "regression" else _stand_for_each_other
    inputs = (use for use in sample.columns if use.role == "input")
    return tuple(use for use in inputs if gives_away(np.array(sample.table.words(use.name), object), target))


def _stand_for_each_other(values: np.ndarray, target: np.ndarray) -> bool:
    """Return whether each value comes with one class and each class with one value, often enough to be no chance."""
    kinds, classes = set(values.tolist()), set(target.tolist())
    pairs = set(zip(values.tolist(), target.tolist(), strict=True))
    return 1 < len(classes) == len(kinds) == len(pairs) and len(values) >= _FEWEST_TIMES * len(kinds)


def _is_the_same_line(values: np.ndarray, target: np.ndarray) -> bool:
    """Return whether a column of numbers is the target, moved and scaled."""
    try:
        x, y = values.astype(float), target.astype(float)
    except ValueError:
        return False
    if not len(x) or x.std() == 0 or y.std() == 0:
        return False
    return bool(abs(np.corrcoef(x, y)[0, 1]) > 1 - 1e-9)
