"""The mean of each feature."""

from collections.abc import Sequence

from nnstudio.engine.layer import Layer, Operation, Shape, Site
from nnstudio.engine.operations.pooling import GlobalAveragePooling
from nnstudio.engine.operations.windows import need_sequence


class GlobalAveragePooling1d(Layer):
    """Keeps the mean of each feature over all steps, so that their number does not matter.

    ``a[c] = mean over steps of x[step, c]``; (steps, features) becomes (features,); backward ``dx = da / steps``.

    References
    ----------
    M. Lin, Q. Chen, S. Yan, "Network in network", 2014, section 3.2.
    """

    key = "global_average_pooling1d"
    title = "Global average pooling 1-D"
    group = "Convolution"

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the features.

        Raises
        ------
        ShapeError
            When the input is not a sequence.
        """
        return (need_sequence(inputs[0])[-1],)

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return GlobalAveragePooling(site)
