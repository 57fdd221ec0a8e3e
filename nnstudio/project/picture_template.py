"""What templates for pictures have in common: the columns are the pixels of a square."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import ClassVar

from nnstudio.data import ColumnUse, Pipeline, Table
from nnstudio.engine.layers.input import Input
from nnstudio.project.template import Sketch, Template, not_a_number

SMALLEST_SIDE = 4


class PictureTemplate(Template):
    """The base of networks that look at pictures."""

    column_width = 240.0  # cards with maps are wide, and the labels of their wires too
    example: ClassVar[tuple[int, int, int]] = (28, 28, 1)
    """Height, width and channels where there are no data yet."""

    def columns(self, table: Table, columns: Sequence[ColumnUse]) -> tuple[ColumnUse, ...]:
        """Return the columns with every pixel."""
        return picture_columns(table, self.plain_columns(table, columns))

    def unsuited(self, pipeline: Pipeline) -> str:
        """Return why the inputs are no pictures."""
        return why_no_picture(pipeline)

    def begun(self, pipeline: Pipeline | None) -> tuple[Sketch, tuple[int, int, int]]:
        """Return a sketch with its Input, and the shape of the pictures."""
        shape = self.example if pipeline is None else picture_shape(len(pipeline.features)) or self.example
        sketch = Sketch()
        sketch.add("input", Input(shape=shape), title="Input")
        return sketch, shape


def picture_shape(numbers: int) -> tuple[int, int, int] | None:
    """Return height, width and channels of a square picture of so many numbers, grey or coloured, or None."""
    for channels in (1, 3):
        side = math.isqrt(numbers // channels)
        if side >= SMALLEST_SIDE and side * side * channels == numbers:
            return side, side, channels
    return None


def picture_columns(table: Table, columns: Sequence[ColumnUse]) -> tuple[ColumnUse, ...]:
    """Return the columns, with pixels that never change taken in again where that makes a picture whole."""
    numbers = [use for use in columns if use.is_input]
    pale = {
        use.name
        for use in columns
        if use.role == "ignore" and use.kind == "number" and table.column(use.name).distinct == 1
    }
    whole = len(numbers) + len(pale)
    if not pale or picture_shape(len(numbers)) is not None or picture_shape(whole) is None:
        return tuple(columns)
    return tuple(
        use.model_copy(update={"role": "input", "reason": "A pixel that never changes."}) if use.name in pale else use
        for use in columns
    )


def why_no_picture(pipeline: Pipeline) -> str:
    """Return in words why the inputs are no pictures; empty where they are."""
    strange = not_a_number(pipeline)
    if strange:
        return f"Pictures are made of numbers, and the column '{strange}' is not one."
    if picture_shape(len(pipeline.features)) is None:
        return (
            "Pictures need a square number of columns, such as 64 for 8 × 8 pixels; "
            f"these data have {len(pipeline.features)}."
        )
    return ""
