"""Runs that are sick on purpose: data, network and settings from a seed."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import polars

from nnstudio.components import find
from nnstudio.data import Table, propose_columns
from nnstudio.data.table import table_from_frame
from nnstudio.engine import Activation, Initializer, Network, Node
from nnstudio.engine.initializers import Normal
from nnstudio.engine.layers.batch_normalization import BatchNormalization
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.input import Input
from nnstudio.engine.layers.output import Output
from nnstudio.engine.layers.simple_rnn import SimpleRnn
from nnstudio.project import Project, Settings, edits

TUNED_SEEDS = range(5)

Judge = Literal["cost", "balanced", "squares"]
Numbers = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Sickness:
    """A generator of sick runs.

    Attributes
    ----------
    rule : str
        The key of the rule that is to find it.
    make : callable
        Returns the project for a seed.
    cure : str
        How the title of the right cure begins.
    epochs : int
        Within how many it is to be found.
    then : int
        Epochs that the cured run and the untouched twin are trained from the beginning or on, each as long.
    judged_by : str
        What must be better: the plain cost of the validation rows, or, where a rare class is to be found too, its mean
        over the classes. The plain one is lowest where rare rows are given up, which is just what this sickness is.
        Where the cure is another cost, both are judged by the one of the twin: squared differences.
    unknown : str
        A column that will not be known where the network is used, and is therefore empty in the validation rows.
    judged : range
        The seeds that the rule is judged on. All rules are tuned on `TUNED_SEEDS`; one that was changed after its
        judgement is judged on others.
    """

    rule: str
    make: Callable[[int], Project]
    cure: str
    epochs: int
    then: int = 30
    judged_by: Judge = "cost"
    unknown: str = ""
    judged: range = range(5, 15)


def rings(seed: int, rows: int = 240, noise: float = 0.15, ring: float = 0.5, **others: tuple[str, str]) -> Table:
    """Return two classes, a disc within a ring of this share; other columns have one word for each class."""
    stream = np.random.default_rng(seed)
    label = (stream.random(rows) < ring).astype(int)
    radius = np.where(label, 1.0, 0.3) + noise * stream.normal(size=rows)
    angle = stream.uniform(0, 2 * np.pi, rows)
    columns: dict[str, Any] = {
        "x": radius * np.cos(angle),
        "y": radius * np.sin(angle),
        "class": np.where(label, "ring", "disc"),
    }
    columns |= {name: np.where(label, *words) for name, words in others.items()}
    return table_of(columns)


def wave(seed: int, rows: int = 160, noise: float = 0.05) -> Table:
    """Return a number that follows two others."""
    stream = np.random.default_rng(seed)
    a, b = stream.uniform(-2, 2, (2, rows))
    return table_of({"a": a, "b": b, "value": np.sin(2 * a) + 0.5 * b + noise * stream.normal(size=rows)})


def overlapping(seed: int, rows: int = 800, share: float = 0.06) -> Table:
    """Return two clouds that lie partly in each other, one of which has few rows."""
    stream = np.random.default_rng(seed)
    is_rare = stream.random(rows) < share
    x, y = stream.normal(size=(2, rows))
    return table_of({"x": x + 1.2 * is_rare, "y": y, "class": np.where(is_rare, "rare", "often")})


def wide(seed: int, rows: int = 120, columns: int = 20) -> Table:
    """Return few rows of many columns, all but two of which are mere noise."""
    stream = np.random.default_rng(seed)
    x = stream.normal(size=(rows, columns))
    label = x[:, 0] + x[:, 1] + 0.7 * stream.normal(size=rows) > 0
    named: dict[str, Any] = {f"x{place}": values for place, values in enumerate(x.T)}
    return table_of({**named, "class": np.where(label, "up", "down")})


def far_off(seed: int, rows: int = 240) -> Table:
    """Return rings, one of whose coordinates is written in thousands."""
    table = rings(seed, rows)
    x, y = (np.array(table.words(name), float) for name in ("x", "y"))
    return table_of({"x": x, "y": 4_000 + 1_000 * y, "class": table.words("class")})


def table_of(columns: dict[str, Any]) -> Table:
    """Return a table with these columns."""
    return table_from_frame(polars.DataFrame(columns), "sick.csv")


def project_of(table: Table, target: str, layers: list[Any], **settings: Any) -> Project:
    """Return a project whose proposed ends stay, with other hidden layers in a chain."""
    project = edits.propose_network().apply(Project(table=table, columns=propose_columns(table, target)))
    answer = next(node for node in project.network.nodes if node.id == "answer")
    ends = [node for node in project.network.nodes if isinstance(node.layer, (Input, Output))]
    assert isinstance(answer.layer, Dense)
    chain = [ends[0], *(Node(id=f"h{i}", layer=layer) for i, layer in enumerate(layers)), answer, ends[1]]
    edges = tuple((a.id, b.id) for a, b in pairwise(chain))
    network = Network(nodes=tuple(chain), edges=edges)
    kept = Settings(**{"batch_size": 16, "epochs": None, **settings})
    return project.replace(network=network, settings=kept)


def dense(units: int, activation: str, initializer: str = "glorot_uniform", **parameters: Any) -> Dense:
    """Return a layer; the parameters are those of the initializer."""
    bent, drawn = find("activations", activation)(), find("initializers", initializer)(**parameters)
    assert isinstance(bent, Activation)
    assert isinstance(drawn, Initializer)
    return Dense(units=units, activation=bent, kernel_initializer=drawn)


def optimizer(key: str, rate: float) -> Any:
    """Return an optimizer with a rate."""
    return find("optimizers", key).model_validate({"learning_rate": rate})


def vanishing(seed: int) -> Project:
    """Return many layers of sigmoid, in which slopes fade."""
    layers = [dense(12, "sigmoid") for _ in range(8)]
    return project_of(rings(seed), "class", layers, optimizer=optimizer("sgd", 0.1), seed=seed)


def exploding(seed: int) -> Project:
    """Return layers whose start weights are far too large."""
    layers = [dense(24, "relu", "normal", deviation=1.2) for _ in range(4)]
    return project_of(wave(seed), "value", layers, optimizer=optimizer("sgd", 0.002), seed=seed)


def echoes(seed: int) -> Project:
    """Return a recurrent layer whose first weights let what it read grow from step to step."""
    stream = np.random.default_rng(seed)
    steps = stream.normal(size=(160, 30))
    columns: dict[str, Any] = {f"t{place:02}": values for place, values in enumerate(steps.T)}
    table = table_of({**columns, "value": steps[:, :4].sum(axis=1)})
    layers = [SimpleRnn(units=32, recurrent_initializer=Normal(deviation=0.6))]
    project = project_of(table, "value", layers, optimizer=optimizer("sgd", 0.1), seed=seed)
    return edits.set_layer("input", Input(shape=(30, 1))).apply(project)


def dead(seed: int) -> Project:
    """Return rectifiers that a huge first step throws to the dead side."""
    layers = [dense(16, "relu", "he_normal"), dense(16, "relu", "he_normal")]
    return project_of(rings(seed), "class", layers, optimizer=optimizer("sgd", 8.0), seed=seed)


def saturated(seed: int) -> Project:
    """Return tanh layers whose start weights press every unit flat."""
    layers = [dense(16, "tanh", "normal", deviation=30.0), dense(16, "tanh", "normal", deviation=30.0)]
    return project_of(rings(seed), "class", layers, optimizer=optimizer("sgd", 0.01), seed=seed)


def too_high(seed: int) -> Project:
    """Return a rate at which the cost jumps."""
    return project_of(rings(seed), "class", [dense(8, "tanh")], optimizer=optimizer("adam", 20.0), seed=seed)


def too_low(seed: int) -> Project:
    """Return a rate at which nothing moves."""
    return project_of(rings(seed), "class", [dense(12, "tanh")], optimizer=optimizer("adam", 1e-6), seed=seed)


def plateau(seed: int) -> Project:
    """Return plain descent before the step that rings need."""
    layers = [dense(8, "sigmoid"), dense(8, "sigmoid")]
    settings = {"optimizer": optimizer("sgd", 0.02), "batch_size": None}
    return project_of(rings(seed, 300), "class", layers, **settings, seed=seed)


def collapse(seed: int) -> Project:
    """Return one class that is rare, and steps that are too small to care for it."""
    return project_of(rings(seed, ring=0.82), "class", [dense(16, "tanh")], optimizer=optimizer("sgd", 0.03), seed=seed)


def at_the_ends(seed: int) -> Project:
    """Return a margin cost behind tanh, whose ends are the targets."""
    project = project_of(rings(seed), "class", [dense(12, "tanh")], optimizer=optimizer("adam", 0.01), seed=seed)
    for edit in (edits.set_activation("answer", "tanh"), edits.set_cost("output", "hinge")):
        project = edit.apply(project)
    return project


def overfitting(seed: int) -> Project:
    """Return many weights for few noisy rows."""
    layers = [dense(64, "relu", "he_normal"), dense(64, "relu", "he_normal")]
    table = rings(seed, 90, noise=0.5)
    return project_of(table, "class", layers, optimizer=optimizer("adam", 0.01), seed=seed)


def tiny_batch(seed: int) -> Project:
    """Return batch normalisation over two rows."""
    layers = [
        dense(16, "relu", "he_normal"),
        BatchNormalization(),
        dense(16, "relu", "he_normal"),
        BatchNormalization(),
    ]
    return project_of(wave(seed), "value", layers, optimizer=optimizer("adam", 0.01), batch_size=2, seed=seed)


def leaking(seed: int) -> Project:
    """Return a column that says the class in other words."""
    table = rings(seed, code=("R7", "D2"))
    return project_of(table, "class", [dense(8, "tanh")], optimizer=optimizer("adam", 0.01), seed=seed)


def unbalanced(seed: int) -> Project:
    """Return a rare class within another that has some fifteen times as many rows."""
    return project_of(overlapping(seed), "class", [dense(8, "tanh")], optimizer=optimizer("adam", 0.01), seed=seed)


def too_few_rows(seed: int) -> Project:
    """Return thousands of weights for dozens of rows."""
    layers = [dense(64, "tanh"), dense(64, "tanh")]
    return project_of(wide(seed), "class", layers, optimizer=optimizer("adam", 0.01), seed=seed)


def unscaled(seed: int) -> Project:
    """Return inputs as they are in the file, one of them in thousands."""
    project = project_of(far_off(seed), "class", [dense(12, "tanh")], optimizer=optimizer("adam", 0.01), seed=seed)
    as_is = (use.model_copy(update={"scaling": "as_is"}) if use.is_input else use for use in project.columns)
    return project.replace(columns=tuple(as_is))


def ran_away(seed: int) -> Project:
    """Return steps so large that the numbers run away."""
    layers = [dense(16, "leaky_relu", "he_normal"), dense(16, "leaky_relu", "he_normal")]
    return project_of(wave(seed), "value", layers, optimizer=optimizer("sgd", 0.6), seed=seed)


def three_clouds(seed: int, rows: int = 240) -> Table:
    """Return three classes on a circle, each between the others."""
    stream = np.random.default_rng(seed)
    label = stream.integers(0, 3, rows)
    angle = 2 * np.pi * label / 3 + stream.normal(0, 0.45, rows)
    radius = 1 + 0.2 * stream.normal(size=rows)
    return table_of(
        {"x": radius * np.cos(angle), "y": radius * np.sin(angle), "class": np.array(["a", "b", "c"])[label]}
    )


def classes_by_squares(seed: int) -> Project:
    """Return classes learned by squared differences, whose slope is flat where an answer is quite wrong."""
    layers = [dense(8, "sigmoid")]
    project = project_of(three_clouds(seed), "class", layers, optimizer=optimizer("sgd", 0.02), seed=seed)
    return edits.set_cost("output", "mean_squared_error").apply(project)


def out_of_reach(seed: int) -> Project:
    """Return numbers that the answer's tanh cannot reach."""
    project = project_of(wave(seed), "value", [dense(12, "tanh")], optimizer=optimizer("adam", 0.01), seed=seed)
    return edits.set_activation("answer", "tanh").apply(project)


def symmetric(seed: int) -> Project:
    """Return units that all begin with the same weights."""
    layers = [dense(12, "tanh", "constant", value=0.3), dense(8, "tanh", "constant", value=0.3)]
    return project_of(rings(seed), "class", layers, optimizer=optimizer("adam", 0.01), seed=seed)


def all_zero(seed: int) -> Project:
    """Return units that all begin with weights of zero, so that nothing reaches those before them."""
    layers = [dense(12, "relu", "zeros"), dense(8, "relu", "zeros")]
    return project_of(rings(seed), "class", layers, optimizer=optimizer("adam", 0.01), seed=seed)


def jumping(seed: int) -> Project:
    """Return units that fire or do not, without a slope that stands in."""
    jump = dense(6, "threshold")
    jump = jump.replace(activation=jump.activation.replace(surrogate="none"))
    return project_of(rings(seed), "class", [jump], optimizer=optimizer("adam", 0.01), seed=seed)


def last_year(seed: int) -> Project:
    """Return a column that is the same in all rows that are trained on, but not in others."""
    table = rings(seed)
    plain = project_of(table, "class", [dense(12, "tanh")], optimizer=optimizer("adam", 0.01), seed=seed)
    assert plain.rows is not None
    year = 2020 + np.random.default_rng(seed).integers(1, 5, table.row_count)
    year[list(plain.rows.train)] = 2020
    cells: dict[str, Any] = {name: table.words(name) for name in ("x", "y", "class")}
    layers = [dense(12, "tanh")]
    return project_of(table_of({**cells, "year": year}), "class", layers, optimizer=optimizer("adam", 0.01), seed=seed)


def one_altitude(seed: int) -> Project:
    """Return a column that never changes and comes as it is, so that every unit is at the flat end of its tanh."""
    table = rings(seed)
    cells: dict[str, Any] = {name: table.words(name) for name in ("x", "y", "class")}
    table = table_of({**cells, "altitude": np.full(table.row_count, 800)})
    project = project_of(table, "class", [dense(12, "tanh")], optimizer=optimizer("adam", 0.01), seed=seed)
    wanted = {"role": "input", "scaling": "as_is", "kind": "number"}
    columns = (use.model_copy(update=wanted) if use.name == "altitude" else use for use in project.columns)
    return edits.fit_ends().apply(project.replace(columns=tuple(columns)))


def in_order(seed: int) -> Project:
    """Return rows that are sorted by their class, and stay so."""
    table = rings(seed)
    order = np.argsort(np.array(table.words("class"), str), kind="stable")
    layers = [dense(12, "tanh")]
    return project_of(table.take(order), "class", layers, optimizer=optimizer("adam", 0.01), shuffle=False, seed=seed)


def one_large_cell(seed: int) -> Project:
    """Return a row that is trained on with a number that is far too large."""
    rows = too_large_a_cell(0, seed).rows
    assert rows is not None
    return too_large_a_cell(rows.train[6 * (seed % 10)], seed)


def too_large_a_cell(row: int, seed: int = 0) -> Project:
    """Return one number, in a row that is trained on, that is far too large and comes as it is."""
    table = wave(seed)
    cells: dict[str, Any] = {name: list(table.words(name)) for name in table.column_names}
    cells["a"][row] = "1e30"
    layers = [dense(16, "relu", "he_normal")]
    project = project_of(table_of(cells), "value", layers, optimizer=optimizer("adam", 0.01), seed=seed)
    as_is = tuple(use.model_copy(update={"scaling": "as_is"}) for use in project.columns)
    return project.replace(columns=as_is)


SICKNESSES = (
    Sickness("vanishing_gradients", vanishing, "Use ReLU with He start weights", 10, 40),
    Sickness("exploding_gradients", exploding, "Draw smaller start weights", 3, 30, judged=range(15, 25)),
    Sickness("exploding_gradients", echoes, "Clip gradients", 3, 30, judged=range(15, 25)),
    Sickness("dead_units", dead, "Use leaky ReLU there", 5, 30, judged=range(15, 25)),
    Sickness("saturated_units", saturated, "Draw smaller start weights", 10, 40),
    Sickness("rate_too_high", too_high, "Set the rate to 0.001 and start over", 15, 30, judged=range(25, 35)),
    Sickness("rate_too_low", too_low, "Set the rate to 0.", 20, 40, judged=range(15, 25)),
    Sickness("plateau", plateau, "Go on with Adam", 60, 60),
    Sickness("overfitting", overfitting, "Start over and end early", 400, 400),
    Sickness("collapse", collapse, "Go on with Adam", 15, 30, judged=range(15, 25)),
    Sickness("targets_at_the_ends", at_the_ends, "Use LeCun tanh", 10, 30),
    Sickness("unscaled_inputs", unscaled, "Standardise the inputs", 10, 40, judged=range(25, 35)),
    Sickness("constant_column", last_year, "Leave 'year' out", 3, 30),
    Sickness("constant_column", one_altitude, "Leave 'altitude' out", 3, 30),
    Sickness("leaking_column", leaking, "Leave 'code' out", 3, 40, unknown="code", judged=range(15, 25)),
    Sickness(
        "cost_misfit",
        classes_by_squares,
        "Use 3 units with softmax",
        10,
        40,
        judged_by="squares",
        judged=range(15, 25),
    ),
    Sickness("cost_misfit", out_of_reach, "Set linear", 10, 30),
    Sickness("threshold_units", jumping, "Use the straight-through slope", 3, 60),
    Sickness("sorted_rows", in_order, "Shuffle the rows", 5, 30),
    Sickness("tiny_batch", tiny_batch, "Use batches of 32", 3, 20),
    Sickness("symmetric_weights", symmetric, "Draw them at random", 3, 40),
    Sickness("symmetric_weights", all_zero, "Draw them at random", 3, 40),
    Sickness("unbalanced_classes", unbalanced, "Let each class count the same", 15, 40, judged_by="balanced"),
    Sickness("too_few_rows", too_few_rows, "Start over and keep weights small", 300, 300),
    Sickness("not_a_number", ran_away, "Set the rate to 0.06 and start over", 5, 30),
    Sickness("not_a_number", one_large_cell, "Leave 'a' at line", 3, 30),
)
