"""What the problems of the drawing foretold, and what a run that was trained all the same suffers from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from nnstudio.components import Problem
from nnstudio.engine import measure
from nnstudio.project import Edit, edits, together
from nnstudio.session.doctor import Finding, Rule
from nnstudio.session.examination import Examination

_FEW_EPOCHS = 5
_BEYOND = 0.05
"""The share of rows whose target lies beyond all answers from which on it is told."""
_SAME = 1e-4
"""Weights that differ by less than this share of the largest are the same; sums round differently."""


class CostMisfit(Rule):
    """A cost that is not made for what is to be learned, or an answer that cannot reach it.

    Where the two contradict each other no run begins; where they only suit each other badly one does.

    References
    ----------
    D. Rumelhart, R. Durbin, R. Golden, Y. Chauvin, "Backpropagation: the basic theory", 1995.
    """

    key = "cost_misfit"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where classes are learned badly by a cost for numbers, or numbers lie beyond all answers."""
        pipeline = seen.project.pipeline
        if pipeline is None or seen.epoch < _FEW_EPOCHS:
            return
        for problem in seen.foretold(self.key):
            if pipeline.task == "regression":
                share = _share_beyond(seen)
                if share < _BEYOND:
                    continue
                shown = f"{share:.0%} of the rows ask for more than it ever says."
            else:
                if seen.has_learned:
                    continue
                said, truth = pipeline.in_units(seen.answers), pipeline.in_units(seen.targets)
                right = measure(pipeline.task, said, truth)["accuracy"]
                shown = f"Only {right:.0%} of the rows are answered right."
            yield Finding(
                key=self.key,
                sentence=f"{problem.what} {shown}",
                cure=_all_fixes([problem]),
                nodes=tuple(id for id in (problem.node, problem.other) if id),
            )


class SymmetricWeights(Rule):
    """Units that began with the same weights and therefore stay the same.

    References
    ----------
    D. Rumelhart, G. Hinton, R. Williams, "Learning representations by back-propagating errors", 1986.
    """

    key = "symmetric_weights"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield the layers whose units still have the same weights."""
        told = [problem for problem in seen.foretold(self.key) if seen.step and _is_symmetric(seen, problem.node)]
        if not told:
            return
        first = seen.network.node(told[0].node)
        units = seen.parameters[f"{first.id}/kernel"].shape[-1]
        yield Finding(
            key=self.key,
            sentence=f"All {units} units of '{first.name}' still have the same weights, for they began with the same: "
            "together they learn no more than one.",
            cure=together(told[0].fixes[0].title, _all_fixes(told), edits.new_weights()),
            nodes=tuple(problem.node for problem in told),
            units=tuple(range(units)),
            begins_anew=True,
        )


class ThresholdUnits(Rule):
    """Units that jump, so that no slope reaches what is before them.

    References
    ----------
    Y. Bengio, N. Léonard, A. Courville, "Estimating or propagating gradients through stochastic neurons", 2013.
    """

    key = "threshold_units"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield the layers that jump, with those before them that get no slope at all."""
        told = [problem for problem in seen.foretold(self.key) if _without_slope(seen, problem.node)]
        if not told:
            return
        still = {id for problem in told for id in _without_slope(seen, problem.node)}
        lit = still | {problem.node for problem in told}
        yield Finding(
            key=self.key,
            sentence=f"{told[0].what} The slope of every row is exactly zero there.",
            cure=_all_fixes(told),
            nodes=tuple(id for id in seen.network.order if id in lit),
        )


def _all_fixes(problems: Sequence[Problem]) -> Edit:
    """Return the edit that mends each of some problems in the best way that it knows."""
    fixes = [problem.fixes[0] for problem in problems]
    return together(fixes[0].title, *(edits.apply_fix(fix) for fix in fixes))


def _share_beyond(seen: Examination) -> float:
    """Return the share of rows with a target larger or smaller than every answer."""
    low, high = seen.answers.min(axis=0), seen.answers.max(axis=0)
    return float(((seen.targets < low) | (seen.targets > high)).any(axis=1).mean())


def _is_symmetric(seen: Examination, id: str) -> bool:
    """Return whether the weights that lead to each unit of a layer are the same."""
    kernel = seen.parameters[f"{id}/kernel"]
    size = float(np.abs(kernel).max())
    return bool(np.abs(kernel - kernel[..., :1]).max() <= _SAME * size)


def _without_slope(seen: Examination, id: str) -> list[str]:
    """Return which layers up to one that jumps have weights that could learn, and get no slope."""
    concerned = {id, *seen.network.leading_to(id)}
    return [
        other
        for other in seen.kernels
        if other in concerned and not seen.layer(other).holds.whole and not seen.gradients[f"{other}/kernel"].any()
    ]
