"""Columns that say nothing or too much, numbers of an unusual size, and batches that are too small."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np

from nnstudio.data import ColumnUse
from nnstudio.engine.layers.batch_normalization import BatchNormalization
from nnstudio.i18n import Phrase
from nnstudio.project import Edit, edits, together
from nnstudio.session.doctor import (
    USUAL_SIZES,
    Finding,
    Rule,
    places_of_columns,
    sizes_as_they_come,
    standardise_inputs,
)
from nnstudio.session.examination import Examination, Sample

_FEWEST_ROWS = 4
_USUAL_BATCH = 32
_FEWEST_TIMES = 3
"""How often a value must come on average before it can tell a class by more than chance."""

_FEW_EPOCHS = 3
_MOST_NAMES = 3
"""A sentence names so many columns and counts the others."""


class UnscaledInputs(Rule):
    """Numbers that come as they are in the file, and are much larger or smaller than first weights are made for.

    References
    ----------
    Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, "Efficient backprop", 1998, section 4.3.
    """

    key = "unscaled_inputs"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where a column as it is has an unusual size, and nothing was learned."""
        if seen.has_learned or seen.divergence or seen.epoch < _FEW_EPOCHS:
            return
        sizes = sizes_as_they_come(seen, seen.sample.table)
        name = max(sizes, key=lambda name: sizes[name], default="")
        if not name or USUAL_SIZES[0] <= sizes[name] <= USUAL_SIZES[1]:
            return
        yield Finding(
            key=self.key,
            sentence=f"The inputs are not scaled: '{name}' comes as it is, about {sizes[name]:,.3g} in size. Layers "
            "learn best from numbers around one.",
            cure=standardise_inputs(seen),
            nodes=seen.network.input_ids,
            units=places_of_columns(seen, {name}),
            begins_anew=True,
        )


class ConstantColumn(Rule):
    """A column that is the same in every row that is trained on, so that its weights learn nothing.

    References
    ----------
    M. Kuhn, K. Johnson, "Applied predictive modeling", 2013, section 3.5.
    """

    key = "constant_column"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield the columns that never change; in pictures and sequences, places may well be empty."""
        constant = seen.sample.constant
        inputs = [use for use in seen.sample.columns if use.is_input]
        shapes = seen.network.shapes()
        if (
            not constant
            or len(constant) == len(inputs)
            or any(len(shapes[id] or ()) > 1 for id in seen.network.input_ids)
        ):
            return
        if len(constant) == 1:
            said = f"The column {_listed(constant)} never changes in the rows that are trained on: its"
        else:
            said = f"The columns {_listed(constant)} never change in the rows that are trained on: their"
        yield Finding(
            key=self.key,
            sentence=f"{said} weights learn nothing, and disturb where other values come.",
            cure=_leave_out(constant),
            nodes=seen.network.input_ids,
            units=places_of_columns(seen, constant),
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
        inputs = [use for use in seen.sample.columns if use.is_input]
        for use in _leaking(seen.sample) if len(inputs) > 1 else ():
            yield Finding(
                key=self.key,
                sentence=f"The column '{use.name}' gives '{pipeline.target_names[0]}' away: each of its values "
                "goes with one answer. Will it be known when you predict?",
                cure=_leave_out([use.name]),
                nodes=seen.network.input_ids,
                units=places_of_columns(seen, {use.name}),
                begins_anew=True,
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
            cure=Edit(
                Phrase("Use batches of {rows}", rows=_USUAL_BATCH), edits.set_settings(settings, ["batch_size"]).apply
            ),
            nodes=normal,
        )


def _leave_out(names: Sequence[str]) -> Edit:
    """Return the edit that lets the network begin again without some columns."""
    left_out = edits.leave_out(names)
    return together(left_out.title, left_out, edits.reset_training())


def _listed(names: Sequence[str]) -> str:
    """Return the first few names in words."""
    shown = [f"'{name}'" for name in names[:_MOST_NAMES]]
    if len(names) > _MOST_NAMES:
        return f"{', '.join(shown)} and {len(names) - _MOST_NAMES} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else shown[0]


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
