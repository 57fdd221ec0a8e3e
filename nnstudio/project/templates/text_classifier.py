"""Words become places, and their mean decides."""

from __future__ import annotations

from collections.abc import Sequence

from nnstudio.data import ColumnUse, Pipeline, Table
from nnstudio.data.transforms.codes import Codes
from nnstudio.engine.activations.rectifiers import Relu
from nnstudio.engine.initializers import HeNormal
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.embedding import Embedding
from nnstudio.engine.layers.global_average_pooling1d import GlobalAveragePooling1d
from nnstudio.engine.layers.input import Input
from nnstudio.project.template import Drawing, Sketch, Template, ends_for

FEWEST_WORDS = 3


class TextClassifier(Template):
    """Gives each word a place in a space, and judges a text by the mean of its places.

    References
    ----------
    A. Joulin et al., "Bag of tricks for efficient text classification", 2017, section 2.
    """

    key = "text_classifier"
    title = "Text classifier"

    def columns(self, table: Table, columns: Sequence[ColumnUse]) -> tuple[ColumnUse, ...]:
        """Return the columns with whole numbers read as codes of words."""
        return tuple(
            use.model_copy(update={"kind": "code"})
            if use.is_input and use.kind == "number" and table.column(use.name).whole
            else use
            for use in self.plain_columns(table, columns)
        )

    def unsuited(self, pipeline: Pipeline) -> str:
        """Return why the columns are no texts."""
        for transform in pipeline.inputs:
            if not isinstance(transform, Codes) or transform.indicator:
                return (
                    "A text comes as one column for each place, with whole numbers from 0 on that stand for words; "
                    f"'{transform.column}' holds something else."
                )
        if len(pipeline.features) < FEWEST_WORDS:
            return f"A text needs {FEWEST_WORDS} or more columns, one for each word."
        if pipeline.task == "regression":
            return f"It tells classes apart, and '{pipeline.target_names[0]}' is a number."
        return ""

    def build(self, pipeline: Pipeline | None) -> Drawing:
        """Return codes, places, their mean, a hidden layer and the answer."""
        steps, words = 40, 5_000
        if pipeline is not None:
            steps = len(pipeline.features)
            words = max(transform.words for transform in pipeline.inputs if isinstance(transform, Codes))
        ends = ends_for(pipeline)
        sketch = Sketch()
        sketch.add("input", Input(shape=(steps,), kind="codes"), title="Input")
        sketch.add("words", Embedding(words=words, units=16))
        sketch.add("mean", GlobalAveragePooling1d())
        sketch.add("hidden", Dense(units=16, activation=Relu(), kernel_initializer=HeNormal()))
        sketch.add_ends(ends)
        return self.drawn(
            sketch, f"Texts of {steps} words out of {words:,} become the mean of their places {ends.words}."
        )
