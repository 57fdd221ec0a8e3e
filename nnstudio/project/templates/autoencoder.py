"""A network that gives its inputs back through a narrow middle."""

from __future__ import annotations

import math
from collections.abc import Sequence

from nnstudio.data import ColumnUse, Pipeline, Table
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.activations.squashing import Tanh
from nnstudio.engine.costs.squared import MeanSquaredError
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.output import Output
from nnstudio.project.template import Drawing, Sketch, Template


class Autoencoder(Template):
    """Gives its inputs back through a narrow middle, and so learns to say much in few numbers.

    References
    ----------
    G. Hinton and R. Salakhutdinov, "Reducing the dimensionality of data with neural networks", 2006.
    """

    key = "autoencoder"
    title = "Autoencoder"

    def columns(self, table: Table, columns: Sequence[ColumnUse]) -> tuple[ColumnUse, ...]:
        """Return the columns with every input of numbers as its own target, and the others set aside."""
        return tuple(
            use.model_copy(update={"role": "both", "reason": ""})
            if use.is_input and use.kind == "number"
            else use.model_copy(update={"role": "ignore", "reason": "An autoencoder has no use for it."})
            if use.role != "ignore"
            else use
            for use in self.plain_columns(table, columns)
        )

    def unsuited(self, pipeline: Pipeline) -> str:
        """Return why the inputs cannot be given back."""
        if len(pipeline.target_names) < 2:
            return "It gives columns of numbers back through fewer, so it needs two or more of them."
        return ""

    def build(self, pipeline: Pipeline | None) -> Drawing:
        """Return a funnel and its mirror image."""
        features = 16 if pipeline is None else len(pipeline.features)
        answers = features if pipeline is None else len(pipeline.target_names)
        code = max(1, round(math.sqrt(features)))
        wide = max(2 * code, min(64, features // 2))
        sketch = Sketch()
        sketch.add("input", Input(shape=(features,)), title="Input")
        sketch.add("encoder", Dense(units=wide, activation=Tanh()))
        sketch.add("code", Dense(units=code, activation=Linear()))
        sketch.add("decoder", Dense(units=wide, activation=Tanh()))
        sketch.add("answer", Dense(units=answers, activation=Linear()))
        sketch.add("output", Output(cost=MeanSquaredError()), title="Output")
        through = "1 number" if code == 1 else f"{code} numbers"
        return self.drawn(sketch, f"The {features} inputs are squeezed through {through} and are to come out again.")
