"""Copies rows into another shape, number by number."""

import numpy as np

from nnstudio.engine.layer import Operation, Site


class Rearrangement(Operation):
    """The operation of layers that change the shape and nothing else.

    Parameters
    ----------
    site : Site
        Whose output lies with one row after the other, so that it can be seen in the input's shape.
    """

    def __init__(self, site: Site) -> None:
        self._x, self._dx, self._da = site.inputs[0], site.input_gradients[0], site.output_gradient
        self._a = site.output.reshape(self._x.shape)
        assert np.shares_memory(self._a, site.output)
        if self._da is not None:
            self._da = self._da.reshape(self._x.shape)

    def forward(self) -> None:
        """Copy."""
        np.copyto(self._a, self._x)

    def backward(self) -> None:
        """Copy back."""
        if self._dx is not None and self._da is not None:
            np.copyto(self._dx, self._da)
