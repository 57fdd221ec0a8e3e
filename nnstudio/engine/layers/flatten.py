"""From any shape to one number after another."""

import math
from collections.abc import Sequence

from nnstudio.engine.layer import Layer, Operation, Shape, Site
from nnstudio.engine.operations.rearrangement import Rearrangement


class Flatten(Layer):
    """Lays the numbers of a row one after another, so that a Dense layer can take them.

    ``a = x`` in another shape: (height, width, channels) becomes (height * width * channels,); backward ``dx =
    da``.

    References
    ----------
    I. Goodfellow, Y. Bengio, A. Courville, "Deep learning", 2016, chapter 9.
    """

    key = "flatten"
    title = "Flatten"
    rearranges = True

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return how many numbers a row has."""
        return (math.prod(inputs[0]),)

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return Rearrangement(site)
