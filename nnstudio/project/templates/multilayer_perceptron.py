"""Layers of units, each wired to all of the next."""

from __future__ import annotations

from nnstudio.data import Pipeline
from nnstudio.engine import Activation
from nnstudio.engine.activations.rectifiers import Relu
from nnstudio.engine.activations.squashing import Tanh
from nnstudio.engine.initializers import GlorotUniform, HeNormal
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.input import Input
from nnstudio.project.template import Drawing, Sketch, Template, ends_for


class MultilayerPerceptron(Template):
    """Two hidden layers that bend the boundary: the one to begin with for columns of a table.

    References
    ----------
    D. Rumelhart, G. Hinton and R. Williams, "Learning representations by back-propagating errors", 1986.
    """

    key = "multilayer_perceptron"
    title = "Multilayer perceptron"

    def build(self, pipeline: Pipeline | None) -> Drawing:
        """Return input, two hidden layers and answer."""
        features = 4 if pipeline is None else len(pipeline.features)
        ends = ends_for(pipeline)
        plane = features == 2
        wide = 8 if plane else max(16, min(64, 2 * features))
        sizes = (wide, 8 if plane else wide // 2)
        activation: Activation = Tanh() if plane else Relu()
        initializer = GlorotUniform() if plane else HeNormal()
        sketch = Sketch()
        sketch.add("input", Input(shape=(features,)), title="Input")
        for index, units in enumerate(sizes, start=1):
            layer = Dense(units=units, activation=activation, kernel_initializer=initializer)
            sketch.add(f"hidden_{index}", layer)
        sketch.add_ends(ends)
        return self.drawn(
            sketch,
            f"Hidden layers of {sizes[0]} and {sizes[1]} {activation.title} units read {features} inputs {ends.words}.",
        )
