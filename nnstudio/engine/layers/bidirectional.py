"""A recurrent layer in both directions."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np
from pydantic import Field, SerializeAsAny

from nnstudio.engine.layer import Array, Layer, Operation, Shape, Site, Weight
from nnstudio.engine.operations.recurrence import RecurrentLayer


class Bidirectional(Layer):
    """Reads a sequence from both ends with two copies of a recurrent layer, and joins what they say.

    The copies learn weights of their own, named ``forward/...`` and ``backward/...``.

    References
    ----------
    M. Schuster, K. Paliwal, "Bidirectional recurrent neural networks", 1997.
    """

    key = "bidirectional"
    title = "Bidirectional"
    portrait = "sequence"
    group = "Sequence"
    layout = "rows_last"

    layer: SerializeAsAny[RecurrentLayer] = Field(
        default_factory=lambda: RecurrentLayer.model_validate("lstm"),
        title="Layer",
        description="The recurrent layer that is used in both directions.",
    )
    merge: Literal["concatenate", "add", "average", "multiply"] = Field(
        "concatenate", title="Joined by", description="How the answers of the two directions become one."
    )

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the layer's shape, twice as wide where the answers are put side by side.

        Raises
        ------
        ShapeError
            When the input is not a sequence.
        """
        shape = self.layer.output_shape(inputs)
        return (*shape[:-1], 2 * shape[-1]) if self.merge == "concatenate" else shape

    def weights(self, inputs: Sequence[Shape]) -> tuple[Weight, ...]:
        """Return the layer's weights for both directions."""
        own = self.layer.weights(inputs)
        return tuple(
            replace(weight, name=f"{direction}/{weight.name}")
            for direction in ("forward", "backward")
            for weight in own
        )

    def multiplications(self, inputs: Sequence[Shape]) -> int:
        """Return what the layer costs."""
        return self.layer.multiplications(inputs)

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return _BidirectionalOperation(self, site)

    def note(self) -> str:
        """Return the layer."""
        return f"Bidirectional {self.layer.note()}"


class _BidirectionalOperation(Operation):
    def __init__(self, layer: Bidirectional, site: Site) -> None:
        self._merge = layer.merge
        self._a, self._da = site.output, site.output_gradient
        self._dx = site.input_gradients[0]
        units, half = layer.layer.units, site.weights.size // 2
        self._other_dx = None if self._dx is None else np.zeros_like(self._dx)
        self._outputs: list[Array] = []
        self._gradients: list[Array | None] = []
        self._copies = []
        for k, inner in enumerate((layer.layer, layer.layer.replace(reverse=not layer.layer.reverse))):
            # Side by side each copy writes straight into its half.
            if layer.merge == "concatenate":
                place = (..., slice(k * units, (k + 1) * units))
                output, gradient = self._a[place], None if self._da is None else self._da[place]
            else:
                output = np.zeros_like(self._a)
                gradient = None if self._da is None else np.zeros_like(self._da)
            self._outputs.append(output)
            self._gradients.append(gradient)
            self._copies.append(
                inner.bind(
                    replace(
                        site,
                        input_gradients=(self._dx if k == 0 else self._other_dx,),
                        output=output,
                        output_gradient=gradient,
                        weights=site.weights[k * half : (k + 1) * half],
                        gradients=site.gradients[k * half : (k + 1) * half],
                    )
                )
            )

    def forward(self) -> None:
        for copy in self._copies:
            copy.forward()
        first, second = self._outputs
        if self._merge == "multiply":
            np.multiply(first, second, out=self._a)
        elif self._merge != "concatenate":
            np.add(first, second, out=self._a)
            if self._merge == "average":
                np.multiply(self._a, 0.5, out=self._a)

    def trace(self) -> Array | None:
        traces = [copy.trace() for copy in self._copies]
        return np.concatenate([trace for trace in traces if trace is not None], axis=2)

    def backward(self) -> None:
        if self._merge != "concatenate":
            for gradient, other in zip(self._gradients, reversed(self._outputs), strict=True):
                assert gradient is not None
                assert self._da is not None
                if self._merge == "multiply":
                    np.multiply(self._da, other, out=gradient)
                else:
                    np.multiply(self._da, 0.5 if self._merge == "average" else 1, out=gradient)
        for copy in self._copies:
            copy.backward()
        if self._dx is not None and self._other_dx is not None:
            np.add(self._dx, self._other_dx, out=self._dx)
