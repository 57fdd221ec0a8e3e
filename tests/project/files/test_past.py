"""A project file brings the past of its runs back: what was kept as it was, and all between with the same bytes."""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnstudio.data import read_csv
from nnstudio.engine import Rung, Training
from nnstudio.engine.schedules import Cosine
from nnstudio.errors import ProjectFileError
from nnstudio.paths import samples
from nnstudio.project import Project, Run, commit, edits, open_past, open_project, save_project, start_training
from nnstudio.session import replay

Edited = Callable[[dict[str, Any], dict[str, np.ndarray[Any, Any]]], None]


class Trained:
    """A run of two stretches with changes on the way, and each of its states."""

    def __init__(self) -> None:
        self.rungs: list[Rung] = []
        self.project = edits.set_table(read_csv(samples() / "iris.csv")).apply(Project())
        self._train(30, {10: {"learning_rate": 0.05}, 20: {"batch_size": 7}})
        wavy = self.project.settings.model_copy(update={"schedule": Cosine(epochs=30), "batch_size": 7})
        self.project = edits.set_settings(wavy).apply(self.project)
        self._train(25, {12: {"learning_rate": 0.02}})

    @property
    def run(self) -> Run:
        assert self.project.run is not None
        return self.project.run

    def kept(self, every: int) -> list[Rung]:
        """Return the anchors and some of the others, before the end."""
        earlier = [rung for rung in self.rungs if rung.step < self.run.state.step]
        return [rung for rung in earlier if rung.is_anchor or rung.step % every == 0]

    def _train(self, steps: int, changes: dict[int, dict[str, Any]]) -> None:
        start = start_training(self.project)
        training = start.training()
        self.rungs.append(Rung(training.state(), len(training.journal), training.plan, is_anchor=True))
        for step in range(steps):
            training.change(**changes.get(step, {}))
            training.advance(1)
            self.rungs.append(Rung(training.state(), len(training.journal), training.plan))
        self.project = commit(self.project, start, training, "paused")


@pytest.fixture(scope="module")
def trained() -> Trained:
    return Trained()


def _untouched() -> Project:
    start = start_training(edits.set_table(read_csv(samples() / "iris.csv")).apply(Project()))
    training = start.training()
    training.advance(40)
    project = edits.set_table(read_csv(samples() / "iris.csv")).apply(Project())
    return commit(project, start, training, "paused")


def test_every_step_of_an_opened_run_can_be_had_again_with_the_same_bytes(trained: Trained, tmp_path: Path) -> None:
    path = tmp_path / "a.nns"
    save_project(trained.project, path, {trained.run.id: trained.kept(8)})
    opened = open_project(path)
    assert opened == trained.project
    past = open_past(path, opened)[trained.run.id]
    assert past.is_certain
    assert [rung.step for rung in past.rungs] == [0, 8, 16, 24, 30, 32, 40, 48, 55]
    for rung in trained.rungs:
        below = [kept for kept in past.rungs if kept.step <= rung.step][-1]
        again = replay(below, trained.run.journal, rung.step)
        assert again is not None
        assert again.state.weights.tobytes() == rung.state.weights.tobytes(), rung.step


def test_first_weights_take_no_room_where_they_can_be_drawn_again(trained: Trained, tmp_path: Path) -> None:
    path, id = tmp_path / "a.nns", trained.run.id
    first, other = trained.rungs[0], trained.rungs[1]
    moved = replace(first, state=replace(first.state, weights=other.state.weights, _digest=[]))
    for rung, drawn in ((first, True), (moved, False)):
        save_project(trained.project, path, {id: [rung]})
        with zipfile.ZipFile(path) as archive:
            stored = np.load(io.BytesIO(archive.read(f"runs/{id}/past.npz"))).files
        assert ("0/weights" not in stored) is drawn
        read = open_past(path, open_project(path))[id].rungs[0]
        assert read.state == rung.state


def test_a_run_of_which_nothing_was_kept_begins_with_weights_that_are_drawn_again(tmp_path: Path) -> None:
    path, project = tmp_path / "a.nns", _untouched()
    save_project(project, path)
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "past" in name]
    past = open_past(path, open_project(path))["run_1"]
    assert not past.is_certain
    assert [rung.step for rung in past.rungs] == [0, 40]
    again = replay(past.rungs[0], (), 40)
    assert again is not None
    assert again.state == past.rungs[1].state


def test_a_run_that_changed_on_the_way_or_has_other_data_has_no_past_that_was_not_kept(
    trained: Trained, tmp_path: Path
) -> None:
    path = tmp_path / "a.nns"
    save_project(trained.project, path)
    assert open_past(path, open_project(path)) == {}
    project = _untouched()
    save_project(project, path)
    other = edits.set_table(read_csv(samples() / "spirals.csv")).apply(project)
    assert other.runs
    assert open_past(path, other) == {}


def _cut(index: dict[str, Any], arrays: dict[str, Any]) -> None:
    del index
    arrays["1/weights"] = arrays["1/weights"][:-1]


def _turn_around(index: dict[str, Any], arrays: dict[str, Any]) -> None:
    del arrays
    index["states"][1]["changes"] = -1


def _swap(index: dict[str, Any], arrays: dict[str, Any]) -> None:
    del index
    first = {name: values for name, values in arrays.items() if name.startswith("1/")}
    arrays |= {name: arrays[name.replace("1/", "2/", 1)] for name in first}
    arrays |= {name.replace("1/", "2/", 1): values for name, values in first.items()}


def _grow(index: dict[str, Any], arrays: dict[str, Any]) -> None:
    del arrays
    layer = next(node for node in index["plans"][0]["network"]["nodes"] if node["layer"]["type"] == "dense")
    layer["layer"]["units"] += 1


def _run_away(index: dict[str, Any], arrays: dict[str, Any]) -> None:
    del index
    arrays["1/weights"] = np.full_like(arrays["1/weights"], np.nan)


def _lose(index: dict[str, Any], arrays: dict[str, Any]) -> None:
    del arrays["1/numbers"], index


@pytest.mark.parametrize("damage", [_cut, _turn_around, _swap, _grow, _run_away, _lose])
def test_a_damaged_past_is_told_and_leaves_the_project_whole(trained: Trained, tmp_path: Path, damage: Edited) -> None:
    path, id = tmp_path / "a.nns", trained.run.id
    save_project(trained.project, path, {id: trained.kept(8)})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    index = json.loads(members[f"runs/{id}/past.json"])
    arrays = dict(np.load(io.BytesIO(members[f"runs/{id}/past.npz"])))
    damage(index, arrays)
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    members |= {f"runs/{id}/past.json": json.dumps(index).encode(), f"runs/{id}/past.npz": buffer.getvalue()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    opened = open_project(path)
    assert opened == trained.project
    with pytest.raises(ProjectFileError, match="earlier steps is damaged"):
        open_past(path, opened)


def test_weights_that_are_drawn_otherwise_from_the_same_seed_are_left_out(trained: Trained, tmp_path: Path) -> None:
    path, id = tmp_path / "a.nns", trained.run.id
    save_project(trained.project, path, {id: trained.kept(8)})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    index = json.loads(members[f"runs/{id}/past.json"])
    index["plans"][0]["seed"] += 1
    members[f"runs/{id}/past.json"] = json.dumps(index).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    rungs = open_past(path, open_project(path))[id].rungs
    assert rungs[0].step == 8
    assert Training(rungs[0].plan).state().step == 0
