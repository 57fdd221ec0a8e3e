"""The doctor finds every sickness on seeds that its rules were not tuned on; its cures help; the healthy are left."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from nnstudio.data import Table
from nnstudio.errors import NetworkError
from nnstudio.paths import samples
from nnstudio.project import Document, Project, edits, open_project, start_training
from nnstudio.session.doctors import examine, rules
from nnstudio.session.examination import Examination
from tests.session.doctor.sicknesses import (
    SICKNESSES,
    TUNED_SEEDS,
    Sickness,
    dead,
    dense,
    optimizer,
    project_of,
    rings,
    three_clouds,
    too_large_a_cell,
    wave,
)
from tests.session.doctor.trials import looked_at, moments, trained, validation_cost

HEALTHY_EPOCHS = {"digits": (1, 2, 8), "spirals": (1, 3, 8, 15, 30, 60)}
"""Epochs of training after which a sample is looked at."""
USUAL_EPOCHS = (1, 3, 8, 15, 30)


@pytest.mark.parametrize("sickness", SICKNESSES, ids=lambda sickness: sickness.rule)
def test_a_sickness_is_found_in_nine_of_ten_and_its_cure_helps(sickness: Sickness) -> None:
    found = helped = 0
    for seed in sickness.judged:
        sick, training = trained(sickness.make(seed), sickness.epochs)
        told = [finding for finding in looked_at(sick, training) if finding.key == sickness.rule]
        if not told:
            continue
        found += 1
        assert told[0].cure.title.startswith(sickness.cure)
        assert told[0].nodes
        assert all(node in sick.network for node in told[0].nodes)
        document = Document(sick)
        document.apply(told[0].cure)
        cured, _ = trained(document.project, sickness.then)
        document.undo()
        assert document.project == sick
        twin, _ = trained(sick, sickness.then)
        helped += _is_better(cured, twin, sickness)
    assert found >= 9
    assert helped >= 9


def test_no_rule_is_judged_on_seeds_that_it_was_tuned_on() -> None:
    for sickness in SICKNESSES:
        assert len(sickness.judged) == 10
        assert not set(sickness.judged) & set(TUNED_SEEDS)


@pytest.mark.parametrize(
    ("table", "target", "activation", "cost", "said"),
    [
        (rings, "class", "tanh", "binary_cross_entropy", "needs sigmoid before it"),
        (rings, "class", "sigmoid", "hinge", "needs linear before it"),
        (three_clouds, "class", "sigmoid", "categorical_cross_entropy", "needs softmax before it"),
        (wave, "value", "sigmoid", "binary_cross_entropy", "is for classes, but the target 'value' is a number"),
    ],
)
def test_a_cost_that_contradicts_the_answer_is_mended_before_any_run(
    table: Callable[[int], Table], target: str, activation: str, cost: str, said: str
) -> None:
    project = project_of(table(5), target, [dense(4, "tanh")])
    for edit in (edits.set_activation("answer", activation), edits.set_cost("output", cost)):
        project = edit.apply(project)
    with pytest.raises(NetworkError, match=said):
        start_training(project)
    (problem,) = (problem for problem in project.problems() if problem.severity == "error")
    mended, training = trained(edits.apply_fix(problem.fixes[0]).apply(project), 1)
    assert mended.run is not None
    assert not training.divergence


def test_every_problem_from_which_a_run_may_suffer_is_found_by_a_rule() -> None:
    projects = (sickness.make(5) for sickness in SICKNESSES)
    foretold = {problem.sickness for project in projects for problem in project.problems()} - {""}
    assert foretold == {"cost_misfit", "symmetric_weights", "threshold_units"}
    assert foretold <= {rule.key for rule in rules()}


def test_every_rule_has_a_sickness_that_proves_it() -> None:
    assert {rule.key for rule in rules()} == {sickness.rule for sickness in SICKNESSES}


@pytest.mark.parametrize("sample", sorted(path.stem for path in samples().glob("*.nns")))
def test_no_sample_is_called_sick(sample: str) -> None:
    project = open_project(samples() / f"{sample}.nns")
    for seed in range(10):
        settings = project.settings.model_copy(update={"seed": seed, "epochs": None})
        fresh = project.replace(settings=settings, runs=(), current="")
        for training in moments(fresh, HEALTHY_EPOCHS.get(sample, USUAL_EPOCHS)):
            assert looked_at(fresh, training) == ()


def test_answers_between_minus_one_and_one_that_are_right_are_not_called_the_same() -> None:
    for seed in range(5):
        project = project_of(rings(seed), "class", [dense(12, "tanh")], optimizer=optimizer("adam", 0.01), seed=seed)
        for edit in (edits.set_activation("answer", "tanh"), edits.set_cost("output", "squared_hinge")):
            project = edit.apply(project)
        for training in moments(project, (10, 20)):
            assert looked_at(project, training) == ()


def test_a_finding_names_the_units_and_its_cure_can_be_undone() -> None:
    sick, training = trained(dead(5), 5)
    finding = next(found for found in looked_at(sick, training) if found.key == "dead_units")
    outputs = Examination.of(sick, training).outputs[finding.nodes[0]]
    assert (outputs[:, list(finding.units)] == 0).all()
    assert finding.cure.apply(sick).network != sick.network
    assert finding.cure.apply(sick).run is None


def test_numbers_that_ran_away_are_a_rate_that_is_too_high() -> None:
    project = open_project(samples() / "cars.nns")
    slow = project.settings.optimizer.replace(learning_rate=0.005)
    settings = project.settings.model_copy(update={"optimizer": slow, "epochs": None})
    healthy, training = trained(project.replace(settings=settings, runs=(), current=""), 1)
    seen = replace(Examination.of(healthy, training), divergence="The numbers ran away at step 7.")
    (finding,) = (found for found in examine(seen) if found.key == "not_a_number")
    assert finding.cure.apply(healthy).settings.optimizer.rate == 0.0005


@pytest.mark.parametrize(("rate", "offered"), [(0.05, 0.005), (100.0, 0.001)])
def test_a_cure_of_numbers_that_ran_away_says_that_it_starts_over_and_sets_a_rate_that_can_work(
    rate: float, offered: float
) -> None:
    well, training = trained(
        project_of(rings(5), "class", [dense(8, "tanh")], optimizer=optimizer("adam", 0.01), seed=5), 2
    )
    settings = well.settings.model_copy(update={"optimizer": optimizer("adam", rate)})
    ill = edits.set_settings(settings, ["optimizer"]).apply(well)
    seen = replace(Examination.of(ill, training), divergence="The numbers ran away at step 7.")
    (finding,) = (found for found in examine(seen) if found.key == "not_a_number")
    cured = finding.cure.apply(ill)
    assert finding.cure.title == f"Set the rate to {offered:g} and start over"
    assert (cured.run, cured.settings.optimizer.rate) == (None, offered)
    assert well.current in {run.id for run in cured.runs}  # what was learned is kept


def test_the_cell_that_lets_numbers_run_away_is_told_with_its_layer_and_row() -> None:
    for seed in range(5, 15):
        rows = too_large_a_cell(0, seed).rows
        assert rows is not None
        row = rows.train[6 * seed]
        sick, training = trained(too_large_a_cell(row, seed), 1)
        told = {finding.key: finding for finding in looked_at(sick, training)}
        assert told["not_a_number"].row == row + 1
        assert f"at line {row + 1:,} of the data: 'a' comes as it is" in told["not_a_number"].sentence
        assert told["not_a_number"].nodes == ("output",)  # the first that is too large is the square of the difference
        assert "rate_too_high" not in told


def test_a_cure_of_rare_classes_goes_on_with_the_run_and_is_one_undo() -> None:
    sickness = next(sickness for sickness in SICKNESSES if sickness.rule == "unbalanced_classes")
    sick, training = trained(sickness.make(5), sickness.epochs)
    finding = next(finding for finding in looked_at(sick, training) if finding.key == sickness.rule)
    assert not finding.begins_anew
    document = Document(sick)
    document.apply(finding.cure)
    assert document.project.settings.class_weights["rare"] > 5
    cured, further = trained(document.project, 5)
    assert cured.run is not None
    assert cured.run.id == sick.current
    assert [change.name for change in further.journal] == ["class_weights"]
    assert cured.run.settings.class_weights == document.project.settings.class_weights
    document.undo()
    assert document.project == sick


def _is_better(cured: Project, twin: Project, sickness: Sickness) -> bool:
    """Return whether the cure helped; a twin without numbers is worse than any."""
    cost, untouched = (validation_cost(project, sickness.judged_by, sickness.unknown) for project in (cured, twin))
    return not cost >= untouched


def test_a_rate_that_is_raised_far_too_much_while_training_goes_well_is_told_before_what_comes_of_it() -> None:
    found = 0
    for seed in range(25, 35):
        layers = [dense(12, "tanh"), dense(12, "tanh"), dense(12, "tanh")]
        begun = project_of(rings(seed), "class", layers, optimizer=optimizer("adam", 0.01), seed=seed)
        well, _ = trained(begun, 30)
        settings = well.settings.model_copy(update={"optimizer": optimizer("adam", 10.0)})
        ill, training = trained(edits.set_settings(settings, ["optimizer"]).apply(well), 12)
        told = looked_at(ill, training)
        if not told or told[0].key != "rate_too_high":
            continue
        found += 1
        assert "has leapt from" in told[0].sentence
        cured = told[0].cure.apply(ill)
        assert cured.run is None
        assert cured.settings.optimizer.rate is not None
        assert cured.settings.optimizer.rate <= 0.01
    assert found >= 9
