"""From a table to arrays and back, fitted on the training rows alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, SerializeAsAny, model_validator

from nnstudio.components import import_members
from nnstudio.data import transforms as _transforms
from nnstudio.data.cells import missing, numbers
from nnstudio.data.columns import ColumnUse, Kind
from nnstudio.data.kinds import YES_WORDS
from nnstudio.data.table import Table
from nnstudio.data.transform import Numbers, Transform
from nnstudio.data.transforms.calendar import Calendar
from nnstudio.data.transforms.codes import Codes
from nnstudio.data.transforms.one_hot import OneHot
from nnstudio.data.transforms.standardise import Standardise
from nnstudio.data.transforms.yes_no import YesNo
from nnstudio.errors import DataError

import_members(_transforms.__path__, _transforms.__name__)

Task = Literal["regression", "yes_no", "classes"]
Wants = Literal["values", "zero_one", "minus_plus_one", "one_hot", "distribution"]

_TRANSFORMS: Mapping[Kind, type[Transform]] = {
    "number": Standardise,
    "category": OneHot,
    "text": OneHot,
    "yes_no": YesNo,
    "date": Calendar,
    "code": Codes,
}


@dataclass(frozen=True)
class Encoded:
    """Inputs as numbers.

    Attributes
    ----------
    values : Array of shape (rows, features)
    unseen : dict of str to int
        By column, how many words were not seen in training; such a word is all zeros.
    """

    values: Numbers
    unseen: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Predictions:
    """Answers in words.

    Attributes
    ----------
    names : tuple of str
        The target columns.
    words : tuple of lists
        For each target column, an answer for each row: a class, or a number in the units of the file.
    probabilities : Array of shape (rows, classes), or None
    class_names : tuple of str
    """

    names: tuple[str, ...]
    words: tuple[list[Any], ...]
    probabilities: Numbers | None = None
    class_names: tuple[str, ...] = ()


class Pipeline(BaseModel):
    """Everything that turns rows into numbers and answers into words, as plain values.

    Attributes
    ----------
    inputs : tuple of Transform
        One for each input column, in order.
    target_names : tuple of str
    task : str
        ``"regression"``, ``"yes_no"`` or ``"classes"``.
    wants : str
        How the cost wants targets: ``"values"``, ``"zero_one"``, ``"minus_plus_one"``, ``"one_hot"`` or
        ``"distribution"``.
    class_names : tuple of str
        Of a classification; for yes/no the word for no, then the word for yes.
    target_means, target_scales : tuple of float
        Of a regression's targets in the training rows.
    target_commas : tuple of bool or None
        Whether each of them was written with a decimal comma.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    inputs: tuple[SerializeAsAny[Transform], ...]
    target_names: tuple[str, ...]
    task: Task
    wants: Wants
    class_names: tuple[str, ...] = ()
    target_means: tuple[float, ...] = ()
    target_scales: tuple[float, ...] = ()
    target_commas: tuple[bool | None, ...] = ()

    @model_validator(mode="after")
    def _answers_fit(self) -> Self:
        if self.task == "regression":
            counts = {len(self.target_names), len(self.target_means), len(self.target_scales)}
            if len(counts) > 1:
                raise ValueError("Each target of a regression needs a mean and a scale.")
        elif len(self.target_names) != 1 or len(set(self.class_names)) != len(self.class_names):
            raise ValueError("A classification has one target, and classes of different names.")
        return self

    @property
    def features(self) -> tuple[str, ...]:
        """The names of the encoded inputs, in order."""
        names: list[str] = []
        for transform in self.inputs:
            names += transform.features()
            if transform.indicator:
                names.append(f"{transform.column} missing")
        return tuple(names)

    @property
    def input_columns(self) -> tuple[str, ...]:
        """The names of the columns that are read."""
        return tuple(transform.column for transform in self.inputs)

    @property
    def output_units(self) -> int:
        """How many numbers the network answers with."""
        if self.task == "regression":
            return len(self.target_names)
        single = self.wants not in ("one_hot", "distribution") and len(self.class_names) <= 2
        return 1 if single else len(self.class_names)

    def encode_inputs(self, table: Table) -> Encoded:
        """Return the inputs of a table's rows.

        Raises
        ------
        DataError
            When a column is missing or a cell does not fit.
        """
        values = np.empty((table.row_count, len(self.features)))
        unseen: dict[str, int] = {}
        done = 0
        for transform in self.inputs:
            # Column by column into their place: with many words, further copies of all rows would not fit anywhere.
            raw, strangers = transform.raw(table)
            part = values[:, done : done + raw.shape[1]]
            np.subtract(raw, np.array(transform.means()), out=part)
            np.divide(part, np.array(transform.scales()), out=part)
            done += raw.shape[1]
            if strangers:
                unseen[transform.column] = strangers
            if transform.indicator:
                kind: Kind = "number" if isinstance(transform, (Standardise, Codes)) else "category"
                values[:, done] = missing(table, transform.column, kind)
                done += 1
        return Encoded(values, unseen)

    def encode_targets(self, table: Table, rows: Sequence[int] | NDArray[np.int64] | None = None) -> Numbers:
        """Return the targets of a table's rows, as the cost wants them.

        Raises
        ------
        DataError
            When a target is missing, or is a word that was not among the classes.
        """
        chosen = np.arange(table.row_count) if rows is None else np.asarray(rows, np.int64)
        if self.task == "regression":
            columns = []
            commas = self.target_commas or (None,) * len(self.target_names)
            for name, mean, scale, comma in zip(
                self.target_names, self.target_means, self.target_scales, commas, strict=True
            ):
                values = numbers(table, name, comma_in_training=comma)[chosen]
                absent = np.flatnonzero(np.isnan(values))
                if len(absent):
                    line = table.file_row(int(chosen[absent[0]]))
                    raise DataError(
                        f"{table.name}, line {line}, column '{name}': the target is missing or infinite. "
                        "Fill it in, or leave the row out.",
                        row=line,
                        column=name,
                    )
                columns.append((values - mean) / scale)
            return np.stack(columns, axis=1)
        name = self.target_names[0]
        cells = table.words(name)
        place = {word: index for index, word in enumerate(self.class_names)}
        labels = np.empty(len(chosen), np.int64)
        for index, row in enumerate(chosen):
            word = cells[row]
            if word not in place:
                line = table.file_row(int(row))
                what = "is missing" if word is None else f"is '{word}', which was not among the classes in training"
                raise DataError(
                    f"{table.name}, line {line}, column '{name}': the target {what}.", row=line, column=name
                )
            labels[index] = place[word]
        if self.output_units == 1:
            yes = labels.astype(np.float64)[:, None]
        else:
            yes = np.zeros((len(labels), len(self.class_names)))
            yes[np.arange(len(labels)), labels] = 1
        return 2 * yes - 1 if self.wants == "minus_plus_one" else yes

    def decode(self, outputs: NDArray[Any]) -> Predictions:
        """Return a network's answers in words.

        Parameters
        ----------
        outputs : Array of shape (rows, units)

        Returns
        -------
        Predictions
        """
        answers = np.asarray(outputs, np.float64)
        if self.task == "regression":
            values = self.in_units(answers)
            return Predictions(self.target_names, tuple(values[:, index].tolist() for index in range(values.shape[1])))
        probabilities = self.class_shares(answers)
        words = [self.class_names[index] for index in probabilities.argmax(axis=1)]
        return Predictions(self.target_names, (words,), probabilities, self.class_names)

    def in_units(self, outputs: NDArray[Any]) -> Numbers:
        """Return a regression's answers or targets in the units of the file; those for classes between 0 and 1."""
        values = np.asarray(outputs, np.float64)
        if self.task != "regression":
            return np.clip((values + 1) / 2, 0, 1) if self.wants == "minus_plus_one" else values
        units: Numbers = values * np.array(self.target_scales) + np.array(self.target_means)
        return units

    def probabilities(self, outputs: Numbers) -> Numbers:
        """Return a classification's answers, as `in_units` gives them, as a number for each class."""
        if self.output_units > 1:
            return outputs
        yes = outputs[:, 0]
        return np.stack([1 - yes, yes], axis=1)

    def class_shares(self, outputs: NDArray[Any]) -> Numbers:
        """Return a classification's answers or targets, as the network knows them, as a number for each class."""
        return self.probabilities(self.in_units(outputs))

    def classes_of(self, outputs: NDArray[Any]) -> NDArray[np.int64]:
        """Return the place of the likeliest class for each row of a classification's answers or targets."""
        likeliest: NDArray[np.int64] = self.class_shares(outputs).argmax(axis=1)
        return likeliest

    def describe(self) -> tuple[str, ...]:
        """Return what happens to each column, in words."""
        return tuple(f"{transform.column}: {transform.describe()}" for transform in self.inputs)

    def export_arrays(self) -> dict[str, NDArray[Any]]:
        """Return what plain NumPy needs to make inputs of columns and words of answers.

        ``input/columns`` holds the columns in order. A column with ``input/categories/<column>`` is compared with each
        of these words; one with ``input/calendar/<column>`` is a date and becomes year, then sine and cosine of the
        month (period 12, January is 0) and of the weekday (period 7, Monday is 0); any other is a number.
        ``input/fill/<column>`` stands in for a missing cell. ``input/indicators`` names the columns after whose
        features comes one that is 1 where the cell is missing. All features side by side are moved by ``input/mean``
        and divided by ``input/scale``. The answer is the largest of ``target/classes`` (with one unit: the second where
        it is at least 0.5), or for numbers the output times ``target/scale`` plus ``target/mean``.
        """
        means: list[float] = []
        scales: list[float] = []
        arrays: dict[str, NDArray[Any]] = {}
        for transform in self.inputs:
            extra = [True] if transform.indicator else []
            means += [*transform.means(), *(0.0 for _ in extra)]
            scales += [*transform.scales(), *(1.0 for _ in extra)]
            arrays.update(transform.export())
        arrays["input/columns"] = np.array(self.input_columns, dtype=str)
        arrays["input/indicators"] = np.array([t.column for t in self.inputs if t.indicator], dtype=str)
        arrays["input/mean"] = np.array(means)
        arrays["input/scale"] = np.array(scales)
        arrays["target/columns"] = np.array(self.target_names, dtype=str)
        if self.task == "regression":
            arrays["target/mean"] = np.array(self.target_means)
            arrays["target/scale"] = np.array(self.target_scales)
        else:
            arrays["target/classes"] = np.array(self.class_names, dtype=str)
        return arrays


def fit_pipeline(table: Table, columns: Sequence[ColumnUse], training_rows: Sequence[int]) -> Pipeline:
    """Fit a pipeline on the training rows.

    Parameters
    ----------
    table : Table
    columns : sequence of ColumnUse
        What each column is for.
    training_rows : sequence of int
        The only rows that are looked at.

    Returns
    -------
    Pipeline

    Raises
    ------
    DataError
        When a cell does not fit its column's kind, or there is no input or target.
    """
    uses = [use for use in columns if use.is_input]
    targets = [use for use in columns if use.is_target]
    if not uses or not targets:
        raise DataError(f"{table.name}: choose at least one input column and one target column.")
    inputs = tuple(_TRANSFORMS[use.kind].fit(table, use, training_rows) for use in uses)
    names = tuple(use.name for use in targets)
    if all(use.kind == "number" for use in targets):
        scaled = [use.model_copy(update={"scaling": "standardised"}) for use in targets]
        fitted = [Standardise.fit(table, use, training_rows) for use in scaled]
        return Pipeline(
            inputs=inputs,
            target_names=names,
            task="regression",
            wants="values",
            target_means=tuple(transform.mean for transform in fitted),
            target_scales=tuple(transform.scale for transform in fitted),
            target_commas=tuple(transform.decimal_comma for transform in fitted),
        )
    cells = table.words(names[0])
    present = {word for word in (cells[row] for row in training_rows) if word is not None}
    classes = _sorted_classes(present)
    task: Task = "yes_no" if len(classes) <= 2 else "classes"
    suitable: Wants = "zero_one" if task == "yes_no" else "one_hot"
    return Pipeline(inputs=inputs, target_names=names[:1], task=task, wants=suitable, class_names=tuple(classes))


def _sorted_classes(words: set[str]) -> list[str]:
    """Return class names in order: whole numbers by value, else by letters, with the word for yes last of two."""
    if len(words) == 2:
        return sorted(words, key=lambda word: (word.lower() in YES_WORDS, word))
    try:
        return sorted(words, key=float)
    except ValueError:
        return sorted(words)
