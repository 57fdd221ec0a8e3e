"""What a network says over two of its inputs while all others stay as they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from nnstudio.data import Pipeline
from nnstudio.engine import Array
from nnstudio.gui.look.colours import share_pixels, value_pixels
from nnstudio.gui.look.theme import Theme
from nnstudio.gui.moments.living import GRID, LivingFrame, Surroundings

Numbers = NDArray[np.float64]

MARGIN = 0.08
"""Shares of the reach of the rows by which a plane is larger."""

_MOST_VALUES, _FEWEST_ROWS = 200_000, 50
"""So many values are looked at to find out which inputs tell most, and so many rows at least."""

_STILL = 1e-12
"""An input that varies less than this does not vary."""

_AROUND_ONE_VALUE = 0.5
"""What is shown to either side of an encoded input that is the same for all rows."""


@dataclass(frozen=True, eq=False)
class Plane:
    """The answers over two inputs.

    Attributes
    ----------
    around : Surroundings
    inputs : tuple of int
        Which two, across and up.
    low, high : Array of shape (2,)
        The corners, in the units of the file.
    answers : Array of shape (classes or targets, points, points)
        A probability for each class, or each target in the units of the file; the first row is the top.
    target : int
        Which target of a regression is looked at.
    """

    around: Surroundings
    inputs: tuple[int, int]
    low: Numbers
    high: Numbers
    answers: Numbers
    target: int = 0

    @property
    def is_regression(self) -> bool:
        """Whether the answers are numbers rather than classes."""
        return self.around.pipeline.task == "regression"

    @property
    def names(self) -> tuple[str, str]:
        """The names of the two inputs."""
        features = self.around.pipeline.features
        return features[self.inputs[0]], features[self.inputs[1]]

    @property
    def heights(self) -> Numbers:
        """What a surface over the plane is as high as: the number, yes, or the likeliest class' probability."""
        if self.is_regression:
            chosen: Numbers = self.answers[self.target]
            return chosen
        highest: Numbers = self.answers[1] if len(self.answers) == 2 else self.answers.max(axis=0)
        return highest

    @cached_property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest height that rows can have: colours stay the same while weights change."""
        if not self.is_regression:
            return 0.0, 1.0
        truth = self.truths
        low, high = (float(truth.min()), float(truth.max())) if len(truth) else (0.0, 1.0)
        return (low, high) if high > low else (low - 1.0, low + 1.0)

    @cached_property
    def truths(self) -> Numbers:
        """Each row's number in the units of the file, or its class."""
        around = self.around
        if self.is_regression:
            numbers: Numbers = around.pipeline.in_units(around.targets)[:, self.target]
            return numbers
        return around.pipeline.classes_of(around.targets).astype(np.float64)

    @cached_property
    def points(self) -> Numbers:
        """Where the rows lie, in the units of the file, shape (rows, 2)."""
        return self.points_of(slice(None))

    def points_of(self, rows: slice | NDArray[np.int64]) -> Numbers:
        """Return where some rows lie; one of many is had much sooner than all."""
        return in_units(self.around, self.inputs)(self.around.inputs[rows][:, self.inputs])

    def at(self, x: float, y: float) -> Numbers | None:
        """Return the answers at a place in the units of the file; None outside."""
        across, up = (np.array([x, y]) - self.low) / (self.high - self.low)
        if not (0 <= across <= 1 and 0 <= up <= 1):
            return None
        size = self.answers.shape[1]
        found: Numbers = self.answers[:, round((1 - up) * (size - 1)), round(across * (size - 1))]
        return found

    def pixels(self, colours: Theme) -> NDArray[np.uint32]:
        """Return the answers as colours, the first row at the top."""
        if self.is_regression:
            low, high = self.ends
            return value_pixels((self.heights - low) / (high - low) * 2 - 1, colours)
        return share_pixels(np.moveaxis(self.answers, 0, -1), colours)


def in_units(around: Surroundings, inputs: tuple[int, int]) -> Callable[[Array], Numbers]:
    """Return what brings two encoded inputs into the units of the file."""
    means: list[float] = []
    scales: list[float] = []
    for transform in around.pipeline.inputs:
        means += [*transform.means(), *([0.0] if transform.indicator else [])]
        scales += [*transform.scales(), *([1.0] if transform.indicator else [])]
    scale, mean = np.array(scales)[list(inputs)], np.array(means)[list(inputs)]

    def bring(encoded: Array) -> Numbers:
        units: Numbers = encoded * scale + mean
        return units

    return bring


def telling_inputs(around: Surroundings) -> tuple[int, int]:
    """Return the two inputs that vary and by themselves tell most of the answer; the first of those that tell as much.

    An input with two values only, as of a yes or no, counts half: a plane over it is two bands.
    """
    if around.inputs.shape[1] <= 2 or not len(around.inputs):
        return 0, 1
    known = np.flatnonzero(around.train) if around.train.any() else np.arange(len(around.inputs))
    most = max(_FEWEST_ROWS, _MOST_VALUES // around.inputs.shape[1])
    rows = known[:: -(-len(known) // most)]
    inputs, labels = around.inputs[rows].astype(np.float64), around.labels[rows]
    away = inputs - inputs.mean(axis=0)
    whole = (away**2).sum(axis=0)
    if around.pipeline.task == "regression":
        shares = (labels - labels.mean()) @ away
        told = shares**2 / max(float(((labels - labels.mean()) ** 2).sum()), 1e-12)
    else:
        groups = [away[labels == label] for label in np.unique(labels)]
        told = np.sum([len(group) * group.mean(axis=0) ** 2 for group in groups], axis=0)
    score = np.where(whole > _STILL, told / np.maximum(whole, _STILL), -1.0)
    score[((inputs == inputs.min(axis=0)) | (inputs == inputs.max(axis=0))).all(axis=0)] /= 2
    best = np.argsort(-score, kind="stable")
    return int(best[0]), int(best[1])


def reach(around: Surroundings, inputs: tuple[int, int]) -> tuple[Numbers, Numbers]:
    """Return the encoded corners of the plane in which the rows lie."""
    seen = around.inputs[:, inputs]
    low = seen.min(axis=0) if len(seen) else np.zeros(2)
    high = seen.max(axis=0) if len(seen) else np.ones(2)
    margin = np.where(high > low, MARGIN * (high - low), _AROUND_ONE_VALUE)
    return low - margin, high + margin


def plane_of_maps(frame: LivingFrame, target: int) -> Plane:
    """Return the plane that a frame of a network with two inputs brings with it."""
    around, bring = frame.surroundings, in_units(frame.surroundings, (0, 1))
    outputs = frame.answer.reshape(len(frame.answer), -1).T
    return Plane(around, (0, 1), bring(around.low), bring(around.high), _said(around.pipeline, outputs, GRID), target)


def plane_of(
    predict: Callable[[Array], Array],
    around: Surroundings,
    inputs: tuple[int, int],
    held: Array,
    size: int,
    target: int,
) -> Plane:
    """Compute a plane; needs nothing of the window.

    Parameters
    ----------
    predict : callable
        From encoded rows to answers.
    around : Surroundings
    inputs : tuple of int
    held : Array of shape (features,)
        Where the other inputs stay.
    size : int
        Points along each side.
    target : int
    """
    low, high = (around.low, around.high) if around.is_plane and inputs == (0, 1) else reach(around, inputs)
    rows = np.repeat(held[None, :].astype(np.float64), size * size, axis=0)
    across, down = np.meshgrid(np.linspace(low[0], high[0], size), np.linspace(high[1], low[1], size))
    rows[:, inputs[0]], rows[:, inputs[1]] = across.ravel(), down.ravel()
    bring = in_units(around, inputs)
    return Plane(around, inputs, bring(low), bring(high), _said(around.pipeline, predict(rows), size), target)


def wrong_rows(predict: Callable[[Array], Array], plane: Plane, chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return which of these rows are taken for another class; none where the answers are numbers."""
    if plane.is_regression or not len(chosen):
        return chosen[:0]
    pipeline = plane.around.pipeline
    said = pipeline.classes_of(predict(plane.around.inputs[chosen]))
    wrong: NDArray[np.int64] = chosen[said != plane.truths[chosen]]
    return wrong


def _said(pipeline: Pipeline, outputs: Array, size: int) -> Numbers:
    is_regression = pipeline.task == "regression"
    units = pipeline.in_units(outputs) if is_regression else np.clip(pipeline.class_shares(outputs), 0, 1)
    said: Numbers = units.T.reshape(-1, size, size)
    return said
