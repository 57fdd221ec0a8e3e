"""Where rows enter."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field, field_validator

from nnstudio.engine.layer import Layer, Operation, Shape, Site


class Input(Layer):
    """Where the columns of the data enter the network.

    ``a = x``: rows of the stated shape; codes are whole numbers from 0 on.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, "Deep learning", 2016, chapter 6.
    """

    key = "input"
    title = "Input"
    group = "Ends"
    portrait = "outputs"
    fewest_inputs = 0
    most_inputs = 0

    shape: tuple[int, ...] = Field(
        (2,), title="Shape", description="How many numbers a row has; several for pictures and sequences."
    )
    kind: Literal["numbers", "codes"] = Field(
        "numbers", title="Kind", description="Numbers to compute with, or codes that stand for words."
    )

    @field_validator("shape")
    @classmethod
    def _is_positive(cls, shape: tuple[int, ...]) -> tuple[int, ...]:
        if not shape or any(size < 1 for size in shape):
            raise ValueError("A shape needs at least one number, and each must be 1 or more.")
        return shape

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the shape of a row."""
        del inputs
        return self.shape

    def bind(self, site: Site) -> Operation:
        """Return an operation that does nothing: rows are written straight into the output."""
        del site
        return _InputOperation()

    def note(self) -> str:
        """Return how many numbers enter."""
        count = " × ".join(str(size) for size in self.shape)
        return f"{count} column" if self.shape == (1,) else f"{count} columns"


class _InputOperation(Operation):
    def forward(self) -> None:
        pass

    def backward(self) -> None:
        pass
