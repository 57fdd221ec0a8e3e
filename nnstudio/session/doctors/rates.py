"""Steps that are too large, too small, or lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnstudio.i18n import Phrase
from nnstudio.project import Edit
from nnstudio.session.doctor import FACTOR, Finding, Rule, set_rate, start_over_lower, use_adam
from nnstudio.session.examination import Examination

_FEW_EPOCHS = 8
_STEEP = 0.03
_SOME_EPOCHS = 15
_JUMPY = 0.1
"""Changes from epoch to epoch of this share of the cost are jumps."""

_WELL = 0.5
"""A cost below this share of that of always the same answer shows that the run went well."""

_LITTLE = 0.05
"""A cost that fell by less than this share is about where it began."""


class RateTooHigh(Rule):
    """The cost jumps about and does not fall, or has leapt far above where it was."""

    key = "rate_too_high"
    explains_others = True

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where the cost jumps and nothing was learned; numbers that ran away are told as such."""
        rate, costs = seen.settings.optimizer.rate, seen.costs
        if rate is None or len(costs) < _FEW_EPOCHS or seen.divergence:
            return
        late = costs[-_FEW_EPOCHS:]
        if seen.has_learned and late.mean() < seen.plain_cost:
            return
        if costs.min() < _WELL * seen.plain_cost and late.min() > seen.plain_cost:
            yield self._leap(seen, rate, costs.min(), late[-1])
            return
        jumps = np.abs(np.diff(late)).mean()
        rises = int((np.diff(late) > 0).sum())
        if rises < 2 or jumps < _JUMPY * late.mean():
            return
        yield Finding(
            key=self.key,
            sentence=f"The cost jumps up and down and nothing is learned: the learning rate of {rate:g} is too high.",
            cure=start_over_lower(seen, rate),
            nodes=seen.network.output_ids,
            begins_anew=True,
        )

    def _leap(self, seen: Examination, rate: float, before: float, now: float) -> Finding:
        """Return what is told of a run that went well until its steps became too large."""
        return Finding(
            key=self.key,
            sentence=f"The cost has leapt from {before:.3g} to {now:.3g}, which is worse than always the same answer: "
            f"the learning rate of {rate:g} is too high.",
            cure=start_over_lower(seen, rate),
            nodes=seen.network.output_ids,
            begins_anew=True,
        )


class RateTooLow(Rule):
    """The cost falls at every epoch, but so slowly that it will take for ever."""

    key = "rate_too_low"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where nearly every epoch brought a little, and all together brought little."""
        rate, costs = seen.settings.optimizer.rate, seen.costs
        if rate is None or len(costs) < _SOME_EPOCHS or seen.has_learned:
            return
        late = costs[-_SOME_EPOCHS:]
        falls = np.diff(late) < 0
        brought = 1 - late[-1] / late[0] if late[0] > 0 else 0.0
        moved = _moved_share(seen, rate)
        if falls.mean() < 0.8 or not 0 < brought < _LITTLE or moved > 1e-3 or seen.gradient_norm < _STEEP:
            return  # where there is hardly a slope, larger steps would not help
        higher = rate * FACTOR ** (1 if brought > 0.01 else 2 if brought > 0.001 else 3)
        yield Finding(
            key=self.key,
            sentence=f"The cost falls steadily but by only {brought:.1%} in {_SOME_EPOCHS} epochs: "
            f"the learning rate of {rate:g} is too low.",
            cure=Edit(Phrase("Set the rate to {rate:g}", rate=higher), set_rate(seen, higher).apply),
            nodes=seen.kernels,
        )


class Plateau(Rule):
    """The cost stands still far above zero, though steps are of a usual size."""

    key = "plateau"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where the last epochs brought nothing and the optimizer follows the plain gradient."""
        costs, optimizer = seen.costs, seen.settings.optimizer
        if len(costs) < 2 * _SOME_EPOCHS or seen.has_learned or optimizer.key not in ("sgd", "averaged_sgd"):
            return
        late = costs[-_SOME_EPOCHS:]
        if abs(late[-1] - late[0]) > 0.01 * late[0] or late.std() > 0.01 * late[0]:
            return
        yield Finding(
            key=self.key,
            sentence=f"The cost has stood at {late[-1]:.3g} for {_SOME_EPOCHS} epochs: training is on a plateau. "
            "Adam finds a step of its own for each weight.",
            cure=use_adam(seen),
            nodes=seen.network.output_ids,
        )


def _moved_share(seen: Examination, rate: float) -> float:
    """Return by which share of their size a plain step moves the weights."""
    size = float(np.sqrt(sum(float(np.square(values).sum()) for values in seen.parameters.values())))
    return rate * seen.gradient_norm / max(size, 1e-12)
