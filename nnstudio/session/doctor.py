"""What the training doctor finds: why a run does not learn, in one sentence with evidence and a cure.

A rule is one class, found by being defined in `doctors/`. It looks at an `Examination` and says what it finds. What can
be seen before training stands among the problems of the drawing instead.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from nnstudio.engine.optimizers.adam import Adam
from nnstudio.project import Edit, edits
from nnstudio.session.examination import Examination


@dataclass(frozen=True)
class Finding:
    """A sickness.

    Attributes
    ----------
    key : str
        That of its rule.
    sentence : str
        What is wrong and by what one sees it, for a person.
    cure : Edit
        What helps; its title is the word on the button.
    nodes : tuple of str
        The ids of the layers concerned.
    units : tuple of int
        Units of the first of them.
    row : int or None
        The line of the file with a row that shows it.
    begins_anew : bool
        Whether what was learned until now is let go, because it is spoilt.
    """

    key: str
    sentence: str
    cure: Edit
    nodes: tuple[str, ...] = ()
    units: tuple[int, ...] = ()
    row: int | None = None
    begins_anew: bool = False


class Rule(ABC):
    """The base of sicknesses; members set `key` and look for theirs."""

    key: ClassVar[str]
    is_consequence: ClassVar[bool] = False
    """Whether it is told only where nothing else is found that may be its cause."""

    @abstractmethod
    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield what is found, at most one finding for a layer."""


def set_rate(seen: Examination, rate: float) -> Edit:
    """Return the edit that sets another learning rate."""
    optimizer = seen.settings.optimizer.replace(learning_rate=rate)
    settings = seen.settings.model_copy(update={"optimizer": optimizer})
    return edits.set_settings(settings, ["optimizer"])


def use_adam(seen: Examination) -> Edit:
    """Return the edit that goes on with an optimizer that finds a step of its own for each weight."""
    settings = seen.settings.model_copy(update={"optimizer": Adam(learning_rate=0.01)})
    return Edit("Go on with Adam", edits.set_settings(settings, ["optimizer"]).apply)
