"""Filters and pooling by turns, after LeNet."""

from __future__ import annotations

from nnstudio.data import Pipeline
from nnstudio.engine.activations.squashing import Tanh
from nnstudio.engine.layers.average_pooling2d import AveragePooling2d
from nnstudio.engine.layers.conv2d import Conv2d
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.flatten import Flatten
from nnstudio.project.picture_template import PictureTemplate
from nnstudio.project.template import Drawing, ends_for


class LeNet(PictureTemplate):
    """Looks for strokes, then for shapes made of strokes: the first network that read handwriting for a living.

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, section 2.
    """

    key = "lenet"
    title = "LeNet for pictures"

    def build(self, pipeline: Pipeline | None) -> Drawing:
        """Return two turns of filters and pooling, and dense layers behind them."""
        sketch, shape = self.begun(pipeline)
        large = shape[0] >= 16
        window = (5, 5) if large else (3, 3)
        ends = ends_for(pipeline)
        for index, filters in enumerate((6, 16), start=1):
            sketch.add(f"conv_{index}", Conv2d(filters=filters, kernel=window, activation=Tanh()))
            sketch.add(f"pool_{index}", AveragePooling2d(size=(2, 2)))
        sketch.add("flatten", Flatten())
        for index, units in enumerate((120, 84) if large else (48,), start=1):
            sketch.add(f"hidden_{index}", Dense(units=units, activation=Tanh()))
        sketch.add_ends(ends)
        return self.drawn(
            sketch,
            f"Pictures of {shape[0]} × {shape[1]} pixels pass filters of {window[0]} × {window[1]} twice {ends.words}.",
        )
