"""What is proposed learns: bars for every sample, and not far from scikit-learn's network on any table."""

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor

from nnstudio.data import Table, read_csv, table_from_rows
from nnstudio.engine import MAIN_METRIC, measure
from nnstudio.paths import samples
from nnstudio.project import Project, commit, edits, open_project, start_training
from nnstudio.project.proposal import enough_epochs

SEEDS = range(5)


def _with_seed(project: Project, seed: int) -> Project:
    return project.replace(
        settings=project.settings.model_copy(update={"seed": seed}),
        split=project.split.model_copy(update={"seed": seed}),
    )


def _score(project: Project) -> float:
    """Train as proposed and return the main metric on the held-out rows."""
    pipeline, split = project.pipeline, project.rows
    assert pipeline is not None
    assert split is not None
    epochs = enough_epochs(len(pipeline.features), len(split.train), project.settings.batch_size)
    start = start_training(project, epochs=epochs)
    training = start.training()
    training.advance(10**9)
    run = commit(project, start, training, "finished").run
    assert run is not None
    return run.metrics[MAIN_METRIC[pipeline.task]]


@pytest.mark.parametrize(
    ("name", "bar"),
    [("iris", 0.93), ("wine", 0.95), ("digits", 0.95), ("spirals", 0.95), ("circles", 0.97), ("cars", 0.8)],
)
def test_a_sample_reaches_its_bar_on_rows_it_has_not_seen(name: str, bar: float) -> None:
    project = open_project(samples() / f"{name}.nns")
    assert not project.problems()
    split = project.rows
    assert split is not None
    assert project.table is not None
    assert len(split.test) >= 0.2 * project.table.row_count
    assert np.mean([_score(_with_seed(project, seed)) for seed in SEEDS]) >= bar


def test_exclusive_or_is_learned_from_every_start() -> None:
    project = open_project(samples() / "xor.nns")
    assert [_score(_with_seed(project, seed)) for seed in SEEDS] == [1.0] * 5


def _rows(x: NDArray[Any], y: Any) -> Table:
    names = [f"x{index}" for index in range(x.shape[1])]
    return table_from_rows(
        [{**dict(zip(names, row.tolist(), strict=True)), "target": one} for row, one in zip(x, y, strict=True)]
    )


def _wide(stream: np.random.Generator) -> Table:
    x = stream.normal(size=(400, 120))
    return _rows(x, np.where(x[:, :4].sum(axis=1) > 0, "up", "down"))


def _tiny(stream: np.random.Generator) -> Table:
    x = np.vstack([stream.normal(-2, 1, (30, 3)), stream.normal(2, 1, (30, 3))])
    return _rows(x, ["left"] * 30 + ["right"] * 30)


def _unbalanced(stream: np.random.Generator) -> Table:
    x = stream.normal(size=(600, 5))
    return _rows(x, np.where(x[:, 0] + x[:, 1] > 1.9, "rare", "common"))


def _many_categories(stream: np.random.Generator) -> Table:
    rows = []
    for _ in range(800):
        a, b = stream.integers(0, 12, 2)
        rows.append({"a": f"a{a}", "b": f"b{b}", "target": ["low", "middle", "high"][(a + b) // 8]})
    return table_from_rows(rows)


def _noisy(stream: np.random.Generator) -> Table:
    x = stream.normal(size=(600, 6))
    return _rows(x, 3 * x[:, 0] - 2 * x[:, 1] + np.sin(2 * x[:, 2]) + stream.normal(0, 0.7, 600))


def _sample(name: str) -> Callable[[np.random.Generator], Table]:
    return lambda _: read_csv(samples() / f"{name}.csv")


TABLES: dict[str, Callable[[np.random.Generator], Table]] = {
    **{name: _sample(name) for name in ("iris", "wine", "digits", "spirals", "circles", "cars")},
    "wide": _wide,
    "tiny": _tiny,
    "unbalanced": _unbalanced,
    "many categories": _many_categories,
    "noisy": _noisy,
}


@pytest.mark.parametrize("name", TABLES)
def test_the_proposal_comes_within_three_points_of_scikit_learn(name: str) -> None:
    ours, theirs = [], []
    for seed in range(3):
        table = TABLES[name](np.random.default_rng(seed))
        target = None if name in ("iris", "wine", "digits", "spirals", "circles", "cars") else "target"
        project = _with_seed(edits.set_table(table, target).apply(Project()), seed)
        ours.append(_score(project))
        theirs.append(_peer(project, table, seed))
    assert np.mean(ours) >= np.mean(theirs) - 0.03


def _peer(project: Project, table: Table, seed: int) -> float:
    """Return the score of scikit-learn's network as it comes, on the same rows, encoded the same way."""
    pipeline, split = project.pipeline, project.rows
    assert pipeline is not None
    assert split is not None
    x = pipeline.encode_inputs(table).values
    train = list(split.train)
    t = pipeline.encode_targets(table, train)
    truth = pipeline.encode_targets(table, split.test)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        if pipeline.task == "regression":
            peer = MLPRegressor(random_state=seed).fit(x[train], t.ravel())
            answers = peer.predict(x[list(split.test)])[:, None]
        else:
            labels = t.argmax(axis=1) if t.shape[1] > 1 else t[:, 0]
            peer = MLPClassifier(random_state=seed).fit(x[train], labels)
            answers = peer.predict_proba(x[list(split.test)])
            answers = answers[:, 1:] if pipeline.output_units == 1 else answers
    return measure(pipeline.task, answers, truth)[MAIN_METRIC[pipeline.task]]
