"""One curve a class and a kind of rows, as ROC and precision-recall need them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnstudio.gui.evidence import Answers, Evidence, Use
from nnstudio.gui.plots.curve_chart import Curve
from nnstudio.gui.plots.thresholds import Cuts, cuts
from nnstudio.gui.plots.use_field import WORDS
from nnstudio.i18n import tr


@dataclass(frozen=True, eq=False)
class ClassCuts:
    """The thresholds of one class.

    Attributes
    ----------
    name : str
        The class.
    use : str
        Of which rows.
    cuts : Cuts
    """

    name: str
    use: Use
    cuts: Cuts


def cuts_of_classes(evidence: Evidence, use: Use) -> list[ClassCuts]:
    """Return the thresholds of a network's classes.

    With two classes they are those of the second one, the yes, for every kind of rows apart; with more, each class
    against all others, for the rows that are asked for.
    """
    names = evidence.around.pipeline.class_names
    if len(names) <= 2:
        return [_cut(answers, len(names) - 1, kind) for kind, answers in evidence.all_answers().items()]
    answers = evidence.answers(use)
    return [_cut(answers, label, use) for label in range(len(names))]


def curves_of(
    found: Sequence[ClassCuts], shape: Callable[[Cuts], tuple[Any, Any]], area: Callable[[Cuts], float]
) -> list[Curve]:
    """Return what can be drawn of them, with the area in words; a class without rows or without others has none."""
    by_use = len({one.use for one in found}) > 1 or len(found) == 1
    curves = []
    for one in found:
        if not one.cuts.has_both:
            continue
        x, y = shape(one.cuts)
        name = tr(WORDS[one.use]) if by_use else one.name
        threshold = np.where(np.isfinite(one.cuts.threshold), one.cuts.threshold, 1.0)
        curves.append(
            Curve(
                name,
                f"{name}  {area(one.cuts):.3f}",
                np.asarray(x, np.float64),
                np.asarray(y, np.float64),
                one.use if by_use else None,
                {"threshold": threshold},
            )
        )
    return curves


def table_of(curves: Sequence[Curve], x: str, y: str) -> Mapping[str, Sequence[Any]]:
    """Return curves as one long table: which one, the threshold, and both axes."""
    table: dict[str, list[Any]] = {"curve": [], "threshold": [], x: [], y: []}
    for curve in curves:
        table["curve"] += [curve.name] * len(curve.x)
        table["threshold"] += curve.columns["threshold"].tolist()
        table[x] += curve.x.tolist()
        table[y] += curve.y.tolist()
    return table


def _cut(answers: Answers, label: int, use: Use) -> ClassCuts:
    return ClassCuts(answers.names[label], use, cuts(answers.said[:, label], answers.truth == label))
