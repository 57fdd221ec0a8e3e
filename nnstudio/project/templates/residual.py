"""Filters beside short cuts."""

from __future__ import annotations

from nnstudio.data import Pipeline
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.activations.rectifiers import Relu
from nnstudio.engine.initializers import HeNormal
from nnstudio.engine.layers.activation import ActivationLayer
from nnstudio.engine.layers.add import Add
from nnstudio.engine.layers.conv2d import Conv2d
from nnstudio.engine.layers.global_average_pooling2d import GlobalAveragePooling2d
from nnstudio.project.picture_template import PictureTemplate
from nnstudio.project.template import Drawing, ends_for

FILTERS = 16
BLOCKS = 2


class Residual(PictureTemplate):
    """Adds what each pair of filters finds to what came in, so that many layers learn as easily as few.

    References
    ----------
    K. He, X. Zhang, S. Ren and J. Sun, "Deep residual learning for image recognition", 2016, figure 2.
    """

    key = "residual"
    title = "Residual network for pictures"
    example = (32, 32, 3)

    def build(self, pipeline: Pipeline | None) -> Drawing:
        """Return filters, two blocks with short cuts, and the mean of each map behind them."""
        sketch, shape = self.begun(pipeline)
        ends = ends_for(pipeline)
        relu = Conv2d(filters=FILTERS, activation=Relu(), kernel_initializer=HeNormal())
        linear = relu.replace(activation=Linear())
        before = sketch.add("conv", relu)
        for block in range(1, BLOCKS + 1):
            sketch.add(f"conv_{block}_a", relu, before)
            inner = sketch.add(f"conv_{block}_b", linear)
            sketch.add(f"add_{block}", Add(), before, inner)
            before = sketch.add(f"relu_{block}", ActivationLayer(function=Relu()))
        sketch.add("mean", GlobalAveragePooling2d())
        sketch.add_ends(ends)
        return self.drawn(
            sketch, f"Pictures of {shape[0]} × {shape[1]} pixels pass {BLOCKS} blocks with short cuts {ends.words}."
        )
