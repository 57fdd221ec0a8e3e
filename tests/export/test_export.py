"""An export says the same elsewhere, in plain NumPy, as the studio does."""

from pathlib import Path

import numpy as np
import pytest

from nnstudio.components import find, members
from nnstudio.data import read_csv, table_from_rows
from nnstudio.errors import ExportError
from nnstudio.export import Exporter, export_run
from nnstudio.paths import samples
from nnstudio.project import Project, commit, edits, start_training


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


def test_an_export_that_cannot_be_written_is_told(iris: Project, tmp_path: Path) -> None:
    assert iris.run is not None
    with pytest.raises(ExportError, match="could not be written"):
        export_run(iris, iris.run, _exporter("npz"), tmp_path / "missing" / "w.npz")


def _exporter(key: str) -> Exporter:
    exporter = find("exporters", key)()
    assert isinstance(exporter, Exporter)
    return exporter
