"""From any shape to one number after another."""

import math
from collections.abc import Sequence

from nnstudio.engine.layer import Layer, Operation, Shape, Site
from nnstudio.engine.rearrangement import Rearrangement


class Flatten(Layer):
    """Lays the numbers of a row one after another, so that a Dense layer can take them."""

    key = "flatten"
    title = "Flatten"
    rearranges = True

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return how many numbers a row has."""
        return (math.prod(inputs[0]),)

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return Rearrangement(site)
