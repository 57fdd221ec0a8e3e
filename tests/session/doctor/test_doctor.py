"""The doctor finds every sickness on seeds that its rules were not tuned on; its cures help; the healthy are left."""

from typing import Literal

import pytest

from nnstudio.paths import samples
from nnstudio.project import Document, Project, open_project
from nnstudio.session.doctors import examine, rules
from nnstudio.session.examination import Examination
from tests.session.doctor.sicknesses import SICKNESSES, TUNED_SEEDS, Sickness, too_large_a_cell
from tests.session.doctor.trials import looked_at, trained, validation_cost

HEALTHY_EPOCHS = {"digits": 8, "spirals": 60}
"""Epochs of training after which a sample is looked at; 30 for those that are not named."""


@pytest.mark.parametrize("sickness", SICKNESSES, ids=lambda sickness: sickness.rule)
def test_a_sickness_is_found_in_nine_of_ten_and_its_cure_helps(sickness: Sickness) -> None:
    found = helped = 0
    for seed in sickness.judged:
        sick, training = trained(sickness.make(seed), sickness.epochs)
        told = [finding for finding in looked_at(sick, training) if finding.key == sickness.rule]
        found += bool(told)
        if not told or not sickness.then:
            continue
        cured, _ = trained(told[0].cure.apply(sick), sickness.then)
        twin, _ = trained(sick, sickness.then)
        helped += _is_better(cured, twin, sickness.judged_by)
    assert found >= 9
    assert helped >= 9 or not sickness.then


def test_no_rule_is_judged_on_seeds_that_it_was_tuned_on() -> None:
    for sickness in SICKNESSES:
        assert len(sickness.judged) == 10
        assert not set(sickness.judged) & set(TUNED_SEEDS)


def test_every_rule_has_a_sickness_that_proves_it() -> None:
    assert {rule.key for rule in rules()} == {sickness.rule for sickness in SICKNESSES}


@pytest.mark.parametrize("sample", sorted(path.stem for path in samples().glob("*.nns")))
def test_no_sample_is_called_sick(sample: str) -> None:
    project = open_project(samples() / f"{sample}.nns")
    for seed in range(10):
        settings = project.settings.model_copy(update={"seed": seed, "epochs": None})
        run, training = trained(project.replace(settings=settings, runs=(), current=""), HEALTHY_EPOCHS.get(sample, 30))
        assert looked_at(run, training) == ()


def test_a_finding_names_the_units_and_its_cure_can_be_undone() -> None:
    sick, training = trained(SICKNESSES[2].make(5), SICKNESSES[2].epochs)
    finding = next(found for found in looked_at(sick, training) if found.key == "dead_units")
    outputs = Examination(
        project=sick,
        weights=training.program.flat,
        memory=training.program.memory,
        history=training.history,
        step=training.step,
        epoch=training.epoch,
    ).outputs[finding.nodes[0]]
    assert (outputs[:, list(finding.units)] == 0).all()
    assert finding.cure.apply(sick).network != sick.network
    assert finding.cure.apply(sick).run is None


def test_numbers_that_ran_away_are_a_rate_that_is_too_high() -> None:
    project = open_project(samples() / "cars.nns")
    optimizer = project.settings.optimizer.replace(learning_rate=0.005)
    settings = project.settings.model_copy(update={"optimizer": optimizer, "epochs": None})
    healthy, training = trained(project.replace(settings=settings, runs=(), current=""), 1)
    seen = Examination(
        project=healthy,
        weights=training.program.flat,
        memory=training.program.memory,
        history=training.history,
        step=training.step,
        epoch=training.epoch,
        divergence="The numbers ran away at step 7.",
    )
    (finding,) = (found for found in examine(seen) if found.key == "rate_too_high")
    assert finding.cure.apply(healthy).settings.optimizer.rate == 0.0005


def test_the_cell_that_lets_numbers_run_away_is_told_with_its_layer_and_row() -> None:
    for seed in range(5, 15):
        rows = too_large_a_cell(0, seed).rows
        assert rows is not None
        row = rows.train[6 * seed]
        sick, training = trained(too_large_a_cell(row, seed), 1)
        told = {finding.key: finding for finding in looked_at(sick, training)}
        assert told["rate_too_high"].row == row + 1
        assert f"at line {row + 1:,} of the data" in told["rate_too_high"].sentence
        assert told["rate_too_high"].nodes == ("output",)  # the first that is too large is the square of the difference
        assert "not scaled" in told["unscaled_inputs"].sentence


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


def _is_better(cured: Project, twin: Project, judged_by: Literal["cost", "balanced"]) -> bool:
    """Return whether the cure helped; a twin without numbers is worse than any."""
    return not validation_cost(cured, judged_by) >= validation_cost(twin, judged_by)
