"""Every template fits itself to data it suits, says why it does not suit others, and can be trained and exported."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.components import find, members
from nnstudio.data import read_csv
from nnstudio.engine import Training
from nnstudio.export import export_run
from nnstudio.export.formats.npz import NpzExporter
from nnstudio.paths import samples
from nnstudio.project import (
    Project,
    Template,
    commit,
    edits,
    fit_template,
    open_project,
    read_any,
    save_project,
    start_training,
)
from nnstudio.project.fitting import fitted_pipeline

KEYS = [member.key for member in members("templates")]


def _digits(folder: Path) -> Path:
    """Write pictures of 8 × 8 pixels, a bar across or down."""
    generator = np.random.default_rng(0)
    lines = [",".join([*(f"p{index}" for index in range(64)), "bar"])]
    for row in range(120):
        picture = generator.uniform(0, 0.3, (8, 8))
        place = generator.integers(8)
        picture[(place, slice(None)) if row % 2 else (slice(None), place)] = 1
        lines.append(",".join([*(f"{value:.2f}" for value in picture.ravel()), "across" if row % 2 else "down"]))
    path = folder / "bars.csv"
    path.write_text("\n".join(lines))
    return path


def _words(folder: Path) -> Path:
    """Write sentences as codes of words: code 7 stands only in one class."""
    generator = np.random.default_rng(1)
    lines = ["w1,w2,w3,w4,mood"]
    for row in range(120):
        codes = generator.integers(1, 7, 4)
        if row % 2:
            codes[generator.integers(4)] = 7
        lines.append(",".join([*map(str, codes), "good" if row % 2 else "bad"]))
    path = folder / "words.csv"
    path.write_text("\n".join(lines))
    return path


def _line(folder: Path) -> Path:
    """Write three numbers and a weighted sum of two of them."""
    numbers = np.random.default_rng(2).normal(size=(80, 3))
    path = folder / "line.csv"
    path.write_text("a,b,c,y\n" + "\n".join(f"{a:.3f},{b:.3f},{c:.3f},{a - 2 * b:.3f}" for a, b, c in numbers))
    return path


@pytest.fixture(params=["nothing", "iris", "regression", "bars", "words"])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    if request.param == "nothing":
        return Project()
    makers = {"iris": lambda _: samples() / "iris.csv", "regression": _line, "bars": _digits, "words": _words}
    path = makers[request.param](tmp_path)
    return edits.set_table(read_csv(path)).apply(Project())


def test_there_are_the_eight_that_are_promised() -> None:
    assert {
        "perceptron", "multilayer_perceptron", "autoencoder", "lenet", "residual", "lstm_forecaster",
        "text_classifier", "two_inputs",
    } <= set(KEYS)  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_a_template_draws_what_can_be_trained_or_says_why_not(project: Project, key: str, tmp_path: Path) -> None:
    template = find("templates", key)()
    assert isinstance(template, Template)
    drawn = edits.use_template(key).apply(project)
    assert set(drawn.positions) >= {node.id for node in drawn.network.nodes}
    errors = [problem for problem in drawn.network.problems() if problem.severity == "error"]
    assert not errors
    if project.table is None:
        return
    fitting = fit_template(template, project)
    if fitting.unsuited:
        assert fitting.unsuited in drawn.note
        assert fitting.unsuited.endswith(".")
        return
    assert not [problem for problem in drawn.problems() if problem.severity == "error"]
    start = start_training(drawn)
    training = Training(start.plan)
    training.advance(2 * training.steps_per_epoch)
    trained = commit(drawn, start, training, "paused")
    path = tmp_path / "trained.nns"
    save_project(trained, path)
    opened = open_project(path)
    assert opened.network == trained.network
    assert opened.table is not None
    table = tmp_path / "rows.csv"
    table.write_bytes(opened.table.take(np.arange(5)).to_csv())
    assert len(opened.predict(table)) == 5
    run = opened.run
    assert run is not None
    verification = export_run(opened, run, NpzExporter(), tmp_path / "weights.npz")
    assert verification.rows > 0


def test_what_several_templates_ask_of_the_same_columns_is_fitted_once() -> None:
    project = read_any(samples() / "iris.csv")
    assert project.table is not None
    templates = [template for key in KEYS if isinstance(template := find("templates", key)(), Template)]
    uses = {template.columns(project.table, project.columns) for template in templates}
    fitted_pipeline.cache_clear()
    for template in templates:
        fit_template(template, project)
    assert fitted_pipeline.cache_info().misses == len(uses) < len(templates)


def test_every_template_suits_some_of_these_data(tmp_path: Path) -> None:
    tables = [samples() / "iris.csv", _line(tmp_path), _digits(tmp_path), _words(tmp_path)]
    projects = [read_any(path) for path in tables]
    for key in KEYS:
        template = find("templates", key)()
        assert isinstance(template, Template)
        reasons = [fit_template(template, project).unsuited for project in projects]
        assert "" in reasons, (key, reasons)
