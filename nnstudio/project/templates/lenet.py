"""Filters and pooling by turns, after LeNet."""

from __future__ import annotations

from collections.abc import Sequence

from nnstudio.data import ColumnUse, Pipeline, Table
from nnstudio.engine.activations.squashing import Tanh
from nnstudio.engine.layers.average_pooling2d import AveragePooling2d
from nnstudio.engine.layers.conv2d import Conv2d
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.flatten import Flatten
from nnstudio.engine.layers.input import Input
from nnstudio.project.template import (
    Drawing,
    Sketch,
    Template,
    ends_for,
    picture_columns,
    picture_shape,
    why_no_picture,
)


class LeNet(Template):
    """Looks for strokes, then for shapes made of strokes: the first network that read handwriting for a living.

    References
    ----------
    Y. LeCun et al., "Gradient-based learning applied to document recognition", 1998, section 2.
    """

    key = "lenet"
    title = "LeNet for pictures"

    def columns(self, table: Table, columns: Sequence[ColumnUse]) -> tuple[ColumnUse, ...]:
        """Return the columns with every pixel."""
        return picture_columns(table, self.plain_columns(table, columns))

    def unsuited(self, pipeline: Pipeline) -> str:
        """Return why the inputs are no pictures."""
        return why_no_picture(pipeline)

    def build(self, pipeline: Pipeline | None) -> Drawing:
        """Return two turns of filters and pooling, and dense layers behind them."""
        shape = (28, 28, 1) if pipeline is None else picture_shape(len(pipeline.features)) or (28, 28, 1)
        large = shape[0] >= 16
        window = (5, 5) if large else (3, 3)
        ends = ends_for(pipeline)
        sketch = Sketch()
        sketch.add("input", Input(shape=shape), title="Input")
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
