"""Inputs side by side."""

from collections.abc import Sequence

import numpy as np
from pydantic import Field

from nnstudio.engine.layer import Layer, Operation, Shape, ShapeError, Site, shape_in_words


class Concatenate(Layer):
    """Puts its inputs side by side along one axis.

    ``a = [x1, x2, ...]``; all other axes are the same.

    Backward each input gets its part of the gradient.

    References
    ----------
    G. Huang et al., "Densely connected convolutional networks", 2017, equation 2.
    """

    key = "concatenate"
    title = "Concatenate"
    other_names = ("merge", "join")
    group = "Joining"
    fewest_inputs = 2
    most_inputs = None
    layout = "as_input"

    axis: int = Field(
        -1, ge=-3, le=2, title="Axis", description="Along which axis of a row; -1 is the last, the rows do not count."
    )

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the shape with the sizes along the axis added up.

        Raises
        ------
        ShapeError
            When the inputs have no such axis, or differ along another.
        """
        rank = len(inputs[0])
        if not -rank <= self.axis < rank:
            raise ShapeError(
                f"joins along axis {self.axis}, but its inputs have {rank} {'axis' if rank == 1 else 'axes'}.",
                "Choose axis -1, the last one.",
            )
        axis = self.axis % rank
        without = {(len(shape), *shape[:axis], *shape[axis + 1 :]) for shape in inputs}
        if len(without) > 1:
            listed = " and ".join(shape_in_words(shape) for shape in inputs)
            raise ShapeError(
                f"cannot put {listed} side by side.", "Give all inputs the same sizes along the other axes."
            )
        total = sum(shape[axis] for shape in inputs)
        return (*inputs[0][:axis], total, *inputs[0][axis + 1 :])

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _ConcatenateOperation(self, site)


class _ConcatenateOperation(Operation):
    def __init__(self, layer: Concatenate, site: Site) -> None:
        axis = layer.axis % (site.output.ndim - 1) + 1
        places, start = [], 0
        for values in site.inputs:
            place = [slice(None)] * site.output.ndim
            place[axis] = slice(start, start + values.shape[axis])
            start += values.shape[axis]
            places.append(tuple(place))
        self._forward = [(site.output[place], values) for place, values in zip(places, site.inputs, strict=True)]
        da = site.output_gradient
        self._backward = [
            (gradient, da[place])
            for place, gradient in zip(places, site.input_gradients, strict=True)
            if gradient is not None and da is not None
        ]

    def forward(self) -> None:
        for part, values in self._forward:
            np.copyto(part, values)

    def backward(self) -> None:
        for gradient, part in self._backward:
            np.copyto(gradient, part)
