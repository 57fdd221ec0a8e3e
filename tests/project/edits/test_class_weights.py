"""Classes that count more: by name in the settings, kept in runs and files, and gone on with."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from nnstudio.engine import Rung
from nnstudio.project import Project, Settings, commit, edits, open_project, save_project, start_training
from nnstudio.project.edits.class_weights import balanced_weights, count_classes
from nnstudio.project.edits.runs import fork_run
from nnstudio.project.run import Run
from tests.session.doctor.sicknesses import unbalanced, wave
from tests.session.doctor.trials import trained


@pytest.fixture(scope="module")
def rare() -> Project:
    return unbalanced(0)


def _run_of(project: Project) -> Run:
    assert project.run is not None
    return project.run


def test_balanced_weights_let_all_classes_count_the_same_together(rare: Project) -> None:
    table, rows, pipeline = rare.table, rare.rows, rare.pipeline
    assert table is not None
    assert rows is not None
    assert pipeline is not None
    counts, weights = count_classes(table, pipeline, rows.train), balanced_weights(rare)
    assert sum(counts.values()) == len(rows.train)
    assert counts["rare"] * weights["rare"] == pytest.approx(counts["often"] * weights["often"], rel=0.01)
    assert sum(counts[name] * weights[name] for name in counts) == pytest.approx(len(rows.train), rel=0.01)


def test_numbers_have_no_classes_to_weigh() -> None:
    project = edits.set_table(wave(0), "value").apply(Project())
    assert balanced_weights(project) == {}
    assert edits.balance_classes().apply(project).settings == project.settings


def test_a_weight_of_one_and_an_unknown_class_change_nothing(rare: Project) -> None:
    assert edits.set_class_weights({"rare": 1.0}).apply(rare).settings == rare.settings
    other = edits.set_class_weights({"nobody": 3.0}).apply(rare)
    assert trained(other, 2)[1].state() == trained(rare, 2)[1].state()


def test_a_weight_that_is_negative_is_refused() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        Settings(class_weights={"rare": -1})


def test_a_run_with_class_weights_goes_on_from_its_file_with_the_same_bytes(rare: Project, tmp_path: Path) -> None:
    weighed = edits.set_class_weights({"rare": 7.0}).apply(rare)
    part, _ = trained(weighed, 3)
    save_project(part, tmp_path / "rare.nns")
    opened = open_project(tmp_path / "rare.nns")
    assert opened == part
    assert _run_of(opened).settings.class_weights == {"rare": 7.0}
    whole, _ = trained(weighed, 6)
    assert _run_of(trained(opened, 3)[0]).state == _run_of(whole).state


def test_what_is_chosen_between_two_stretches_stands_in_the_journal(rare: Project) -> None:
    part, _ = trained(rare, 3)
    changed = edits.set_class_weights({"rare": 7.0}).apply(part)
    further, training = trained(changed, 1)
    assert _run_of(further).id == _run_of(part).id
    assert [(change.name, change.value) for change in training.journal] == [("class_weights", {"1": 7.0})]
    start = start_training(further)
    assert commit(further, start, start.training(), "paused").settings == further.settings


def test_a_fork_takes_the_class_weights_of_its_moment(rare: Project) -> None:
    early, training = trained(rare, 2)
    moment = Rung(training.state(), 0, training.plan)
    late, _ = trained(edits.set_class_weights({"rare": 7.0}).apply(early), 2)
    fork = fork_run(_run_of(late), "run_9", moment).apply(late)
    assert fork.settings.class_weights == {}
    assert _run_of(fork).settings.class_weights == {}
