"""Another shape for the same numbers."""

import math
from collections.abc import Sequence

from pydantic import Field, field_validator

from nnstudio.engine.layer import Layer, Operation, Shape, ShapeError, Site, shape_in_words
from nnstudio.engine.operations.rearrangement import Rearrangement


class Reshape(Layer):
    """Gives the numbers of a row another shape, in the same order.

    ``a = x`` in another shape, with as many numbers; backward ``dx = da``.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, "Deep learning", 2016, chapter 9.
    """

    key = "reshape"
    title = "Reshape"
    rearranges = True

    shape: tuple[int, ...] = Field(
        (4, 4, 1),
        title="Shape",
        description="The new shape; as many numbers as before, pictures as height, width, channels.",
    )

    @field_validator("shape")
    @classmethod
    def _is_positive(cls, shape: tuple[int, ...]) -> tuple[int, ...]:
        if not shape or any(size < 1 for size in shape):
            raise ValueError("A shape needs at least one number, and each must be 1 or more.")
        return shape

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the new shape.

        Raises
        ------
        ShapeError
            When the numbers do not fill it.
        """
        if math.prod(inputs[0]) != math.prod(self.shape):
            raise ShapeError(
                f"makes {shape_in_words(self.shape)}, which are {math.prod(self.shape)} numbers, but gets "
                f"{shape_in_words(inputs[0])}, which are {math.prod(inputs[0])}.",
                "Choose sizes whose product is the number of inputs.",
            )
        return self.shape

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return Rearrangement(site)

    def note(self) -> str:
        """Return the new shape."""
        return f"Reshape {shape_in_words(self.shape)}"
