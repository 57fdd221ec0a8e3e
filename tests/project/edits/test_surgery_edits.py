"""Drawing and run change together, in one edit, and training goes on."""

import numpy as np
import pytest

from nnstudio.engine.surgery import loudness, refusal
from nnstudio.errors import NetworkError
from nnstudio.project import Document, Edit, Project, start_training
from nnstudio.project.edits import set_units
from nnstudio.project.edits.surgery_edits import (
    MOST_TRIED,
    TRIED_AT_EACH_END,
    cost_without,
    importance,
    insert_layer,
    remove,
    split,
    what_was_kept,
    widen,
)
from nnstudio.project.run import Run
from tests.gui.trained import loaded, trained
from tests.project.edits.test_cures import BROKEN


def _run(project: Project) -> Run:
    assert project.run is not None
    return project.run


def _hidden(project: Project) -> str:
    return project.network.targets(project.network.input_ids[0])[0]


def _goes_on(project: Project, epochs: int = 2) -> None:
    before = _run(project)
    start = start_training(project, epochs=epochs)
    assert start.run == before.id
    training = start.training()
    assert training.step == before.state.step
    assert np.isfinite(training.advance(10**6)).all()
    assert training.history.latest("cost") is not None
    assert training.journal == before.journal


def test_units_are_added_in_one_edit_that_can_be_undone_exactly() -> None:
    document, _ = trained("spirals", 3)
    before = document.project
    id = _hidden(before)
    units = before.network.shapes()[id]
    document.apply(widen(id, 4))
    after = document.project
    assert units is not None
    assert after.network.shapes()[id] == (units[0] + 4,)
    assert _run(after).design == after.design
    assert _run(after).journal[-1].value.endswith(f"{units[0]} → {units[0] + 4} units")
    assert "Outputs stay the same" in what_was_kept(before, after)
    assert _run(after).metrics == pytest.approx(_run(before).metrics, rel=1e-4)
    _goes_on(after)
    document.undo()
    assert document.project is before


@pytest.mark.parametrize("what", ["split", "remove", "insert"])
def test_training_goes_on_after_every_operation(what: str) -> None:
    document, _ = trained("spirals", 3)
    project = document.project
    id = _hidden(project)
    edits: dict[str, Edit] = {
        "split": split(id, importance(project, id).order[-1]),
        "remove": remove(id, (importance(project, id).order[0],)),
        "insert": insert_layer(id, project.network.targets(id)[0]),
    }
    document.apply(edits[what])
    said = what_was_kept(project, document.project)
    assert ("Outputs stay the same" in said) is (what != "remove")
    assert _run(document.project).design == document.project.design
    _goes_on(document.project)


def test_what_is_said_to_cost_is_what_it_costs() -> None:
    document, _ = trained("spirals", 5)
    id = _hidden(document.project)
    found = importance(document.project, id)
    document.apply(remove(id, (found.order[0],)))
    project = document.project
    run = _run(project)
    assert project.table is not None
    rows = run.split.train[:512]
    x = run.pipeline.encode_inputs(project.table).values[list(rows)]
    targets = run.pipeline.encode_targets(project.table, rows)
    assert run.program().cost(x, targets) == pytest.approx(found.without[found.order[0]], rel=1e-5)


def test_of_a_wide_layer_only_units_that_say_least_and_most_are_tried() -> None:
    narrow = loaded("spirals").project
    id = _hidden(narrow)
    document, _ = trained("spirals", 2, set_units(id, MOST_TRIED + 36))
    found = importance(document.project, id)
    assert len(found.without) == 2 * TRIED_AT_EACH_END
    assert not found.is_whole
    assert sorted(found.order) == list(range(MOST_TRIED + 36))
    least, most = found.order[:TRIED_AT_EACH_END], found.order[-TRIED_AT_EACH_END:]
    assert {*least, *most} == found.without.keys()
    for end in (least, most):
        costs = [found.without[unit] for unit in end]
        assert costs == sorted(costs)
    run = _run(document.project)
    assert document.project.table is not None
    said = loudness(run.program(), id, run.pipeline.encode_inputs(document.project.table).values)
    assert said[list(least)].mean() < said[list(found.order)].mean() < said[list(most)].mean()
    unit = found.order[TRIED_AT_EACH_END]
    before, after = cost_without(document.project, id, unit)
    assert before == found.cost
    assert np.isfinite(after)
    assert importance(trained("spirals", 2, set_units(id, MOST_TRIED))[0].project, id).is_whole


def test_an_untrained_drawing_is_told_to_train_first() -> None:
    document: Document = loaded("spirals")
    with pytest.raises(NetworkError, match="Train it first"):
        document.apply(widen(_hidden(document.project), 1))


@pytest.mark.parametrize("name", BROKEN)
def test_nothing_is_operated_on_while_the_network_is_broken(name: str) -> None:
    network = BROKEN[name].network
    is_broken = any(problem.severity == "error" for problem in network.problems())
    for node in network.nodes:
        reason = refusal(network, node.id)
        assert reason.endswith("Mend its problems first.") == is_broken, (node, reason)
