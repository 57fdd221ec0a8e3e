"""The mean of each channel."""

from collections.abc import Sequence

from nnstudio.engine.layer import Layer, Operation, Shape, Site
from nnstudio.engine.operations.pooling import GlobalAveragePooling
from nnstudio.engine.operations.windows import need_picture


class GlobalAveragePooling2d(Layer):
    """Keeps the mean of each channel over the whole picture, so that its size does not matter.

    ``a[c] = mean over places of x[place, c]``; (height, width, channels) becomes (channels,); backward ``dx = da /
    places``.

    References
    ----------
    M. Lin, Q. Chen, S. Yan, "Network in network", 2014, section 3.2.
    """

    key = "global_average_pooling2d"
    title = "Global average pooling 2-D"
    group = "Convolution"

    def output_shape(self, inputs: Sequence[Shape]) -> Shape:
        """Return the channels.

        Raises
        ------
        ShapeError
            When the input is not a picture.
        """
        return (need_picture(inputs[0])[-1],)

    def bind(self, site: Site) -> Operation:
        """Return the operation over this memory."""
        return GlobalAveragePooling(site)
