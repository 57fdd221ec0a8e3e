"""Answers that are always the same, and what is learned by heart."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nnstudio.engine import EarlyStopping
from nnstudio.project import edits, together
from nnstudio.session.doctor import Finding, Rule, set_rate, use_adam
from nnstudio.session.examination import Examination

_FEW_EPOCHS = 5


class Collapse(Rule):
    """The network answers the same class for every row."""

    key = "collapse"
    is_consequence = True

    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield where one class is answered though several are there."""
        pipeline, rate = seen.project.pipeline, seen.settings.optimizer.rate
        if pipeline is None or pipeline.task == "regression" or rate is None or seen.epoch < _FEW_EPOCHS:
            return
        said, true = _classes(seen.answers), _classes(seen.targets)
        most = np.bincount(true.astype(int)).max() / len(true)
        if len(np.unique(said)) > 1 or most > 0.9:
            return
        name = pipeline.class_names[int(said[0])]
        lower = together(f"Set the rate to {rate / 10:g}", set_rate(seen, rate / 10), edits.new_weights())
        follows_the_gradient = seen.settings.optimizer.key in ("sgd", "averaged_sgd")
        yield Finding(
            key=self.key,
            sentence=f"Every row is answered with '{name}', though only {np.mean(true == said[0]):.0%} of them are.",
            cure=use_adam(seen) if follows_the_gradient else lower,
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


def _classes(values: np.ndarray) -> np.ndarray:
    """Return the class of each row."""
    return values.argmax(axis=1) if values.shape[1] > 1 else (values[:, 0] > 0.5).astype(int)
