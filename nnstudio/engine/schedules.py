"""How the learning rate changes while training. Short members side by side, because they are read by comparing.

A schedule is a factor on the optimizer's learning rate, as a function of the epochs done; parts of an epoch count.
"""

import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from nnstudio.components import Component

Numbers = NDArray[np.float64]

_EPOCHS_SHOWN = 100
"""A plot shows at least so many epochs, so that schedules can be compared."""


class Schedule(Component):
    """The base of what changes the learning rate.

    Attributes
    ----------
    formula : str
        The factor, as the panel shows it; t is the epochs done.
    assumes : str
        What its example takes for granted, as the panel says it; empty where the epochs alone decide.
    size : int
        How many numbers it remembers.
    """

    family = "schedules"
    formula: ClassVar[str]
    assumes: ClassVar[str] = ""
    size: ClassVar[int] = 0

    @property
    def length(self) -> float:
        """Epochs in which it shows all that it does; 0 for those that go on in one way."""
        return float(getattr(self, "epochs", 0))

    def factor(self, epoch: float, memory: Numbers) -> float:
        """Return what the learning rate is multiplied with.

        Parameters
        ----------
        epoch : float
            Epochs done, with the part of the one that runs.
        memory : Array of shape (size,)
        """
        raise NotImplementedError

    def fresh_memory(self) -> Numbers:
        """Return what it remembers at the start."""
        return np.zeros(self.size)

    def observe(self, cost: float, memory: Numbers) -> None:
        """Take note of the cost at the end of an epoch, of the validation rows where there are any.

        Parameters
        ----------
        cost : float
        memory : Array of shape (size,)
            Changed in place.
        """

    def example(self, epochs: Numbers) -> Numbers:
        """Return the factors after so many epochs in a case that shows what it does; `assumes` says in which.

        Parameters
        ----------
        epochs : Array of float
        """
        memory = self.fresh_memory()
        return np.array([self.factor(float(epoch), memory) for epoch in epochs])


class Constant(Schedule):
    """The rate stays as it is.

    References
    ----------
    L. Bottou, "Stochastic gradient descent tricks", 2012.
    """

    key = "constant"
    title = "Constant"
    formula = "1"

    def factor(self, epoch: float, memory: Numbers) -> float:
        """Return 1."""
        del epoch, memory
        return 1.0


class StepDecay(Schedule):
    """The rate falls by a factor every few epochs.

    References
    ----------
    R. Ge et al., "The step decay schedule", 2019.
    """

    key = "step"
    title = "Steps"
    formula = "factor^⌊t / every⌋"

    every: int = Field(
        30,
        ge=1,
        le=1_000_000,
        title="Every",
        description="Epochs between two falls.",
        json_schema_extra={"unit": "epochs"},
    )
    factor_each: float = Field(0.1, gt=0, le=1, title="Factor", description="What the rate is multiplied with.")

    @property
    def length(self) -> float:
        """Epochs of a few falls."""
        return 3.0 * self.every

    def factor(self, epoch: float, memory: Numbers) -> float:
        """Return factor^floor(t / every)."""
        del memory
        return float(self.factor_each ** math.floor(epoch / self.every))


class Exponential(Schedule):
    """The rate falls by the same share in each epoch.

    References
    ----------
    Z. Li, S. Arora, "An exponential learning rate schedule for deep learning", 2020.
    """

    key = "exponential"
    title = "Exponential"
    formula = "decay^t"

    decay: float = Field(0.95, gt=0, le=1, title="Decay", description="What is left of the rate after an epoch.")

    def factor(self, epoch: float, memory: Numbers) -> float:
        """Return decay^t."""
        del memory
        return float(self.decay**epoch)


class InverseTime(Schedule):
    """The rate falls quickly at first, then ever more slowly.

    References
    ----------
    H. Robbins, S. Monro, "A stochastic approximation method", 1951: such rates converge.
    """

    key = "inverse_time"
    title = "Inverse time"
    formula = "1 / (1 + decay · t)"

    decay: float = Field(0.1, ge=0, le=1000, title="Decay", description="How quickly it falls.")

    def factor(self, epoch: float, memory: Numbers) -> float:
        """Return 1 / (1 + decay t)."""
        del memory
        return 1 / (1 + self.decay * epoch)


_LENGTH = Field(
    100,
    ge=1,
    le=10_000_000,
    title="Length",
    description="Over how many epochs it runs.",
    json_schema_extra={"unit": "epochs"},
)


class Polynomial(Schedule):
    """The rate falls to a last value along a power of the time that is left.

    References
    ----------
    L.-C. Chen et al., "DeepLab: semantic image segmentation", 2018, section 4.1.
    """

    key = "polynomial"
    title = "Polynomial"
    formula = "last + (1 − last) (1 − t / epochs)^power"

    epochs: int = _LENGTH
    power: float = Field(1.0, gt=0, le=10, title="Power", description="1 falls along a straight line.")
    last: float = Field(
        0.0, ge=0, le=1, title="Last factor", description="What the rate is multiplied with at the end."
    )

    def factor(self, epoch: float, memory: Numbers) -> float:
        """Return last + (1 - last) (1 - t / epochs)^power."""
        del memory
        left = 1 - min(1.0, epoch / self.epochs)
        return float(self.last + (1 - self.last) * left**self.power)


class Cosine(Schedule):
    """The rate falls to a last value along half a wave.

    References
    ----------
    I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, equation 5.
    """

    key = "cosine"
    title = "Cosine"
    formula = "last + (1 − last) (1 + cos(π t / epochs)) / 2"

    epochs: int = _LENGTH
    last: float = Field(
        0.0, ge=0, le=1, title="Last factor", description="What the rate is multiplied with at the end."
    )

    def factor(self, epoch: float, memory: Numbers) -> float:
        """Return last + (1 - last) (1 + cos(pi t / epochs)) / 2."""
        del memory
        return _half_wave(min(1.0, epoch / self.epochs), self.last)


class CosineRestarts(Schedule):
    """The rate falls along half a wave, jumps up and falls again, each time for longer.

    References
    ----------
    I. Loshchilov, F. Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, equation 5.
    """

    key = "cosine_restarts"
    title = "Cosine restarts"
    formula = "last + (1 − last) (1 + cos(π t′ / length)) / 2"

    first: int = Field(
        10,
        ge=1,
        le=1_000_000,
        title="First",
        description="Epochs until the first restart.",
        json_schema_extra={"unit": "epochs"},
    )
    growth: float = Field(2.0, ge=1, le=10, title="Growth", description="How much longer each next stretch is.")
    last: float = Field(
        0.0, ge=0, le=1, title="Last factor", description="What the rate is multiplied with at the end of a stretch."
    )

    @property
    def length(self) -> float:
        """Epochs of two stretches."""
        return self.first * (1 + self.growth)

    def factor(self, epoch: float, memory: Numbers) -> float:
        """Return the half wave of the stretch in which t lies."""
        del memory
        length, since = float(self.first), epoch
        while since >= length:
            since -= length
            length *= self.growth
        return _half_wave(since / length, self.last)


class OneCycle(Schedule):
    """The rate climbs to its full height and falls far below where it began.

    References
    ----------
    L. Smith, N. Topin, "Super-convergence: very fast training of neural networks using large learning rates", 2018.
    """

    key = "one_cycle"
    title = "One cycle"
    formula = "climb from first to 1, then fall to last, both along half waves"

    epochs: int = _LENGTH
    climb: float = Field(0.3, gt=0, lt=1, title="Climb", description="The share of the time in which it climbs.")
    first: float = Field(
        0.04, gt=0, le=1, title="First factor", description="What the rate is multiplied with at the start."
    )
    last: float = Field(
        0.0004, ge=0, le=1, title="Last factor", description="What the rate is multiplied with at the end."
    )

    def factor(self, epoch: float, memory: Numbers) -> float:
        """Return the factor of the climb or of the fall."""
        del memory
        done = min(1.0, epoch / self.epochs)
        if done < self.climb:
            return _half_wave(1 - done / self.climb, self.first)
        return _half_wave((done - self.climb) / (1 - self.climb), self.last)


class LinearWarmup(Schedule):
    """The rate climbs along a straight line at first, then stays.

    References
    ----------
    P. Goyal et al., "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017, section 2.2.
    """

    key = "linear_warmup"
    title = "Linear warm-up"
    formula = "min(1, first + (1 − first) t / epochs)"

    epochs: int = Field(
        5, ge=1, le=10_000_000, title="Length", description="How long it climbs.", json_schema_extra={"unit": "epochs"}
    )
    first: float = Field(
        0.1, gt=0, le=1, title="First factor", description="What the rate is multiplied with at the start."
    )

    def factor(self, epoch: float, memory: Numbers) -> float:
        """Return min(1, first + (1 - first) t / epochs)."""
        del memory
        return min(1.0, self.first + (1 - self.first) * epoch / self.epochs)


class ReduceOnPlateau(Schedule):
    """The rate falls by a factor when the cost has not become lower for some epochs.

    References
    ----------
    A. Krizhevsky, I. Sutskever, G. Hinton, "ImageNet classification with deep convolutional neural networks", 2012,
    section 5.
    """

    key = "reduce_on_plateau"
    title = "Reduce on plateau"
    formula = "factor^(number of plateaus so far)"
    assumes = (
        "Drawn as if the cost never fell after the first epoch; while it falls, the rate stays. Where there are few "
        "rows, those held out for validation are looked at less often than each epoch."
    )
    size = 3

    factor_each: float = Field(0.1, gt=0, lt=1, title="Factor", description="What the rate is multiplied with.")
    patience: int = Field(10, ge=1, le=1_000_000, title="Patience", description="Looks at the cost without progress.")
    least: float = Field(1e-4, ge=0, le=1, title="Least progress", description="Which share lower counts as progress.")

    @property
    def length(self) -> float:
        """Epochs of a few plateaus."""
        return 1 + 3.0 * self.patience

    def factor(self, epoch: float, memory: Numbers) -> float:
        """Return factor^plateaus."""
        del epoch
        return float(self.factor_each ** memory[2])

    def fresh_memory(self) -> Numbers:
        """Return the lowest cost so far, epochs since then, and plateaus so far."""
        return np.array([np.inf, 0.0, 0.0])

    def observe(self, cost: float, memory: Numbers) -> None:
        """Count the epochs without progress."""
        if math.isinf(memory[0]) or cost < memory[0] - self.least * abs(memory[0]):
            memory[0], memory[1] = cost, 0
        else:
            memory[1] += 1
        if memory[1] >= self.patience:
            memory[1] = 0
            memory[2] += 1

    def example(self, epochs: Numbers) -> Numbers:
        """Return the staircase of a cost that stays as the first epoch left it."""
        plateaus = np.maximum(0, np.floor((epochs - 1) / self.patience))
        return np.power(self.factor_each, plateaus)


def curve(schedule: Schedule, points: int = 200) -> tuple[Numbers, Numbers]:
    """Return epochs and the factors of the schedule's own example, for a plot that shows all that it does.

    Parameters
    ----------
    schedule : Schedule
    points : int
    """
    at = np.linspace(0, max(_EPOCHS_SHOWN, round(1.1 * schedule.length)), points)
    return at, schedule.example(at)


def _half_wave(done: float, last: float) -> float:
    """Return from 1 to `last` along half a cosine."""
    return last + (1 - last) * (1 + math.cos(math.pi * done)) / 2
