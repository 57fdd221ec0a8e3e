"""Answers that are always the same or stuck, and what is learned by heart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnstudio.engine import EarlyStopping
from nnstudio.project import edits, together
from nnstudio.session.doctor import Finding, Rule, start_over_lower, use_adam
from nnstudio.session.examination import Examination

_FEW_EPOCHS = 5
_ENDS = ("tanh", "hard_tanh", "softsign")
"""Activations between −1 and 1."""
_AT_THE_END = 0.98
_MANY = 0.1
"""The share of rows from which on it is told."""


class Collapse(Rule):
    """The network answers the same class for every row."""

    key = "collapse"
    is_consequence = True

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where one class is answered though several are there."""
        pipeline, rate = seen.project.pipeline, seen.settings.optimizer.rate
        if pipeline is None or pipeline.task == "regression" or rate is None or seen.epoch < _FEW_EPOCHS:
            return
        said, true = pipeline.classes_of(seen.answers), pipeline.classes_of(seen.targets)
        most = np.bincount(true).max() / len(true)
        if len(np.unique(said)) > 1 or most > 0.9:
            return
        name = pipeline.class_names[int(said[0])]
        follows_the_gradient = seen.settings.optimizer.key in ("sgd", "averaged_sgd")
        yield Finding(
            key=self.key,
            sentence=f"Every row is answered with '{name}', though only {np.mean(true == said[0]):.0%} of them are.",
            cure=use_adam(seen) if follows_the_gradient else start_over_lower(seen, rate),
            nodes=seen.network.sources(seen.network.output_ids[0]),
            units=(int(said[0]) if seen.answers.shape[1] > 1 else 0,),
            begins_anew=not follows_the_gradient,
        )


class Overfitting(Rule):
    """The cost of rows that were not trained on rises while that of the others falls."""

    key = "overfitting"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where the validation cost is well above its lowest and that was long ago."""
        if seen.settings.early_stopping is not None or seen.by_heart is None:
            return
        now, lowest = seen.by_heart
        settings = seen.settings.model_copy(update={"early_stopping": EarlyStopping(patience=10)})
        yield Finding(
            key=self.key,
            sentence=f"It learns by heart: the validation cost is {now:.3g}, but was {lowest:.3g}, "
            "while the training cost went on falling.",
            cure=together(
                "Start over and end early", edits.set_settings(settings, ["early_stopping"]), edits.reset_training()
            ),
            nodes=(max(seen.kernels, key=lambda id: seen.parameters[f"{id}/kernel"].size),),
            begins_anew=True,
        )


class TargetsAtTheEnds(Rule):
    """Answers that are stuck at the wrong end of an activation whose very ends are the targets.

    References
    ----------
    Y. LeCun, L. Bottou, G. Orr, K.-R. Müller, "Efficient backprop", 1998, section 4.5.
    """

    key = "targets_at_the_ends"

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where many rows are answered with the wrong end, from which no slope leads back."""
        answer = seen.network.sources(seen.network.output_ids[0])[0]
        bent, cost = seen.activation(answer), seen.network.output.cost
        if bent is None or bent.key not in _ENDS or cost.wants != "minus_plus_one" or seen.epoch < _FEW_EPOCHS:
            return
        stuck = float(((np.abs(seen.answers) > _AT_THE_END) & (seen.answers * seen.targets < 0)).mean())
        if stuck < _MANY:
            return
        yield Finding(
            key=self.key,
            sentence=f"{stuck:.0%} of the rows are stuck at the wrong end of {bent.title}, where it is flat: targets "
            "of -1 and 1 drive answers to its ends. LeCun tanh has them inside its range.",
            cure=together("Use LeCun tanh", edits.set_activation(answer, "lecun_tanh")),
            nodes=(answer, seen.network.output_ids[0]),
        )
