"""What a layer is: the value that is drawn, and the operation it becomes when it is bound to memory."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from nnstudio.components import Component, Fix
from nnstudio.engine.activation import Activation
from nnstudio.engine.holds import Holds
from nnstudio.engine.initializers import Initializer
from nnstudio.engine.regularizers import MaxNorm, Regularizer
from nnstudio.engine.room import Scratch

Array = NDArray[Any]
Shape = tuple[int, ...]
Layout = Literal["rows_first", "rows_last", "as_input"]


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
    """An array that a layer learns or remembers: its name, its shape and how its first values are drawn.

    Attributes
    ----------
    regularizer : Regularizer or None
        What keeps its values small.
    constraint : MaxNorm or None
        What its values must obey after each update.
    """

    name: str
    shape: Shape
    initializer: Initializer
    regularizer: Regularizer | None = None
    constraint: MaxNorm | None = None


class Between:
    """What is called between the parts of long work: somebody may want to end it there by an error.

    Attributes
    ----------
    call : callable, or None
        What is asked while it is there.
    """

    def __init__(self) -> None:
        self.call: Callable[[], None] | None = None

    def __call__(self) -> None:
        """Ask, where anybody wants to be asked."""
        if self.call is not None:
            self.call()


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
    memory : Array of shape (numbers,)
        What this layer remembers, one array after another.
    fused : bool
        The cost behind takes pre-activations and gives their gradient, so the activation is left to it.
    stream : Generator
        This layer's own random numbers.
    scratch : Scratch
        Room that is shared with all other operations.
    between : Between
        To be called between the parts of work that can take long, such as the steps of a sequence.
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
    memory: Array
    fused: bool
    stream: np.random.Generator
    scratch: Scratch
    between: Between


class Operation(ABC):
    """A layer bound to memory; neither method allocates."""

    @abstractmethod
    def forward(self) -> None:
        """Compute the output from the inputs."""

    @abstractmethod
    def backward(self) -> None:
        """Compute the gradients of weights and inputs from the gradient of the output."""

    def trace(self) -> Array | None:
        """Return what the layer went through in the last `forward`, of shape (rows, steps, units), or None."""
        return None


class Layer(Component):
    """The base of what can be drawn on the canvas.

    Attributes
    ----------
    group : str
        The heading in the palette.
    other_names : tuple of str
        By what else people look for it.
    portrait : str
        How the layer is shown alive; ``"outputs"`` is by the shape of what it says.
    fewest_inputs, most_inputs : int
        How many wires may lead in; None means any number.
    has_output : bool
        Whether a wire may lead out.
    rearranges : bool
        Whether it gives its numbers another shape and does nothing else to them.
    takes_one : bool
        Whether `Site.inputs_with_one` is wanted.
    takes_codes : bool
        Whether numbers are read as codes of words, not as measured.
    holds : Holds
        Which of its weights and units a person holds in a drawing.
    layout : str
        How the output lies in memory: one row after the other; all rows of a number side by side, which is quicker for
        pictures and sequences; or as the first input does. Seen from outside, rows always come first. Flat outputs
        lie one row after the other.
    """

    family = "layers"
    group: ClassVar[str] = "Basic"
    other_names: ClassVar[tuple[str, ...]] = ()
    portrait: ClassVar[str] = "glance"
    fewest_inputs: ClassVar[int] = 1
    most_inputs: ClassVar[int | None] = 1
    has_output: ClassVar[bool] = True
    rearranges: ClassVar[bool] = False
    takes_one: ClassVar[bool] = False
    layout: ClassVar[Layout] = "rows_first"
    takes_codes: ClassVar[bool] = False
    not_parameters = frozenset({"holds"})

    holds: Holds = Field(default_factory=Holds, exclude_if=lambda holds: not holds)

    @property
    def look(self) -> str:
        """The portrait of this layer with these parameters: answers that share one whole are seen as shares."""
        last = self.last_activation()
        return "shares" if last is not None and not last.elementwise else self.portrait

    def silenced(self, stream: np.random.Generator, values: Array) -> Array | None:
        """Return which values the next training step silences at random; None where none ever is.

        Parameters
        ----------
        stream : Generator
            Where the layer's random numbers stand; it moves on as in the step.
        values : Array of shape (rows, *shape)
            Room that lies in memory as the layer's output does, and is written to.

        Returns
        -------
        Array of bool of shape (rows, *shape), or None
        """
        del stream, values
        return None

    @property
    def is_inner(self) -> bool:
        """Whether signals come in and go out again, so that it may stand in a wire."""
        return self.has_output and self.most_inputs != 0

    @classmethod
    def takes_wires(cls, count: int) -> bool:
        """Return whether so many wires may lead in."""
        return cls.fewest_inputs <= count and (cls.most_inputs is None or count <= cls.most_inputs)

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

    def remembered(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return what the layer remembers without learning it, such as moving means."""
        del inputs
        return ()

    def last_activation(self) -> Activation | None:
        """Return the activation that shapes the output and is not used inside, or None where there is none."""
        return None

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


def shape_after(layer: Layer, given: Sequence[Shape]) -> Shape | None:
    """Return what a layer gives, or None where it cannot take this."""
    try:
        return layer.output_shape(given)
    except ShapeError:
        return None


def shape_in_words(shape: Shape | None) -> str:
    """Return a shape as a person reads it, such as ``28 × 28 × 1``; a question mark where it is not known."""
    if shape is None:
        return "?"
    return " × ".join(map(str, shape)) or "1"


def common_shape(inputs: Sequence[Shape]) -> Shape:
    """Return the shape that all inputs have.

    Raises
    ------
    ShapeError
        When they differ.
    """
    if len(set(inputs)) > 1:
        listed = " and ".join(shape_in_words(shape) for shape in dict.fromkeys(inputs))
        raise ShapeError(
            f"needs inputs of one shape but gets {listed}.", "Give them the same number of units or channels."
        )
    return inputs[0]


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
