"""How first weights are drawn. Short members side by side, because they are read by comparing."""

import math

import numpy as np
from numpy.typing import NDArray

from nnstudio.components import Component


class Initializer(Component):
    """The base of what draws first weights."""

    family = "initializers"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return first values.

        Parameters
        ----------
        shape : tuple of int
            ``(inputs, units)`` for a kernel, ``(units,)`` for a bias.
        stream : Generator
            The weight's own random numbers.

        Returns
        -------
        Array of this shape, float64
        """
        raise NotImplementedError


class Zeros(Initializer):
    """All zero; right for biases, wrong for kernels, whose units would all learn the same."""

    key = "zeros"
    title = "Zeros"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return zeros."""
        del stream
        return np.zeros(shape)


class SmallNormal(Initializer):
    """Random and close to zero: normal with deviation 0.01."""

    key = "small_normal"
    title = "Small normal"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return normal values with deviation 0.01."""
        return 0.01 * stream.standard_normal(shape)


class GlorotUniform(Initializer):
    """Uniform within ±sqrt(6 / (inputs + units)); keeps the spread of signals for tanh and sigmoid.

    References
    ----------
    X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010,
    equation 16.
    """

    key = "glorot_uniform"
    title = "Glorot uniform"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return uniform values within ±sqrt(6 / (fan in + fan out))."""
        fan_in, fan_out = _fans(shape)
        limit = math.sqrt(6 / (fan_in + fan_out))
        return stream.uniform(-limit, limit, shape)


class HeNormal(Initializer):
    """Normal with deviation sqrt(2 / inputs); keeps the spread of signals for rectifiers.

    References
    ----------
    K. He et al., "Delving deep into rectifiers", 2015, equation 10.
    """

    key = "he_normal"
    title = "He normal"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return normal values with deviation sqrt(2 / fan in)."""
        fan_in, _ = _fans(shape)
        return math.sqrt(2 / fan_in) * stream.standard_normal(shape)


def _fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return how many inputs a unit sums and how many units an input feeds."""
    if len(shape) == 1:
        return shape[0], shape[0]
    receptive = math.prod(shape[:-2])
    return max(1, shape[-2] * receptive), max(1, shape[-1] * receptive)
