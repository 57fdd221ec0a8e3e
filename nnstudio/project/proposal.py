"""A network that fits the data, with one sentence on why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from nnstudio.data import Pipeline, Table
from nnstudio.engine import Activation, Cost, Network, Node
from nnstudio.engine.activations.plain import Linear
from nnstudio.engine.activations.rectifiers import Relu
from nnstudio.engine.activations.shares import Softmax
from nnstudio.engine.activations.squashing import Sigmoid, Tanh
from nnstudio.engine.costs.entropies import BinaryCrossEntropy, CategoricalCrossEntropy
from nnstudio.engine.costs.squared import MeanSquaredError
from nnstudio.engine.initializers import GlorotUniform, HeNormal
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.output import Output
from nnstudio.engine.optimizers.adam import Adam
from nnstudio.project.drawing import COLUMN_WIDTH
from nnstudio.project.settings import Settings

ENOUGH_STEPS = 1_500
"""After this many steps a small network has usually learned what a few hundred rows can teach."""

STEPS_FOR_MUCH = 8_000
"""The same for winding boundaries of two inputs, and for many rows."""

MANY_ROWS = 500


@dataclass(frozen=True)
class Proposal:
    """A network with its place on the canvas and its settings.

    Attributes
    ----------
    network : Network
    positions : dict of str to (float, float)
    settings : Settings
    sentence : str
        What was done and why.
    """

    network: Network
    positions: Mapping[str, tuple[float, float]]
    settings: Settings
    sentence: str


def propose(
    table: Table, pipeline: Pipeline, training_rows: int, hidden: tuple[int, ...] | None = None, seed: int = 0
) -> Proposal:
    """Propose a network for these data.

    Parameters
    ----------
    table : Table
    pipeline : Pipeline
        Fitted for whatever cost suits the target.
    training_rows : int
    hidden : tuple of int, optional
        Units of the hidden layers; chosen when not given.
    seed : int

    Returns
    -------
    Proposal
    """
    features, units = len(pipeline.features), units_of_answer(pipeline)
    flat = features == 2
    sizes = hidden or _hidden_sizes(features, units, training_rows)
    activation: Activation = Tanh() if flat or training_rows < 30 else Relu()
    initializer = GlorotUniform() if isinstance(activation, Tanh) else HeNormal()
    nodes = [Node(id="input", title="Input", layer=Input(shape=(features,)))]
    for index, size in enumerate(sizes, start=1):
        layer = Dense(units=size, activation=activation, kernel_initializer=initializer)
        nodes.append(Node(id=f"hidden_{index}", title=f"hidden {index}", layer=layer))
    end, cost = end_of(pipeline)
    nodes.append(Node(id="answer", title="answer", layer=Dense(units=units, activation=end)))
    nodes.append(Node(id="output", title="Output", layer=Output(cost=cost)))
    ids = [node.id for node in nodes]
    batch = 16 if training_rows >= 64 else None
    # A winding boundary needs large steps to be found; noise in a number is learned by heart with them.
    rate = 0.02 if flat else 0.005 if features <= 40 and pipeline.task != "regression" else 0.002
    return Proposal(
        network=Network(nodes=tuple(nodes), edges=tuple(pairwise(ids))),
        positions={id: (index * COLUMN_WIDTH, 0.0) for index, id in enumerate(ids)},
        settings=Settings(optimizer=Adam(learning_rate=rate), batch_size=batch, seed=seed),
        sentence=_sentence(table, pipeline, sizes, activation, end, cost),
    )


def enough_epochs(features: int, rows: int, batch_size: int | None) -> int:
    """Return after how many epochs a small network has usually learned what it can.

    Parameters
    ----------
    features : int
        Inputs of the network.
    rows : int
        Training rows.
    batch_size : int or None
    """
    wanted = STEPS_FOR_MUCH if features == 2 or rows > MANY_ROWS else ENOUGH_STEPS
    steps = -(-rows // min(batch_size or rows, rows)) if rows else 1
    return max(20, min(2_000, -(-wanted // steps)))


def units_of_answer(pipeline: Pipeline) -> int:
    """Return how many units the answer has with the cost that suits the task."""
    if pipeline.task == "regression":
        return len(pipeline.target_names)
    return 1 if pipeline.task == "yes_no" else len(pipeline.class_names)


def end_of(pipeline: Pipeline) -> tuple[Activation, Cost]:
    """Return the activation and the cost that suit the task."""
    if pipeline.task == "regression":
        return Linear(), MeanSquaredError()
    if pipeline.task == "yes_no":
        return Sigmoid(), BinaryCrossEntropy()
    return Softmax(), CategoricalCrossEntropy()


def _hidden_sizes(features: int, units: int, rows: int) -> tuple[int, ...]:
    """Return few units for few rows, more where there is more to learn from, and two layers where all can be seen."""
    if features == 2:
        return (8,) if rows < 30 else (12, 8)
    if rows < 30:
        return (8,)
    wide = max(16, min(64, 2 * features, rows // 16), min(64, 2 * units))
    return (wide, max(8, wide // 2)) if rows >= 300 else (wide,)


def _sentence(
    table: Table, pipeline: Pipeline, sizes: tuple[int, ...], activation: Activation, end: Activation, cost: Cost
) -> str:
    target = " and ".join(f"'{name}'" for name in pipeline.target_names)
    columns = len(pipeline.input_columns)
    inputs = f"{columns} column" if columns == 1 else f"{columns} columns"
    if len(pipeline.features) != columns:
        inputs += f" (as {len(pipeline.features)} numbers)"
    named = [str(size) for size in sizes]
    hidden = f"{', '.join(named[:-1])} and {named[-1]}" if len(set(named)) > 1 else "".join(named[:1])
    layers = "a hidden layer" if len(sizes) == 1 else f"{len(sizes)} hidden layers"
    what = {
        "regression": f"{target}, a number, is to be predicted",
        "yes_no": f"{target} is yes or no ({' or '.join(pipeline.class_names)})",
        "classes": f"{target} is one of {len(pipeline.class_names)} classes",
    }[pipeline.task]
    return (
        f"{table.name}: {what} from {inputs}, so {layers} of {hidden} {activation.title} units "
        f"{'leads' if len(sizes) == 1 else 'lead'} to {end.title} with {cost.title.lower()}."
    )
