"""How first weights are drawn. Short members side by side, because they are read by comparing."""

import math

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

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
    """All zero; right for biases, wrong for kernels, whose units would all learn the same.

    ``w = 0``.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, "Deep learning", 2016, section 8.4.
    """

    key = "zeros"
    title = "Zeros"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return zeros."""
        del stream
        return np.zeros(shape)


class Ones(Initializer):
    """All one; right for scales that start neutral.

    ``w = 1``.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, "Deep learning", 2016, section 8.4.
    """

    key = "ones"
    title = "Ones"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return ones."""
        del stream
        return np.ones(shape)


class Constant(Initializer):
    """All the same value.

    ``w = value``.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, "Deep learning", 2016, section 8.4.
    """

    key = "constant"
    title = "Constant"

    value: float = Field(0.1, ge=-1e6, le=1e6, title="Value", description="What every number starts as.")

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return the value everywhere."""
        del stream
        return np.full(shape, self.value)


class Uniform(Initializer):
    """Any value within ±limit is as likely as any other.

    ``w ~ U(-limit, limit)``.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, "Deep learning", 2016, section 8.4.
    """

    key = "uniform"
    title = "Uniform"

    limit: float = Field(0.05, gt=0, le=1e3, title="Limit", description="The largest value.")

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return uniform values within ±limit."""
        return stream.uniform(-self.limit, self.limit, shape)


class Normal(Initializer):
    """Normal around zero with a deviation of your choice.

    ``w ~ N(0, deviation^2)``.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, "Deep learning", 2016, section 8.4.
    """

    key = "normal"
    title = "Normal"

    deviation: float = Field(0.05, gt=0, le=1e3, title="Deviation", description="How far values spread from zero.")

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return normal values with this deviation."""
        return self.deviation * stream.standard_normal(shape)


class SmallNormal(Initializer):
    """Random and close to zero: normal with deviation 0.01.

    ``w ~ N(0, 0.01^2)``.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, "Deep learning", 2016, section 8.4.
    """

    key = "small_normal"
    title = "Small normal"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return normal values with deviation 0.01."""
        return 0.01 * stream.standard_normal(shape)


class GlorotUniform(Initializer):
    """Uniform within ±sqrt(6 / (inputs + units)); keeps the spread of signals for tanh and sigmoid.

    ``w ~ U(-l, l)`` with ``l = sqrt(6 / (inputs + units))``.

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


class GlorotNormal(Initializer):
    """Normal with deviation sqrt(2 / (inputs + units)); keeps the spread of signals for tanh and sigmoid.

    ``w ~ N(0, 2 / (inputs + units))``.

    References
    ----------
    X. Glorot, Y. Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010,
    equation 12.
    """

    key = "glorot_normal"
    title = "Glorot normal"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return normal values with deviation sqrt(2 / (fan in + fan out))."""
        fan_in, fan_out = _fans(shape)
        return math.sqrt(2 / (fan_in + fan_out)) * stream.standard_normal(shape)


class HeUniform(Initializer):
    """Uniform within ±sqrt(6 / inputs); keeps the spread of signals for rectifiers.

    ``w ~ U(-l, l)`` with ``l = sqrt(6 / inputs)``.

    References
    ----------
    K. He et al., "Delving deep into rectifiers", 2015, equation 10.
    """

    key = "he_uniform"
    title = "He uniform"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return uniform values within ±sqrt(6 / fan in)."""
        fan_in, _ = _fans(shape)
        limit = math.sqrt(6 / fan_in)
        return stream.uniform(-limit, limit, shape)


class HeNormal(Initializer):
    """Normal with deviation sqrt(2 / inputs); keeps the spread of signals for rectifiers.

    ``w ~ N(0, 2 / inputs)``.

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


class LecunUniform(Initializer):
    """Uniform within ±sqrt(3 / inputs); keeps the spread of signals for SELU and LeCun's tanh.

    ``w ~ U(-l, l)`` with ``l = sqrt(3 / inputs)``.

    References
    ----------
    Y. LeCun et al., "Efficient backprop", 1998, section 4.6.
    """

    key = "lecun_uniform"
    title = "LeCun uniform"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return uniform values within ±sqrt(3 / fan in)."""
        fan_in, _ = _fans(shape)
        limit = math.sqrt(3 / fan_in)
        return stream.uniform(-limit, limit, shape)


class LecunNormal(Initializer):
    """Normal with deviation sqrt(1 / inputs); keeps the spread of signals for SELU and LeCun's tanh.

    ``w ~ N(0, 1 / inputs)``.

    References
    ----------
    Y. LeCun et al., "Efficient backprop", 1998, section 4.6.
    """

    key = "lecun_normal"
    title = "LeCun normal"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return normal values with deviation sqrt(1 / fan in)."""
        fan_in, _ = _fans(shape)
        return math.sqrt(1 / fan_in) * stream.standard_normal(shape)


class Orthogonal(Initializer):
    """Turns signals without stretching them; right for what is applied again and again.

    ``w^T w = 1`` or ``w w^T = 1``, whichever fits the shape.

    References
    ----------
    A. Saxe, J. McClelland, S. Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks", 2014.
    """

    key = "orthogonal"
    title = "Orthogonal"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return a random matrix, all axes but the last together, whose rows or columns are orthonormal."""
        rows, columns = math.prod(shape[:-1]), shape[-1]
        q, r = np.linalg.qr(stream.standard_normal((max(rows, columns), min(rows, columns))))
        # With signs of the diagonal all turns are equally likely.
        q = q * np.sign(np.diag(r))
        return np.ascontiguousarray(q if rows >= columns else q.T).reshape(shape)


class Identity(Initializer):
    """Passes signals on unchanged: ones on the diagonal, zeros elsewhere.

    ``w[i, j] = 1`` where ``i = j``, else 0.

    References
    ----------
    Q. Le, N. Jaitly, G. Hinton, "A simple way to initialize recurrent networks of rectified linear units", 2015.
    """

    key = "identity"
    title = "Identity"

    def draw(self, shape: tuple[int, ...], stream: np.random.Generator) -> NDArray[np.float64]:
        """Return the identity over the last two axes; for more axes at the middle of the others."""
        del stream
        if len(shape) == 1:
            return np.ones(shape)
        drawn = np.zeros(shape)
        drawn[tuple(size // 2 for size in shape[:-2])] = np.eye(shape[-2], shape[-1])
        return drawn


def _fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return how many inputs a unit sums and how many units an input feeds."""
    if len(shape) == 1:
        return shape[0], shape[0]
    receptive = math.prod(shape[:-2])
    return max(1, shape[-2] * receptive), max(1, shape[-1] * receptive)
