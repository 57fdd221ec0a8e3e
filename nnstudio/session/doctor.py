"""What the training doctor finds: why a run does not learn, in one sentence with evidence and a cure.

A rule is one class, found by being defined in `doctors/`. It looks at an `Examination` and says what it finds. What can
be seen before training stands among the problems of the project; a rule of the name of their sickness finds it in a run
that was trained all the same.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from nnstudio.data import Table
from nnstudio.data.transforms.standardise import Standardise
from nnstudio.engine.optimizers.adam import Adam
from nnstudio.i18n import Phrase
from nnstudio.project import Edit, edits, together
from nnstudio.session.examination import Examination

FACTOR = 10.0
"""By how many times another rate is higher or lower."""

USUAL_SIZES = (0.1, 10.0)
"""Between these the root of the mean square of the largest input should lie; others may well be small."""


@dataclass(frozen=True)
class Finding:
    """A sickness, with what one sees it by and what helps.

    Attributes
    ----------
    key : str
        That of its rule.
    sentence : str
        What is wrong and by what one sees it, for a person.
    cure : Edit
        What helps; its title is the word on the button.
    nodes : tuple of str
        The ids of the layers concerned; they are lit.
    units : tuple of int
        Units of the first of them, which are lit too.
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

    explains_others: ClassVar[bool] = False
    """Whether it is told first, because much else that is found may come of it."""

    @abstractmethod
    def look(self, seen: Examination) -> Iterator[Finding]:
        """Yield what is found, at most one finding for a layer."""


def set_rate(seen: Examination, rate: float) -> Edit:
    """Return the edit that sets another learning rate."""
    optimizer = seen.settings.optimizer.replace(learning_rate=rate)
    settings = seen.settings.model_copy(update={"optimizer": optimizer})
    return edits.set_settings(settings, ["optimizer"])


def start_over_lower(seen: Examination, rate: float) -> Edit:
    """Return the edit that sets a lower rate and begins again with other weights, because these are spoilt.

    From a rate far above the optimizer's usual one, a tenth would run away as well: then the usual one is set.
    """
    usual = type(seen.settings.optimizer)().rate or rate
    lower = rate / FACTOR if rate <= FACTOR**2 * usual else usual
    title = Phrase("Set the rate to {rate:g} and start over", rate=lower)
    return together(title, set_rate(seen, lower), edits.new_weights())


def use_adam(seen: Examination) -> Edit:
    """Return the edit that goes on with an optimizer that finds a step of its own for each weight."""
    settings = seen.settings.model_copy(update={"optimizer": Adam(learning_rate=0.01)})
    return Edit("Go on with Adam", edits.set_settings(settings, ["optimizer"]).apply)


def standardise_inputs(seen: Examination) -> Edit:
    """Return the edit that scales all inputs that come as they are, and begins again."""
    unscaled = (use for use in seen.project.columns if use.is_input and use.scaling == "as_is")
    return together(
        "Standardise the inputs",
        *(edits.set_column_use(use.model_copy(update={"scaling": "standardised"})) for use in unscaled),
        edits.reset_training(),
    )


def sizes_as_they_come(seen: Examination, table: Table) -> dict[str, float]:
    """Return the root of the mean square of each column of numbers that is not scaled, by its name.

    Parameters
    ----------
    seen : Examination
    table : Table
        The rows over which the mean is taken.
    """
    pipeline = seen.project.pipeline
    names = {use.name for use in seen.project.columns if use.is_input and use.scaling == "as_is"}
    return {
        transform.column: float(np.sqrt(np.square(transform.raw(table)[0]).mean()))
        for transform in (pipeline.inputs if pipeline is not None else ())
        if isinstance(transform, Standardise) and transform.column in names
    }


@dataclass(frozen=True)
class Cell:
    """A cell that comes as it is and is too large."""

    row: int
    column: str
    size: float
    alone: bool
    """Whether the other cells of its column are of a usual size."""


def cell_to_blame(seen: Examination) -> Cell | None:
    """Return the cell in the row by which numbers ran away that is too large, or None."""
    table, rows = seen.project.table, seen.project.rows
    if not seen.divergence or seen.origin is None or seen.origin.row is None or table is None or rows is None:
        return None
    row = rows.train[seen.origin.row]
    sizes = sizes_as_they_come(seen, table.take([row]))
    name = max(sizes, key=lambda name: sizes[name], default="")
    if not name or sizes[name] <= USUAL_SIZES[1]:
        return None
    others = sizes_as_they_come(seen, table.take([other for other in rows.train if other != row]))
    return Cell(row, name, sizes[name], alone=others[name] <= USUAL_SIZES[1])


def places_of_columns(seen: Examination, names: Collection[str]) -> tuple[int, ...]:
    """Return which numbers of the input some columns bring; none where several inputs share the columns."""
    pipeline = seen.project.pipeline
    if pipeline is None or len(seen.network.input_ids) != 1:
        return ()
    owners = [
        transform.column
        for transform in pipeline.inputs
        for _ in range(len(transform.features()) + transform.indicator)
    ]
    return tuple(place for place, owner in enumerate(owners) if owner in names)
