"""A weight that is set by hand changes that weight alone, can be taken back, is saved, and training goes on from it."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.components import find
from nnstudio.engine import Optimizer
from nnstudio.errors import NetworkError
from nnstudio.paths import samples
from nnstudio.project import Document, Project, commit, open_project, save_project, start_training
from nnstudio.project.edits.weight_edits import set_weight


def trained(optimizer: str = "adam") -> Project:
    project = open_project(samples() / "iris.nns")
    kind = find("optimizers", optimizer)()
    assert isinstance(kind, Optimizer)
    project = project.replace(settings=project.settings.model_copy(update={"optimizer": kind, "epochs": None}))
    start = start_training(project)
    training = start.training()
    training.advance(50)
    return commit(project, start, training, "paused")


@pytest.mark.parametrize("optimizer", ["adam", "averaged_sgd"])
def test_one_weight_is_changed_and_nothing_else(optimizer: str) -> None:
    project = trained(optimizer)
    before = project.run
    after = set_weight("hidden_1/kernel", (1, 2), 3.5).apply(project).run
    assert before is not None
    assert after is not None
    for run_weights in (after.weights, after.program().weights):
        assert run_weights["hidden_1/kernel"][1, 2] == 3.5
    changed = np.flatnonzero(after.state.weights != before.state.weights)
    assert len(changed) == 1
    assert after.metrics != {}
    assert after.journal[-1].value == "hidden 1: kernel 2, 3 = 3.5"
    assert (after.state.step, after.status) == (before.state.step, "paused")


def test_it_is_taken_back_and_it_is_saved(tmp_path: Path) -> None:
    document = Document(trained())
    before = document.project
    document.apply(set_weight("answer/bias", (0,), 0.0))
    save_project(document.project, tmp_path / "p.nns")
    opened = open_project(tmp_path / "p.nns").run
    assert opened is not None
    assert opened.weights["answer/bias"][0] == 0
    document.undo()
    assert document.project == before


def test_training_goes_on_from_it() -> None:
    project = set_weight("hidden_1/kernel", (0, 0), 9.0).apply(trained())
    training = start_training(project).training()
    assert training.weights["hidden_1/kernel"][0, 0] == 9
    assert np.isfinite(training.advance(20)).all()


def test_what_cannot_be_set_says_why() -> None:
    project = trained()
    with pytest.raises(NetworkError, match="no weight"):
        set_weight("hidden_1/kernel", (0,), 1.0).apply(project)
    with pytest.raises(NetworkError, match="Choose a number"):
        set_weight("hidden_1/kernel", (0, 0), float("nan")).apply(project)
    with pytest.raises(NetworkError, match="Train it first"):
        set_weight("hidden_1/kernel", (0, 0), 1.0).apply(open_project(samples() / "iris.nns"))
