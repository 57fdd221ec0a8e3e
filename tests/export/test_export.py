"""An export says the same elsewhere, in plain NumPy, as the studio does."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnstudio.components import find, members
from nnstudio.data import read_csv, table_from_rows
from nnstudio.engine import Network
from nnstudio.engine.layers.dropout import Dropout
from nnstudio.errors import ExportError
from nnstudio.export import Exporter, export_run
from nnstudio.paths import samples
from nnstudio.project import Project, commit, edits, start_training
from nnstudio.project.edits.hold_edits import freeze_weight, silence_unit


def _trained(project: Project) -> Project:
    start = start_training(project, epochs=40)
    training = start.training()
    training.advance(10**6)
    return commit(project, start, training, "finished")


@pytest.fixture(scope="module")
def iris() -> Project:
    return _trained(edits.set_table(read_csv(samples() / "iris.csv")).apply(Project()))


@pytest.mark.parametrize("member", members("exporters"), ids=lambda member: member.key)
@pytest.mark.parametrize("sample", ["iris", "spirals", "cars"])
def test_every_format_is_written_read_back_and_agrees(member: type[Exporter], sample: str, tmp_path: Path) -> None:
    project = _trained(edits.set_table(read_csv(samples() / f"{sample}.csv")).apply(Project()))
    assert project.run is not None
    proof = export_run(project, project.run, member(), tmp_path / f"out{member.suffix}")
    assert proof.largest_difference <= 1e-5
    assert proof.rows > 10


def test_categories_yes_no_and_missing_cells_travel_along(tmp_path: Path) -> None:
    rows = [
        {"k": "abc"[i % 3], "wet": ["yes", "no"][i % 2], "x": None if i == 7 else i / 3, "t": i * 0.5}
        for i in range(60)
    ]
    project = _trained(edits.set_table(table_from_rows(rows), "t").apply(Project()))
    assert project.run is not None
    export_run(project, project.run, _exporter("npz"), tmp_path / "w.npz")
    with np.load(tmp_path / "w.npz", allow_pickle=False) as w:
        assert w["input/columns"].tolist() == ["k", "wet", "x"]
        assert w["input/categories/k"].tolist() == ["a", "b", "c"]
        assert w["input/categories/wet"].tolist() == ["yes"]
        assert float(w["input/fill/x"]) == pytest.approx(float(w["input/mean"][4]))
        assert w["target/mean"].shape == (1,)


@pytest.mark.parametrize("member", members("exporters"), ids=lambda member: member.key)
@pytest.mark.parametrize(
    "layers",
    [
        [{"type": "dense", "units": 6, "activation": "gelu"}, "batch_normalization"],
        [{"type": "reshape", "shape": [2, 2, 1]}, {"type": "conv2d", "filters": 2}, "flatten"],
        [{"type": "reshape", "shape": [4, 1]}, {"type": "bidirectional", "layer": {"type": "gru", "units": 3}}],
    ],
    ids=["batch normalisation", "convolution", "recurrence"],
)
def test_every_layer_travels(iris: Project, member: type[Exporter], layers: list[Any], tmp_path: Path) -> None:
    nodes = [{"id": "input", "layer": {"type": "input", "shape": [4]}}]
    nodes += [{"id": f"layer_{index}", "layer": layer} for index, layer in enumerate(layers)]
    nodes += [{"id": "answer", "layer": {"type": "dense", "units": 3, "activation": "softmax"}}]
    nodes += [{"id": "output", "layer": {"type": "output", "cost": "categorical_cross_entropy"}}]
    ids = [str(node["id"]) for node in nodes]
    network = Network.model_validate({"nodes": nodes, "edges": list(pairwise(ids))})
    project = _trained(iris.replace(network=network, runs=(), current=""))
    assert project.run is not None
    proof = export_run(project, project.run, member(), tmp_path / f"out{member.suffix}")
    assert proof.largest_difference <= 1e-5


def test_no_name_of_a_column_leads_out_of_the_folder(tmp_path: Path) -> None:
    names = ["../../../escaped", "x/bias", "a, b", "😀", "x" * 300, "con"]
    rows = [{**{name: "pqr"[(i + k) % 3] for k, name in enumerate(names)}, "t": i * 0.5} for i in range(60)]
    project = _trained(edits.set_table(table_from_rows(rows), "t").apply(Project()))
    assert project.run is not None
    folder = tmp_path / "deep" / "out"
    folder.parent.mkdir()
    for _ in range(2):  # the second time over the first
        export_run(project, project.run, _exporter("csv"), folder)
    assert {path.name for path in tmp_path.iterdir()} == {"deep"}
    assert {path.name for path in folder.parent.iterdir()} == {"out"}


def test_a_folder_with_other_files_is_left_alone(iris: Project, tmp_path: Path) -> None:
    assert iris.run is not None
    (tmp_path / "mine.csv").write_text("1,2\n")
    with pytest.raises(ExportError, match="holds other files"):
        export_run(iris, iris.run, _exporter("csv"), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.csv"]


def test_an_export_that_cannot_be_written_is_told(iris: Project, tmp_path: Path) -> None:
    assert iris.run is not None
    with pytest.raises(ExportError, match="could not be written"):
        export_run(iris, iris.run, _exporter("npz"), tmp_path / "missing" / "w.npz")


def _exporter(key: str) -> Exporter:
    exporter = find("exporters", key)()
    assert isinstance(exporter, Exporter)
    return exporter


def test_a_silenced_unit_is_silent_elsewhere_too(iris: Project, tmp_path: Path) -> None:
    held = freeze_weight("hidden_1/kernel", (0, 0)).apply(silence_unit("hidden_1", 2).apply(iris))
    assert held.run is not None
    proof = export_run(held, held.run, _exporter("npz"), tmp_path / "held.npz")
    assert proof.largest_difference <= 1e-5
    with np.load(tmp_path / "held.npz", allow_pickle=False) as w:
        assert not w["answer/kernel"][2].any()
        assert w["answer/kernel"][1].any()
        assert "holds" not in str(w["network"])
    assert held.run.weights["answer/kernel"][2].any()


def test_silence_that_weights_cannot_express_is_refused(iris: Project, tmp_path: Path) -> None:
    project = _trained(edits.insert_between("hidden_1", "answer", Dropout(rate=0.2)).apply(iris))
    held = silence_unit("hidden_1", 2).apply(project)
    assert held.run is not None
    with pytest.raises(ExportError, match="Wake them first"):
        export_run(held, held.run, _exporter("npz"), tmp_path / "held.npz")
    assert not (tmp_path / "held.npz").exists()
    behind = next(id for id in held.network.targets("hidden_1"))
    listened = silence_unit(behind, 2).apply(project)
    assert listened.run is not None
    assert export_run(listened, listened.run, _exporter("npz"), tmp_path / "held.npz").largest_difference <= 1e-5
