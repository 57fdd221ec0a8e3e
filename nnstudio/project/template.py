"""What a template is: a network to begin with that fits itself to the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from nnstudio.components import Component
from nnstudio.data import ColumnUse, Pipeline, Table, propose_columns
from nnstudio.data.transforms.standardise import Standardise
from nnstudio.engine import Activation, Cost, Layer, Network, Node
from nnstudio.engine.activations.shares import Softmax
from nnstudio.engine.costs.entropies import CategoricalCrossEntropy
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.output import Output
from nnstudio.project.drawing import COLUMN_WIDTH
from nnstudio.project.proposal import end_of, units_of_answer

ROW_HEIGHT = 260.0
"""Between the centres of two cards one above the other."""

EXAMPLE_CLASSES = 3


@dataclass(frozen=True)
class Drawing:
    """What a template drew.

    Attributes
    ----------
    network : Network
    positions : dict of str to (float, float)
        The centre of each node.
    sentence : str
        What was drawn and why.
    learning_rate : float
        With which Adam begins.
    """

    network: Network
    positions: Mapping[str, tuple[float, float]]
    sentence: str
    learning_rate: float = 0.005


class Template(Component):
    """The base of networks to begin with. A member says what columns it wants, whether it suits, and draws itself.

    Attributes
    ----------
    learning_rate : float
        With which Adam begins.
    column_width, row_height : float
        Between the centres of two cards beside and above each other.
    """

    family = "templates"

    learning_rate: ClassVar[float] = 0.005
    column_width: ClassVar[float] = COLUMN_WIDTH
    row_height: ClassVar[float] = ROW_HEIGHT

    def columns(self, table: Table, columns: Sequence[ColumnUse]) -> tuple[ColumnUse, ...]:
        """Return the columns as this template wants them used; as they are unless another template has bent them."""
        return self.plain_columns(table, columns)

    def plain_columns(self, table: Table, columns: Sequence[ColumnUse]) -> tuple[ColumnUse, ...]:
        """Return the columns as they are, or proposed afresh where they are their own targets or codes of words."""
        if all(use.role != "both" and use.kind != "code" for use in columns):
            return tuple(columns)
        target = next((use.name for use in columns if use.role == "target"), None)
        return propose_columns(table, target)

    def unsuited(self, pipeline: Pipeline) -> str:
        """Return in words why data cannot suit it; empty where they do.

        Parameters
        ----------
        pipeline : Pipeline
            Fitted on the columns as `columns` wants them.
        """
        del pipeline
        return ""

    def build(self, pipeline: Pipeline | None) -> Drawing:
        """Return a network that fits data, or one of a sensible size where there are none.

        Parameters
        ----------
        pipeline : Pipeline or None
            Data that suit it.
        """
        raise NotImplementedError

    def drawn(self, sketch: Sketch, sentence: str) -> Drawing:
        """Return a sketch as a drawing, each node at its place."""
        network = sketch.network()
        return Drawing(network, placed(network, self.column_width, self.row_height), sentence, self.learning_rate)


class Sketch:
    """A network while it is drawn, node after node."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []
        self._edges: list[tuple[str, str]] = []

    def add(self, id: str, layer: Layer, *sources: str, title: str = "") -> str:
        """Add a layer behind others, or behind the one before where none is named; return its id."""
        behind = sources or tuple(node.id for node in self._nodes[-1:] if layer.most_inputs != 0)
        self._nodes.append(Node(id=id, title=title or id.replace("_", " "), layer=layer))
        self._edges += [(source, id) for source in behind]
        return id

    def add_ends(self, ends: Ends) -> None:
        """Add the layer that answers, and the output."""
        self.add("answer", Dense(units=ends.units, activation=ends.activation))
        self.add("output", Output(cost=ends.cost), title="Output")

    def network(self) -> Network:
        """Return what was drawn."""
        return Network(nodes=tuple(self._nodes), edges=tuple(self._edges))


@dataclass(frozen=True)
class Ends:
    """How a network answers.

    Attributes
    ----------
    units : int
    activation : Activation
    cost : Cost
    words : str
        What is answered, in words.
    """

    units: int
    activation: Activation
    cost: Cost
    words: str


def ends_for(pipeline: Pipeline | None) -> Ends:
    """Return how a network answers what the data ask, or tells three classes apart where there are none."""
    if pipeline is None:
        words = f"to tell {EXAMPLE_CLASSES} classes apart"
        return Ends(EXAMPLE_CLASSES, Softmax(), CategoricalCrossEntropy(), words)
    names = " and ".join(f"'{name}'" for name in pipeline.target_names[:3])
    if len(pipeline.target_names) > 3:
        names = f"{len(pipeline.target_names)} numbers"
    words = {
        "regression": f"to predict {names}",
        "yes_no": f"to say {' or '.join(pipeline.class_names)} of {names}",
        "classes": f"to tell the {len(pipeline.class_names)} classes of {names} apart",
    }[pipeline.task]
    return Ends(units_of_answer(pipeline), *end_of(pipeline), words)


def not_a_number(pipeline: Pipeline) -> str:
    """Return the first input column that is not a plain number, or nothing."""
    for transform in pipeline.inputs:
        if not isinstance(transform, Standardise) or transform.indicator:
            return transform.column
    return ""


def placed(
    network: Network, column_width: float = COLUMN_WIDTH, row_height: float = ROW_HEIGHT
) -> dict[str, tuple[float, float]]:
    """Return a place for each node: a column for each step along the wires, what is skipped one row lower."""
    depth: dict[str, int] = {}
    for id in network.order:
        depth[id] = 1 + max((depth[source] for source in network.sources(id)), default=-1)
    skipped = {
        id
        for source, target in network.edges
        for id in network.order
        if depth[source] < depth[id] < depth[target] and id in network.reachable(source)
    }
    columns: dict[int, list[str]] = {}
    for id in network.order:
        columns.setdefault(depth[id], []).append(id)
    places = {}
    for index, ids in columns.items():
        for row, id in enumerate(ids):
            y = (row - (len(ids) - 1) / 2) * row_height + (ROW_HEIGHT * 0.6 if id in skipped else 0)
            places[id] = (index * column_width, y)
    return places
