"""What a layer is: the value that is drawn, and the operation it becomes when it is bound to memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from nnstudio.components import Component, Fix
from nnstudio.engine.initializers import Initializer

Array = NDArray[Any]
Shape = tuple[int, ...]


class ShapeError(Exception):
    """A layer cannot take what its wires bring.

    Parameters
    ----------
    what : str
        What is wrong, as the rest of a sentence that begins with the layer's name.
    hint : str
        The way out, one sentence.
    fixes : tuple of Fix
        Cures to offer.
    """

    def __init__(self, what: str, hint: str, fixes: tuple[Fix, ...] = ()) -> None:
        super().__init__(f"{what} {hint}")
        self.what = what
        self.hint = hint
        self.fixes = fixes


@dataclass(frozen=True)
class Weight:
    """An array that a layer learns: its name, its shape and how its first values are drawn."""

    name: str
    shape: Shape
    initializer: Initializer


@dataclass(frozen=True)
class Site:
    """The memory that a layer's operation works on, for one number of rows.

    Attributes
    ----------
    rows : int
        Rows that go through together.
    dtype : dtype
        Of every array here.
    training : bool
        Whether noise such as dropout is on.
    inputs : tuple of Array of shape (rows, *shape)
        What the wires bring, in their order.
    inputs_with_one : tuple of Array of shape (rows, units + 1), or None
        The same memory as `inputs` with a last column of ones; for flat inputs of layers that set `takes_one`.
        Multiplied by a kernel with the bias as its last row, it saves a call for the bias, forward and backward.
    input_gradients : tuple of Array of shape (rows, *shape), or None
        Where the gradients go that the sources need; None where nobody needs one.
    output : Array of shape (rows, *shape)
        What the layer writes forward.
    output_gradient : Array of shape (rows, *shape), or None
        The gradient that arrives from behind; None where there is no way back.
    weights, gradients : Array of shape (weights,)
        This layer's part of the flat vectors, its weights one after another.
    fused : bool
        The cost behind takes pre-activations and gives their gradient, so the activation is left to it.
    stream : Generator
        This layer's own random numbers.
    """

    rows: int
    dtype: np.dtype[Any]
    training: bool
    inputs: tuple[Array, ...]
    inputs_with_one: tuple[Array | None, ...]
    input_gradients: tuple[Array | None, ...]
    output: Array
    output_gradient: Array | None
    weights: Array
    gradients: Array
    fused: bool
    stream: np.random.Generator


class Operation(ABC):
    """A layer bound to memory; neither method allocates."""

    @abstractmethod
    def forward(self) -> None:
        """Compute the output from the inputs."""

    @abstractmethod
    def backward(self) -> None:
        """Compute the gradients of weights and inputs from the gradient of the output."""


class Layer(Component):
    """The base of what can be drawn on the canvas.

    Attributes
    ----------
    group : str
        The heading in the palette.
    portrait : str
        How the layer is shown alive.
    fewest_inputs, most_inputs : int
        How many wires may lead in; None means any number.
    has_output : bool
        Whether a wire may lead out.
    takes_one : bool
        Whether `Site.inputs_with_one` is wanted.
    """

    family = "layers"
    group: ClassVar[str] = "Basic"
    portrait: ClassVar[str] = "plain"
    fewest_inputs: ClassVar[int] = 1
    most_inputs: ClassVar[int | None] = 1
    has_output: ClassVar[bool] = True
    takes_one: ClassVar[bool] = False

    @classmethod
    def stand_in(cls, data: Mapping[str, Any]) -> Self | None:
        """Keep a layer that nobody knows as a grey node that is written back untouched."""
        kept = UnknownLayer(data=dict(data))
        return kept if isinstance(kept, cls) else None

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the shape of one row of the output.

        Raises
        ------
        ShapeError
            When the layer cannot take these inputs.
        """
        raise NotImplementedError

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return what the layer learns, in the order in which it lies in memory."""
        del inputs
        return ()

    def multiplications(self, inputs: Sequence[Shape]) -> int:
        """Return how many multiplications one row costs in the layer's largest matrix product."""
        del inputs
        return 0

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        raise NotImplementedError

    def note(self) -> str:
        """Return the parameters that matter, in a few words, for the line under a node's title."""
        return self.title


class UnknownLayer(Layer):
    """A layer of a newer version or a missing plug-in, kept as it was."""

    key = "unknown"
    title = "Unknown"
    listed = False

    data: dict[str, Any]

    def kept_data(self) -> Mapping[str, Any]:
        """Return what the file held."""
        return self.data

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Raise: nobody knows what this layer does."""
        del inputs
        raise ShapeError(
            f"is a layer of the kind '{self.data.get('type', '?')}', which is not known here.",
            "Install what provides it, or put another layer in its place; saving keeps it untouched.",
        )
