"""Two groups of columns, read apart and joined."""

from __future__ import annotations

from itertools import accumulate

from nnstudio.data import Pipeline
from nnstudio.engine.activations.rectifiers import Relu
from nnstudio.engine.initializers import HeNormal
from nnstudio.engine.layers.concatenate import Concatenate
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.input import Input
from nnstudio.project.template import Drawing, Sketch, Template, ends_for


class TwoInputs(Template):
    """Reads two groups of columns in branches of their own, and joins what they found."""

    key = "two_inputs"
    title = "Two inputs"
    row_height = 440.0  # cards with ten neurons stand one above the other

    def unsuited(self, pipeline: Pipeline) -> str:
        """Return why the columns are not two groups."""
        return "" if len(pipeline.inputs) > 1 else "It needs two or more input columns to make two groups of."

    def build(self, pipeline: Pipeline | None) -> Drawing:
        """Return two branches and what joins them."""
        first, second, words = (4, 4, "4 and 4 numbers") if pipeline is None else _groups(pipeline)
        ends = ends_for(pipeline)
        sketch = Sketch()
        one = sketch.add("input_a", Input(shape=(first,)), title="Input A")
        two = sketch.add("input_b", Input(shape=(second,)), title="Input B")
        branches = [
            sketch.add(
                f"branch_{name}",
                Dense(units=max(4, min(32, 2 * size)), activation=Relu(), kernel_initializer=HeNormal()),
                source,
                title=f"branch {name.upper()}",
            )
            for name, size, source in (("a", first, one), ("b", second, two))
        ]
        sketch.add("join", Concatenate(), *branches)
        sketch.add("hidden", Dense(units=8, activation=Relu(), kernel_initializer=HeNormal()))
        sketch.add_ends(ends)
        return self.drawn(sketch, f"Two branches read {words} and are joined {ends.words}.")


def _groups(pipeline: Pipeline) -> tuple[int, int, str]:
    """Return how many features each group has, parted between two columns near the middle, and both in words."""
    sizes = [len(transform.features()) + transform.indicator for transform in pipeline.inputs]
    ends = list(accumulate(sizes))
    middle = min(range(len(sizes) - 1), key=lambda index: abs(ends[index] - ends[-1] / 2))
    names = pipeline.input_columns
    words = f"'{names[0]}' to '{names[middle]}' and '{names[middle + 1]}' to '{names[-1]}'"
    if len(names) == 2:
        words = f"'{names[0]}' and '{names[1]}'"
    return ends[middle], ends[-1] - ends[middle], words
