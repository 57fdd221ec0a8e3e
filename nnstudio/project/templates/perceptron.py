"""One layer."""

from __future__ import annotations

from nnstudio.data import Pipeline
from nnstudio.engine.layers.input import Input
from nnstudio.project.template import Drawing, Sketch, Template, ends_for


class Perceptron(Template):
    """Weighs each input once: one layer, a straight boundary, and the measure for all that is deeper.

    References
    ----------
    F. Rosenblatt, "The perceptron: a probabilistic model for information storage and organization in the brain", 1958.
    """

    key = "perceptron"
    title = "Perceptron"
    learning_rate = 0.02

    def build(self, pipeline: Pipeline | None) -> Drawing:
        """Return input and answer."""
        features = 2 if pipeline is None else len(pipeline.features)
        ends = ends_for(pipeline)
        sketch = Sketch()
        sketch.add("input", Input(shape=(features,)), title="Input")
        sketch.add_ends(ends)
        return self.drawn(
            sketch, f"One layer weighs {features} inputs {ends.words}; only straight boundaries can be learned."
        )
