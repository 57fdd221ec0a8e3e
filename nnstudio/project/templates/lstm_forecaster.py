"""A memory that reads a series and says what comes next."""

from __future__ import annotations

from nnstudio.data import Pipeline
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.costs.squared import MeanSquaredError
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.lstm import Lstm
from nnstudio.project.template import Drawing, Ends, Sketch, Template, ends_for, not_a_number

FEWEST_STEPS = 3


class LstmForecaster(Template):
    """Reads columns as moments of time, oldest first, and says which number comes next.

    References
    ----------
    S. Hochreiter and J. Schmidhuber, "Long short-term memory", 1997.
    """

    key = "lstm_forecaster"
    title = "LSTM forecaster"
    column_width = 236.0

    def unsuited(self, pipeline: Pipeline) -> str:
        """Return why the columns are no series."""
        strange = not_a_number(pipeline)
        if pipeline.task != "regression":
            return f"A forecast is a number, and '{pipeline.target_names[0]}' is a class."
        if strange:
            return f"The moments of a series are numbers, and the column '{strange}' is not one."
        if len(pipeline.features) < FEWEST_STEPS:
            return f"A series needs {FEWEST_STEPS} or more columns, one for each moment, oldest first."
        return ""

    def build(self, pipeline: Pipeline | None) -> Drawing:
        """Return a series, a memory and the answer."""
        steps = 24 if pipeline is None else len(pipeline.features)
        ends = Ends(1, Linear(), MeanSquaredError(), "to predict the next number")
        if pipeline is not None:
            ends = ends_for(pipeline)
        sketch = Sketch()
        sketch.add("input", Input(shape=(steps, 1)), title="Input")
        sketch.add("memory", Lstm(units=24))
        sketch.add_ends(ends)
        return self.drawn(sketch, f"An LSTM reads {steps} columns as {steps} moments, oldest first, {ends.words}.")
