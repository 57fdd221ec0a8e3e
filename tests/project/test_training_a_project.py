"""A project is trained, goes on exactly, and is saved and opened without losing a byte."""

import io
import json
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnstudio.data import read_csv, table_from_rows
from nnstudio.engine import Network, Optimizer, measure
from nnstudio.engine.layers.dense import Dense
from nnstudio.engine.layers.input import Input
from nnstudio.engine.schedules import Cosine
from nnstudio.errors import DataError, NetworkError, NotTrainedError, ProjectFileError
from nnstudio.paths import samples
from nnstudio.project import (
    Project,
    Settings,
    commit,
    edits,
    evaluate,
    open_project,
    predict_table,
    read_any,
    save_project,
    start_training,
)
from nnstudio.project.files.archive import array_bytes


@pytest.fixture(scope="module")
def iris() -> Project:
    return edits.set_table(read_csv(samples() / "iris.csv")).apply(Project())


def _trained(project: Project, steps: int, status: Any = "paused") -> Project:
    start = start_training(project)
    training = start.training()
    training.advance(steps)
    return commit(project, start, training, status, 1.0)


def test_a_paused_run_goes_on_from_its_file_with_the_same_bytes(iris: Project, tmp_path: Path) -> None:
    path = tmp_path / "iris.nns"
    part = _trained(iris, 100)
    save_project(part, path)
    opened = open_project(path)
    assert opened == part
    on = _trained(opened, 150)
    whole = _trained(iris, 250)
    assert on.run is not None
    assert whole.run is not None
    assert on.run.state == whole.run.state
    assert on.run.history.latest("cost") == whole.run.history.latest("cost")
    assert on.run.seconds == 2.0


def test_a_schedule_that_is_chosen_for_a_run_begins_there_and_goes_on_from_its_file(
    iris: Project, tmp_path: Path
) -> None:
    path, steps = tmp_path / "iris.nns", 6
    part = _trained(iris, 40 * steps)
    wavy = edits.set_settings(part.settings.model_copy(update={"schedule": Cosine(epochs=10)})).apply(part)
    chosen = wavy.settings.optimizer.rate
    assert chosen is not None
    assert start_training(wavy).training().learning_rate == chosen
    half = _trained(wavy, 5 * steps)
    assert half.run is not None
    assert half.run.state.epoch == 45
    assert half.run.history.latest("learning_rate") == pytest.approx(chosen / 2, rel=0.2)
    save_project(half, path)
    on, through = _trained(open_project(path), 3 * steps).run, _trained(wavy, 8 * steps).run
    assert on is not None
    assert through is not None
    assert on.state == through.state
    assert on.schedule_from == 40


def test_another_run_is_shown_with_its_own_network_where_only_the_drawing_has_changed(iris: Project) -> None:
    first = _trained(iris, 12)
    other = _trained(edits.set_units(first.network.order[1], 3).apply(first), 12)
    assert [run.id for run in other.runs] == ["run_1", "run_2"]
    shown = edits.choose_run("run_1").apply(other)
    assert shown.network == first.network
    assert shown.goes_on
    assert edits.choose_run("run_2").apply(shown).network == other.network


@pytest.mark.parametrize(("optimizer", "batch"), [("adam", 16), ("adam", None), ("adam", 1_000), ("lbfgs", 16)])
def test_settings_know_how_many_steps_an_epoch_has(iris: Project, optimizer: str, batch: int | None) -> None:
    settings = Settings(optimizer=Optimizer.model_validate(optimizer), batch_size=batch)
    start = start_training(iris.replace(settings=settings))
    assert settings.steps_per_epoch(len(start.split.train)) == start.training().steps_per_epoch


def test_a_stopped_run_goes_on_from_its_weights_with_fresh_optimizer_memory(iris: Project) -> None:
    stopped = _trained(iris, 100, "stopped")
    start = start_training(stopped)
    assert stopped.run is not None
    assert start.state is not None
    assert start.state.weights.tobytes() == stopped.run.state.weights.tobytes()
    assert start.state.updates == 0
    assert not any(values.any() for values in start.state.optimizer.values())
    assert start.state.step == 100


def test_reset_returns_to_the_same_first_weights_and_new_weights_to_others(iris: Project) -> None:
    first = start_training(iris).training().program.flat.copy()
    trained = _trained(iris, 20)
    assert (start_training(edits.reset_training().apply(trained)).training().program.flat == first).all()
    assert (start_training(trained, fresh=True).training().program.flat == first).all()
    assert (start_training(edits.new_weights().apply(trained)).training().program.flat != first).any()


def test_weights_that_still_fit_are_kept_when_the_drawing_changes(iris: Project) -> None:
    trained = _trained(iris, 50)
    wider = edits.add_node(Dense.model_validate({"units": 16, "activation": "relu"}), (0, 0)).apply(trained)
    wider = edits.disconnect("hidden_1", "answer").apply(wider)
    wider = edits.connect("hidden_1", "hidden_2").apply(wider)
    wider = edits.connect("hidden_2", "answer").apply(wider)
    start = start_training(wider)
    assert trained.run is not None
    assert (start.training().weights["hidden_1/kernel"] == trained.run.weights["hidden_1/kernel"]).all()
    assert "'hidden 2' were drawn anew" in start.note
    assert start.run != trained.run.id
    assert trained.moved_on() == ""
    assert wider.moved_on()


def test_changed_settings_count_when_a_run_goes_on(iris: Project) -> None:
    part = _trained(iris, 20)
    settings = part.settings.model_copy(update={"batch_size": 5})
    training = start_training(part.replace(settings=settings)).training()
    assert training.batch_size == 5
    assert training.journal[-1].name == "batch_size"


def test_what_cannot_be_trained_says_everything_that_is_wrong() -> None:
    with pytest.raises(NetworkError, match=r"no data to learn from[\s\S]*canvas is empty"):
        start_training(Project())
    with pytest.raises(NotTrainedError, match="not been trained"):
        Project().predict([{"a": 1}])


def test_predictions_are_words_and_the_same_from_any_form(iris: Project, tmp_path: Path) -> None:
    import polars

    trained = _trained(iris, 400)
    path = tmp_path / "p.nns"
    save_project(trained, path)
    rows = [
        dict(zip(["sepal length", "sepal width", "petal length", "petal width"], r, strict=True))
        for r in ([5.1, 3.5, 1.4, 0.2], [6.7, 3.0, 5.2, 2.3])
    ]
    answers = open_project(path).predict(rows)
    assert [answer["predicted"] for answer in answers] == ["setosa", "virginica"]
    assert sum(answers[0][f"probability {name}"] for name in ("setosa", "versicolor", "virginica")) == pytest.approx(1)
    assert trained.predict(polars.DataFrame(rows)) == answers
    csv = tmp_path / "rows.csv"
    polars.DataFrame(rows).write_csv(csv)
    assert trained.predict(csv) == answers
    found = evaluate(trained)
    assert trained.run is not None
    assert found.metrics == trained.run.metrics
    assert found.rows == 30


def test_unseen_words_are_counted() -> None:
    table = table_from_rows([{"k": "ab"[i % 2], "x": i / 3, "t": ["no", "yes"][i % 2]} for i in range(60)])
    trained = _trained(edits.set_table(table).apply(Project()), 50)
    assert trained.run is not None
    found = predict_table(trained.run, table_from_rows([{"k": "zebra", "x": 1.5}]))
    assert found.warning() == "1 word was not seen in training and count as nothing: 1 in 'k'."


def test_the_same_project_is_the_same_file(iris: Project, tmp_path: Path) -> None:
    save_project(iris, tmp_path / "a.nns")
    save_project(iris, tmp_path / "b.nns")
    assert (tmp_path / "a.nns").read_bytes() == (tmp_path / "b.nns").read_bytes()
    assert (
        b"/"
        not in json.loads(zipfile.ZipFile(tmp_path / "a.nns").read("project.json"))["data"]["source"]["path"].encode()
    )


def test_large_data_are_referred_to_and_found_beside_the_project(tmp_path: Path) -> None:
    csv = tmp_path / "data.csv"
    csv.write_text("a,t\n" + "\n".join(f"{i / 7},{i % 2}" for i in range(50)))
    project = read_any(csv).replace(embed_data=False)
    save_project(project, tmp_path / "p.nns")
    assert "data.csv" not in zipfile.ZipFile(tmp_path / "p.nns").namelist()
    assert open_project(tmp_path / "p.nns").table == project.table
    csv.write_text("a,t\n1,2\n")
    with pytest.raises(ProjectFileError, match="has changed since"):
        open_project(tmp_path / "p.nns")
    csv.unlink()
    with pytest.raises(ProjectFileError, match="not there"):
        open_project(tmp_path / "p.nns")


def _rewritten(source: Path, target: Path, change: Any) -> Path:
    """Copy a project file with its members changed."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            found = change(name, old.read(name))
            if found is not None:
                new.writestr(*found)
    return target


def test_damaged_and_hostile_files_are_refused_and_left_alone(iris: Project, tmp_path: Path) -> None:
    good = tmp_path / "good.nns"
    save_project(_trained(iris, 10), good)

    def json_of(member: str, edit: Any) -> Any:
        def change(name: str, data: bytes) -> tuple[str, bytes]:
            if name.endswith(member):
                values = json.loads(data)
                edit(values)
                data = json.dumps(values).encode()
            return name, data

        return change

    project_json, run_json = partial(json_of, "project.json"), partial(json_of, "run.json")

    hostile = {
        "newer": (project_json(lambda v: v.update(version=99)), "newer NN Studio"),
        "no version": (project_json(lambda v: v.pop("version")), "which version"),
        "bad shape": (project_json(lambda v: v["network"]["nodes"][0]["layer"].update(shape=[-3])), "damaged"),
        "bad edge": (project_json(lambda v: v["network"]["edges"].append(["x", "y"])), "damaged"),
        "not json": (lambda n, d: (n, b"{") if n == "project.json" else (n, d), "damaged at 'project.json'"),
        "weights cut": (lambda n, d: (n, d[:-9]) if n.endswith("kernel.npy") else (n, d), "damaged at"),
        "weights gone": (lambda n, d: None if n.endswith("kernel.npy") else (n, d), "do not fit"),
        "weights pickled": (
            lambda n, d: (n, _pickled()) if n.endswith("kernel.npy") else (n, d),
            "damaged at",
        ),
        "run gone": (lambda n, d: None if n.endswith("run.json") else (n, d), "is missing"),
        "runs that are no list": (project_json(lambda v: v.update(runs=5)), "damaged"),
        "columns that are no list": (project_json(lambda v: v["data"].update(columns=5)), "damaged"),
        "warnings that are no list": (project_json(lambda v: v["data"].update(warnings={"a": 5})), "damaged"),
        "a column that is not there": (project_json(lambda v: v["columns"][0].update(name="nose")), "'nose'"),
        "history cut": (lambda n, d: (n, d[: len(d) // 2]) if n.endswith("history.npz") else (n, d), "damaged"),
        "history of code": (lambda n, d: (n, _pickled()) if n.endswith("history.npz") else (n, d), "damaged"),
        "streams gone": (lambda n, d: None if "/stream/" in n else (n, d), "does not fit"),
        "weights that are no numbers": (
            lambda n, d: (n, _spoiled(d)) if n.endswith("kernel.npy") else (n, d),
            "not finite",
        ),
        "memory of text": (
            lambda n, d: (n, array_bytes(np.array(["x"] * 3))) if "/optimizer/" in n else (n, d),
            "does not fit",
        ),
        "an array without an end": (
            lambda n, d: (n, d.replace(b"}", b" ", 1)) if n.endswith("kernel.npy") else (n, d),
            "damaged at",
        ),
        "streams that none can be": (
            lambda n, d: (n, array_bytes(np.full(6, 2**63, np.uint64))) if "/stream/" in n else (n, d),
            "does not fit",
        ),
        "streams that are no numbers": (
            lambda n, d: (n, array_bytes(np.array(["x"] * 6))) if "/stream/" in n else (n, d),
            "does not fit",
        ),
        "steps below zero": (partial(_with_numbers, {"updates": -3}), "below zero"),
        "more rows of an epoch than there are": (partial(_with_numbers, {"position": 10**9}), "behind the last"),
        "two targets of classes": (run_json(lambda v: v["pipeline"].update(target_names=["a", "b"])), "one target"),
        "classes of one name": (run_json(lambda v: v["pipeline"].update(class_names=["a", "a", "b"])), "one target"),
        "traversal": (lambda n, d: ("../evil", d) if n == "data.csv" else (n, d), "outside of itself"),
    }
    for name, (change, words) in hostile.items():
        path = _rewritten(good, tmp_path / f"{name}.nns", change)
        before = path.read_bytes()
        with pytest.raises(ProjectFileError, match=words):
            open_project(path)
        assert path.read_bytes() == before
    cut = tmp_path / "cut.nns"
    cut.write_bytes(good.read_bytes()[:500])
    with pytest.raises(ProjectFileError, match="damaged"):
        open_project(cut)
    bomb = tmp_path / "bomb.nns"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.json", b" " * 50_000_000)
        archive.writestr("data.csv", b"0" * 50_000_000)
    with pytest.raises(ProjectFileError):
        open_project(bomb)


def _with_numbers(changed: dict[str, int], name: str, data: bytes) -> tuple[str, bytes]:
    if name.endswith("/numbers.npy"):
        numbers = json.loads(str(np.load(io.BytesIO(data))))
        data = array_bytes(np.array(json.dumps({**numbers, **changed})))
    return name, data


def _spoiled(data: bytes) -> bytes:
    array = np.load(io.BytesIO(data))
    array.flat[0] = np.nan
    return array_bytes(array)


def _pickled() -> bytes:
    import io

    buffer = io.BytesIO()
    np.save(buffer, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    return buffer.getvalue()


def test_an_unknown_layer_is_kept_and_saved_back_untouched(iris: Project, tmp_path: Path) -> None:
    good = tmp_path / "good.nns"
    save_project(iris, good)
    strange = {"type": "hyper_layer", "power": 9}

    def change(name: str, data: bytes) -> tuple[str, bytes]:
        if name == "project.json":
            values = json.loads(data)
            values["network"]["nodes"][1]["layer"] = strange
            data = json.dumps(values).encode()
        return name, data

    opened = open_project(_rewritten(good, tmp_path / "strange.nns", change))
    assert any("hyper_layer" in str(problem) for problem in opened.problems())
    save_project(opened, tmp_path / "again.nns")
    data = json.loads(zipfile.ZipFile(tmp_path / "again.nns").read("project.json"))
    assert data["network"]["nodes"][1]["layer"] == strange


def test_a_file_that_cannot_be_written_leaves_what_was_there(iris: Project, tmp_path: Path) -> None:
    with pytest.raises(ProjectFileError, match="could not be written"):
        save_project(iris, tmp_path / "missing folder" / "a.nns")
    assert list(tmp_path.iterdir()) == []


def test_settings_refuse_what_is_not_allowed() -> None:
    with pytest.raises(ValueError, match="greater than or equal to 1"):
        Settings(batch_size=0)


def test_a_run_that_uses_what_nobody_knows_is_kept_as_it_is(iris: Project, tmp_path: Path) -> None:
    good, odd, again = (tmp_path / f"{name}.nns" for name in ("good", "odd", "again"))
    save_project(_trained(iris, 10), good)

    def change(name: str, data: bytes) -> tuple[str, bytes]:
        if name.endswith("run.json"):
            values = json.loads(data)
            values["settings"]["optimizer"] = {"type": "quantum", "rate": 3}
            data = json.dumps(values).encode()
        return name, data

    _rewritten(good, odd, change)
    opened = open_project(odd)
    assert opened.run is None
    assert "run_1 uses what is not known here" in opened.note
    save_project(opened, again)
    with zipfile.ZipFile(odd) as first, zipfile.ZipFile(again) as second:
        for name in first.namelist():
            if name.startswith("runs/"):
                assert second.read(name) == first.read(name)


def test_a_run_remembers_the_seed_it_was_drawn_from(iris: Project) -> None:
    start = start_training(iris)
    training = start.training()
    training.advance(5)
    moved = edits.set_settings(iris.settings.model_copy(update={"seed": 9})).apply(iris)
    run = commit(moved, start, training, "paused").run
    assert run is not None
    assert run.settings.seed == iris.settings.seed


def test_a_run_is_measured_on_its_own_data_whatever_is_drawn_since(iris: Project) -> None:
    trained = _trained(iris, 200)
    drawn = edits.set_units("hidden_1", 3).apply(trained)
    assert evaluate(drawn) == evaluate(trained)
    table = read_csv(samples() / "iris.csv")
    without = table_from_rows([{name: table.cell(0, name) for name in table.column_names if name != "species"}])
    with pytest.raises(DataError, match="has no column 'species'"):
        evaluate(trained, without)
    other = Project().replace(runs=trained.runs, current=trained.current)
    assert evaluate(other, table).baseline == {}


def test_what_batch_normalisation_remembers_is_used_and_saved(iris: Project, tmp_path: Path) -> None:
    network = Network.model_validate(
        {
            "nodes": [
                {"id": "input", "layer": {"type": "input", "shape": [4]}},
                {"id": "hidden", "layer": {"type": "dense", "units": 6}},
                {"id": "normal", "layer": "batch_normalization"},
                {"id": "answer", "layer": {"type": "dense", "units": 3, "activation": "softmax"}},
                {"id": "output", "layer": {"type": "output", "cost": "categorical_cross_entropy"}},
            ],
            "edges": [["input", "hidden"], ["hidden", "normal"], ["normal", "answer"], ["answer", "output"]],
        }
    )
    start = start_training(iris.replace(network=network))
    training = start.training()
    training.advance(300)
    project = commit(iris.replace(network=network), start, training, "paused")
    path = tmp_path / "normal.nns"
    save_project(project, path)
    opened = open_project(path)
    assert opened.run is not None
    x = start.plan.inputs["input"]
    assert (opened.run.program().predict(x) == training.program.predict(x)).all()
    moved = edits.set_units("answer", 3).apply(edits.set_activation("hidden", "tanh").apply(opened))
    assert (start_training(moved).training().program.memory == opened.run.state.memory).all()


def test_an_averaging_optimizer_answers_with_its_mean_and_goes_on_from_where_it_was(iris: Project) -> None:
    optimizer = Optimizer.model_validate({"type": "averaged_sgd", "learning_rate": 0.5})
    project = edits.set_settings(iris.settings.model_copy(update={"optimizer": optimizer})).apply(iris)
    trained = _trained(project, 60)
    assert trained.run is not None
    state = trained.run.state
    assert not np.allclose(state.answer, state.weights)
    assert (trained.run.program().flat == state.answer).all()
    again = _trained(_trained(project, 60, "stopped"), 0)  # taken up anew, and nothing done yet
    assert again.run is not None
    assert np.abs(again.run.program().flat).max() > 0
    whole, on = _trained(project, 90), _trained(trained, 30)
    assert whole.run is not None
    assert on.run is not None
    assert whole.run.state == on.run.state


def test_a_second_input_that_the_columns_do_not_fill_is_told(iris: Project) -> None:
    drawn = edits.add_node(Input(shape=(2,)), (0.0, 0.0)).apply(iris)
    (problem,) = [problem for problem in drawn.problems() if "take 6 numbers together" in problem.what]
    assert problem.severity == "error"
    assert edits.apply_fix(problem.fixes[0]).apply(drawn).network == iris.network


def test_targets_are_what_the_cost_wants() -> None:
    rows = [{"x": i / 10, "z": (i * 7 % 11) / 11, "wet": ["no", "yes"][i % 3 == 0], "n": i % 7} for i in range(60)]
    yes_no = edits.set_table(table_from_rows(rows), "wet").apply(Project())
    hinge = edits.set_cost("output", "hinge").apply(edits.set_activation("answer", "linear").apply(yes_no))
    assert hinge.problems() == ()
    trained = _trained(hinge, 300)
    assert set(np.unique(start_training(hinge).plan.targets)) == {-1.0, 1.0}
    said = trained.predict(rows)
    assert {row["predicted"] for row in said} <= {"no", "yes"}
    assert all(abs(row["probability no"] + row["probability yes"] - 1) < 1e-6 for row in said)
    counts = edits.set_table(table_from_rows(rows), "n").apply(Project())
    counts = counts.replace(
        columns=tuple(use.model_copy(update={"kind": "number"}) if use.name == "n" else use for use in counts.columns)
    )
    counts = edits.fit_ends().apply(counts)
    counts = edits.set_cost("output", "poisson").apply(edits.set_activation("answer", "softplus").apply(counts))
    assert counts.problems() == ()
    assert np.asarray(start_training(counts).plan.targets).max() == 6
    strict = edits.set_cost("output", "itakura_saito").apply(counts)
    (problem,) = strict.problems()
    assert "Itakura-Saito needs targets above zero, but line 1 of 'n' is 0" in problem.what


@pytest.mark.parametrize(("sample", "name"), [("iris", "accuracy"), ("spirals", "f1"), ("cars", "mae")])
def test_metrics_of_the_validation_rows_are_followed_in_the_units_of_the_file(sample: str, name: str) -> None:
    project = open_project(samples() / f"{sample}.nns")
    start = start_training(project, epochs=30)
    training = start.training()
    training.advance(10**9)
    found, looks = training.history.read(name), training.history.read("validation")
    assert found.step.tolist() == looks.step.tolist()
    assert project.table is not None
    rows = list(start.split.validation)
    outputs = training.program.predict(start.plan.validation[0] if start.plan.validation else {})
    truth = start.pipeline.encode_targets(project.table, rows)
    known = measure(start.pipeline.task, start.pipeline.in_units(outputs), start.pipeline.in_units(truth))
    assert float(found.last[-1]) == pytest.approx(known[name], rel=1e-6)
    other = "r2" if start.pipeline.task != "regression" else "accuracy"
    assert training.history.latest(other) is None
