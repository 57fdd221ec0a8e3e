"""Every verb of the command line, in a clean process, without Qt."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import nnstudio
from nnstudio.engine.optimizers.sgd import Sgd
from nnstudio.paths import samples
from nnstudio.project import save_project

GUARD = """
import sys
from nnstudio.__main__ import main
status = main(sys.argv[1:])
assert not [name for name in sys.modules if name.partition(".")[0] in ("PySide6", "pyqtgraph", "shiboken6")]
sys.exit(status)
"""


def _run(*words: object, folder: Path, status: int = 0) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", GUARD, *map(str, words)]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == status, ran.stderr
    assert "Traceback" not in ran.stderr
    return ran


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a project of iris, trained for 30 epochs."""
    made = tmp_path_factory.mktemp("cli")
    said = _run("new", "--data", samples() / "iris.csv", "--target", "species", "--out", "p.nns", folder=made)
    assert "3 classes" in said.stdout
    _run("train", "p.nns", "--epochs", 30, "--log", "l.jsonl", folder=made)
    return made


def test_new_begins_with_a_template_that_is_named(tmp_path: Path) -> None:
    words = ("new", "--data", samples() / "digits.csv", "--target", "digit", "--template")
    said = _run(*words, "lenet", "--out", "d.nns", folder=tmp_path)
    assert "8 × 8" in said.stdout
    assert "conv_1" in {node.id for node in nnstudio.load(tmp_path / "d.nns").network.nodes}
    assert "'lenet'" in _run(*words, "lennet", folder=tmp_path, status=2).stderr


def test_numbers_that_run_away_are_told_with_what_helps(tmp_path: Path) -> None:
    project = nnstudio.load(samples() / "cars.nns")
    settings = project.settings.model_copy(update={"optimizer": Sgd(learning_rate=0.5)})
    save_project(project.replace(settings=settings, runs=(), current=""), tmp_path / "cars.nns")
    said = _run("train", "cars.nns", "--epochs", 5, folder=tmp_path, status=1).stderr
    assert "The numbers ran away at step" in said
    assert "What helps: Set the rate to 0.05 and start over." in said


def test_train_goes_on_for_more_epochs_and_logs_each(folder: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in (folder / "l.jsonl").read_text().splitlines()]
    assert [line["epoch"] for line in lines] == list(range(1, 31))
    assert set(lines[0]) == {"step", "epoch", "cost", "validation", "seconds"}
    found = json.loads(
        _run("train", "p.nns", "--epochs", 5, "--out", tmp_path / "q.nns", "--json", folder=folder).stdout
    )
    assert found["epochs"] == 35
    assert found["stopped_because"] == "epochs"
    assert set(found) == {"epochs", "steps", "seconds", "cost", "validation", "stopped_because"}
    fresh = _run("train", "p.nns", "--epochs", 5, "--fresh", "--out", tmp_path / "f.nns", "--json", folder=folder)
    assert json.loads(fresh.stdout)["epochs"] == 5


def test_another_kind_of_optimizer_or_schedule_brings_its_own_parameters(folder: Path) -> None:
    wishes = ["optimizer=momentum", "optimizer.type=lbfgs", "schedule=cosine", "schedule.epochs=7"]
    words = [part for wish in wishes for part in ("--set", wish)]
    said = _run("train", "p.nns", "--fresh", "--epochs", 3, *words, "--out", "other.nns", "--json", folder=folder)
    assert json.loads(said.stdout)["epochs"] == 3
    settings = json.loads(_run("info", "other.nns", "--json", folder=folder).stdout)["settings"]
    assert settings["optimizer"] == {"type": "lbfgs", "history": 10}
    assert settings["schedule"] == {"type": "cosine", "epochs": 7, "last": 0.0}


def test_evaluate_tells_metrics_and_baseline(folder: Path) -> None:
    found = json.loads(_run("evaluate", "p.nns", "--json", folder=folder).stdout)
    assert found["rows"] == 30
    assert found["split"] == "test"
    assert found["accuracy"] > 0.8
    assert found["baseline"]["accuracy"] == pytest.approx(1 / 3)
    file = json.loads(_run("evaluate", "p.nns", "--data", samples() / "iris.csv", "--json", folder=folder).stdout)
    assert (file["rows"], file["split"]) == (150, "file")
    assert "on the test rows" in _run("evaluate", "p.nns", folder=folder).stdout


def test_predict_keeps_the_rows_and_adds_words_and_counts_what_it_has_not_seen(folder: Path) -> None:
    _run("predict", "p.nns", "--data", samples() / "iris.csv", "--out", "out.csv", folder=folder)
    lines = (folder / "out.csv").read_text().splitlines()
    assert lines[0].startswith("sepal length,sepal width,petal length,petal width,species,predicted,probability setosa")
    assert len(lines) == 151
    assert lines[1].split(",")[5] == "setosa"
    answers = nnstudio.load(folder / "p.nns").predict(samples() / "iris.csv")
    assert [answer["predicted"] for answer in answers] == [line.split(",")[5] for line in lines[1:]]


def test_export_info_and_components(folder: Path) -> None:
    assert "checked on 30 rows" in _run("export", "p.nns", "--format", "npz", "--out", "w.npz", folder=folder).stdout
    with np.load(folder / "w.npz", allow_pickle=False) as arrays:
        assert arrays["hidden_1/kernel"].shape == (4, 16)
    _run("export", "p.nns", "--format", "csv", "--out", "weights", folder=folder)
    assert (folder / "weights" / "hidden_1" / "kernel.csv").is_file()
    facts = json.loads(_run("info", "p.nns", "--json", folder=folder).stdout)
    assert [layer["type"] for layer in facts["layers"]] == ["input", "dense", "dense", "output"]
    assert facts["runs"][0]["epochs"] == 30
    table = _run("info", "p.nns", "--table", "markdown", folder=folder).stdout.splitlines()
    assert table[3].startswith("| hidden 1 | Dense | ")
    assert _run("info", "p.nns", "--table", "csv", folder=folder).stdout.count("\n") == len(facts["layers"]) + 2
    listed = json.loads(_run("components", "layers", "--json", folder=folder).stdout)
    assert {"input", "dense", "dropout", "output"} <= {member["key"] for member in listed["layers"]}
    listed_in_words = _run("components", "optimizers", folder=folder).stdout
    assert "adam" in listed_in_words
    assert "above 0, at most 100" in " ".join(listed_in_words.replace("│", " ").split())


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("predict", "nothing.nns", "--data", "x.csv"), 1, "There is no file nothing.nns"),
        (("train", "p.nns", "--set", "optimizer.rate=1"), 2, "Did you mean"),
        (("train", "p.nns", "--set", "batch_size=0"), 2, "greater than or equal to 1"),
        (("train",), 2, "Missing argument"),
        (("info", "p.nns", "--table", "html"), 2, "markdown or csv, not 'html'"),
        (("export", "p.nns", "--format", "npx", "--out", "x"), 1, "Did you mean 'npz'"),
        (("new", "--data", "nothing.csv"), 1, "There is no file nothing.csv"),
        (("components", "layer"), 1, "There is no family 'layer'"),
    ],
)
def test_what_goes_wrong_is_told_in_words(folder: Path, words: tuple[str, ...], status: int, told: str) -> None:
    assert told in _run(*words, folder=folder, status=status).stderr


def test_ctrl_c_keeps_what_was_learned(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "kept.nns"
    command = [sys.executable, "-m", "nnstudio", "train", "p.nns", "--epochs", "100000000", "--out", str(out)]
    running = subprocess.Popen([*command, "--log", str(tmp_path / "log")], cwd=folder, stderr=subprocess.PIPE)
    log = tmp_path / "log"
    end = time.monotonic() + 30
    while (not log.exists() or not log.stat().st_size) and time.monotonic() < end:
        time.sleep(0.02)
    os.kill(running.pid, signal.SIGINT)
    _, errors = running.communicate(timeout=30)
    assert running.returncode == 130, errors
    assert nnstudio.load(out).run is not None
